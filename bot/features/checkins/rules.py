"""Pure decisions about check-ins."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from itertools import count

from bot.core.more_time import MoreTime
from bot.core.people import Cohort
from bot.core.timetable import WEEK
from bot.core.translation import _
from bot.core.uptime import Uptime
from bot.course.model import Checkin, Course
from bot.course.moment import Moment
from bot.features.checkins.store import KnownRound, Round, Update, item_name

LATE_FOR = WEEK
"""How long after its close a check-in that somebody missed is offered by itself. The form takes it at any time."""


def rounds(
    course: Course,
    cohort: Cohort,
    zone: str,
    uptime: Uptime,
    known: Sequence[KnownRound] = (),
    given: MoreTime | None = None,
    person: int = 0,
) -> Iterator[Round]:
    """All rounds of a cohort for a clock in `zone`, in course order. Those that are `known` keep their keys. One that
    opened in a downtime, or had less than a day left after it, closes a day after it. `given`: the days more, of
    everybody or of a `person`."""
    given = given or MoreTime()
    for checkin in course.checkins:
        own_clock = any(day.zone == "learner" for day in checkin.days)
        for week in checkin.weeks:
            keys = _keys(checkin, place(course, checkin, week), week, known)
            for day, opens, closes in checkin.windows(cohort.timetable, week, zone):
                name = item_name(keys[day])
                closes = cohort.timetable.moved(closes, given.days(name, person), day.zone, zone)
                until = uptime.open_until(opens, closes)
                yield Round(
                    keys[day],
                    checkin.id,
                    week,
                    checkin.title,
                    checkin.link,
                    checkin.minutes,
                    opens,
                    until,
                    own_clock,
                    until != closes,
                    own_date=bool(given.own(name, person)),
                )


def to_know(course: Course, cohort: Cohort, known: Sequence[KnownRound]) -> list[KnownRound]:
    """The rounds as they are planned now, by the cohort's clock."""
    found = []
    for checkin in course.checkins:
        for week in checkin.weeks:
            where = place(course, checkin, week)
            keys = _keys(checkin, where, week, known)
            for day, opens, _closes in checkin.windows(cohort.timetable, week, cohort.zone):
                found.append(KnownRound(keys[day], checkin.id, where, str(day), week, checkin.title, opens))
    return found


def place(course: Course, checkin: Checkin, week: int) -> str:
    """A short name of a week, which does not change when a week with an id moves; empty for a check-in of one week."""
    if len(checkin.weeks) == 1:
        return ""
    found = course.week(week)
    return sha256(found.id.encode()).hexdigest()[:8] if found is not None and found.id else str(week)


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


def fingerprint(update: Update) -> str:
    """Distinguishes wordings of an update."""
    return sha256(repr(update).encode()).hexdigest()[:12]
