"""Pure decisions about check-ins."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import count
from types import MappingProxyType

from bot.core.fingerprints import fingerprint
from bot.core.more_time import MoreTime
from bot.core.people import Cohort
from bot.core.timetable import WEEK, Timetable, planned_by
from bot.core.translation import _
from bot.core.uptime import Uptime
from bot.course.model import Checkin, Course
from bot.course.moment import Moment
from bot.features.checkins.store import KnownRound, Round, item_name

NEVER = datetime.max.replace(tzinfo=UTC)

LATE_FOR = WEEK
"""How long after its close a check-in that somebody missed is offered by itself. The form takes it at any time."""


def rounds(
    course: Course,
    cohort: Cohort,
    zone: str | None,
    uptime: Uptime,
    known: Sequence[KnownRound] = (),
    clocks: Callable[[], Collection[str]] = frozenset,
    given: MoreTime | None = None,
    person: int = 0,
) -> Iterator[Round]:
    """All rounds of a cohort for a clock in `zone`, or for the cohort's, in course order. Those that are `known` keep
    their keys, and their timetable once they are over for everybody, by all `clocks`. One that opened in a downtime, or
    had less than a day left after it, closes a day after it. `given`: the days more, of everybody or of a `person`."""
    given, planned = given or MoreTime(), {k.key: k.planned for k in known}
    for checkin in course.checkins:
        for week in checkin.weeks:
            keys, found = _keys(checkin, place(course, checkin, week), week, known), []
            for day in checkin.days:
                name = item_name(keys[day])
                over = partial(_over, checkin, week, day, uptime, clocks, given.most(name))
                by = planned_by(planned.get(keys[day]), cohort.timetable, uptime.now, over)
                days, own = given.days(name, person), bool(given.own(name, person))
                if (span := _window(checkin, week, day, days, by.table, zone or by.table.zone)) is not None:
                    found.append((*span, keys[day], own, by))
            for opens, closes, key, own, by in sorted(found, key=lambda one: one[:3]):
                until = uptime.open_until(opens, closes)
                yield Round(
                    key,
                    checkin.id,
                    week,
                    checkin.title,
                    checkin.link,
                    checkin.minutes,
                    opens,
                    until,
                    _own_clock(checkin),
                    until != closes,
                    own_date=own,
                    planned=by,
                )


def _window(
    checkin: Checkin, week: int, day: Moment, days: int, table: Timetable, zone: str
) -> tuple[datetime, datetime] | None:
    """When the check-in of a day opens, and closes with so many `days` more; None if another day comes to lie there."""
    found = checkin.windows(table, week, zone)
    span = next(((opens, closes) for one, opens, closes in found if one == day), None)
    return span and (span[0], table.moved(span[1], days, day.zone, zone))


def _over(
    checkin: Checkin,
    week: int,
    day: Moment,
    uptime: Uptime,
    clocks: Callable[[], Collection[str]],
    days: int,
    table: Timetable,
) -> datetime:
    """When the check-in of a day is over for everybody."""
    zones = {table.zone, *clocks()} if _own_clock(checkin) else {table.zone}
    spans = [span for zone in zones if (span := _window(checkin, week, day, days, table, zone)) is not None]
    return max((uptime.open_until(*span) for span in spans), default=NEVER)


def _own_clock(checkin: Checkin) -> bool:
    return any(day.zone == "learner" for day in checkin.days)


def to_know(
    course: Course, cohort: Cohort, known: Sequence[KnownRound], planned: Mapping[str, Round] = MappingProxyType({})
) -> list[KnownRound]:
    """The rounds as they are `planned` now by the cohort's clock, by their keys."""
    found = []
    for checkin in course.checkins:
        for week in checkin.weeks:
            where = place(course, checkin, week)
            keys = _keys(checkin, where, week, known)
            for day, opens, _closes in checkin.windows(cohort.timetable, week, cohort.zone):
                round = planned.get(keys[day])
                by, at = (round.planned, round.opens_at) if round is not None else (None, opens)
                found.append(KnownRound(keys[day], checkin.id, where, str(day), week, checkin.title, at, by))
    return found


def place(course: Course, checkin: Checkin, week: int) -> str:
    """A short name of a week, which does not change when a week with an id moves; empty for a check-in of one week."""
    if len(checkin.weeks) == 1:
        return ""
    found = course.week(week)
    return fingerprint(found.id, 8) if found is not None and found.id else str(week)


def _keys(checkin: Checkin, place: str, week: int, known: Sequence[KnownRound]) -> dict[Moment, str]:
    """The key of each day: that of the known round on this day of the week, at best at the same hour, or a new one."""
    left = [k for k in known if k.checkin == checkin.id and _is_there(k, place, week)]
    days = sorted(checkin.days, key=lambda day: day.wall())
    found: dict[Moment, str] = {}
    for name in (str, _weekday):
        for day in days:
            same = next((k for k in left if name(k.day) == name(day)), None) if day not in found else None
            if same is not None:
                left.remove(same)
                found[day] = same.key
    prefix = f"{checkin.id}/{place}." if place else f"{checkin.id}/"
    used = {k.key.removeprefix(prefix) for k in known if k.key.startswith(prefix)}
    free = count(max((int(number) + 1 for number in used if number.isdecimal()), default=0))
    return {day: found[day] if day in found else f"{prefix}{next(free)}" for day in days}


def _is_there(known: KnownRound, place: str, week: int) -> bool:
    """Whether it is in this week. A check-in of one week moves with its week; one that comes to have several, or to
    have one alone, keeps its rounds of the weeks that it has."""
    return known.place == place or (known.week == week and not (known.place and place))


def _weekday(day: object) -> str:
    return str(day)[:3]


def gone(key: str, known: Sequence[KnownRound], first_at: datetime) -> Round:
    """A round that the course file does not have any more. `first_at`: when somebody checked in, if it is not known
    because it was removed before rounds were stored."""
    for one in known:
        if one.key == key:
            return Round(key, one.checkin, one.week, one.title, "", 0, one.opens_at, one.opens_at, is_gone=True)
    return Round(key, key.partition("/")[0], 0, _("Check-in"), "", 0, first_at, first_at, is_gone=True)


def last_two_closed(found: Sequence[Round], now: datetime) -> list[Round]:
    """Of each check-in the last two rounds that have closed, the older one first."""
    closed: dict[str, list[Round]] = {}
    for round in sorted(found, key=lambda r: r.closes_at):
        if round.closes_at <= now:
            closed.setdefault(round.checkin, []).append(round)
    return [round for of_one in closed.values() for round in of_one[-2:]]
