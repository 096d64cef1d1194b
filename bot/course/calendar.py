"""The dates of a course file: when its items open, close, are due or take place for a learner in one zone.

What stands in a cohort's calendar is another matter: features contribute that (`bot/core/calendar.py`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.core.contributions import DateKind
from bot.core.timetable import DAY, Timetable
from bot.course.model import Course, Milestone


@dataclass(frozen=True, slots=True)
class Entry:
    """`kind` happens to `subject` (words for a person) at `at` (UTC).

    `id` is the item's id as in the file, with '/3' behind it for the third week of a prompt or the third slot of a live
    session. (kind, id) is unique within one section of the file.
    """

    at: datetime
    kind: DateKind
    id: str
    subject: str


def entries(course: Course, table: Timetable, zone: str, moved: Mapping[str, int] | None = None) -> Iterator[Entry]:
    """The dates of all items. `moved`: milestone id -> by how many days its due date was moved for everybody; its
    reviews move along."""
    days = moved or {}
    for prompt in course.prompts:
        for week in prompt.weeks:
            opens, closes = prompt.window(table, week, zone)
            yield Entry(opens, "opens", f"{prompt.id}/{week}", prompt.name(week))
            yield Entry(closes, "closes", f"{prompt.id}/{week}", prompt.name(week))
    for m in course.milestones:
        opens, due = m.window(table, zone, days.get(m.id, 0) * DAY)
        yield Entry(opens, "opens", m.id, m.title)
        yield Entry(due, "due", m.id, m.title)
    for d in course.discussions:
        opens, closes = d.window(table, zone)
        yield Entry(opens, "opens", d.id, d.title)
        yield Entry(closes, "closes", d.id, d.title)
    for r in course.reviews:
        opens, due = r.window(table, zone, days.get(r.milestone, 0) * DAY)
        yield Entry(opens, "opens", r.id, r.title)
        yield Entry(due, "due", r.id, r.title)
    for live in course.live:
        for number, slot in enumerate(live.slots, 1):
            yield Entry(slot.at(table, live.week, zone), "live", f"{live.id}/{number}", live.title)


def week_opens(table: Timetable, week: int, clock: time, zone: str, after: datetime | None = None) -> datetime:
    """When it is `clock` in `zone` on the first day of a week, or on the first later day on which that lies after
    `after`.

    The first day is the Monday; in the first week of a cohort that starts in mid-week, the day of the start.
    """
    day = max(0, (table.starts_on - table.monday(week)).days) if week == 1 else 0
    return table.at(week, day, clock, "learner", zone, after=after)


def late_until(milestone: Milestone, due: datetime) -> datetime | None:
    """Until when work is taken that was due at `due`; None: without an end."""
    if milestone.late.accepted and milestone.late.within is None:
        return None
    return due + max(milestone.grace, milestone.late.within or timedelta(0))
