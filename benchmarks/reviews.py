"""Measures how peer review shares work out while people vanish, through the product's own rules and store.

    .venv/bin/python benchmarks/reviews.py --learners 2,3,7,60,200,5000 --reviews 2 --vanish .2 --json

For each size: learners hand in within a week, a tenth of them up to three days late. A share `--vanish` of them stops
for good, each at one of three moments: before their work, after it, or with a piece in their hands. Whoever is left
presses 'Review' as often as the course asks, at any hour of the review's week, and writes for up to ten hours. Each
press and each review is one unit of work on a new SQLite database. It prints

- `self`: how often somebody got their own work, or the same piece twice;
- `unreviewed`: pieces without a review at the end;
- `received`: the fewest and the most reviews of a piece;
- `waited`: the median and the most hours from the day the review opened, or a later hand-in, to the first review;
- `seconds`: how long it took;
- `cpu`: milliseconds of CPU for each learner.
"""

import argparse
import json
import statistics
import tempfile
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from heapq import heappop, heappush
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session

from bot.app.compose import open_storage
from bot.core.time import WoundClock
from bot.features.reviews.rules import next_piece
from bot.features.reviews.store import Assignment, Listed
from storage.sql.migrate import migrate
from storage.tables.people import AccountRow, CohortRow, MembershipRow, PersonRow

MONDAY = datetime(2026, 1, 12, tzinfo=UTC)
HOLD = timedelta(hours=48)
WEEK = timedelta(days=7)
REVIEW = "look"


class Played:
    """One cohort from the first hand-in until the last review."""

    def __init__(self, folder: Path, learners: int, reviews: int, vanish: float, seed: int) -> None:
        self.random, self.wanted = Random(f"{seed}/{learners}"), reviews
        self.clock = WoundClock(start=MONDAY - WEEK)
        self.storage = open_storage(f"sqlite:///{folder / f'{learners}.db'}", self.clock)
        migrate(self.storage.engine)
        self.storage.never_sync()
        self.people = range(1, learners + 1)
        with Session(self.storage.engine) as session:
            session.execute(
                insert(PersonRow), [{"id": n, "name": f"P{n}", "zone": "UTC", "met_at": MONDAY} for n in self.people]
            )
            row = {"id": 1, "code": "bench", "title": "Bench", "course_text": "", "zone": "UTC"}
            session.execute(insert(CohortRow), [{**row, "starts_on": date(2026, 1, 5), "join_code": "X"}])
            account = {"workspace": "w", "seen_at": MONDAY}
            session.execute(insert(AccountRow), [{**account, "user": f"u{n}", "person": n} for n in self.people])
            member = {"cohort": 1, "role": "learner", "joined_at": MONDAY, "first_joined_at": MONDAY}
            session.execute(insert(MembershipRow), [{**member, "person": n} for n in self.people])
            session.commit()
        stops = self.random.sample(self.people, int(learners * vanish))
        self.stops = {who: self.random.choice(("before", "after", "holding")) for who in stops}
        self.pieces: list[Listed] = []
        self.own = 0
        self.events: list[tuple[datetime, int, str, int, int]] = []

    def plan(self, at: datetime, kind: str, who: int, about: int = 0) -> None:
        heappush(self.events, (at, len(self.events) + self.random.randrange(1 << 30), kind, who, about))

    def play(self) -> dict[str, Any]:
        for who in self.people:
            late = self.random.random() < 0.1
            at = MONDAY + self._some(3 * 24) if late else MONDAY - self._some(7 * 24)
            if self.stops.get(who) != "before":
                self.plan(at, "hand in", who)
            if self.stops.get(who) not in ("before", "after"):
                for _ in range(self.wanted):
                    self.plan(max(MONDAY, at) + self._some(4 * 24), "take", who)
        while self.events:
            at, _order, kind, who, about = heappop(self.events)
            self.clock.wind(max(at, self.clock.now()))
            match kind:
                case "hand in":
                    self._hand_in(who, at)
                case "take":
                    self._take(who)
                case "send":
                    self._send(about)
        return self._figures()

    def _some(self, hours: float) -> timedelta:
        return timedelta(hours=self.random.uniform(0, hours))

    def _hand_in(self, who: int, at: datetime) -> None:
        piece = Listed(f"milestones/{who}", who, at, at)
        self.pieces.append(piece)
        self.storage.run_now(lambda unit: unit.store("reviews").list_pieces(1, REVIEW, [piece], {who}))

    def _take(self, who: int) -> None:
        now = self.clock.now()

        def act(unit: Any) -> Assignment | None:
            store = unit.store("reviews")
            mine = store.by(1, {who})
            if any(t.is_under_way(now) for t in mine):
                return None
            store.free_overdue(1, REVIEW)
            piece = next_piece(*store.candidates(1, REVIEW, who, self.wanted, anonymous=False), who, self.wanted, now)
            if piece is None:
                return None
            twice = any(t.work == piece.name and t.sent_at for t in mine)
            self.own += piece.person == who or twice
            new = Assignment(0, 1, REVIEW, "Look", who, piece.name, piece.person, piece.version, now, now + HOLD)
            found: Assignment = store.add(new)
            return found

        taken = self.storage.run_now(act)
        if self.stops.get(who) == "holding":
            return
        if taken is not None:
            self.plan(now + timedelta(minutes=10) + self._some(10), "send", who, taken.id)
        elif now < MONDAY + WEEK:
            # They hold a piece still, or nothing is there yet: they look again.
            self.plan(now + timedelta(hours=6) + self._some(12), "take", who)

    def _send(self, id: int) -> None:
        now = self.clock.now()

        def act(unit: Any) -> None:
            store = unit.store("reviews")
            found = store.find(1, id)
            answers = (("Is it clear?", "Yes, but for the second part."),)
            store.change(replace(found, answers=answers, sent_at=now, changed_at=now))

        self.storage.run_now(act)

    def _figures(self) -> dict[str, Any]:
        sent = [a for a in self.storage.run_now(lambda unit: unit.store("reviews").of(1)) if a.sent_at is not None]
        counts = {p.name: 0 for p in self.pieces}
        first: dict[str, datetime] = {}
        for one in sorted(sent, key=lambda a: a.sent_at or MONDAY):
            counts[one.work] += 1
            first.setdefault(one.work, one.sent_at or MONDAY)
        waits = [
            (first[p.name] - max(p.first_at, MONDAY)).total_seconds() / 3600 for p in self.pieces if p.name in first
        ]
        self.storage.close()
        return {
            "learners": len(self.people),
            "pieces": len(self.pieces),
            "self": self.own,
            "unreviewed": sum(not n for n in counts.values()),
            "received": {"min": min(counts.values(), default=0), "max": max(counts.values(), default=0)},
            "waited": {"median": round(statistics.median(waits), 1), "max": round(max(waits), 1)} if waits else None,
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--learners", default="2,3,7,60,200,5000")
    parser.add_argument("--reviews", type=int, default=2)
    parser.add_argument("--vanish", type=float, default=0.2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    for learners in map(int, given.learners.split(",")):
        began, used = time.perf_counter(), time.process_time()
        with tempfile.TemporaryDirectory() as folder:
            found = Played(Path(folder), learners, given.reviews, given.vanish, given.seed).play()
        found["seconds"] = round(time.perf_counter() - began, 1)
        found["cpu"] = round((time.process_time() - used) * 1000 / learners, 1)
        if given.json:
            print(json.dumps(found), flush=True)
        else:
            print("  ".join(f"{name} {value}" for name, value in found.items()), flush=True)


if __name__ == "__main__":
    main()
