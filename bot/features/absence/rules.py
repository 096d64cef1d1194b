"""Pure decisions of absence."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta

from bot.core.days import Span, read_span
from bot.core.people import Person
from bot.core.time import at_wall, local_day, next_time
from bot.core.timetable import DAY, Timetable
from bot.core.translation import _
from bot.course.model import Course, Messages, Milestone
from bot.features.absence.store import Absence, Window

LONGEST = 120
"""Maximum days away; a longer absence is a pause."""

FARTHEST = 366
"""Maximum days from now until an absence begins."""

SILENT_AFTER = 14
"""Days without activity."""

AFTER_MISSING = timedelta(hours=12)
"""The earliest time to ask after a missed date and its grace."""

SHOWN = 6
"""Maximum lines of what is open on a card; more would hide the first."""


def read_day(typed: str) -> date | None:
    """A date as people write it in a form, or None."""
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        return None


def read_away(typed: str, today: date) -> list[Span]:
    """The days away that `typed` may mean. A bare ISO date is the last of them."""
    return [Span(None, last)] if (last := read_day(typed)) else read_span(typed, today)


def problems(start: str, until: str, today: date) -> dict[str, str]:
    """What is wrong with the dates of an absence, by field."""
    found = {
        name: _("Please write a date as 2026-01-31.")
        for name, typed in (("start", start), ("until", until))
        if typed and read_day(typed) is None
    }
    if not until:
        found["until"] = _("Please say until when. For an absence without an end, press Pause instead.")
    if found:
        return found
    first, last = read_day(start) or today, read_day(until) or today
    if first < today:
        return {"start": _("This day is over. You can be away from today on.")}
    if first - today > FARTHEST * DAY:
        return {"start": _("This is more than a year ahead. Tell me when it is nearer.")}
    if last < today:
        return {"until": _("This day is over. Give the last day on which you are away.")}
    if last < first:
        return {"until": _("This is before the first day.")}
    if last - first >= LONGEST * DAY:
        return {"until": _("This is longer than {longest} days. Press Pause instead: it has no end.", longest=LONGEST)}
    return {}


def joined(typed: Span, present: Absence | None, today: date) -> tuple[str, str]:
    """The days of an absence that somebody types, as the form has them. Days that overlap the present absence, or
    follow or precede it without a day between, make one with it. Days within it are a correction and stand as typed."""
    first, last = typed.first or today, typed.last
    if present is not None and present.last_day is not None and first <= last:
        before, until = present.first_day or today, present.last_day
        within = before <= first and last <= until
        if not within and first <= until + DAY and before <= last + DAY:
            return min(first, max(before, today)).isoformat(), max(last, until).isoformat()
    return typed.first.isoformat() if typed.first else "", last.isoformat()


def gives_up(before: Absence, now: Absence, zone: str) -> bool:
    """Whether a day away of `before` is none any more. An absence without an end that gets one is not given up."""
    if before.last_day is None:
        return now.starts_at > before.starts_at
    first = before.first_day or local_day(before.starts_at, zone)
    from_day = now.first_day or local_day(now.starts_at, zone)
    return first < from_day or (now.last_day is not None and now.last_day < before.last_day)


def begins(first: date, zone: str, now: datetime) -> datetime:
    """The midnight at which `first` begins, or now if that has passed."""
    return max(now, at_wall(first, time(0), zone))


def ends(last: date, zone: str) -> datetime:
    """The midnight after the last day away."""
    return at_wall(last + DAY, time(0), zone)


def back_at(last: date, person: Person, messages: Messages, now: datetime) -> datetime:
    """When a learner is welcomed back: at their hour on the day after, or the next time it is that hour."""
    clock = messages.hour(person.hour)
    at = at_wall(last + DAY, clock, person.zone)
    return at if at > now else next_time(now, clock, person.zone)


def asked_at(due_at: datetime, milestone: Milestone, person: Person, messages: Messages) -> datetime:
    """When somebody who missed a milestone is asked."""
    after = due_at + milestone.grace + AFTER_MISSING
    return next_time(after, messages.hour(person.hour), person.zone)


def can_move(course: Course, windows: Sequence[Window], now: datetime) -> bool:
    """Whether one of a learner's dates can be moved by themselves."""
    for window in windows:
        milestone = course.milestone(window.milestone)
        if milestone is None or milestone.extension.by != "learner" or window.optional or window.handed_in:
            continue
        left = milestone.extension.longest - window.moved * DAY
        if left >= DAY and window.due_at + left > now:
            return True
    return False


def takes_late(window: Window, now: datetime) -> bool:
    """Whether work that was due can still be handed in."""
    overdue = window.due_at <= now and not window.optional and not window.handed_in
    return overdue and (window.closes_at is None or now < window.closes_at)


def is_missed(window: Window, milestone: Milestone, joined_at: datetime, now: datetime) -> bool:
    """Whether a learner should have handed in by now, and has not."""
    missed = window.due_at + milestone.grace + AFTER_MISSING <= now
    return missed and not window.optional and not window.handed_in and joined_at < window.due_at


def quiet_days(since: datetime, now: datetime, table: Timetable) -> int:
    """The whole days from `since` to `now`, except for those of a break, when nobody is expected."""
    days = (now - since).days
    if not table.holidays:
        return days
    return sum(1 for n in range(days) if not table.is_break(local_day(since + n * DAY, table.zone)))


def fallen_silent(since: dict[int, datetime], gone: Collection[int], now: datetime, table: Timetable) -> list[int]:
    """Learners who were last heard from long enough ago, and are neither away nor silent."""
    return [p for p, at in since.items() if p not in gone and quiet_days(at, now, table) >= SILENT_AFTER]
