"""What the digests store, and the values that they show."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.contributions import Attention, Figure, Pile, Urgency
from bot.core.feature import Feature
from bot.core.keeping import KeptTable
from bot.core.people import Cohort


class DigestStore(Protocol):
    """What the course team of a cohort has taken off its desk."""

    def seen(self, cohort: int) -> Mapping[str, datetime]:
        """Names of items, and when each was last marked as seen."""
        ...

    def see(self, cohort: int, names: Collection[str]) -> None: ...


@dataclass(frozen=True, slots=True)
class Desk:
    """What waits for somebody of the course team in one cohort, most urgent first."""

    cohort: Cohort
    piles: Sequence[Pile]

    @property
    def is_empty(self) -> bool:
        return all(pile.urgency is Urgency.FOR_INFORMATION for pile in self.piles)

    @property
    def minutes(self) -> int:
        """The estimated total minutes."""
        return sum(pile.minutes + sum(item.minutes for item in pile.items) for pile in self.piles)


@dataclass(frozen=True, slots=True)
class Overview:
    """A cohort's week, for its manager: `week` of `weeks`, the figures of all features, and learners to talk to."""

    cohort: Cohort
    week: int
    weeks: int
    learners: int
    figures: Sequence[Figure]
    at_risk: Mapping[int, Sequence[Attention]]


feature: Feature[DigestStore] = Feature("digests")
feature.keeps(
    KeptTable("desk_seen", "Which things a course team has taken off its desk, by their numbers"),
)
