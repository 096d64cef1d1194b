"""Timetables and rules: when something happens, as values, and their conversion to instants.

A timetable is a cohort's weeks: its start, its zone, its holidays. A rule says a wall time and whose clock it is on.
`Timetable.at` turns a wall time of a week into an instant; `occurrences` does that for a whole rule. The key of each
occurrence is made of the rule's own terms and never of an instant, so that planning again finds it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal

from bot.core.time import ANYWHERE_ON_EARTH, at_wall, local, local_day, monday_of

Clockface = Literal["learner", "cohort", "aoe"]
"""Whose clock counts: each learner's, the cohort's, or the last one on Earth on which a date ends."""

DAY = timedelta(days=1)
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Timetable:
    """The weeks of a cohort.

    Week 1 is the week of the Monday on or before `starts_on`, and nothing of it is before that day. What would fall on
    a holiday moves to the next day that is not a holiday, at the same wall time. A week whose seven days are all
    holidays is a break, and is not counted.
    """

    starts_on: date
    zone: str
    holidays: frozenset[date] = frozenset()

    def monday(self, week: int) -> date:
        """The Monday of a course week (from 1; earlier ones count backwards from there)."""
        return _mondays(self, week)

    def week_on(self, day: date) -> int:
        """The number of the course week that a day belongs to, below 1 before the start; in a break that of the week
        before it."""
        return _week_on(self, day)

    def over(self, weeks: int) -> datetime:
        """When the last of so many weeks is over by the cohort's clock."""
        return at_wall(self.monday(max(1, weeks)) + WEEK, time(0), self.zone)

    def is_break(self, day: date) -> bool:
        """Whether a day belongs to a week of holidays only."""
        monday = monday_of(day)
        return bool(self.holidays) and all(monday + n * DAY in self.holidays for n in range(7))

    def free(self, day: date) -> date:
        """The day itself, or the next day that is not a holiday."""
        while day in self.holidays:
            day += DAY
        return day

    def clock(self, face: Clockface, learner_zone: str) -> str:
        """The zone of a clock."""
        return {"learner": learner_zone, "cohort": self.zone, "aoe": ANYWHERE_ON_EARTH}[face]

    def at(
        self,
        week: int,
        weekday: int,
        clock: time,
        face: Clockface,
        learner_zone: str,
        *,
        after: datetime | None = None,
        later: timedelta = timedelta(0),
    ) -> datetime:
        """The instant (UTC) at which that clock shows `clock` on a weekday (0 is Monday) of a course week.

        `later` moves the date by whole days. The result is on the first day from there on that is not a holiday and
        whose instant is after `after`.
        """
        zone = self.clock(face, learner_zone)
        day = self.monday(week) + weekday * DAY + later
        # What a course file has earlier in week 1 than a cohort begins comes on its first day.
        day = self.free(day if week < 1 else max(day, self.starts_on))
        while (moment := at_wall(day, clock, zone)) and after is not None and moment <= after:
            day = self.free(day + DAY)
        return moment

    def moved(self, at: datetime, days: int, face: Clockface, learner_zone: str) -> datetime:
        """So many days later at the same wall time, or on the next day after that which is not a holiday."""
        if not days:
            return at
        zone = self.clock(face, learner_zone)
        return at_wall(self.free(local_day(at, zone) + days * DAY), local(at, zone).time(), zone)


@dataclass(frozen=True, slots=True)
class PlannedBy:
    """The timetable by which something is planned, and since when it is."""

    table: Timetable
    since: datetime


def planned_by(
    before: PlannedBy | None, table: Timetable, now: datetime, closes: Callable[[Timetable], datetime]
) -> PlannedBy:
    """By which timetable something is planned whose cohort has `table` now. What was open by the earlier one, and is
    over by it, keeps it. `closes`: when it is over for everybody by a timetable."""
    if before is not None and (before.table == table or before.since < closes(before.table) <= now):
        return before
    return PlannedBy(table, now)


@lru_cache(maxsize=4096)
def _mondays(table: Timetable, week: int) -> date:
    day = monday_of(table.starts_on)
    while table.is_break(day):
        day += WEEK
    if week < 1 or not table.holidays:
        return day + (week - 1) * WEEK
    for _ in range(week - 1):
        day += WEEK
        while table.is_break(day):
            day += WEEK
    return day


@lru_cache(maxsize=4096)
def _week_on(table: Timetable, day: date) -> int:
    first = table.monday(1)
    if day < first or not table.holidays:
        return (monday_of(day) - first).days // 7 + 1
    week = 1
    while table.monday(week + 1) <= day:
        week += 1
    return week


@dataclass(frozen=True, slots=True)
class Weekly:
    """In each course week, on one weekday (0 is Monday)."""

    weekday: int
    time: time
    clock: Clockface = "learner"


@dataclass(frozen=True, slots=True)
class DaysBefore:
    """At a wall time, at least `days` whole days before an instant such as a milestone's due date."""

    days: int
    instant: datetime
    time: time
    clock: Clockface = "learner"


Rule = Weekly | DaysBefore


@dataclass(frozen=True, slots=True)
class Occurrence:
    """`key` distinguishes it from the rule's other occurrences: 'w3', or '-1' for a day before."""

    key: str
    at: datetime


def occurrences(rule: Rule, table: Timetable, weeks: Iterable[int], learner_zone: str) -> Iterator[Occurrence]:
    """All instants of a rule for a learner whose clock is in `learner_zone`, by key. `weeks` limits weekly rules."""
    zone = table.clock(rule.clock, learner_zone)
    match rule:
        case Weekly(weekday, clock, face):
            for week in weeks:
                yield Occurrence(f"w{week}", table.at(week, weekday, clock, face, learner_zone))
        case DaysBefore(days, instant, clock, _):
            latest = instant - days * DAY
            day = local_day(latest, zone)
            if at_wall(day, clock, zone) > latest:
                day -= DAY
            yield Occurrence(f"-{days}", at_wall(day, clock, zone))
