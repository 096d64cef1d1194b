"""Times of a session for a reader whose clock is not the cohort's."""

from collections.abc import Sequence
from datetime import datetime

from bot.core.people import Cohort
from bot.core.time import say
from bot.core.translation import _


def by_both(at: datetime, cohort: Cohort, zone: str) -> str:
    """A time by the reader's clock, in `zone`, and by the cohort's where that differs."""
    own, theirs = say(at, zone), say(at, cohort.zone)
    if own == theirs:
        return own
    return _("{own} ({theirs} in {zone})", own=own, theirs=theirs, zone=_name(cohort.zone))


def by_the_cohorts(slots: Sequence[datetime], cohort: Cohort, zone: str) -> str:
    """Beside times by the reader's clock; empty if they are the same by the cohort's."""
    if not _differ(slots, cohort, zone):
        return ""
    return _("By the clock of {zone}: {times}.", zone=_name(cohort.zone), times=_listed(slots, cohort.zone))


def by_yours(slots: Sequence[datetime], cohort: Cohort, zone: str) -> str:
    """Beside times by the cohort's clock; empty if they are the same by the reader's."""
    return _("For you: {times}.", times=_listed(slots, zone)) if _differ(slots, cohort, zone) else ""


def _differ(slots: Sequence[datetime], cohort: Cohort, zone: str) -> bool:
    return any(say(at, zone) != say(at, cohort.zone) for at in slots)


def _listed(slots: Sequence[datetime], zone: str) -> str:
    return "; ".join(say(at, zone) for at in slots)


def _name(zone: str) -> str:
    return zone.replace("_", " ")
