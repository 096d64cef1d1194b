"""Planned dates in every zone and through every change of the clocks of ten years; then through the real loop, with a
clock that goes wrong, a machine that sleeps, and people who move over the date line.

Zones whose clocks change alike for all of those years (the same instants, the same offsets) are one case: each such
group is tried once. Days far from any change are tried once a week, days around a change all of them, at the hours at
which changes happen somewhere on Earth.
"""

import asyncio
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.time import WoundClock, at_wall, local, local_day, zones
from bot.core.timetable import DAY, WEEK, DaysBefore, Rule, Timetable, Weekly, occurrences
from tests import kit
from tests.kit import World, new_world

FIRST, YEARS = date(2024, 1, 1), 10
WEEKS = range(1, 52 * YEARS + 1)
TABLE = Timetable(FIRST, "UTC")
BEGIN = datetime(2023, 12, 20, tzinfo=UTC)
CLOCKS = (time(0), time(0, 30), time(1, 59), time(2), time(2, 30), time(3), time(23, 59))
HOUR = timedelta(hours=1)


def offset(moment: datetime, zone: str) -> timedelta:
    return local(moment, zone) - moment.replace(tzinfo=None)


@dataclass(frozen=True)
class Span:
    """From `start` to `end` (UTC) the clocks are `offset` ahead of UTC."""

    start: datetime
    end: datetime
    offset: timedelta


@cache
def histories() -> dict[tuple[Span, ...], str]:
    """Every history of the clocks that some zone has in these years, and the first zone that has it."""
    found: dict[tuple[Span, ...], str] = {}
    for zone in zones():
        found.setdefault(tuple(_spans(zone)), zone)
    return found


def _spans(zone: str) -> Iterator[Span]:
    start = moment = BEGIN
    last = BEGIN + (len(WEEKS) + 8) * WEEK
    before = offset(moment, zone)
    while moment < last:
        after = offset(moment + WEEK, zone)
        if after != before:
            low, high = moment, moment + WEEK
            while high - low > timedelta(minutes=1):
                middle = low + (high - low) // 2
                low, high = (middle, high) if offset(middle, zone) == before else (low, middle)
            change = high.replace(second=0, microsecond=0)
            yield Span(start, change, before)
            start, before = change, after
        moment += WEEK
    yield Span(start, last, before)


def meant(wall: datetime, spans: Sequence[Span]) -> datetime:
    """The instant of a wall time, worked out from the history of the clocks alone."""
    instants = [(wall - s.offset).replace(tzinfo=UTC) for s in spans]
    shown = [at for at, s in zip(instants, spans, strict=True) if s.start <= at < s.end]
    if shown:
        return min(shown)
    # No clock ever shows it: as far behind the gap as it stands inside of it.
    return next(
        at for at, (s, after) in zip(instants, pairwise(spans), strict=False) if after.start <= at < s.end + DAY
    )


def near(wall: datetime, spans: Sequence[Span]) -> list[Span]:
    moment = wall.replace(tzinfo=UTC)
    return [s for s in spans if s.start - 2 * DAY <= moment <= s.end + 2 * DAY]


def test_the_sample_holds_what_is_odd() -> None:
    gaps = {after.offset - before.offset for spans in histories() for before, after in pairwise(spans)}
    # Half an hour on Lord Howe, two at Troll, an hour elsewhere; and zones that change their minds for good.
    assert {timedelta(minutes=30), HOUR, 2 * HOUR, -HOUR} <= gaps
    assert {"Africa/Casablanca", "Africa/Cairo", "Pacific/Chatham", "Antarctica/Troll"} <= set(histories().values())
    assert len(histories()) < len(zones()) / 2


def test_weekly_dates_come_once_at_their_wall_time() -> None:
    keys = [f"w{week}" for week in WEEKS]
    for spans, zone in histories().items():
        found = list(occurrences(Weekly(6, time(9)), TABLE, WEEKS, zone))
        assert [o.key for o in found] == keys
        assert [local(o.at, zone) for o in found] == [
            datetime.combine(FIRST + 6 * DAY + n * WEEK, time(9)) for n in range(len(WEEKS))
        ], (zone, spans)


def test_dates_around_every_change_of_the_clocks() -> None:
    for spans, zone in histories().items():
        for change in spans[1:]:
            middle = local_day(change.start, zone)
            days = tuple(middle + n * DAY for n in range(-2, 3))
            for clock in CLOCKS:
                for day in days:
                    wall = datetime.combine(day, clock)
                    assert at_wall(day, clock, zone) == meant(wall, near(wall, spans)), (zone, wall)
                assert all(at_wall(a, clock, zone) < at_wall(b, clock, zone) for a, b in pairwise(days))


def test_what_a_gap_skips_comes_later_by_its_length_and_a_fold_means_the_first() -> None:
    for spans, zone in histories().items():
        for before, after in pairwise(spans):
            shift = after.offset - before.offset
            # The wall time at which the clocks were changed, by the clock before.
            wall = (after.start + before.offset).replace(tzinfo=None)
            inside = wall + shift / 2
            planned = at_wall(inside.date(), inside.time(), zone)
            if shift > timedelta(0):
                assert local(planned, zone) == inside + shift, (zone, inside)
            else:
                assert (local(planned, zone), planned < after.start) == (inside, True), (zone, inside)
                assert local(planned - shift, zone) == inside


@pytest.mark.parametrize(
    "rule",
    [
        Weekly(4, time(16)),
        Weekly(6, time(23, 59), "aoe"),
        DaysBefore(1, datetime(2026, 3, 30, 11, 59, tzinfo=UTC), time(9)),
    ],
    ids=lambda r: type(r).__name__,
)
def test_keys_are_unique_and_the_same_in_every_zone(rule: Rule) -> None:
    weeks = range(1, 60)
    first = [o.key for o in occurrences(rule, TABLE, weeks, "UTC")]
    assert len(set(first)) == len(first) > 0
    for zone in histories().values():
        found = list(occurrences(rule, TABLE, weeks, zone))
        assert [o.key for o in found] == first
        if not isinstance(rule, DaysBefore):
            assert all(a.at < b.at for a, b in pairwise(found))


def test_days_before_is_the_last_such_hour_that_is_early_enough() -> None:
    for spans, zone in histories().items():
        for change in (*spans[1:], Span(datetime(2026, 6, 1, tzinfo=UTC), BEGIN, HOUR)):
            for hours in range(-30, 31, 5):
                instant = change.start + hours * HOUR
                for days, clock in ((1, time(9)), (2, time(2, 30)), (0, time(0, 30))):
                    (planned,) = occurrences(DaysBefore(days, instant, clock), TABLE, (), zone)
                    assert planned.at <= instant - days * DAY, (zone, instant)
                    # A gap moves a wall time forward, so the day before is counted by the plan and not by its clock.
                    plans = {d: at_wall(local_day(instant, zone) - d * DAY, clock, zone) for d in range(-1, days + 3)}
                    assert planned.at == max(at for at in plans.values() if at <= instant - days * DAY), (zone, instant)


# Holidays


HOLIDAYS = st.frozensets(st.integers(0, 120), max_size=40).map(lambda days: frozenset(FIRST + n * DAY for n in days))
BREAKS = st.frozensets(st.integers(0, 14), max_size=4).map(
    lambda weeks: frozenset(FIRST + week * WEEK + n * DAY for week in weeks for n in range(7))
)
ZONES = st.deferred(lambda: st.sampled_from(sorted(histories().values())))


@given(HOLIDAYS, BREAKS, ZONES, st.integers(0, 6), st.sampled_from(CLOCKS))
def test_nothing_weekly_falls_on_a_holiday_and_no_week_is_lost(
    off: frozenset[date], breaks: frozenset[date], zone: str, weekday: int, clock: time
) -> None:
    table = Timetable(FIRST, zone, off | breaks)
    mondays = [table.monday(week) for week in range(1, 9)]
    assert all(later - earlier >= WEEK and later.weekday() == 0 for earlier, later in pairwise(mondays))
    # Between two course weeks lie breaks, and nothing else; every day finds its week.
    for week, (monday, following) in enumerate(pairwise(mondays), 1):
        assert not table.is_break(monday)
        for day in (monday + n * DAY for n in range((following - monday).days)):
            assert table.week_on(day) == week
            assert day < monday + WEEK or table.is_break(day)
    for week, planned in enumerate(occurrences(Weekly(weekday, clock), table, range(1, 9), zone), 1):
        wished = mondays[week - 1] + weekday * DAY
        free = next(d for d in (wished + n * DAY for n in range(200)) if d not in table.holidays)
        assert planned.at == at_wall(free, clock, zone)


@given(HOLIDAYS, ZONES, st.integers(0, 6), st.sampled_from(CLOCKS), st.integers(0, 30), st.integers(-200, 900))
def test_after_and_later(off: frozenset[date], zone: str, weekday: int, clock: time, days: int, hours: int) -> None:
    table = Timetable(FIRST, "Europe/Berlin", off)
    after = datetime.combine(FIRST, time(), UTC) + hours * HOUR
    plain = table.at(2, weekday, clock, "learner", zone, later=days * DAY)
    wished = FIRST + WEEK + (weekday + days) * DAY
    assert plain == at_wall(table.free(wished), clock, zone)
    found = table.at(2, weekday, clock, "learner", zone, after=after, later=days * DAY)
    candidates = (at_wall(d, clock, zone) for d in (wished + n * DAY for n in range(300)) if d not in off)
    assert found == next(at for at in candidates if at > after)


# Through the loop


class Swaying(WoundClock):
    """A clock that somebody sets wrong, and right again."""

    def step(self, by: timedelta) -> None:
        assert self._still is not None
        self._still += by


@pytest.fixture
def swaying(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kit, "WoundClock", Swaying)


LAST = "2026-01-21T12:00:00Z"
"""Two days after the second wrap-up closed: what the message budget has put off is said as well."""


async def begun(folder: Path) -> World:
    folder.mkdir()
    world = new_world(folder)
    await world.learner("mia", "Mia")
    await world.learner("leo", "Leo", "America/New_York")
    return world


def said(world: World) -> Counter[tuple[str, str]]:
    """Where the bot has said what, by its first line."""
    people = [world.chat.person(id) for id in ("mia", "leo", "ines", "omar")]
    posts = {p.id: p for who in people for place in ("dm", "general", "questions") for p in who.sees(place)}
    lines = ((p.place, p.text.split("\n")[0]) for p in posts.values() if p.by == "bot")
    # A wrap-up whose close is in an hour that is missing closes a day later, and so does what the desk says of it.
    return Counter((place, re.sub(r"desk, \w+:", "desk:", line)) for place, line in lines)


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Counter[tuple[str, str]]:
    """What the bot says where nothing goes wrong."""

    async def play() -> Counter[tuple[str, str]]:
        world = await begun(tmp_path_factory.mktemp("usual") / "world")
        await world.until(LAST)
        return said(world)

    return asyncio.run(play())


async def test_an_hour_wrong_and_right_again_says_nothing_twice(
    usual: Counter[tuple[str, str]], tmp_path: Path, swaying: None
) -> None:
    world = await begun(tmp_path / "world")
    assert isinstance(world.clock, Swaying)
    # An hour fast when the prompt opens and when the report comes, an hour slow a week later; put right in between.
    for instant, by in (
        ("2026-01-09T14:30:00Z", HOUR),
        ("2026-01-09T16:00:00Z", -HOUR),
        ("2026-01-12T10:30:00Z", HOUR),
        ("2026-01-12T12:10:00Z", -HOUR),
        ("2026-01-16T15:30:00Z", -HOUR),
        ("2026-01-16T16:10:00Z", HOUR),
        ("2026-01-19T11:30:00Z", -HOUR),
        ("2026-01-20T00:00:00Z", HOUR),
    ):
        await world.until(instant)
        world.clock.step(by)
        await world.settle()
        await world.wait(minutes=1)
    await world.until(LAST)
    assert said(world) == usual


@pytest.mark.parametrize("asleep", ["2026-01-08T16:00:00Z", "2026-01-10T12:00:00Z"])
async def test_three_days_of_sleep_say_nothing_twice_and_lose_nothing_of_use(
    usual: Counter[tuple[str, str]], tmp_path: Path, asleep: str
) -> None:
    world = await begun(tmp_path / "world")
    await world.until(asleep)
    await world.jump((world.at(asleep) + 3 * DAY).isoformat())
    await world.until(LAST)
    # The course team hears of what was left out, and of its desks the newest alone; learners and channels of all else.
    heard, wanted = (
        {k: n for k, n in c.items() if k[0] in ("dm:mia", "dm:leo", "general")} for c in (said(world), usual)
    )
    assert not Counter(heard) - Counter(wanted)
    # A reminder of what closed meanwhile is of no use any more.
    assert {line for _, line in Counter(wanted) - Counter(heard)} <= {"One thing is still open"}


MOVERS = {f"mover{n}": n for n in range(6)}
"""Each moves over the date line so many times 27 hours after a Tuesday began, and back a week later."""


@pytest.mark.parametrize(
    ("home", "away"), [("Pacific/Apia", "America/Los_Angeles"), ("America/Los_Angeles", "Pacific/Apia")]
)
async def test_who_moves_over_the_date_line_is_asked_once_a_week(world: World, home: str, away: str) -> None:
    people = {id: await world.learner(id, id.title(), home) for id in MOVERS}
    tuesday = world.at("2026-01-06T00:00:00Z")
    for start, zone in ((tuesday, away), (tuesday + WEEK, home)):
        for id, n in MOVERS.items():
            await world.app.runtime.advance(start + n * 27 * HOUR)
            await people[id].command("settings", zone)
    await world.until(LAST)
    for who in people.values():
        lines = [text.split("\n")[0] for text in who.inbox()]
        # One card each, although the week began twice for some, or a day later, and none of it was answered.
        for week in (1, 2):
            assert lines.count(f"Week {week} wrap-up") == 1, (who, lines)
