"""Reads a calendar file (RFC 5545) event by event, and says when each call takes place.

A broken event is left out, and reading goes on. A recurring event keeps its wall time in its zone over every change of
the clocks; changed, added, removed and cancelled occurrences are followed.
"""

import re
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import pairwise
from pathlib import Path
from stat import S_ISREG
from typing import Any

from bot.core.errors import PacekeeperError
from bot.core.incoming import clean
from bot.core.time import as_utc, is_zone, local, resolve

LARGEST = 64 * 2**20
"""Most bytes of a calendar file."""

LONGEST_EVENT = 256 * 1024
"""Most characters of an event; a longer one is left out."""

MOST_EVENTS = 20_000
MOST_TIMES = 1000
"""Most occurrences of one event."""

MOST_IN_ALL = 100_000
"""Most occurrences of all events together; the events after that are left out."""

YEARS = range(1970, 2100)
"""Outside of them a date is a mistake."""

MOST_OF_A_RULE = 100
"""Most parts of a rule: one that names each minute of a day would be computed for minutes."""

OPEN_END = timedelta(weeks=26)
"""How far an event without an end is followed, from its start or to the end of the chat, whichever is later."""

LONGEST_CALL = 8 * 60
"""Minutes; what takes longer is no call."""

Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Event:
    """A call as the calendar has it. `invited` is None if it lists nobody. `times`: its occurrences in UTC with their
    minutes, oldest first. `every` is 'day', 'week' or 'month' for a recurring event. `names`: whom it names."""

    title: str
    description: str
    invited: int | None
    times: tuple[tuple[datetime, int], ...]
    every: str = ""
    names: frozenset[str] = frozenset()

    @property
    def minutes(self) -> int:
        """The usual length."""
        return Counter(minutes for _, minutes in self.times).most_common(1)[0][0]


@dataclass(slots=True)
class Calendar:
    events: list[Event] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    broken: int = 0
    apart: bool = False
    """All of it is of another time than the chat."""


def read(file: Path, floating: str, until: datetime | None, tell: Tell = lambda *_: None) -> Calendar:
    """The calls of a calendar. `floating`: the zone of times that name none. `until`: the end of the chat. Raises
    PacekeeperError for what is no calendar."""
    text = _text(file)
    blocks = _Blocks(text)
    zones = _Zones(blocks.zones, blocks.zone if is_zone(blocks.zone) else floating)
    found = Calendar()
    series: dict[str, list[_Part]] = defaultdict(list)
    for number, block in enumerate(blocks.events):
        if number % 200 == 0:
            tell("Calendar", blocks.done, len(text))
        try:
            with warnings.catch_warnings():
                # The library tells of zones that it guesses; ours are found by name.
                warnings.simplefilter("ignore")
                part = _part(block, zones)
        except Exception:  # The library raises whatever the broken value runs into.
            found.broken += 1
            continue
        series[part.uid or f"alone/{number}"].append(part)
    found.broken += blocks.broken
    room = MOST_IN_ALL
    for parts in series.values():
        if room <= 0:
            found.left_out[f"after the first {MOST_IN_ALL:,} calls"] += 1
            continue
        known = len(found.events)
        try:
            _add(found, parts, until)
        except Exception:  # As above: a rule may break only where it is computed.
            found.broken += 1
        room -= sum(len(event.times) for event in found.events[known:])
    if not blocks.any:
        raise PacekeeperError(f"{file.name} has no events. Export the calendar that has the course's calls.")
    found.events = _together(found.events)
    return found


def _text(file: Path) -> str:
    try:
        if file.is_dir():
            raise PacekeeperError(f"{file} is a folder. Give the .ics file in it.")
        if not S_ISREG(file.stat().st_mode):
            raise PacekeeperError(f"{file} is no file. Save the calendar as an .ics file, and give that.")
        with file.open("rb") as opened:
            data = opened.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise PacekeeperError(f"{file.name} has more than {LARGEST // 2**20} MB. Export the months of the course.")
    except OSError as e:
        raise PacekeeperError(f"{file} cannot be read: {e.strerror}. Give the path of an .ics file.") from None
    if not data.strip():
        raise PacekeeperError(f"{file.name} is empty. Export the calendar again.")
    if data.startswith(b"PK"):
        raise PacekeeperError(f"{file.name} is a zip. Unpack it, and give the .ics file of the course's calendar.")
    text = decoded(data)
    if "BEGIN:VCALENDAR" not in text[:5000].upper():
        what = "looks like a table; " if "," in text[:200].split("\n")[0] and file.suffix.lower() == ".csv" else ""
        raise PacekeeperError(f"{file.name} is no calendar: {what}export it as iCalendar (.ics), and give that file.")
    return text


def decoded(data: bytes) -> str:
    """The text of a file in one of the usual encodings."""
    for mark, name in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig")):
        if data.startswith(mark):
            return clean(data.decode(name, errors="replace"))
    try:
        return clean(data.decode("utf-8"))
    except UnicodeDecodeError:
        return clean(data.decode("cp1252", errors="replace"))


class _Blocks:
    """The parts of a calendar's text: each zone, and each event when it is asked for."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.done = 0
        self.broken = 0
        self.any = False
        self.zones = [m[0] for m in re.finditer(r"^BEGIN:VTIMEZONE\r?$.{0,60000}?^END:VTIMEZONE", text, _FLAGS)][:200]
        named = re.search(r"^X-WR-TIMEZONE[^:\n]{0,80}:(?P<zone>[^\r\n]{1,80})", text, re.MULTILINE | re.IGNORECASE)
        self.zone = named["zone"].strip() if named else ""

    @property
    def events(self) -> Iterator[str]:
        lines: list[str] | None = None
        size = number = 0
        for line in _LINE_END.split(self._text):
            self.done += len(line) + 1
            word = line.strip().upper() if len(line) < 30 else ""
            if word == "BEGIN:VEVENT":
                self.any = True
                self.broken += lines is not None
                lines, size = [], 0
            if lines is not None:
                size += len(line)
                if size <= LONGEST_EVENT:
                    lines.append(line)
            if word == "END:VEVENT" and lines is not None:
                number += 1
                if size > LONGEST_EVENT or number > MOST_EVENTS:
                    self.broken += 1
                else:
                    yield "\r\n".join(lines) + "\r\n"
                lines = None
        self.broken += lines is not None


_LINE_END = re.compile(r"\r\n|\n|\r")
"""Other signs that end lines elsewhere may stand within a description."""

_FLAGS = re.MULTILINE | re.IGNORECASE | re.DOTALL


class _Zones:
    """The zones that a calendar names: by the IANA name, by Windows' name, or by its own rules."""

    def __init__(self, blocks: Sequence[str], floating: str) -> None:
        self.floating = floating
        self._own: dict[str, str | tzinfo] = {}
        for block in blocks:
            self._define(block)

    def _define(self, block: str) -> None:
        from icalendar import Timezone

        try:
            zone: Any = Timezone.from_ical(block.replace("\r\n", "\n").replace("\n", "\r\n") + "\r\n")
            name = str(zone.get("TZID", ""))
            place = str(zone.get("X-LIC-LOCATION", ""))
            self._own[name] = place if is_zone(place) else zone.to_tz(lookup_tzid=False)
        except Exception:  # As above; such a zone counts as unknown.
            return

    def find(self, name: str) -> str | tzinfo:
        from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

        parts = name.strip('"').split("/")
        for candidate in (name, "/".join(parts[-2:]), "/".join(parts[-3:])):
            if is_zone(candidate):
                return candidate
        olson = WINDOWS_TO_OLSON.get(name, "")
        return olson if is_zone(olson) else self._own.get(name, self.floating)


def _instant(wall: datetime, zone: str | tzinfo) -> datetime:
    if wall.year not in YEARS:
        raise ValueError(f"{wall.year} is no year of a course.")
    return resolve(wall, zone) if isinstance(zone, str) else wall.replace(tzinfo=zone).astimezone(UTC)


def _wall(at: datetime, zone: str | tzinfo) -> datetime:
    return local(at, zone) if isinstance(zone, str) else at.astimezone(zone).replace(tzinfo=None)


@dataclass(frozen=True, slots=True)
class _Part:
    """One VEVENT. `start` is a wall time in `zone`, or None for a whole day; `of`: the occurrence that it replaces."""

    uid: str
    sequence: int
    title: str
    description: str
    start: datetime | None
    zone: str | tzinfo
    minutes: int
    invited: int | None
    names: frozenset[str]
    cancelled: bool
    private: bool
    of: datetime | None
    replaces: bool
    rule: str
    more: tuple[datetime, ...]
    without: frozenset[datetime]
    days_without: frozenset[date]


def _part(block: str, zones: _Zones) -> _Part:
    from icalendar import Event as Component

    event: Any = Component.from_ical(block)
    start = event["DTSTART"]
    whole_day = not isinstance(start.dt, datetime)
    wall, zone = (None, zones.floating) if whole_day else _read(start, start.dt, zones)
    of = event.get("RECURRENCE-ID")
    moved = None
    if of is not None and isinstance(of.dt, datetime):
        moved = _instant(*_read(of, of.dt, zones))
    elif of is not None and wall is not None:
        moved = _instant(datetime.combine(of.dt, wall.time()), zone)
    removed = list(_moments(event.get("EXDATE"), zones))
    rules = event.get("RRULE")
    rule = rules[0] if isinstance(rules, list) else rules
    invited, names = _people(event)
    return _Part(
        uid=str(event.get("UID", "")),
        sequence=int(event.get("SEQUENCE", 0) or 0),
        title=clean(str(event.get("SUMMARY", "")))[:500],
        description=_prose(clean(str(event.get("DESCRIPTION", "")))[:20_000]),
        start=wall,
        zone=zone,
        minutes=0 if wall is None else _minutes(event, _instant(wall, zone), zones),
        invited=invited,
        names=names,
        cancelled=str(event.get("STATUS", "")).upper() == "CANCELLED",
        private=str(event.get("CLASS", "")).upper() in ("PRIVATE", "CONFIDENTIAL"),
        of=moved,
        replaces=of is not None,
        rule=rule.to_ical().decode() if rule is not None else "",
        more=tuple(at for at in _moments(event.get("RDATE"), zones) if isinstance(at, datetime)),
        without=frozenset(at for at in removed if isinstance(at, datetime)),
        days_without=frozenset(at for at in removed if not isinstance(at, datetime)),
    )


def _read(prop: Any, at: datetime, zones: _Zones) -> tuple[datetime, str | tzinfo]:
    """A wall time and its zone."""
    name = str(prop.params.get("TZID", "")) if getattr(prop, "params", None) else ""
    if name and name.upper() not in ("UTC", "GMT", "Z"):
        return at.replace(tzinfo=None), zones.find(name)
    return (at.replace(tzinfo=None), "UTC") if at.tzinfo else (at, zones.floating)


def _moments(found: Any, zones: _Zones) -> Iterator[datetime | date]:
    """The instants (or days) of one or several RDATE or EXDATE lines; a period counts by its start."""
    for line in found if isinstance(found, list) else [found] if found is not None else []:
        for one in line.dts:
            at = one.dt[0] if isinstance(one.dt, tuple) else one.dt
            yield _instant(*_read(line, at, zones)) if isinstance(at, datetime) else at


def _minutes(event: Any, start: datetime, zones: _Zones) -> int:
    span = timedelta(0)
    if (end := event.get("DTEND")) is not None and isinstance(end.dt, datetime):
        span = _instant(*_read(end, end.dt, zones)) - start
    elif (duration := event.get("DURATION")) is not None:
        span = duration.dt
    return int(span.total_seconds() // 60)


def _people(event: Any) -> tuple[int | None, frozenset[str]]:
    """How many are invited, without rooms, and the names and addresses of all who are named."""
    found = event.get("ATTENDEE")
    listed = found if isinstance(found, list) else [found] if found is not None else []
    people = [one for one in listed if str(one.params.get("CUTYPE", "")).upper() not in ("ROOM", "RESOURCE")]
    names = set[str]()
    for one in (*people, *([event["ORGANIZER"]] if "ORGANIZER" in event else ())):
        address = re.sub(r"(?i)^mailto:", "", str(one))
        params = getattr(one, "params", {})
        names |= {str(params.get("CN", "")), address, address.partition("@")[0]}
    return (len(people) if people else None), frozenset(clean(name)[:100] for name in names if name)


def _prose(text: str) -> str:
    return " ".join(re.sub(r"<[^<>]{0,500}>", " ", text).split())


def _add(found: Calendar, parts: list[_Part], until: datetime | None) -> None:
    """Adds the event that these parts describe, or counts why it is left out."""
    newest: dict[datetime | None, _Part] = {}
    for part in parts:
        key = part.of if part.replaces else None
        if key not in newest or part.sequence >= newest[key].sequence:
            newest[key] = part
    main = newest.pop(None, None)
    first = main or next(iter(newest.values()))
    why = _reason(first)
    if main is not None and why:
        found.left_out[why] += 1
        return
    times = dict(_expand(main, until)) if main is not None else {}
    if main is None:
        times = {part.of: part.minutes for part in newest.values() if part.of}
    for of, part in newest.items():
        if of not in times:
            continue
        del times[of]
        if not (reason := _reason(part)) and part.start is not None:
            times[_instant(part.start, part.zone)] = part.minutes
        elif main is None:
            found.left_out[reason] += 1
    if times:
        every = _every(main.rule) if main is not None else ""
        names = frozenset(name for part in parts for name in part.names)
        kept = tuple(sorted(times.items()))[:MOST_TIMES]
        found.events.append(Event(first.title, first.description, first.invited, kept, every, names))
    elif main is not None:
        found.left_out["cancelled"] += 1


def _reason(part: _Part) -> str:
    if part.private:
        return "private"
    if part.cancelled or re.match(r"(?i)\s*(?:cancell?ed|abgesagt|cancelad[ao]|annulé)\b", part.title):
        return "cancelled"
    if part.start is None:
        return "whole days"
    if part.minutes <= 0:
        return "without a length"
    if part.minutes > LONGEST_CALL:
        return "longer than eight hours"
    return "no calls by their title" if _NO_CALL.search(part.title) else ""


_WORKDAYS = {"MO", "TU", "WE", "TH", "FR"}

_NO_CALL = re.compile(
    r"(?i)^\W*(?:lunch|focus(?: time)?|deep work|out of (?:the )?office|ooo|busy|blocked|holiday|vacation|urlaub|"
    r"commute|travel|dentist|doctor|gym|birthday|mittag(?:spause)?|almuerzo)\W*$|"
    r"\b(?:deadline|is due|due date|hand[ -]?in|submission|abgabe(?:frist)?|fecha límite|prazo)\b"
)


def _every(rule: str) -> str:
    """What stands after 'every'."""
    parts = {name: value for name, _, value in (part.partition("=") for part in rule.upper().split(";"))}
    days = {day[-2:] for day in parts.get("BYDAY", "").split(",") if day}
    frequency = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month"}.get(parts.get("FREQ", ""), "")
    if days == _WORKDAYS and frequency in ("day", "week"):
        frequency = "workday"
    elif len(days) > 1 and frequency == "week":
        frequency = f"week on {len(days)} days"
    return f"second {frequency}" if frequency and parts.get("INTERVAL") == "2" else frequency


def _expand(part: _Part, until: datetime | None) -> Iterator[tuple[datetime, int]]:
    """The occurrences of an event before its single ones are changed."""
    assert part.start is not None
    first = _instant(part.start, part.zone)
    walls = {part.start, *_recurring(part, max(first + OPEN_END, until or first))} if part.rule else {part.start}
    times = {_instant(wall, part.zone): wall for wall in walls}
    times |= {as_utc(at): _wall(at, part.zone) for at in part.more}
    for at, wall in sorted(times.items()):
        if at not in part.without and wall.date() not in part.days_without:
            yield at, part.minutes


def _recurring(part: _Part, end: datetime) -> Iterator[datetime]:
    """The wall times of a rule. It is computed without zones, so that 18:00 stays 18:00."""
    from dateutil.rrule import rrulestr

    rule = part.rule.upper()
    if not re.search(r"FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)", rule):
        return
    if rule.count(",") > MOST_OF_A_RULE:
        raise ValueError("The rule has too many parts.")
    assert part.start is not None
    if stated := re.search(r"UNTIL=(\d{8})(?:T(\d{6})(Z?))?", rule):
        day, clock, utc = stated.groups()
        last = datetime.strptime(day + (clock or "235959"), "%Y%m%d%H%M%S")  # noqa: DTZ007
        # 9999 is how some programs say 'without an end'.
        last = min(last, datetime(YEARS[-1], 1, 1))  # noqa: DTZ001
        end = last.replace(tzinfo=UTC) if utc else _instant(last, part.zone)
    bare = ";".join(bit for bit in rule.split(";") if not bit.startswith("UNTIL="))
    with warnings.catch_warnings():
        # An open end would let a rule that never fits search for ever.
        warnings.simplefilter("ignore")
        walls: Any = rrulestr(f"{bare};UNTIL={_wall(end, part.zone):%Y%m%dT%H%M%S}", dtstart=part.start)
        for number, wall in enumerate(walls):
            if number >= MOST_TIMES:
                return
            yield wall


def _together(events: Sequence[Event]) -> list[Event]:
    """Events with the same title and length as one: some programs export each occurrence by itself."""
    found: dict[tuple[str, int], Event] = {}
    for event in events:
        key = event.title.casefold().strip(), event.minutes
        if (before := found.get(key)) is not None:
            times = tuple(sorted({**dict(before.times), **dict(event.times)}.items()))[:MOST_TIMES]
            event = Event(
                before.title,
                before.description if len(before.description) >= len(event.description) else event.description,
                max((n for n in (before.invited, event.invited) if n is not None), default=None),
                times,
                before.every or event.every or _rhythm(times),
                before.names | event.names,
            )
        found[key] = event
    return sorted(found.values(), key=lambda event: (event.times[0], event.title))


def _rhythm(times: Sequence[tuple[datetime, int]]) -> str:
    days = [(later[0] - before[0]).days for before, later in pairwise(times)]
    return "week" if len(days) > 1 and all(5 <= d <= 9 for d in days) else ""
