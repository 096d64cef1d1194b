"""The week card, which needs no reaction."""

from collections.abc import Iterator
from datetime import time, timedelta

from bot.app.rehearsal.expected import Expected
from bot.core.people import Cohort
from bot.core.time import at_wall
from bot.course.model import Course


def expects(course: Course, cohort: Cohort, week: int, zone: str, hour: int) -> Iterator[Expected]:
    content, table = course.week(week), cohort.timetable
    if content is not None:
        first = max(table.monday(week), cohort.starts_on)
        until = at_wall(table.monday(week) + timedelta(days=7), time(0), zone)
        clock = course.messages.hour(hour)
        yield Expected(f"Week {week}: {content.title}", table.free(first), clock, "learner", until)
