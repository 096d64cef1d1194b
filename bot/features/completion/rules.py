"""Pure decisions of completion."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from bot.core.contributions import Item
from bot.core.people import Cohort
from bot.core.time import at_wall, local_day
from bot.core.timetable import DAY, WEEK
from bot.course.model import Course

CODE_LENGTH = 12
LAST_WEEKS = 2 * WEEK
"""Who was heard from this shortly before the end of the course was active at its end."""


def last_day(course: Course, cohort: Cohort) -> date:
    return course.last_day(cohort.timetable)


def over_at(course: Course, cohort: Cohort) -> datetime:
    """When the last week is over."""
    return cohort.timetable.over(len(course.weeks))


def final_at(course: Course, cohort: Cohort, zone: str, hour: int, over: datetime | None) -> datetime:
    """When a learner gets their final card: at their hour on the first day after the last week that is not a holiday,
    and not before everything that was asked of them is `over`."""
    clock = course.messages.hour(hour)
    day = cohort.timetable.free(last_day(course, cohort) + DAY)
    at = at_wall(day, clock, zone)
    if over is not None and at <= over:
        day = cohort.timetable.free(max(day, local_day(over, zone)))
        at = at_wall(day, clock, zone)
        while at <= over:
            day = cohort.timetable.free(day + DAY)
            at = at_wall(day, clock, zone)
    return at


def has_begun(cohort: Cohort, now: datetime) -> bool:
    return local_day(now, cohort.zone) >= cohort.starts_on


def days_of(course: Course, cohort: Cohort, now: datetime) -> tuple[date, date]:
    """(first, last) day of the run on the certificate; a run that is closed early ends then."""
    until = min(now, cohort.ended_at or now)
    return cohort.starts_on, max(cohort.starts_on, min(last_day(course, cohort), local_day(until, cohort.zone)))


def end_of(course: Course, cohort: Cohort) -> datetime:
    """When the last week is over, or the cohort was closed if that was earlier."""
    over = over_at(course, cohort)
    return min(over, cohort.ended_at or over)


# How many are at the same point


def point(items: Iterable[Item], now: datetime) -> int:
    """Where a learner is in the course: the first week in which something is open and not done; 0: nothing is."""
    return min((i.week for i in items if i.opens_at <= now and i.is_pending(now)), default=0)


def at_same_point(points: Mapping[int, int], own: int, smallest: int) -> int:
    """At least how many others are at one's own point: a multiple of `smallest`, so that two such numbers cannot be
    subtracted. 0: too few are, or so few are elsewhere that one would know who. `points`: how many are at each."""
    others = points.get(own, 0) - 1
    elsewhere = sum(points.values()) - points.get(own, 0)
    return max(others, 0) // smallest * smallest if elsewhere >= smallest else 0
