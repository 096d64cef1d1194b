"""Which times suit a quiet room."""

from collections.abc import Sequence
from datetime import datetime, time

from bot.core.time import at_wall, local
from bot.core.timetable import Timetable
from bot.course.gate.slots import Learner, suggested
from bot.course.model import Course, LiveRules, Messages, QuietRoom


def by_day(course: Course) -> LiveRules:
    """A room is by day for somebody within the hours in which the bot may write to them."""
    return LiveRules(waking=(course.messages.start, course.messages.end))


def slots_for(
    room: QuietRoom, week: int, course: Course, learners: Sequence[Learner], table: Timetable
) -> tuple[str, ...]:
    """Two times of a week that leave as few learners as possible outside their day, as the course file writes them;
    nothing if no two suit at least half of them."""
    since = at_wall(table.monday(week), time(0), table.zone)
    found = suggested(week, room.minutes, table, learners, by_day(course), since)
    return tuple(str(one.moment).removesuffix(" cohort") for one in found)


def at_night(hours: Messages, room: QuietRoom, opens: datetime, zone: str) -> tuple[str, str] | None:
    """(what is the matter, what to do) if a room does not open at a slot, since that is outside the hours of messages
    by a clock in `zone`."""
    if not is_closed(hours, room, opens, zone):
        return None
    span = f"{hours.start:%H:%M}-{hours.end:%H:%M}"
    message = (
        f"“{room.title}” would open {local(opens, zone):%a %H:%M} by the cohort's clock ({zone}), outside the hours of "
        f"messages ({span}), so it does not."
    )
    return message, f"Write a time within {span}, or `any_hour: yes` if it is for learners elsewhere."


def is_closed(hours: Messages, room: QuietRoom, opens: datetime, zone: str) -> bool:
    """Whether a room does not open then, by the cohort's clock."""
    return not room.any_hour and hours.posting(opens, zone) != opens
