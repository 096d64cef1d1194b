"""Histories at random: starts, weeks, items, extensions, zones, absences, late joiners, hand-ins, downtime and an end
that is taken back, in any order. After each step every view says the same of every learner's date, and nobody is
written to at night; in the end everybody knows their dates, and was told of each change once.

`PACEKEEPER_HISTORIES=100` plays that many.
"""

import os
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from adapters.sandbox.driver import Speaker
from bot.app.calendars import changes, of_cohort, of_person
from bot.core.ics import Key
from bot.core.time import local, say
from storage.tables.milestones import MilestoneWindowRow, MoveRow, SubmissionRow
from storage.tables.people import AccountRow, CohortRow
from tests.features.test_after_the_end import end, reopen
from tests.features.test_milestones import fill, press
from tests.kit import COURSE, MONDAY, World, new_world

HISTORIES = int(os.environ.get("PACEKEEPER_HISTORIES", "2"))
WEEK = timedelta(days=7)
ZONES = {"mia": "Europe/Berlin", "leo": "America/New_York", "tane": "Pacific/Auckland"}
LATE_ZONE = "Asia/Kolkata"
TITLES = {"draft": "The draft", "essay": "The essay", "poster": "The poster"}
BRIDGE = "  - {title: Bridge, goal: Cross, minutes: 60}\n"
THREE = "  - {title: Three, goal: End, minutes: 60}\n"
WORK = (
    COURSE
    + """\
milestones:
  - {id: draft, week: 1, title: The draft, due: Sun 23:59 aoe, extension: 7 days, late: 7 days, minutes: 20}
  - {id: essay, week: 3, title: The essay, due: Fri 18:00 learner, extension: 7 days, minutes: 20}
"""
)


@dataclass
class History:
    """A world, what its learners know of their dates, and what was done."""

    world: World
    chance: Random
    people: dict[str, Speaker]
    first: date = MONDAY
    away: set[str] = field(default_factory=set)
    known: dict[tuple[str, str], datetime] = field(default_factory=dict)
    by_themselves: set[str] = field(default_factory=set)
    """Who moved a date of their own, or their clock: nobody tells them."""
    sequences: dict[Key, int] = field(default_factory=dict)
    down: list[tuple[datetime, datetime]] = field(default_factory=list)
    done: list[str] = field(default_factory=list)

    @property
    def ines(self) -> Speaker:
        return self.world.chat.person("ines")

    def zone(self, name: str) -> str:
        person = self.id(name)
        return self.world.app.storage.run_now(lambda unit: unit.people.person(person).zone)

    def id(self, name: str) -> int:
        return int(self.world.rows(AccountRow, user=name)[0].person)

    def windows(self, name: str) -> dict[str, MilestoneWindowRow]:
        return {w.milestone: w for w in self.world.rows(MilestoneWindowRow, person=self.id(name))}

    def handed_in(self, name: str) -> set[str]:
        return {s.milestone for s in self.world.rows(SubmissionRow, person=self.id(name))}

    def private(self, name: str) -> list[tuple[str, datetime]]:
        """What the bot wrote to somebody, as it reads now, and when."""
        person, platform = self.people[name], self.world.chat.sandbox.platform
        posts = platform.posts(f"dm:{person.id}", person.id, limit=1000)
        at = {p.id: p.at for p in posts if not p.deleted and p.by == "bot" and p.to is None}
        return [(seen.text, at[seen.id]) for seen in person.sees(f"dm:{person.id}") if seen.id in at]

    def learn(self, name: str) -> None:
        """They know their dates: they moved them, or look at a card that says them."""
        self.known |= {(name, id): w.due_at for id, w in self.windows(name).items()}

    # What happens

    async def move_start(self) -> None:
        row = self.world.rows(CohortRow)[0]
        start = self.first + self.chance.choice((-1, 0, 1, 2)) * WEEK
        if row.starts_on != start:
            await self.ines.press(await self.ines.command("course", place="general"), "Change dates")
            shown = await self.ines.submit(starts_on=start.isoformat())
            await self.ines.press(shown, "Use it")

    async def change_weeks(self) -> None:
        text = self.world.rows(CohortRow)[0].course_text
        there = BRIDGE in text
        await self.ines.press(await self.ines.command("course", place="general"), "Upload")
        shown = await self.ines.submit(file=text.replace(BRIDGE, "") if there else text.replace(THREE, BRIDGE + THREE))
        if not shown.errors:
            assert ("The course ends a week earlier" if there else "is new: “Bridge”") in shown.text
            await self.ines.press(shown, "Use it")

    async def extend(self) -> None:
        name = self.chance.choice(("", *self.people))
        await self.ines.press(await self.ines.command("week"), "Extend a date")
        person = str(self.id(name)) if name else ""
        shown = await self.ines.submit(milestone=self.chance.choice(["draft", "essay"]), days="2", person=person)
        if not shown.errors and "Move it" in shown.buttons:
            await self.ines.press(shown, "Move it")

    async def change_items(self) -> None:
        """The poster is added by form, or removed."""
        listed = await self.ines.press(await self.ines.command("course", place="general"), "Edit an item")
        there = "id: poster" in self.world.rows(CohortRow)[0].course_text
        if there:
            await self.ines.press(listed, "Milestones", "Milestone: The poster")
            shown = await self.ines.submit(remove="yes")
        else:
            await self.ines.press(listed, "Add a milestone")
            week = "4" if BRIDGE in self.world.rows(CohortRow)[0].course_text else "3"
            shown = await self.ines.submit(id="poster", week=week, title="The poster", due="Thu 18:00", minutes="20")
        if not shown.errors:
            await self.ines.press(shown, "Use it")
            for name in self.people:
                self.known.pop((name, "poster"), None)
                if not there and (window := self.windows(name).get("poster")):
                    self.known[name, "poster"] = window.due_at

    async def join_late(self) -> None:
        if "zoe" not in self.people:
            self.people["zoe"] = await self.world.learner("zoe", "Zoe", LATE_ZONE)
            self.learn("zoe")

    async def shift_own(self) -> None:
        name = self.chance.choice(list(self.people))
        asked = await press(self.world, self.people[name], "shift", self.chance.choice(["draft", "essay"]))
        if asked.form is not None:
            moved = await fill(self.world, self.people[name], asked, days="1")
            self.by_themselves.add(name)
            if not moved.problems:
                (id,) = [id for id, title in TITLES.items() if title == asked.form.title]
                self.known[name, id] = self.windows(name)[id].due_at

    async def ask_for_time(self) -> None:
        name = self.chance.choice(list(self.people))
        asked = await press(self.world, self.people[name], "more", self.chance.choice(["draft", "essay"]))
        if asked.form is not None:
            await fill(self.world, self.people[name], asked, days=str(self.chance.randint(8, 12)), reason="Visitors")

    async def answer_request(self) -> None:
        """Of the first request on the desk: yes, another day, or words."""
        desk = await self.ines.command("desk")
        buttons = desk.reply.buttons if desk.reply else []
        which = self.chance.choice(["Yes", "Another day", "Write back"])
        if label := next((b for b in buttons if b.partition(" (")[0] == which), ""):
            await self.ines.press(desk, label)
            if which == "Another day":
                await self.ines.submit(days="3")
            elif which == "Write back":
                await self.ines.submit(text="Hand in what you have.")

    async def accommodate(self) -> None:
        name = self.chance.choice(list(self.people))
        listed = await press(self.world, self.ines, "accommodate", str(self.id(name)))
        await fill(self.world, self.ines, listed, days=str(self.chance.choice((0, 2, 4))))

    async def hand_in(self) -> None:
        person = self.people[self.chance.choice(list(self.people))]
        page = await person.command("")
        if "Hand in" in page.buttons:
            await person.press(page, "Hand in")
            await person.submit(text="My work")

    async def end_and_reopen(self) -> None:
        await end(self.world)
        await self.pass_time(self.chance.randint(1, 60))
        await reopen(self.world)

    async def change_cohorts_zone(self) -> None:
        await self.ines.press(await self.ines.command("course", place="general"), "Change dates")
        shown = await self.ines.submit(zone=self.chance.choice(["Europe/Berlin", "America/New_York"]))
        if not shown.errors:
            await self.ines.press(shown, "Use it")

    async def change_zone(self) -> None:
        name = self.chance.choice(list(self.people))
        await self.people[name].press(await self.people[name].command("settings"), "Change my zone")
        await self.people[name].submit(zone=self.chance.choice(sorted(ZONES.values())))
        self.by_themselves.add(name)
        self.learn(name)

    async def go_away(self) -> None:
        name = self.chance.choice(list(self.people))
        today = local(self.world.clock.now(), self.zone(name)).date()
        await self.people[name].command("away", (today + timedelta(days=2)).isoformat())
        self.away.add(name)

    async def be_down(self) -> None:
        since = self.world.clock.now()
        await self.world.app.runtime.jump(since + timedelta(hours=self.chance.randint(3, 120)))
        self.down.append((since, self.world.clock.now()))

    async def pass_time(self, hours: int = 0) -> None:
        before = {name: len(self.private(name)) for name in self.people}
        await self.world.app.runtime.advance(
            self.world.clock.now() + timedelta(hours=hours or self.chance.randint(5, 90))
        )
        for name in self.people:
            for _, at in self.private(name)[before[name] :]:
                hour = local(at, self.zone(name)).hour
                assert 8 <= hour <= 22, f"{name} was written to at {hour}: {self.done}"

    async def do_one(self, acts: Sequence[Callable[[], Awaitable[None]]]) -> None:
        """Some time passes, and something happens."""
        await self.pass_time()
        act = self.chance.choice(acts)
        self.done.append(f"{self.world.clock.now():%d %b %H:%M} {act.__name__}")
        await act()

    async def play(self, acts: Sequence[Callable[[], Awaitable[None]]]) -> None:
        """A history, after each step of which all views agree, and at the end of which everybody knows."""
        for _ in range(8):
            await self.do_one(acts)
            await self.views_agree()
        for _ in range(4):
            await self.pass_time(48)
            for person in self.people.values():
                await person.command("")
        await self.everybody_knows()

    def is_given_time(self, due: datetime) -> bool:
        """Whether it was due while the bot was down, and the day that people get for it afterwards is not over."""
        return any(
            since - timedelta(days=1) <= due <= until + timedelta(days=1)
            and self.world.clock.now() <= until + timedelta(days=2)
            for since, until in self.down
        )

    # What is asked after each step

    async def views_agree(self) -> None:
        now, storage = self.world.clock.now(), self.world.app.storage
        moved = {(m.milestone, m.person) for m in self.world.rows(MoveRow) if m.person}
        always = {person for milestone, person in moved if not milestone}
        for name, person in self.people.items():
            zone, page = self.zone(name), (await person.command("")).text
            own = {d.id: d.at for d in of_person(storage, "demo", name)[2] if d.kind == "due"}
            usual = {d.id: d.at for d in of_cohort(storage, "demo", [zone])[1][0] if d.kind == "due"}
            alike = [n for n in self.people if self.zone(n) == zone]
            for id, window in self.windows(name).items():
                assert own[id] == window.due_at, f"{name}'s calendar: {self.done}"
                if (
                    len(alike) == 1
                    and (id, self.id(name)) not in moved
                    and self.id(name) not in always
                    and name != "zoe"
                ):
                    assert usual[id] == window.due_at, f"the calendar of {zone}: {self.done}"
                if window.due_at <= now:
                    continue
                date, done = say(window.due_at, zone), id in self.handed_in(name)
                if window.opens_at <= now and not done and not window.optional:
                    assert f"“{TITLES[id]}”, due {date}" in page, f"{name}'s page: {self.done}"
                for text, at in self.private(name):
                    # What stood below a card about a date says how it is now.
                    for line in text.partition("Also:")[2].split("\n"):
                        if f"{TITLES[id]} is due " in line and name not in self.by_themselves and not done:
                            assert f"is due {date}, not" in line, f"{name}'s news: {self.done}\n{text}"
                    # An older card about being back stays as it was.
                    for line in text.partition("Also:")[0].split("\n"):
                        asks = f"“{TITLES[id]}”, due " in line and not done
                        if asks and not (text.startswith("Welcome back") and now - at > WEEK):
                            assert f"“{TITLES[id]}”, due {date}" in line, f"{name}'s card: {self.done}\n{text}"
                    if done and text.startswith(TITLES[id]) and "Edit until" in text:
                        assert f"Edit until {date}" in text, f"{name}'s receipt: {self.done}\n{text}"
        usual = {d.id: d.at for d in of_cohort(storage, "demo", [])[1][0] if d.kind == "due"}
        funnel = (await self.ines.command("week", "milestones")).text
        await self.ines.press(await self.ines.command("week"), "Extend a date")
        assert self.ines.form is not None
        fields = {f.name: [o.label for o in getattr(f, "options", ())] for f in self.ines.form.fields}
        for id in usual:
            date, title = say(usual[id], "Europe/Berlin"), TITLES[id]
            # Where it goes by each learner's clock, both say so: it is one wall time, and not one instant.
            theirs = id == "essay"
            chosen = f"{title}, due {date} by their own clock" if theirs else f"{title}, due {date}"
            assert chosen in fields["milestone"], f"the form: {self.done}"
            if title in funnel:
                (line,) = [line for line in funnel.split("\n") if line.startswith(f"- {title} (")]
                whose = " by each learner's own clock" if theirs else ""
                assert f"due {date}{whose}: " in line, f"the funnel: {self.done}\n{funnel}"
        await self.figures_agree(funnel)
        found = {key: number for key, (_, number) in changes(storage, self.world.cohort, "Europe/Berlin").items()}
        fallen = [key for key, number in self.sequences.items() if found.get(key, -1) < number]
        assert not fallen, f"the sequence of {fallen} in the calendar's file falls: {self.done}"
        self.sequences = found

    async def figures_agree(self, funnel: str) -> None:
        """The manager's overview, the instructor's funnel and the desk count the same learners."""
        now, windows = self.world.clock.now(), {name: self.windows(name) for name in self.people}
        overview = (await self.world.chat.person("omar").command("overview")).text
        desk = (await self.ines.command("desk")).text
        for id, title in TITLES.items():
            done = {name for name in self.people if id in self.handed_in(name)}
            asked = {name for name, own in windows.items() if id in own and (name in done or not own[id].optional)}
            listed = re.search(rf"- {title} \(week \d\), due [^:]+:\d\d(?: by each learner's own clock)?: (.+)", funnel)
            figures = (
                re.search(r"(\d+) of (\d+) handed in.*, (?:(?:\d+|none) to come|\d+ overdue)", listed[1])
                if listed
                else None
            )
            if listed and not figures:
                assert listed[1].startswith("no learner to count"), f"the funnel: {self.done}\n{funnel}"
            # Who was away in the week, or joined after the date, is not counted.
            counted = {name for name in asked if name not in self.away and name != "zoe"}
            if figures:
                came, base = int(figures[1]), int(figures[2])
                assert len(done & counted) <= came <= len(done), f"the funnel: {self.done}\n{funnel}"
                assert len(counted) <= base <= len(asked), f"the funnel: {self.done}\n{funnel}"
                missing = sum(int(n) for n in re.findall(r"(\d+) (?:to come|overdue)", figures[0]))
                assert missing == base - came, f"the funnel: {self.done}\n{funnel}"
                one = await self.ines.press(await self.ines.command("week", "milestones"), title)
                assert figures[0] in one.text, f"the milestone: {self.done}\n{one.text}\n{funnel}"
            if match := re.search(rf"“{title}” handed in: (\d+) of (\d+)(?:.*?(\d+) overdue)?", overview):
                assert figures is not None, f"the funnel: {self.done}\n{overview}\n{funnel}"
                assert match.groups()[:2] == figures.groups()[:2], f"{self.done}\n{overview}\n{funnel}"
                due = {name: windows[name][id].asked_until or windows[name][id].due_at for name in asked}
                overdue = {name for name in asked - done if due[name] <= now}
                given = {name for name in overdue if self.is_given_time(windows[name][id].due_at)}
                assert len(done & counted) <= int(match[1]) <= len(done), f"overview: {self.done}\n{overview}"
                assert len(counted) <= int(match[2]) <= len(asked), f"overview: {self.done}\n{overview}"
                least = len((overdue - given) & counted)
                assert least <= int(match[3] or 0) <= len(overdue), f"overview: {self.done}\n{overview}"
            for name, day in re.findall(rf"(\w+): “{title}” was due (\w+ \d+ \w+)", desk):
                due = windows[name.lower()][id].due_at
                assert say(due, "Europe/Berlin").startswith(day), f"the desk: {self.done}\n{desk}"
                assert name.lower() not in done, f"the desk: {self.done}\n{desk}"
        if match := re.search(r"Week \d of \d, (\d+) learners", overview):
            assert int(match[1]) == len(self.people), f"overview: {self.done}\n{overview}"

    async def everybody_knows(self) -> None:
        now = self.world.clock.now()
        for name, person in self.people.items():
            told = [
                line for text in person.inbox() for line in text.split("\n") if " is due " in line and ", not " in line
            ]
            assert len(told) == len(set(told)), f"{name} was told twice: {told} {self.done}"
            heard = "\n".join(person.inbox())
            news = re.findall(r"is (new|left out): “Bridge”", heard)
            assert all(a != b for a, b in pairwise(news)), f"{name} was told twice: {news} {self.done}"
            for id, window in self.windows(name).items():
                if name in self.away or id in self.handed_in(name) or window.optional:
                    continue
                if window.due_at <= now or window.due_at == self.known[name, id]:
                    continue
                mine = [line for line in told if TITLES[id] in line]
                if "more date" in heard:
                    # Of many dates the first few are listed.
                    continue
                assert mine, f"{name} was not told of {id}: {self.done}"
                assert f"due {say(window.due_at, self.zone(name))}, not" in mine[-1], f"{name}, {id}: {self.done}"


OVER_THE_YEAR = date(2026, 12, 21)
"""Its second week is week 53 of the year, and holds 31 December and 1 January."""


@pytest.mark.parametrize("first", [MONDAY, OVER_THE_YEAR], ids=["in a year", "over the year's end"])
@pytest.mark.parametrize("seed", range(HISTORIES))
async def test_whatever_happens_every_view_says_the_same(tmp_path: Path, seed: int, first: date) -> None:
    world = new_world(tmp_path, course=WORK, now=f"{first}T08:00:00Z", starts_on=first)
    people = {name: await world.learner(name, name.title(), zone) for name, zone in ZONES.items()}
    history = History(world, Random(seed), people, first)
    for name in people:
        history.learn(name)
    acts: list[Callable[[], Awaitable[None]]] = [
        history.move_start,
        history.move_start,
        history.change_weeks,
        history.change_items,
        history.extend,
        history.shift_own,
        history.ask_for_time,
        history.answer_request,
        history.accommodate,
        history.hand_in,
        history.join_late,
        history.change_zone,
        history.change_cohorts_zone,
        history.end_and_reopen,
        history.go_away,
        history.be_down,
    ]
    await history.play(acts)
    world.app.storage.close()
