"""What the digests store, and the values that they show."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

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


Unclear = Literal["", "not started", "new", "empty", "break", "away"]
"""Why there is nothing to judge a cohort's week by: it has not started, it began a few days ago, it has no learners, it
had a break, or none of its learners was there all week. Empty: it can be judged."""


@dataclass(frozen=True, slots=True)
class Overview:
    """A cohort's week, for its manager: `week` of `weeks`, the figures of all features, and learners to talk to.
    `over`: the course is over, and takes no work any more."""

    cohort: Cohort
    week: int
    weeks: int
    learners: int
    figures: Sequence[Figure]
    at_risk: Mapping[int, Sequence[Attention]]
    unclear: Unclear = ""
    over: bool = False

    @property
    def reasons(self) -> Sequence[Figure]:
        """The figures that want a look."""
        return [figure for figure in self.figures if figure.wants_a_look]


feature: Feature[DigestStore] = Feature("digests")
feature.keeps(
    KeptTable("desk_seen", "Which things a course team has taken off its desk, by their numbers"),
)
