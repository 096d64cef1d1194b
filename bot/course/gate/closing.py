"""Until when an item of the course file can be done."""

from datetime import datetime

from bot.core.timetable import Timetable
from bot.course.model import Course


def closes_at(id: str, week: int, course: Course, table: Timetable, zone: str) -> datetime:
    """Until when an item can be done in time by a clock in `zone`; a check-in in a week or the next."""
    if (milestone := course.milestone(id)) is not None:
        return milestone.window(table, zone)[1]
    if (discussion := course.discussion(id)) is not None:
        return discussion.window(table, zone)[1]
    if (review := course.review(id)) is not None:
        return review.window(table, zone)[1]
    checkin = course.checkin(id)
    assert checkin is not None
    weeks = [one for one in (week, week + 1) if one in checkin.weeks]
    return max(closes for one in weeks for _day, _opens, closes in checkin.windows(table, one, zone))


def closes_of(id: str, week: int, course: Course, table: Timetable, zone: str) -> list[datetime]:
    """The same for each part of an item in a week: the days of a check-in, the rounds of a discussion."""
    if (discussion := course.discussion(id)) is not None:
        return [discussion.round_window(n, table, zone)[1] for n in range(len(discussion.rounds))]
    if (checkin := course.checkin(id)) is not None:
        return [closes for _day, _opens, closes in checkin.windows(table, week, zone)]
    return [closes_at(id, week, course, table, zone)]
