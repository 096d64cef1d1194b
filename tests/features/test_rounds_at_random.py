"""The machine of dates with what closes and what is held: discussions, check-ins, wrap-ups and live sessions, some of
them over, while starts, weeks, zones, extensions, absences and downtime come in any order. After each step every view
says the same, what is over stays as it was, and nobody is written to at night; each change is told once.

`PACEKEEPER_HISTORIES=100` plays that many.
"""

import os
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from bot.app.calendars import of_cohort, of_person
from bot.core.contributions import Date
from bot.core.time import local, say
from storage.tables.people import CohortRow
from tests.features.test_dates_at_random import WEEK, ZONES, History
from tests.features.test_live import HEAD, course, tasting
from tests.kit import MONDAY, new_world

HISTORIES = int(os.environ.get("PACEKEEPER_HISTORIES", "2"))
MOVED = re.compile(r"- (?P<what>.+) closes (?P<new>\w+ \d+ \w+, \d\d:\d\d), not (?P<old>\w+ \d+ \w+, \d\d:\d\d)\.")
SECOND = tasting(
    id="second", title="Second", week="2", slots="[Tue 08:00, Thu 20:00]", pays="[{item: Read more, minutes: 30}]"
)
ROUNDS = (
    course(tasting(), SECOND, head=HEAD.replace("weekly_minutes: 300", "weekly_minutes: 900"))
    + """\
live_rules: {weeks_share: 100}
discussions:
  - id: bags
    week: 1
    title: Bags or leaves
    question: "Are bags tea?"
    rounds:
      - {opens: "Mon 10:00", closes: Wed 18:00 cohort, fields: [Hunch]}
      - {opens: "Thu 09:00", closes: Sat 18:00 cohort, fields: [What changed]}
  - {id: water, week: 2, title: Hard water, question: "Does it matter?", opens: Tue 09:00, closes: Sat 18:00 learner}
checkins:
  - {id: page, title: The shared page, weekly: yes, days: [Tue 09:00], minutes: 5}
milestones:
  - {id: draft, week: 1, title: The draft, due: Sun 23:59 aoe, extension: 7 days, late: 7 days, minutes: 20}
  - {id: essay, week: 3, title: The essay, due: Fri 18:00 learner, extension: 7 days, minutes: 20}
"""
)


@dataclass
class Rounds(History):
    """A history in which people take part in what closes."""

    first_known: dict[tuple[str, str], datetime] = field(default_factory=dict)
    past: dict[tuple[str, str, str], datetime] = field(default_factory=dict)
    ahead: dict[tuple[str, str], dict[str, datetime]] = field(default_factory=dict)
    posts: int = 0

    def dates(self, name: str) -> list[Date]:
        return of_person(self.world.app.storage, "demo", name)[2]

    def learn_rounds(self, name: str) -> None:
        for date in self.dates(name):
            if date.kind == "closes":
                self.first_known.setdefault((name, date.id), date.at)

    async def answer_something(self) -> None:
        """Somebody writes something into the form of anything that is open."""
        name = self.chance.choice(list(self.people))
        person = self.people[name]
        page = await person.command("")
        if "Show all" in page.buttons:
            page = await person.press(page, "Show all")
        offered = [b for b in page.buttons if b.startswith(("Answer", "Check in", "Post", "Edit"))]
        if offered:
            opened = await person.press(page, self.chance.choice(offered))
            if person.form is not None and opened is not None:
                words = {f.name: "Some words." for f in person.form.fields if type(f).__name__ == "TextField"}
                await person.submit(words)

    async def come(self) -> None:
        """Somebody says yes to a time of a session, or takes that back."""
        person = self.people[self.chance.choice(list(self.people))]
        page = await person.command("")
        found = [b for b in page.buttons if b.startswith(("Choose a time", "Change that"))]
        if found:
            shown = await person.press(page, self.chance.choice(found))
            times = [b for b in shown.buttons if b.startswith("I come ")] or shown.buttons
            if times:
                await person.press(shown, self.chance.choice(times))

    async def pass_time(self, hours: int = 0) -> None:
        await super().pass_time(hours)
        posts = [
            p
            for p in self.world.chat.sandbox.platform.posts("general", "ines", limit=1000)
            if p.by == "bot" and p.to is None
        ]
        zone = self.world.rows(CohortRow)[0].zone
        for post in posts[self.posts :]:
            hour = local(post.at, zone).hour
            assert 8 <= hour <= 22 or post.thread, f"a post came at {hour}: {self.done}\n{post}"
        self.posts = len(posts)

    async def views_agree(self) -> None:
        await self.world.settle()
        now = self.world.clock.now()
        for name, person in self.people.items():
            zone, dates = self.zone(name), self.dates(name)
            closes = {d.id: d for d in dates if d.kind == "closes"}
            page = await person.command("")
            if "Show all" in page.buttons:
                page = await person.press(page, "Show all")
            progress = (await person.command("progress")).text
            for view, text in (("page", page.text), ("progress", progress)):
                for line in text.split("\n"):
                    found = [d for d in closes.values() if d.subject.lower() in line.lower()]
                    if found and (match := re.search(r", (due|closed) (\w+ \d+ \w+, \d\d:\d\d)", line)):
                        days = {say(d.at, zone) for d in found}
                        assert match[2] in days, f"{name}'s {view} says {line}, the calendar {days}: {self.done}"
                        past = {d.at <= now for d in found if say(d.at, zone) == match[2]}
                        assert (match[1] == "closed") in past, f"{name}'s {view}: {line}: {self.done}"
            slots = {say(d.at, zone) for d in dates if d.kind == "live"}
            for text in [page.text, *(text for text, _at in self.private(name))]:
                for said in re.findall(r"You come to “\w+”: (\w+ \d+ \w+, \d\d:\d\d)", text):
                    assert said in slots, f"{name} reads {said} of {slots}: {self.done}\n{text}"
            for date in dates:
                key = (name, date.kind, date.id)
                if date.kind in ("closes", "live") and key in self.past and name not in self.by_themselves:
                    was = self.past[key]
                    assert date.at == was, f"{name}: {key} was over at {was}, and is at {date.at}: {self.done}"
        self.keep_what_is_over(now)
        mine = {
            say(d.at, "Europe/Berlin") for d in of_cohort(self.world.app.storage, "demo", [])[1][0] if d.kind == "live"
        }
        for post in self.ines.sees("general"):
            if post.text.startswith("Live, if you like") and "took place" not in post.text:
                said = re.findall(r"\w{3} \d+ \w{3}, \d\d:\d\d", post.text)
                assert set(said) <= mine, f"the post says {said} of {mine}: {self.done}\n{post.text}"

    def keep_what_is_over(self, now: datetime) -> None:
        """What was ahead and is over for everybody keeps its dates; a time of a session, once it has begun."""
        dates = {name: {(d.kind, d.id): d.at for d in self.dates(name)} for name in self.people}
        for key in {key for own in dates.values() for key in own if key[0] in ("closes", "live")}:
            found = {name: own[key] for name, own in dates.items() if key in own}
            if min(found.values()) > now:
                self.ahead[key] = found
            elif (
                self.ahead.get(key) == found
                and max(found.values()) + (timedelta(days=2) if key[0] == "closes" else 0 * WEEK) <= now
            ):
                self.past |= {(name, *key): at for name, at in found.items()}

    async def everybody_knows(self) -> None:
        now = self.world.clock.now()
        for name, person in self.people.items():
            zone, heard = self.zone(name), "\n".join(person.inbox())
            told: dict[str, list[tuple[str, str]]] = {}
            for match in MOVED.finditer(heard):
                told.setdefault(match["what"], []).append((match["old"], match["new"]))
            for what, moves in told.items():
                assert all(a != b for a, b in pairwise(moves)), f"{name} heard twice: {what} {moves}"
            sessions = re.findall(r"“\w+”, to which you said yes, begins .+", heard)
            assert len(sessions) == len(set(sessions)), f"{name} heard twice: {sessions}: {self.done}"
            if name in self.away or name in self.by_themselves or name == "zoe" or "more date" in heard:
                continue
            for date in self.dates(name):
                known = self.first_known.get((name, date.id))
                if date.kind != "closes" or date.at <= now or known in (None, date.at):
                    continue
                mine = told.get(date.subject, [])
                assert mine, f"{name} was not told of {date}, known as {known}: {self.done}\n{heard}"
                assert mine[-1][1] == say(date.at, zone), f"{name}, {date}: {mine} {self.done}"


@pytest.mark.parametrize("seed", range(HISTORIES))
async def test_whatever_happens_to_rounds_and_sessions_every_view_says_the_same(tmp_path: Path, seed: int) -> None:
    world = new_world(tmp_path, course=ROUNDS, now=f"{MONDAY}T06:00:00Z", starts_on=MONDAY)
    people = {name: await world.learner(name, name.title(), zone) for name, zone in ZONES.items()}
    history = Rounds(world, Random(seed), people, MONDAY)
    for name in people:
        history.learn(name)
        history.learn_rounds(name)
    acts: list[Callable[[], Awaitable[None]]] = [
        history.move_start,
        history.move_start,
        history.change_weeks,
        history.extend,
        history.shift_own,
        history.accommodate,
        history.hand_in,
        history.answer_something,
        history.answer_something,
        history.come,
        history.come,
        history.join_late,
        history.change_zone,
        history.change_cohorts_zone,
        history.end_and_reopen,
        history.go_away,
        history.be_down,
    ]
    await history.play(acts)
    world.app.storage.close()
