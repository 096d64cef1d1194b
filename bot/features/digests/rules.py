"""Pure decisions of the digests."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from bot.core.contributions import Attention, Figure
from bot.core.people import Cohort
from bot.core.time import at_wall, local_day, monday_of
from bot.core.timetable import DAY, WEEK
from bot.core.uptime import Uptime
from bot.features.digests.store import Unclear

MIDNIGHT = time(0)

ENOUGH_TO_TELL = timedelta(days=4)
"""How long a cohort has to have run for its first digest."""


def by_person(found: Sequence[Attention]) -> dict[int, list[Attention]]:
    """The learner with the most reasons first, then the one for whom they have held longest."""
    people: dict[int, list[Attention]] = {}
    for one in sorted(found, key=lambda a: a.since):
        people.setdefault(one.person, []).append(one)
    return dict(sorted(people.items(), key=lambda p: (-len(p[1]), p[1][0].since)))


def last_week(cohort: Cohort, uptime: Uptime) -> datetime:
    """Since when a cohort's last week counts: the last seven days in which the bot ran. On a Monday, when the message
    about the week comes, also all that is left of the week that is just over."""
    today = local_day(uptime.now, cohort.zone)
    whole = at_wall(today - WEEK, MIDNIGHT, cohort.zone) if today == monday_of(today) else uptime.now
    return min(uptime.ago(WEEK), whole)


def unclear(cohort: Cohort, learners: int, expected: int, now: datetime) -> Unclear:
    """Why a cohort's last seven days cannot be judged. `expected`: how many learners were there all the time."""
    today = local_day(now, cohort.zone)
    if today < cohort.starts_on:
        return "not started"
    if not learners:
        return "empty"
    if not has_a_week(cohort, now):
        return "new"
    if all(cohort.timetable.is_break(today - n * DAY) for n in range(1, 8)):
        return "break"
    return "" if expected else "away"


def compared(cohort: Cohort, figures: Sequence[Figure], now: datetime) -> Sequence[Figure]:
    """The figures, without those of the week before if the cohort had none."""
    if local_day(now, cohort.zone) - cohort.starts_on >= 2 * WEEK:
        return figures
    return [replace(f, before=None) for f in figures]


def has_a_week(cohort: Cohort, now: datetime) -> bool:
    """Whether a cohort has run long enough for a manager's digest."""
    return local_day(now, cohort.zone) - cohort.starts_on >= ENOUGH_TO_TELL
