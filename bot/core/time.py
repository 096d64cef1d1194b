"""Time: the only module that knows calendars and zones.

Instants are aware datetimes in UTC. A wall time is a naive datetime together with an IANA zone.
The rule for daylight-saving changes: a wall time that does not exist (the spring gap) moves forward by the
length of the gap; one that exists twice (the autumn fold) means the first.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from threading import Lock
from time import monotonic
from typing import Literal, Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones, reset_tzpath

from bot.core.translation import N_, _, _n

# Every machine uses the zones of the package that `doctor` names: the system's may be older.
reset_tzpath(())

ANYWHERE_ON_EARTH = "Etc/GMT+12"
"""The last zone in which a date ends: a deadline there never cuts a Sunday short."""

Style = Literal["moment", "date", "time"]
"""The format of an instant: 'Mon 12 Jan, 12:59', 'Mon 12 Jan' or '12:59'."""

DayStyle = Literal["short", "year", "plain", "weekday", "named", "month", "long", "full"]
_DAYS: dict[DayStyle, str] = {
    "short": N_("{wd} {day} {mon}"),
    "year": N_("{wd} {day} {mon} {year}"),
    "plain": N_("{day} {mon} {year}"),
    "weekday": N_("{weekday}"),
    "named": N_("{weekday} {day} {month}"),
    "month": N_("{day} {month}"),
    "long": N_("{day} {month} {year}"),
    "full": N_("{weekday} {day} {month} {year}"),
}
"""The formats of a day: 'Mon 12 Jan', 'Mon 12 Jan 2026', '12 Jan 2026', 'Monday', 'Monday 12 January',
'12 January', '12 January 2026', 'Monday 12 January 2026'."""

_NAMED_REGIONS = (
    "Africa",
    "America",
    "Antarctica",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)


MOST_FOUND = 25
"""Zones that are suggested at once."""

SLEWED = timedelta(minutes=1)
"""The largest backward step of the machine's clock that is made up for gradually."""


class Clock(Protocol):
    """The source of 'now'. Nothing else reads the machine's clock."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock, without small backward steps.

    If the machine's clock is set back by at most `SLEWED`, as time servers do, this one continues from where it was at
    half the speed until the two agree. A larger step corrects a wrong clock and is followed at once, so that deadlines
    and receipts are right; the runtime then reschedules what was to wait for an instant of the wrong clock. Forward
    steps (a correction, a laptop that slept) are followed at once too.
    """

    def __init__(self) -> None:
        self._stepping = Lock()
        self._last, self._ticks = datetime(1970, 1, 1, tzinfo=UTC), 0.0

    def now(self) -> datetime:
        with self._stepping:
            machine, ticks = datetime.now(UTC), monotonic()
            if self._last - SLEWED <= machine < self._last:
                machine = self._last + timedelta(seconds=(ticks - self._ticks) / 2)
            self._last, self._ticks = machine, ticks
            return machine


class WoundClock:
    """A clock that can be wound forward.

    Over a `SystemClock` it keeps running from where it was wound to; without one it stands still between two windings
    (rehearsals and tests).
    """

    def __init__(self, start: datetime | None = None, base: Clock | None = None) -> None:
        self._base = base
        self.wound: Callable[[datetime], None] | None = None
        """Called with each new instant, so that a restart can continue from it."""
        self._shift = timedelta(0)
        self._still = as_utc(start) if start else None
        if base is None and start is None:
            raise ValueError("A clock needs a start or a clock below it.")

    @property
    def still(self) -> bool:
        """Whether it stands between two windings."""
        return self._base is None

    def now(self) -> datetime:
        if self._base is None:
            assert self._still is not None
            return self._still
        return self._base.now() + self._shift

    def wind(self, until: datetime) -> None:
        """Moves the clock forward to `until`; an earlier instant changes nothing."""
        ahead = as_utc(until) - self.now()
        if ahead <= timedelta(0):
            return
        if self._base is None:
            self._still = as_utc(until)
        else:
            self._shift += ahead
        if self.wound is not None:
            self.wound(as_utc(until))


def as_utc(moment: datetime) -> datetime:
    """The same instant in UTC. Raises ValueError for a naive datetime, which is not an instant."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no zone, so it names no instant.")
    return moment if moment.tzinfo is UTC else moment.astimezone(UTC)


def parse_instant(text: str) -> datetime:
    """Parses an ISO 8601 instant such as 2026-01-05T09:00:00Z. Raises ValueError if it has no zone."""
    return as_utc(datetime.fromisoformat(text))


def write_instant(moment: datetime) -> str:
    """An instant as ISO 8601 with 'Z', the one form in which we write it."""
    return as_utc(moment).isoformat().replace("+00:00", "Z")


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def is_zone(name: str) -> bool:
    """Whether `name` is a zone of the IANA database."""
    try:
        _zone(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return bool(name)


@lru_cache(maxsize=1)
def zones() -> tuple[str, ...]:
    """The zones that a person may pick from, by name."""
    return tuple(sorted(z for z in available_timezones() if z.split("/")[0] in _NAMED_REGIONS or z == "UTC"))


def find_zones(typed: str, at: datetime) -> tuple[tuple[str, str], ...]:
    """Zones whose city or name contains what was typed, as (name, 'Europe/Berlin, now 14:05')."""
    wanted = typed.strip().lower().replace(" ", "_")
    found = [z for z in zones() if wanted in z.lower()]
    found.sort(key=lambda z: (not z.split("/")[-1].lower().startswith(wanted), z))
    return tuple(
        (z, _("{zone}, now {time}", zone=z.replace("_", " "), time=say(at, z, "time"))) for z in found[:MOST_FOUND]
    )


def resolve(wall: datetime, zone: str) -> datetime:
    """The instant of a wall time in a zone: a gap moves forward by its length, a fold means the first."""
    if wall.tzinfo is not None:
        raise ValueError("A wall time carries no zone of its own.")
    # fold=0 means the first of two. Inside a gap it uses the offset before the change, so the result lies as far after
    # the gap as the wall time lies inside it.
    return wall.replace(tzinfo=_zone(zone), fold=0).astimezone(UTC)


def local(moment: datetime, zone: str) -> datetime:
    """The wall time (naive) that a clock in `zone` shows at an instant."""
    return as_utc(moment).astimezone(_zone(zone)).replace(tzinfo=None)


# A cohort has few days and wall times, and everything that people do asks for them again.
@lru_cache(maxsize=16_384)
def local_day(moment: datetime, zone: str) -> date:
    """Today's date in `zone` at an instant."""
    return local(moment, zone).date()


@lru_cache(maxsize=16_384)
def at_wall(day: date, clock: time, zone: str) -> datetime:
    """The instant at which a clock in `zone` shows `clock` on `day`."""
    return resolve(datetime.combine(day, clock), zone)


def next_hour(after: datetime, hour: int, zone: str, workdays_only: bool = False) -> datetime:
    """The next instant strictly after `after` at which it is `hour`:00 in `zone`."""
    return next_time(after, time(hour), zone, workdays_only)


def next_time(after: datetime, clock: time, zone: str, workdays_only: bool = False) -> datetime:
    """The next instant strictly after `after` at which it is `clock` in `zone`."""
    day = local_day(after, zone)
    while True:
        moment = at_wall(day, clock, zone)
        if moment > after and not (workdays_only and day.weekday() >= 5):
            return moment
        day += timedelta(days=1)


def next_monday(after: datetime, hour: int, zone: str) -> datetime:
    """The next instant strictly after `after` at which it is Monday, `hour`:00, in `zone`."""
    monday = monday_of(local_day(after, zone))
    at = at_wall(monday, time(hour), zone)
    return at if at > after else at_wall(monday + timedelta(days=7), time(hour), zone)


def monday_of(day: date) -> date:
    """The Monday of the week of `day`."""
    return day - timedelta(days=day.weekday())


def say(moment: datetime, zone: str, style: Style = "moment") -> str:
    """An instant as text for a reader in `zone`."""
    wall = local(moment, zone)
    if style == "date":
        return say_day(wall)
    if style == "time":
        return f"{wall:%H:%M}"
    return _("{date}, {time}", date=say_day(wall), time=f"{wall:%H:%M}")


def say_day(day: date, style: DayStyle = "short") -> str:
    """A day as text. The names and the order are those of the catalogue: `strftime` goes by the machine's locale."""
    return _(
        _DAYS[style],
        day=day.day,
        year=day.year,
        weekday=_("Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday").split(", ")[day.weekday()],
        wd=_("Mon, Tue, Wed, Thu, Fri, Sat, Sun").split(", ")[day.weekday()],
        month=_(
            "January, February, March, April, May, June, July, August, September, October, November, December"
        ).split(", ")[day.month - 1],
        mon=_("Jan, Feb, Mar, Apr, May, Jun, Jul, Aug, Sep, Oct, Nov, Dec").split(", ")[day.month - 1],
    )


def place_of(zone: str) -> str:
    """A zone as people call it: 'New York'."""
    return zone.rpartition("/")[2].replace("_", " ")


def say_here(moment: datetime) -> str:
    """An instant as text in the machine's own zone."""
    wall = as_utc(moment).astimezone()
    return f"{say_day(wall)}, {wall:%H:%M}"


def say_minutes(minutes: int) -> str:
    """Minutes in words: '45 min', '6 h', '6 h 15'."""
    if minutes < 60:
        return _("{n} min", n=minutes)
    rest = minutes % 60
    return _("{n} h {rest}", n=minutes // 60, rest=f"{rest:02d}") if rest else _("{n} h", n=minutes // 60)


def say_span(span: timedelta) -> str:
    """A duration as text: '40 min', '31 h', '4 days'."""
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes < 60:
        return _("{n} min", n=minutes)
    if minutes < 48 * 60:
        return _("{n} h", n=minutes // 60)
    return _n("{n} day", "{n} days", minutes // (24 * 60))
