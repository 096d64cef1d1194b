"""Pure decisions of the digests."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median

from bot.core.people import Cohort
from bot.core.time import local_day
from bot.features.digests.store import Asked, Desk, Overview

MINUTES_A_QUESTION = 5
MINUTES_A_NOTE = 2
MINUTES_A_DRAFT = 2
SITTING = 5
"""FAQ entries that are looked at in one go."""

QUIET_FOR = timedelta(days=14)
FRIDAY = 4
ENOUGH_TO_TELL = timedelta(days=4)


def in_time(asked: Sequence[Asked], promised: timedelta, now: datetime) -> tuple[int, int]:
    """(answered within what was promised, all whose time is up or that are answered)."""
    judged = [a for a in asked if a.answered_at is not None or now - a.at > promised]
    kept = [a for a in judged if a.answered_at is not None and a.answered_at - a.at <= promised]
    return len(kept), len(judged)


def median_minutes(asked: Sequence[Asked]) -> int | None:
    """The median time to the first answer, in minutes; None where nothing was answered."""
    times = [(a.answered_at - a.at).total_seconds() / 60 for a in asked if a.answered_at is not None]
    return round(median(times)) if times else None


def minutes_of_work(desk: Desk) -> int:
    """About how long the desk takes: what somebody else has taken does not count."""
    taken = sum(1 for w in desk.waiting if w.taken_by is not None)
    questions = MINUTES_A_QUESTION * (desk.waiting_in_all - taken)
    return questions + MINUTES_A_NOTE * len(desk.notes) + MINUTES_A_DRAFT * min(desk.to_review.number, SITTING)


def wants_a_look(overview: Overview) -> bool:
    """Whether a manager should look at a cohort: questions wait too long, or many have fallen quiet."""
    many_quiet = overview.learners > 0 and len(overview.quiet) * 4 >= overview.learners
    return overview.overdue > 0 or many_quiet


def has_a_week(cohort: Cohort, now: datetime) -> bool:
    """Whether enough of a cohort has passed to tell its manager of it."""
    return local_day(now, cohort.zone) - cohort.starts_on >= ENOUGH_TO_TELL


def tells_the_week(local_now: datetime) -> bool:
    """From Friday on the desk brings what the instructor's own wrap-up could tell."""
    return local_now.weekday() >= FRIDAY
