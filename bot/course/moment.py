"""A moment of a course week: a weekday and a wall time, by somebody's clock."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from bot.core.time import ANYWHERE_ON_EARTH, at_wall, monday_of

Clockface = Literal["learner", "cohort", "aoe"]
"""Whose clock is meant: each learner's, the cohort's, or the last one on Earth on which a date ends."""

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True)
class Moment:
    """`weekday` is 0 for Monday. `week` (from 1) is set only where the file names another week than the item's."""

    weekday: int
    time: time
    zone: Clockface = "learner"
    week: int | None = None

    def at(self, starts_on: date, week: int, learner_zone: str, cohort_zone: str) -> datetime:
        """The instant (UTC) of this moment in a course week.

        Week 1 is the week of the Monday on or before `starts_on`; a `week` of the moment's own goes before the
        one given. Daylight-saving gaps and folds follow `bot.core.time.resolve`.
        """
        day = monday_of(starts_on) + timedelta(weeks=(self.week or week) - 1, days=self.weekday)
        names = {"learner": learner_zone, "cohort": cohort_zone, "aoe": ANYWHERE_ON_EARTH}
        return at_wall(day, self.time, names[self.zone])

    def wall(self) -> timedelta:
        """How far into its week the moment lies on its own clock."""
        return timedelta(days=self.weekday, hours=self.time.hour, minutes=self.time.minute)

    def __str__(self) -> str:
        """As the course file writes it, in full: 'Sun 23:59 aoe'."""
        prefix = f"week {self.week} " if self.week else ""
        return f"{prefix}{WEEKDAYS[self.weekday]} {self.time:%H:%M} {self.zone}"
