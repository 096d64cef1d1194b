"""What instructors say that a week of a cohort took them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.feature import Feature
from bot.core.keeping import KeptTable
from bot.core.translation import N_


@dataclass(frozen=True, slots=True)
class Spent:
    """How many minutes a week of a cohort took one of its instructors."""

    cohort: int
    person: int
    week: int
    minutes: int
    at: datetime


class TeamtimeStore(Protocol):
    def spent(self, cohort: int) -> Sequence[Spent]:
        """What was said about a cohort, by week."""
        ...

    def spend(self, spent: Spent) -> None:
        """Stores it in place of what this person said of the week."""
        ...


feature: Feature[TeamtimeStore] = Feature("teamtime")
feature.keeps(
    KeptTable("team_minutes", "How long a week of a course took you as its instructor", of="person"),
    purpose=N_("So that a course takes its team no more time than it can give"),
)
