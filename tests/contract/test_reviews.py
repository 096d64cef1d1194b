"""The next piece is chosen by a few rows as it would be by all of them."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest
from sqlalchemy import insert
from sqlmodel import Session

from bot.core.time import WoundClock
from bot.features.reviews.rules import is_active, next_piece, received
from bot.features.reviews.store import Assignment, Consent, Listed, ReviewStore
from storage.tables.people import AccountRow, CohortRow, MembershipRow, PersonRow
from storage.unit import SqlStorage, SqlUnit
from tests.effort import tries

REVIEW = "look"
HOLD = timedelta(hours=48)


def enrol(storage: SqlStorage, clock: WoundClock, people: range, left: int) -> None:
    """`left` of them have left the cohort."""
    now = clock.now()
    cohort = {"id": 1, "code": "bench", "title": "Bench", "course_text": "", "zone": "UTC"}
    here = {"cohort": 1, "role": "learner", "joined_at": now, "first_joined_at": now}
    with Session(storage.engine) as session:
        session.execute(insert(PersonRow), [{"id": n, "name": f"P{n}", "zone": "UTC", "met_at": now} for n in people])
        session.execute(insert(CohortRow), [{**cohort, "starts_on": now.date(), "join_code": "X"}])
        session.execute(
            insert(AccountRow), [{"workspace": "w", "user": f"u{n}", "person": n, "seen_at": now} for n in people]
        )
        gone = {"left_at": now}
        session.execute(
            insert(MembershipRow), [{**here, "person": n, **(gone if n <= left else {"left_at": None})} for n in people]
        )
        session.commit()


def piece_of(listed: Listed) -> str:
    """The name under which the authors of a piece are asked."""
    return f"{listed.pod}/milestone/draft" if listed.pod else listed.work


class History:
    """People hand in, take, send and agree, in any order."""

    left, wanted, pods = 2, 2, {5: "p", 6: "p", 7: "p"}

    def __init__(self, storage: SqlStorage, clock: WoundClock, anonymous: bool) -> None:
        self.storage, self.clock, self.anonymous, self.random = storage, clock, anonymous, Random(anonymous)
        self.people = range(1, 13)
        self.pieces: dict[int, Listed] = {}
        self.consents: dict[str, bool | None] = {}
        enrol(storage, clock, self.people, self.left)

    def step(self) -> int:
        """How many pieces were handed out."""
        self.clock.wind(self.clock.now() + timedelta(hours=self.random.randrange(20)))
        acts = [self.hand_in] * 2 + [self.ask] + [self.finish] * 3 + [self.take] * 4
        act, who, now = self.random.choice(acts), self.random.choice(self.people), self.clock.now()
        return self.storage.run_now(lambda unit: act(unit.store("reviews"), who, now))

    def hand_in(self, store: ReviewStore, who: int, now: datetime) -> int:
        pod = self.pods.get(who, "")
        for one in [n for n, key in self.pods.items() if key == pod] or [who]:
            before = self.pieces.get(one)
            piece = Listed(f"work/{one:03}", one, before.first_at if before else now, now, pod)
            self.pieces[one] = piece
            self.consents.pop(piece_of(piece), None)
            store.list_pieces(1, REVIEW, [piece], {one})
        return 0

    def ask(self, store: ReviewStore, who: int, now: datetime) -> int:
        if (piece := self.pieces.get(who)) is not None:
            said = self.consents[piece_of(piece)] = self.random.choice([None, True, False])
            store.keep_consent(1, Consent(piece_of(piece), who, piece.version, said))
        return 0

    def finish(self, store: ReviewStore, who: int, now: datetime) -> int:
        kind = self.random.choice(["send", "out", "remove", "back"])
        if not (under_way := [a for a in store.of(1) if a.sent_at is None]):
            return 0
        one = self.random.choice(under_way)
        if kind == "remove":
            store.remove(one.id)
        elif kind == "back":
            store.change(replace(one, held_until=now))
        else:
            store.change(replace(one, sent_at=now, out_at=now if kind == "out" else None))
        return 0

    def readable(self, me: int) -> list[Listed]:
        """All that somebody may read."""
        mine = self.pieces.get(me)
        there = sorted((p for p in self.pieces.values() if p.person > self.left), key=lambda p: (p.first_at, p.work))
        first: dict[object, Listed] = {}
        for one in there:
            first.setdefault((one.pod, one.version) if one.pod else one.work, one)
        own_pod = (mine.pod, mine.version) if mine is not None and mine.pod else None
        found = [p for p in first.values() if p.person != me and (p.pod, p.version) != own_pod]
        return [p for p in found if not self.anonymous or self.consents.get(piece_of(p), True)]

    def take(self, store: ReviewStore, me: int, now: datetime) -> int:
        there, taken = self.readable(me), store.taken(1, REVIEW)
        expected = next_piece(there, taken, me, self.wanted, now)
        store.free_overdue(1, REVIEW)
        candidates = store.candidates(1, REVIEW, me, self.wanted, anonymous=self.anonymous)
        found = next_piece(*candidates, me, self.wanted, now)
        assert found == expected
        assert len(candidates[0]) <= 3
        counts = received(taken, now)
        mine = {t.work for t in taken if t.reviewer == me and (t.out_at or is_active(t, now))}
        few = [p for p in there if counts[p.work] < self.wanted and p.work not in mine]
        assert store.count_lacking(1, REVIEW, me, self.wanted, anonymous=self.anonymous) == len(few)
        if found is None:
            return 0
        before = next((a for a in store.by(1, {me}) if a.work == found.work), None)
        new = Assignment(0, 1, REVIEW, "Look", me, found.work, found.person, found.version, now, now + HOLD)
        if before is None:
            store.add(new)
        else:
            store.change(replace(new, id=before.id))
        return 1


@pytest.mark.parametrize("anonymous", [False, True])
def test_the_next_piece_is_the_one_that_all_rows_would_give(
    storage: SqlStorage, clock: WoundClock, anonymous: bool
) -> None:
    history = History(storage, clock, anonymous)
    assert sum(history.step() for _ in range(tries(600))) > 10


def test_a_piece_that_is_not_there_any_more_is_not_listed(storage: SqlStorage, clock: WoundClock) -> None:
    enrol(storage, clock, range(1, 4), 0)
    now = clock.now()
    pieces = [Listed(f"work/{n}", n, now, now) for n in (1, 2)]

    def lacking(store: ReviewStore) -> int:
        return store.count_lacking(1, REVIEW, 3, 2, anonymous=False)

    def act(unit: SqlUnit) -> None:
        store: ReviewStore = unit.store("reviews")
        assert not store.is_listed(1, REVIEW)
        store.list_pieces(1, REVIEW, pieces, None)
        assert lacking(store) == 2
        store.list_pieces(1, REVIEW, [], {1})
        assert lacking(store) == 1
        store.list_pieces(1, REVIEW, pieces[:1], None)
        assert [p.work for p in store.candidates(1, REVIEW, 3, 2, anonymous=False)[0]] == ["work/1"]

    storage.run_now(act)
