"""What a cohort has run by: when its weeks began, and what learners were told first. A new start takes nothing back."""

from collections.abc import Collection, Sequence
from datetime import datetime, time
from itertools import zip_longest

from bot.core.contributions import Ran
from bot.core.time import at_wall
from bot.course.loader import course_of
from bot.course.model import Course


def began(ran: Sequence[Ran], week: int, now: datetime, zones: Collection[str]) -> datetime | None:
    """When a week first began, by the first clock among the cohort's and those of its learners; None: it never has.
    `ran`: oldest first."""
    for one, following in zip_longest(ran, ran[1:]):
        until = following.at if following is not None and following.at is not None else now
        day = max(one.table.monday(week), one.table.starts_on)
        begins = min(at_wall(day, time(0), zone) for zone in {one.table.zone, *zones})
        at = max(begins, one.at) if one.at is not None else begins
        if at <= until:
            return at
    return None


def promised(ran: Sequence[Ran], now: datetime, zones: Collection[str]) -> int | None:
    """The fewest minutes a week that the course has asked for since the cohort began; None: it has not begun."""
    if (at := began(ran, 1, now, zones)) is None:
        return None
    return min(course_of(one.text).weekly_minutes for one in since(ran, at))


def since(ran: Sequence[Ran], at: datetime) -> Sequence[Ran]:
    """What was in use then or later."""
    before = [n for n, one in enumerate(ran) if one.at is None or one.at <= at]
    return ran[max(before, default=0) :]


def versions(ran: Sequence[Ran], at: datetime) -> list[Course]:
    """The course as it was then, and each version since."""
    return [course_of(one.text) for one in since(ran, at)]
