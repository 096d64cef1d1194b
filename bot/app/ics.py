"""A calendar as an .ics file (RFC 5545)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.core.contributions import Date, DateKind

_WORDS: Mapping[DateKind, str] = {
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


def as_ics(title: str, name: str, dates: Sequence[Date], now: datetime) -> bytes:
    """The file. Event UIDs are derived from `name`, the cohort's code, so that importing the file again updates the
    events. Events have no alarm, and only those with a duration count as busy."""
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//Pacekeeper//Course calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", title)
    for date in dates:
        event = Event()
        event.add("uid", f"{date.kind.replace(' ', '-')}.{date.id.replace('/', '.')}@{name}.pacekeeper")
        event.add("dtstamp", now)
        event.add("dtstart", date.at)
        event.add("summary", _WORDS[date.kind].format(date.subject))
        if date.minutes:
            event.add("dtend", date.at + timedelta(minutes=date.minutes))
        else:
            event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical())
