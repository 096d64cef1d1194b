"""A calendar as an .ics file (RFC 5545), for whatever calendar people use."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.course.calendar import Entry, EntryKind
from bot.course.model import Course

_WORDS: Mapping[EntryKind, str] = {
    "week": "{}",
    "opens": "{} opens",
    "reminder": "Reminder: {}",
    "live": "Live: {}",
    "closes": "{} closes",
    "due": "{} is due",
    "late until": "{}: the end of late work",
    "report": "{}: the cohort's report",
    "end": "{} ends",
}


def as_ics(course: Course, name: str, entries: Sequence[Entry], now: datetime) -> bytes:
    """The file. `name` is the cohort's code: an event keeps its UID as long as that stays, so that importing the
    file again updates what is there. No event rings, and only live sessions count as busy."""
    from icalendar import Calendar, Event

    lengths = {live.id: timedelta(minutes=live.minutes) for live in course.live}
    calendar = Calendar()
    calendar.add("prodid", "-//Pacekeeper//Course calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", course.title)
    for entry in entries:
        event = Event()
        event.add("uid", f"{entry.kind.replace(' ', '-')}.{entry.id.replace('/', '.')}@{name}.pacekeeper")
        event.add("dtstamp", now)
        event.add("dtstart", entry.at)
        event.add("summary", _WORDS[entry.kind].format(entry.subject))
        if entry.kind == "live":
            event.add("dtend", entry.at + lengths[entry.id.split("/")[0]])
        else:
            event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical())
