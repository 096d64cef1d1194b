"""Whole courses, played under odd hours, in odd zones and over changes of clocks: nothing that nobody asked for comes
outside `messages.hours`, and nobody gets more than the budget. Both are counted from what the chat shows, and not from
what the bot stored."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from bot.app.rehearsal import Plan, Rehearsal, cast, rehearse
from bot.app.rehearsal.script import BOT, Line, read
from bot.core.people import Role
from bot.core.time import local
from tests.effort import tries

DEMO = (Path(__file__).parents[1] / "courses/demo.yaml").read_text(encoding="utf-8")
TITLE = "Write one page that people read"
LEARNERS = 12
SEED = "hours"
EDGES = ("Pacific/Kiritimati", "Pacific/Pago_Pago", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")
"""14 hours ahead of UTC, 11 behind; New York changes its clocks on 8 March, Lord Howe by half an hour on 5 April."""
A_WEEK = {Role.LEARNER: 3, Role.INSTRUCTOR: 5, Role.MANAGER: 1}
AWAITED = re.compile(
    r"\S+( \d+)? (writes to you|replies to your|replied in|gives you feedback)\b|\d+ more repl"
    r"|Your question “.*” has (\d+ repl|an answer)"
    r"|\d+ reviews? of your work|.{1,60} answers your review|The course team took back your review"
    r"|Yes: you have more time|You have more time|\S+( \d+)? answered your request"
    r"|An instructor has posted a question of yours|Since .{1,40} you have \d+ days? more on everything"
)
"""How the lines begin that somebody waits for: an answer, a word from the course team, feedback, a reply to that."""
MOVED_FOR_ONE = re.compile(r".* (is due|closes) .* now, for (?P<name>[^\d].*)\.")
"""The receipt of an instructor who gave one learner more time: that learner waits for the news of it."""
NEW_DATE = re.compile(r".* (is due|closes) .*, not .*")
BELOW = ("> ", "[", "Review ", "And ", "A recording for you", "You and the course team alone read this.")
"""How the lines begin that belong to one above them."""


@dataclass(frozen=True)
class Setting:
    hours: str
    zone: str
    starts_on: date

    @property
    def span(self) -> tuple[time, time]:
        first, _, last = self.hours.partition("-")
        return time.fromisoformat(first), time.fromisoformat(last)


SETTINGS = (
    Setting("13:00-14:00", "Pacific/Kiritimati", date(2026, 3, 2)),
    Setting("20:00-23:00", "Pacific/Pago_Pago", date(2026, 3, 2)),
    Setting("05:00-06:30", "America/New_York", date(2026, 3, 2)),
    Setting("08:00-22:00", "Europe/Berlin", date(2026, 3, 16)),
)


@dataclass
class Heard:
    """What came unasked, from the chat's own record: (local time, line) for each reader, and root posts in channels.
    `awaited`: messages that hold nothing but what their reader waits for. `mixed`: such messages that other lines go
    along with; the chat does not show whether those came for nothing, or took a place in the week."""

    mixed: dict[str, list[tuple[datetime, Line]]] = field(default_factory=lambda: defaultdict(list))
    awaited: dict[str, list[tuple[datetime, Line]]] = field(default_factory=lambda: defaultdict(list))
    people: dict[str, list[tuple[datetime, Line]]] = field(default_factory=lambda: defaultdict(list))
    channels: dict[str, list[tuple[datetime, Line]]] = field(default_factory=lambda: defaultdict(list))
    threads: dict[str, list[tuple[datetime, Line]]] = field(default_factory=lambda: defaultdict(list))


@dataclass(frozen=True)
class Played:
    """`people`: those who stay in their zone. `load`: the weeks of each person in load.json, by id."""

    setting: Setting
    rehearsal: Rehearsal
    people: Sequence[cast.Persona]
    heard: Heard
    load: dict[str, list[dict[str, Any]]]


def is_awaited(line: Line, has_more_time: bool) -> bool:
    """Whether a message has the course's name above, and below it only what its reader waits for. `has_more_time`: they
    were given more time, and have not heard of it."""
    said = [one.removeprefix("- ") for one in line.text.splitlines()[1:] if not one.startswith(BELOW)]
    has_more_time |= any("more on everything" in one for one in said)
    return bool(said) and all(AWAITED.match(one) or (has_more_time and NEW_DATE.match(one)) for one in said)


def is_mixed(line: Line, has_more_time: bool) -> bool:
    """Whether a message without a card has what its reader waits for, and other lines."""
    title, *rest = line.text.splitlines()
    said = [one for one in rest if not one.startswith(BELOW)]
    bare = {one: one.removeprefix("- ") for one in said}
    awaited = [one for one in said if AWAITED.match(bare[one]) or (has_more_time and NEW_DATE.match(bare[one]))]
    return title == TITLE and bool(awaited) and all(one in awaited or one.startswith("- ") for one in said)


def listen(lines: Sequence[Line], zones: dict[str, str], zone: str, names: dict[str, str]) -> Heard:
    """`zones`: of the people who stay where they are; `names`: who has which name."""
    heard = Heard()
    moved: set[str] = set()
    anybody = {line.at for line in lines if line.by != BOT}
    acted = {(line.by, line.at) for line in lines if line.by != BOT}
    first = lines[0].at
    for line in lines:
        if line.by == BOT and (found := MOVED_FOR_ONE.match(line.text)) and found["name"] in names:
            moved.add(names[found["name"]])
        if line.by != BOT or line.kind not in ("posted", "whispered") or line.at == first:
            continue
        if (reader := line.reader) is not None:
            if reader in zones and (reader, line.at) not in acted:
                others = heard.mixed if is_mixed(line, reader in moved) else heard.people
                kept = heard.awaited if is_awaited(line, reader in moved) else others
                if any(NEW_DATE.match(one.removeprefix("- ")) for one in line.text.splitlines()):
                    moved.discard(reader)
                kept[reader].append((local(line.at, zones[reader]), line))
        elif line.at not in anybody:
            kept = heard.channels if line.thread is None else heard.threads
            kept[line.place].append((local(line.at, zone), line))
    return heard


@pytest.fixture(scope="module", params=SETTINGS[: tries(len(SETTINGS))], ids=lambda s: f"{s.hours} {s.zone}")
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Played:
    setting: Setting = request.param
    out = tmp_path_factory.mktemp("course") / "out"
    text = DEMO.replace("hours: 08:00-22:00", f"hours: {setting.hours}")
    plan = Plan(text, "demo.yaml", LEARNERS, SEED, setting.starts_on, setting.zone, zones=EDGES)
    rehearsal = rehearse(plan, out)
    team = cast.team(LEARNERS, setting.zone, EDGES)
    people = [*team, *cast.learners(LEARNERS, SEED, rehearsal.figures.weeks, EDGES)]
    lines = [read(text) for text in (out / "transcript.jsonl").read_text(encoding="utf-8").splitlines()]
    staying = [p for p in people if not p.moves_to]
    heard = listen(lines, {p.id: p.zone for p in staying}, setting.zone, {p.name: p.id for p in people})
    load = json.loads((out / "load.json").read_text(encoding="utf-8"))
    weeks = {one["person"]: one["weeks"] for one in load["people"]}
    return Played(setting, rehearsal, staying, heard, weeks)


def test_nothing_comes_at_an_hour_at_which_no_message_may_come(played: Played) -> None:
    first, last = played.setting.span
    for person in played.people:
        own = (time(person.hour), time(person.hour)) if person.role is not Role.LEARNER else (first, last)
        night = [
            f"{at:%a %d %b %H:%M} {line.heading}"
            for kept in (played.heard.people, played.heard.awaited, played.heard.mixed)
            for at, line in kept[person.id]
            if not first <= at.time() <= last and not own[0] <= at.time() <= own[1]
        ]
        assert night == [], f"{person.name} in {person.zone}"
    for place, posts in (*played.heard.channels.items(), *played.heard.threads.items()):
        night = [f"{at:%a %d %b %H:%M} {line.heading}" for at, line in posts if not first <= at.time() <= last]
        assert night == [], f"#{place}"


def test_nobody_gets_more_than_the_budget(played: Played) -> None:
    for person in played.people:
        came = [at for at, _ in played.heard.people[person.id]]
        days = Counter(at.date() for at in came)
        weeks = Counter(f"{at:%G-W%V}" for at in came)
        assert max(days.values(), default=0) <= 1, f"{person.name}: {days}"
        assert max(weeks.values(), default=0) <= A_WEEK[person.role], f"{person.name}: {weeks}"
    for place, posts in played.heard.channels.items():
        weeks = Counter(f"{at:%G-W%V}" for at, _ in posts)
        assert max(weeks.values(), default=0) <= 3, f"#{place}: {weeks}"


def test_what_people_wait_for_comes_bundled_once_a_day_and_is_counted_by_itself(played: Played) -> None:
    for person in played.people:
        came = [at for at, _ in played.heard.awaited[person.id]]
        assert max(Counter(at.date() for at in came).values(), default=0) <= 1, f"{person.name}: {came}"
        weeks = Counter(f"{at:%G-W%V}" for at in came)
        counted = {week["week"]: week["awaited"] for week in played.load[person.id] if week["awaited"]}
        mixed = Counter(f"{at:%G-W%V}" for at, _ in played.heard.mixed[person.id])
        assert weeks <= Counter(counted) <= weeks + mixed, person.name
        # What of the mixed ones is not counted as awaited has a place in the week.
        unasked = Counter(f"{at:%G-W%V}" for at, _ in played.heard.people[person.id])
        places = unasked + mixed + weeks - Counter(counted)
        assert max(places.values(), default=0) <= A_WEEK[person.role], f"{person.name}: {places}"
    assert any(played.heard.awaited[p.id] for p in played.people if p.role is Role.LEARNER)


def test_somebody_heard_something_each_week(played: Played) -> None:
    """So the tests above look at something, and the rehearsal that people run counts the same."""
    for person in played.people:
        if person.habit in ("steady", "punctual", "chatty"):
            came = (*played.heard.people[person.id], *played.heard.mixed[person.id])
            weeks = {f"{at:%G-W%V}" for at, _ in came}
            assert len(weeks) >= played.rehearsal.figures.weeks, f"{person.name}: {weeks}"
    assert played.heard.channels["main"]
    # Slots that suit the cast of one zone are at night for most of another: the session is held, and it says so.
    fair = [f for f in played.rehearsal.findings if f.kind != "held"]
    odd = [f for f in fair if not (f.kind == "night" and f.who.startswith("line "))]
    assert odd == []
    assert played.rehearsal.over == []
