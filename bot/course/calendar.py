"""The dates that follow from a course file: its end dates, when its weeks begin, and in which week a reader is.

Features contribute the dates of a cohort's calendar (`bot/core/contributions.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.core.message import Bold, Text
from bot.core.people import Cohort
from bot.core.time import local_day, say_day
from bot.core.timetable import Timetable
from bot.core.translation import _
from bot.course.loader import course_of
from bot.course.model import Course, Milestone


@dataclass(frozen=True, slots=True)
class Behind:
    """The dates on which prompts close and milestones are due: `over` names those that have passed by the item's id
    ('wrapup/3', 'draft'), `of` is how many there are, and `essential` how many essential milestones are over."""

    over: frozenset[str]
    of: int
    essential: int


def behind(course: Course, table: Timetable, zone: str, now: datetime) -> Behind:
    """What has passed by the course file in `zone`."""
    planned = ends(course, table, zone)
    over = frozenset(id for id, at in planned.items() if at <= now)
    return Behind(over, len(planned), sum(m.essential and m.id in over for m in course.milestones))


def ends(course: Course, table: Timetable, zone: str) -> Mapping[str, datetime]:
    """When prompts close and milestones are due by the course file in `zone`, by the item's id."""
    closes = {f"{p.id}/{week}": p.window(table, week, zone)[1] for p in course.prompts for week in p.weeks}
    return closes | {m.id: m.window(table, zone)[1] for m in course.milestones}


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


def week_line(cohort: Cohort, zone: str, now: datetime) -> Text:
    """Where the course is by a reader's clock in `zone`: the week with its goal, a break, or before or after all
    weeks."""
    course, table, today = course_of(cohort.course_text), cohort.timetable, local_day(now, zone)
    number = table.week_on(today)
    if number < 1:
        return (_("Starts {day}.", day=say_day(cohort.starts_on, "named")),)
    week = course.week(number)
    if course.week(number + 1) is not None and table.is_break(today):
        return (_("A break until {day}.", day=say_day(table.monday(number + 1))),)
    if week is None:
        return (_("All weeks are done."),)
    goal = " " + _("Goal: {goal}", goal=week.goal) if week.goal else ""
    title = _("Week {number} of {weeks}: {title}.", number=number, weeks=len(course.weeks), title=week.title)
    return (Bold(title), goal)
