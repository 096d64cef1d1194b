"""Decides when to remind a person of open work: few reminders, each for everything that is open."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from bot.core.time import local_day, monday_of, next_time
from bot.core.timetable import DAY, DaysBefore, Timetable, occurrences

LAST = timedelta(hours=12)
"""A reminder later than that before its work is due is of no help."""

NEAR = timedelta(days=3)
"""Work due so soon after a reminder is what the reminder is good for."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """Work that opens at `open_from` and should be done by `at`."""

    name: str
    open_from: datetime
    at: datetime
    essential: bool = False


@dataclass(frozen=True, slots=True)
class Reminder:
    """`key` is the Monday of its week and its number in that week, such as '2026-03-02/1'. `of`: the work it is for."""

    key: str
    at: datetime
    of: tuple[Ahead, ...]


def reminders(
    ahead: Iterable[Ahead],
    zone: str,
    clock: time,
    a_week: int,
    after: datetime | None = None,
    had: Mapping[date, int] | None = None,
) -> list[Reminder]:
    """The reminders after `after` for a person in `zone`, at `clock`, each at least a day before its work is due. Work
    that has been open for less than a day then gets its reminder a day later, if `LAST` is left.

    Work of the same day shares a reminder. At most `a_week` remain in a week (Monday to Sunday in `zone`): first those
    for essential work, then those before most work (`NEAR`), then the earliest, since an early reminder can also name
    later work. `had`: Monday -> how many reminders of that week the person has already received.
    """
    by_day: dict[datetime, list[Ahead]] = {}
    in_order = sorted(ahead, key=lambda a: (a.at, a.name))
    for one in in_order:
        at = _day_before(one.at, zone, clock)
        if one.open_from <= at < one.open_from + DAY and (later := next_time(at, clock, zone)) <= one.at - LAST:
            at = later
        if one.open_from <= at and (after is None or at > after):
            by_day.setdefault(at, []).append(one)
    weeks: dict[date, list[datetime]] = {}
    for at in by_day:
        weeks.setdefault(monday_of(local_day(at, zone)), []).append(at)
    found = []
    for monday, days in sorted(weeks.items()):
        before = had.get(monday, 0) if had else 0
        kept = sorted(days, key=lambda at: _precedence(at, by_day[at], in_order))[: max(0, a_week - before)]
        found += [Reminder(f"{monday}/{n}", at, tuple(by_day[at])) for n, at in enumerate(sorted(kept), before + 1)]
    return found


def _precedence(at: datetime, of: Sequence[Ahead], ahead: Sequence[Ahead]) -> tuple[bool, int, datetime]:
    near = sum(one.open_from <= at < one.at <= at + NEAR for one in ahead)
    return not any(one.essential for one in of), -near, at


# Cached: the work of a cohort has the same instants for everybody, and plans are made again after each hand-in.
@lru_cache(maxsize=16_384)
def _day_before(instant: datetime, zone: str, clock: time) -> datetime:
    rule = DaysBefore(1, instant, clock)
    return next(o.at for o in occurrences(rule, Timetable(instant.date(), zone), (), zone))
