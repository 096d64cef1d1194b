"""Pure decisions of absence."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot.core.contributions import Date, Item
from bot.core.days import Span, read_spans
from bot.core.people import Person
from bot.core.time import at_wall, local_day, next_time
from bot.core.timetable import DAY, Timetable
from bot.core.translation import _
from bot.core.uptime import Uptime
from bot.course.model import Course, Messages, Milestone
from bot.features.absence.store import Absence, Silence, Window

LONGEST = 120
"""Maximum days away; a longer absence is a pause."""

NOTICED = timedelta(days=5)
"""The shortest absence from which the course team reads that a learner is back."""

MOST = 6
"""Maximum absences that one learner has planned at a time."""

FARTHEST = 366
"""Maximum days from now until an absence begins."""

SILENT_AFTER = 14
"""Days without activity."""

AFTER_MISSING = timedelta(hours=12)
"""The earliest time to ask after a missed date and its grace."""

AT_ONCE = 2
"""Maximum spans of days whose readings are offered: a button's label names them."""

SHOWN = 6
"""Maximum lines of what is open on a card; more would hide the first."""


def read_day(typed: str) -> date | None:
    """A date as people write it in a form, or None."""
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        return None


def read_away(typed: str, today: date) -> list[list[Span]]:
    """The spans of days away that `typed` names, each with what it may mean. A bare ISO date is the last day of one."""
    return [[Span(None, last)]] if (last := read_day(typed)) else read_spans(typed, today)


def ways(typed: str, today: date) -> list[tuple[Span, ...]]:
    """Each way in which `typed` can be read, as spans of days away. Of several ways, those that lie behind are left
    out."""
    spans = read_away(typed, today)
    number = max((len(readings) for readings in spans), default=0)
    found = [tuple(readings[min(n, len(readings) - 1)] for readings in spans) for n in range(number)]
    return [way for way in found if is_possible(way, today)] or found


def is_possible(spans: Sequence[Span], today: date) -> bool:
    """Whether somebody can be away on these days."""
    return not any(problems((span.first or today).isoformat(), span.last.isoformat(), today) for span in spans)


def written(spans: Sequence[Span]) -> str:
    """Spans as a button carries them; `read_written` reads them."""
    return ",".join(f"{span.first or ''}/{span.last}" for span in spans)


def read_written(subject: str) -> list[Span]:
    """The spans of `written`; none of anything else."""
    found = []
    for part in subject.split(","):
        first, _sep, last = part.partition("/")
        if (until := read_day(last)) is None:
            return []
        found.append(Span(read_day(first), until))
    return found


def read_first(typed: str, ways: Sequence[Sequence[Span]]) -> str:
    """The ISO date of a first day without a last one: 'from 20 November'. Otherwise empty."""
    if not typed.strip().lower().startswith("from ") or len(ways) != 1 or len(ways[0]) != 1:
        return ""
    (span,) = ways[0]
    return span.last.isoformat() if span.first == span.last else ""


_LEAVE = re.compile(r"(?:leave|quit)(?: (?:the )?(?:course|cohort))?")
_BACK = re.compile(r"(?:i(?:'?m| am) )?(?:back|here)(?: again| now)?|return|resume|unpause")
_PAUSE = re.compile(r"(?:take a |a )?(?:paused?|break)(?: me)?(?: please)?|stop|hold")


def word(typed: str) -> str:
    """'back', 'pause' or 'leave', where somebody types that instead of days; otherwise ''."""
    said = " ".join(typed.lower().replace("’", "'").split()).strip(" .!")
    ways = {"back": _BACK, "pause": _PAUSE, "leave": _LEAVE}
    return next((way for way, pattern in ways.items() if pattern.fullmatch(said)), "")


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


def meets(absence: Absence, first: date, last: date, zone: str) -> bool:
    """Whether days overlap an absence, or follow or precede it without a day between. None meet a pause."""
    until = absence.last_day
    return until is not None and first <= until + DAY and absence.first(zone) <= last + DAY


def joined(
    first: date, last: date, present: Sequence[Absence], changed: Absence | None, zone: str
) -> tuple[date, date, list[Absence]]:
    """New days away, made one with the present absences that they meet, and which those are. Days within one of them
    are a correction and stand as typed. `changed`: the absence that gets these days instead of its own."""
    met = [a for a in present if a != changed and meets(a, first, last, zone)]
    if changed is None and len(met) == 1:
        before, until = met[0].first(zone), met[0].last_day or last
        if before <= first and last <= until:
            return first, last, met
    return min([first, *(a.first(zone) for a in met)]), max([last, *(a.last_day or last for a in met)]), met


def gives_up(before: Absence, now: Absence, zone: str) -> bool:
    """Whether a day away of `before` is none any more. An absence without an end that gets one is not given up."""
    if before.last_day is None:
        return now.starts_at > before.starts_at
    return before.first(zone) < now.first(zone) or (now.last_day is not None and now.last_day < before.last_day)


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


def until_return(absence: Absence, person: Person, messages: Messages, now: datetime) -> Absence:
    """The absence up to the card of the return: what falls due in the morning before it falls due meanwhile, too."""
    if absence.last_day is None:
        return absence
    return replace(absence, ends_at=back_at(absence.last_day, person, messages, now))


def asked_at(window: Window, milestone: Milestone, person: Person, messages: Messages, uptime: Uptime) -> datetime:
    """When somebody who missed a milestone is asked."""
    after = uptime.open_until(window.opens_at, window.in_time_until(milestone.grace)) + AFTER_MISSING
    return next_time(after, messages.hour(person.hour), person.zone)


def can_move(course: Course, windows: Sequence[Window], items: Iterable[Item], now: datetime) -> bool:
    """Whether a learner can move one of their dates, or ask for more time: for a milestone, or for what is open."""
    there = (i for i in items if i.closes and i.shift and i.opens_at <= now)
    if any(i.is_ahead(now) or i.is_welcome(now) for i in there):
        return True
    for window in windows:
        milestone = course.milestone(window.milestone)
        if milestone is None or window.optional or window.handed_in:
            continue
        left = milestone.extension.longest - window.moved * DAY
        if left >= DAY and window.due_at + left > now:
            return True
    return False


def is_noticed(absence: Absence) -> bool:
    """Whether the course team reads that a learner is back: some days off are no reason to talk to them."""
    return absence.ends_at is not None and absence.ends_at - absence.starts_at >= NOTICED


def overdue(items: Sequence[Item], now: datetime) -> list[Item]:
    """What was due and is still accepted: essential work first, and the smallest of that."""
    late = [i for i in items if i.is_pending(now) and not i.is_ahead(now)]
    return sorted(late, key=lambda i: (not i.essential, i.minutes, i.due_at))


def within(items: Sequence[Item], absences: Sequence[Absence], now: datetime) -> list[Item]:
    """What falls due, or is taken for the last time, in these absences, soonest first. In one without an end it is only
    what is open now, essential work first."""
    paused = any(a.last_day is None for a in absences)
    found = [
        i
        for i in items
        if i.is_pending(now)
        and any((i.is_ahead(now) and is_within(i.due_at, a)) or is_within(i.taken_until, a) for a in absences)
        and (i.opens_at <= now or not paused)
    ]
    if paused:
        return sorted(found, key=lambda i: (not i.essential, i.due_at))
    return sorted(found, key=lambda i: i.next_date(now) or i.due_at)


def last_chances(items: Sequence[Item], absences: Sequence[Absence], now: datetime) -> list[tuple[Item, datetime]]:
    """Required work that is accepted until some instant in these absences, the soonest first."""
    found = [
        (i, i.taken_until)
        for i in items
        if i.required and i.is_pending(now) and i.taken_until is not None
        if any(is_within(i.taken_until, a) for a in absences)
    ]
    return sorted(found, key=lambda f: f[1])


def is_promised(date: Date) -> bool:
    """Whether it is a live session to which the learner has said yes."""
    return date.kind == "live" and date.alarm


def is_within(at: datetime | None, absence: Absence) -> bool:
    """Whether an instant (None: never) lies in an absence. All work that is taken without an end lies in a pause."""
    if absence.ends_at is None:
        return at is None or absence.starts_at <= at
    return at is not None and absence.starts_at <= at < absence.ends_at


def is_missed(window: Window, milestone: Milestone, joined_at: datetime, uptime: Uptime) -> bool:
    """Whether a learner should have handed in by now, and has not. Whose date fell into a downtime has another day."""
    missed = uptime.open_until(window.opens_at, window.in_time_until(milestone.grace)) + AFTER_MISSING <= uptime.now
    return missed and not window.optional and not window.handed_in and joined_at < window.due_at


def quiet_days(since: datetime, uptime: Uptime, table: Timetable) -> int:
    """The whole days from `since` to now in which the bot ran, except for those of a break, when nobody is expected."""
    if not table.holidays:
        return uptime.since(since).days
    days = (since + n * DAY for n in range((uptime.now - since).days))
    ran = (uptime.between(day, day + DAY) for day in days if not table.is_break(local_day(day, table.zone)))
    return sum(ran, timedelta(0)).days


def fallen_silent(since: Mapping[int, datetime], gone: Collection[int], uptime: Uptime, table: Timetable) -> list[int]:
    """Learners who were last heard from long enough ago, and are neither away nor silent."""
    return [p for p, at in since.items() if p not in gone and quiet_days(at, uptime, table) >= SILENT_AFTER]


def wrongly_silent(
    silences: Sequence[Silence], since: Mapping[int, datetime], uptime: Uptime, table: Timetable
) -> list[Silence]:
    """The silences that began before their learners had been quiet for long enough, as is known by now."""
    known = [(s, since[s.person], replace(uptime, now=s.since)) for s in silences if s.person in since]
    return [s for s, at, then in known if quiet_days(at, then, table) < SILENT_AFTER]
