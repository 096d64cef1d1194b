"""The dates of a course file: when its items open, close, are due or take place for a learner in one zone.

Features contribute the dates of a cohort's calendar (`bot/core/contributions.py`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal

from bot.core.timetable import DAY, Timetable
from bot.course.model import Course, Milestone

Event = Literal["opens", "closes", "due", "live"]
_SAYS = {"opens": "opens", "closes": "closes", "due": "is due", "live": "takes place"}


@dataclass(frozen=True, slots=True)
class Date:
    """`event` happens to an item of `section` at `at` (UTC). `title` is what people read.

    `id` is the item's id in the file, with '/3' for the third week of a prompt or the third slot of a live session.
    """

    section: str
    id: str
    event: Event
    at: datetime
    title: str

    @property
    def words(self) -> str:
        """Such as 'Hand in the draft is due'."""
        return f"{self.title} {_SAYS[self.event]}"


def dates(course: Course, table: Timetable, zone: str, moved: Mapping[str, int] | None = None) -> list[Date]:
    """The dates of all items for a learner in `zone`, by time.

    `moved`: milestone id -> by how many days its due date was moved for everybody. Its reviews move along.
    """
    return sorted(_dates(course, table, zone, moved or {}), key=lambda d: (d.at, d.section, d.id, d.event))


def _dates(course: Course, table: Timetable, zone: str, moved: Mapping[str, int]) -> Iterator[Date]:
    for p in course.prompts:
        for week in p.weeks:
            opens, closes = p.window(table, week, zone)
            yield Date("prompts", f"{p.id}/{week}", "opens", opens, p.name(week))
            yield Date("prompts", f"{p.id}/{week}", "closes", closes, p.name(week))
    for m in course.milestones:
        opens, due = m.window(table, zone, moved.get(m.id, 0) * DAY)
        yield Date("milestones", m.id, "opens", opens, m.title)
        yield Date("milestones", m.id, "due", due, m.title)
    for d in course.discussions:
        opens, closes = d.window(table, zone)
        yield Date("discussions", d.id, "opens", opens, d.title)
        yield Date("discussions", d.id, "closes", closes, d.title)
    for r in course.reviews:
        opens, due = r.window(table, zone, moved.get(r.milestone, 0) * DAY)
        yield Date("reviews", r.id, "opens", opens, r.title)
        yield Date("reviews", r.id, "due", due, r.title)
    for live in course.live:
        for number, slot in enumerate(live.slots, 1):
            yield Date("live", f"{live.id}/{number}", "live", slot.at(table, live.week, zone), live.title)


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
