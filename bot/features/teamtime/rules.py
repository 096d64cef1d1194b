"""Pure decisions about the course team's time. What nobody said is not measured, and never estimated."""

from collections.abc import Sequence
from datetime import date

from bot.core.people import Cohort
from bot.features.teamtime.store import Spent

FRIDAY = 4

CHOICES = (15, 30, 60, 90, 120, 180, 240, 360, 480, 720)
"""Minutes that can be tapped."""

FIRST = 60
"""What the desk suggests to somebody who has said nothing so far."""


def asked_on(cohort: Cohort, day: date, weeks: int) -> int | None:
    """The week that an instructor is asked about on a day of theirs, from Friday to Sunday; None: not today."""
    week = cohort.week_on(day)
    return week if day.weekday() >= FRIDAY and 1 <= week <= weeks else None


def suggested(own: Sequence[Spent]) -> tuple[int, int]:
    """Two choices for the desk: what somebody said last, and the next longer one that differs clearly."""
    last = CHOICES.index(own[-1].minutes if own else FIRST)
    return CHOICES[min(last, len(CHOICES) - 3)], CHOICES[min(last + 2, len(CHOICES) - 1)]


def total(spent: Sequence[Spent]) -> int:
    return sum(one.minutes for one in spent)


def mean(spent: Sequence[Spent]) -> int:
    """Minutes a week of one instructor, over what was said; at least one did."""
    return round(total(spent) / len(spent))
