"""A calendar as an .ics file (RFC 5545, RFC 7986)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from bot.core.calendar import words
from bot.core.contributions import Date

Key = tuple[str, str]
"""The kind and the id of a date."""

ALARM = timedelta(minutes=15)
"""How long before its date an alarm rings."""


def revisions(calendars: Sequence[Sequence[Date]], moved: Mapping[str, int]) -> dict[Key, tuple[Date, int]]:
    """Each date that was ever in a calendar, as it was last, and how often it has changed. `calendars`: by the versions
    of a course, oldest first. `moved`: milestone -> by how many days its date was moved beside that."""
    found: dict[Key, tuple[Date, int]] = {}
    present: set[Key] = set()
    for dates in calendars:
        here: dict[Key, Date] = {(d.kind, d.id): d for d in dates}
        for key in present - here.keys():
            found[key] = found[key][0], found[key][1] + 1
        for key, date in here.items():
            before, changed = found.get(key, (date, 0))
            differs = (date.at, date.subject) != (before.at, before.subject) or (key in found and key not in present)
            found[key] = date, changed + differs
        present = set(here)
    return {key: (date, changed + moved.get(key[1], 0)) for key, (date, changed) in found.items()}


def as_ics(
    title: str, name: str, dates: Sequence[Date], now: datetime, known: Mapping[Key, tuple[Date, int]] | None = None
) -> bytes:
    """The file. Event UIDs are derived from `name`, the cohort's code, so that importing the file again updates the
    events. `known`: see `revisions`; what is no longer among the dates is cancelled, and a file of cancelled ones alone
    takes them out of the calendar. Only dates with an alarm have one, and only those with a duration count as busy."""
    events = list(_events(dates, known or {}))
    calendar = _calendar(title)
    calendar.add("method", "CANCEL" if events and all(cancelled for *_date, cancelled in events) else "PUBLISH")
    _fill(calendar, name, events, now)
    return bytes(calendar.to_ical())


def as_feed(title: str, courses: Sequence[tuple[str, str, Sequence[Date]]], stamp: datetime) -> bytes:
    """What a calendar subscribes to: the dates of several courses, each as (its cohort's code, its title, the dates).
    The same dates make the same bytes: each event has `stamp`."""
    calendar = _calendar(title)
    for name, course, dates in courses:
        titled = [replace(d, about=f"{course}\n{d.about}".strip()) for d in dates]
        _fill(calendar, name, list(_events(titled, {})), stamp)
    return bytes(calendar.to_ical())


def _calendar(title: str) -> Any:
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//Pacekeeper//Course calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("name", title)
    calendar.add("x-wr-calname", title)
    return calendar


def _fill(calendar: Any, name: str, events: Sequence[tuple[Date, int, bool]], stamp: datetime) -> None:
    from icalendar import Alarm, Event

    for date, sequence, cancelled in events:
        event = Event()
        # RFC 7986: an opaque name, without a date or anything else that could change.
        event.add("uid", str(uuid5(NAMESPACE_URL, f"pacekeeper:{name}/{date.kind}/{date.id}")))
        event.add("dtstamp", stamp)
        event.add("sequence", sequence)
        event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
        event.add("dtstart", date.at)
        event.add("summary", words(date.kind, date.subject))
        if date.about:
            event.add("description", date.about)
        if date.place and not cancelled:
            event.add("url", as_uri(date.place))
            event.add("location", as_uri(date.place))
        if date.alarm and not cancelled:
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", words(date.kind, date.subject))
            alarm.add("trigger", -ALARM)
            event.add_component(alarm)
        if date.minutes:
            event.add("dtend", date.at + timedelta(minutes=date.minutes))
        else:
            event.add("transp", "TRANSPARENT")
        calendar.add_component(event)


def as_uri(link: str) -> str:
    """A link as RFC 3986 writes it: people paste links with signs that no URI has."""
    return re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", quote(link, safe="%:/?#[]@!$&'()*+,;=~"))


def _events(dates: Sequence[Date], known: Mapping[Key, tuple[Date, int]]) -> Iterator[tuple[Date, int, bool]]:
    here = {(d.kind, d.id) for d in dates}
    for date in dates:
        yield date, known[date.kind, date.id][1] if (date.kind, date.id) in known else 0, False
    for key, (date, changed) in known.items():
        if key not in here:
            yield date, changed, True
