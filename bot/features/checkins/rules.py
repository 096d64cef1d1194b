"""Pure decisions about check-ins."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256

from bot.core.people import Cohort
from bot.core.uptime import Uptime
from bot.course.model import Course
from bot.features.checkins.store import Round, Update


def rounds(course: Course, cohort: Cohort, zone: str) -> Iterator[Round]:
    """All rounds of a cohort for a clock in `zone`, in course order."""
    for checkin in course.checkins:
        own_clock = any(day.zone == "learner" for day in checkin.days)
        for week in checkin.weeks:
            place = f"{_name(course, week)}." if len(checkin.weeks) > 1 else ""
            for number, (opens, closes) in enumerate(checkin.windows(cohort.timetable, week, zone)):
                yield Round(
                    f"{checkin.id}/{place}{number}",
                    checkin.id,
                    week,
                    checkin.title,
                    checkin.link,
                    checkin.minutes,
                    opens,
                    closes,
                    own_clock,
                )


def _name(course: Course, week: int) -> str:
    """A short name of a week, which does not change when a week with an id moves."""
    found = course.week(week)
    return sha256(found.id.encode()).hexdigest()[:8] if found is not None and found.id else str(week)


def find(course: Course, cohort: Cohort, zone: str, key: str) -> Round | None:
    return next((r for r in rounds(course, cohort, zone) if r.key == key), None)


def newest_closed(found: Sequence[Round], now: datetime) -> list[Round]:
    """Of each check-in the last two rounds that have closed, the older one first."""
    closed: dict[str, list[Round]] = {}
    for round in sorted(found, key=lambda r: r.closes_at):
        if round.closes_at <= now:
            closed.setdefault(round.checkin, []).append(round)
    return [round for of_one in closed.values() for round in of_one[-2:]]


def is_late(round: Round, uptime: Uptime) -> bool:
    return uptime.now >= uptime.expected_by(round.closes_at)


def fingerprint(update: Update) -> str:
    """Distinguishes wordings of an update."""
    return sha256(repr(update).encode()).hexdigest()[:12]
