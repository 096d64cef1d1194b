"""A cohort's whole calendar: every instant of a run, as a learner in one zone lives it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal

from bot.core.timetable import DAY, Timetable
from bot.course.model import Course, Milestone
from bot.course.reminding import Ahead, reminders

EntryKind = Literal["week", "opens", "reminder", "live", "closes", "due", "late until", "report", "end"]
"""What happens. Where several happen at one instant, they are listed in this order."""

_ORDER: Sequence[str] = ("week", "opens", "reminder", "live", "closes", "due", "late until", "report", "end")
_LAST_MINUTE = time(23, 59)


@dataclass(frozen=True, slots=True)
class Entry:
    """`kind` happens to `subject` (words for a person) at `at` (UTC). (kind, id) is unique within a calendar.

    `id`: the week's number, the course's id, or the item's id as in the file; with '/3' behind it for the third
    week of a prompt or the third slot of a live session. A reminder has the Monday of its week, '2026-03-02/1'.
    """

    at: datetime
    kind: EntryKind
    id: str
    subject: str


def entries(
    course: Course, table: Timetable, zone: str, hour: int = 9, moved: Mapping[str, int] | None = None
) -> list[Entry]:
    """Every instant of a run for a learner in `zone` who likes to be written to at `hour` (0-23), sorted.

    `moved`: milestone id -> by how many days its due date was moved for everybody; its reviews move along.
    """
    days = moved or {}
    found = [
        *_weeks(course, table, zone, hour),
        *_prompts(course, table, zone),
        *_milestones(course, table, zone, days),
        *_together(course, table, zone, days),
    ]
    found += _reminders(course, found, zone, course.messages.hour(hour))
    found.append(Entry(_end(course, table, found), "end", course.id, course.title))
    return sorted(found, key=lambda e: (e.at, _ORDER.index(e.kind), e.id))


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


def _reminders(course: Course, found: Sequence[Entry], zone: str, clock: time) -> Iterator[Entry]:
    """For a learner who has done nothing yet."""
    opened = {e.id: e.at for e in found if e.kind == "opens"}
    essential = {m.id for m in course.milestones if m.essential}
    subjects = {e.id: e.subject for e in found}
    ahead = [Ahead(e.id, opened[e.id], e.at, e.id in essential) for e in found if e.kind in ("closes", "due")]
    for one in reminders(ahead, zone, clock, course.messages.reminders):
        yield Entry(one.at, "reminder", one.key, ", ".join(subjects[a.name] for a in one.of))


def _weeks(course: Course, table: Timetable, zone: str, hour: int) -> Iterator[Entry]:
    for week in course.weeks:
        at = week_opens(table, week.number, course.messages.hour(hour), zone)
        yield Entry(at, "week", str(week.number), f"Week {week.number}: {week.title}")


def _prompts(course: Course, table: Timetable, zone: str) -> Iterator[Entry]:
    for prompt in course.prompts:
        for week in prompt.weeks:
            id, title = f"{prompt.id}/{week}", prompt.name(week)
            opens, closes = prompt.window(table, week, zone)
            yield Entry(opens, "opens", id, title)
            yield Entry(closes, "closes", id, title)
            yield Entry(prompt.window(table, week, table.zone)[1], "report", id, title)


def _milestones(course: Course, table: Timetable, zone: str, moved: Mapping[str, int]) -> Iterator[Entry]:
    for m in course.milestones:
        opens, due = m.window(table, zone, moved.get(m.id, 0) * DAY)
        yield Entry(opens, "opens", m.id, m.title)
        yield Entry(due, "due", m.id, m.title)
        closes = late_until(m, due)
        if closes is not None and closes > due:
            yield Entry(closes, "late until", m.id, m.title)


def _together(course: Course, table: Timetable, zone: str, moved: Mapping[str, int]) -> Iterator[Entry]:
    for d in course.discussions:
        opens, closes = d.window(table, zone)
        yield Entry(opens, "opens", d.id, d.title)
        yield Entry(closes, "closes", d.id, d.title)
    for r in course.reviews:
        opens, due = r.window(table, zone, moved.get(r.milestone, 0) * DAY)
        yield Entry(opens, "opens", r.id, r.title)
        yield Entry(due, "due", r.id, r.title)
    for live in course.live:
        for number, slot in enumerate(live.slots, 1):
            yield Entry(slot.at(table, live.week, zone), "live", f"{live.id}/{number}", live.title)


def _end(course: Course, table: Timetable, found: Iterable[Entry]) -> datetime:
    """The last minute of the last week by the cohort's clock, or what is due after that."""
    last = table.at(max(1, len(course.weeks)), 6, _LAST_MINUTE, "cohort", table.zone)
    return max([last, *(e.at for e in found if e.kind in ("closes", "due", "report"))])
