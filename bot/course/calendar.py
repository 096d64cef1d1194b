"""The dates that follow from a course file: its end dates, and when its weeks begin.

Features contribute the dates of a cohort's calendar (`bot/core/contributions.py`).
"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from bot.core.timetable import Timetable
from bot.course.model import Course, Milestone


def behind(course: Course, table: Timetable, zone: str, now: datetime) -> tuple[int, int]:
    """How many of the dates on which prompts close and milestones are due have passed in `zone`, and how many there
    are."""
    found = list(_ends(course, table, zone))
    return sum(at <= now for at in found), len(found)


def _ends(course: Course, table: Timetable, zone: str) -> Iterator[datetime]:
    for prompt in course.prompts:
        for week in prompt.weeks:
            yield prompt.window(table, week, zone)[1]
    for milestone in course.milestones:
        yield milestone.window(table, zone)[1]


def week_opens(table: Timetable, week: int, clock: time, zone: str, after: datetime | None = None) -> datetime:
    """When it is `clock` in `zone` on the first day of a week; with `after`, on the first day when that is later.

    A week begins on Monday, the first week of a cohort that starts in mid-week on the day of the start.
    """
    day = max(0, (table.starts_on - table.monday(week)).days) if week == 1 else 0
    return table.at(week, day, clock, "learner", zone, after=after)


def late_until(milestone: Milestone, due: datetime) -> datetime | None:
    """Until when work due at `due` is accepted; None for no limit."""
    if milestone.late.accepted and milestone.late.within is None:
        return None
    return due + max(milestone.grace, milestone.late.within or timedelta(0))
