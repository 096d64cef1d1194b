"""What learners have read of a week that has begun: nothing else in it makes room for a live session."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from bot.course.gate.payment import listed_minutes, minutes_of_week, name_in_file
from bot.course.gate.values import Read
from bot.course.model import Course
from bot.course.renaming import new_names
from bot.course.titles import plain_title


def reading(versions: Sequence[Course], week: int) -> Read | None:
    """What they have read by these versions: the first is what the week began with, the last is in use. None: the week
    is new since."""
    first = versions[0]
    if first.week(week) is None:
        return None
    known = then = _minutes(first, week)
    for old, new in pairwise(versions):
        renamed = {plain_title(to): was for was, to in new_names(old, new, week).items()}
        now = {name: then.get(name, known.get(renamed.get(name, name))) for name in _minutes(new, week)}
        known = {name: minutes for name, minutes in now.items() if minutes is not None}
    return Read(minutes_of_week(first, week), listed_minutes(first, week), known)


def _minutes(course: Course, week: int) -> Mapping[str, int]:
    return {plain_title(name_in_file(i, course)): i.minutes for i in course.items(week) if i.kind != "live"}
