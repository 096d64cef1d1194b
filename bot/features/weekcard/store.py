"""What the week card works with: values, and the store that the feature needs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.contributions import Item
from bot.core.feature import Feature
from bot.core.keeping import KeptTable

EVERYBODY = 0
"""Where a store keeps something by person: the post for the whole cohort."""


def card(cohort: int, week: int, person: int) -> str:
    """The anchor of a learner's card."""
    return f"week/{cohort}/{week}/{person}"


@dataclass(frozen=True, slots=True)
class Own:
    """What differs from learner to learner on the card of one week, although most learners share it.

    `items` are those of the week. `carried` are those of earlier weeks that are due about now and not done. `apart`:
    what comes by a card of its own, in the words for learners who are short of time. `optional_before`: a late joiner's
    first card says that the weeks before this one are optional; 0 on all others.
    """

    items: tuple[Item, ...] = ()
    carried: tuple[Item, ...] = ()
    apart: str = ""
    optional_before: int = 0


class WeekcardStore(Protocol):
    """What the week card needs kept and read. Methods that take several people ask the database once; `people` None
    means everybody."""

    def prints(self, cohort: int, week: int, people: Collection[int] | None = None) -> Mapping[int, str]:
        """Whose card of the week was handed out (person -> its fingerprint), and the cohort's (`EVERYBODY`)."""
        ...

    def had(self, cohort: int, weeks: Collection[int], people: Collection[int] | None = None) -> set[tuple[int, int]]:
        """(week, person) of every card that was handed out (`EVERYBODY`: of every post)."""
        ...

    def weeks(self, cohort: int) -> Sequence[int]:
        """The weeks of which a card or the post was handed out, in order."""
        ...

    def keep(self, cohort: int, week: int, prints: Mapping[int, str]) -> None:
        """Keeps what cards say now, by person."""
        ...

    def forget(self, cohort: int, week: int, people: Collection[int]) -> None:
        """Takes it back that a card of the week was handed out to them."""
        ...

    def had_one(self, cohort: int, before: int, people: Collection[int]) -> set[int]:
        """Who of them had a card of a week before `before`."""
        ...

    def said(self, anchors: Collection[str]) -> set[str]:
        """Which of these stand on a platform, or are on their way there."""
        ...

    def waiting(self, anchors: Collection[str]) -> set[str]:
        """Which of these the voice still has to say."""
        ...

    def joined(self, cohort: int, after: datetime, people: Collection[int] | None = None) -> Mapping[int, datetime]:
        """When each present learner joined; only of those who did after an instant."""
        ...


feature: Feature[WeekcardStore] = Feature("weekcard")
feature.keeps(
    KeptTable("weekcards", "That a week's card was shown to them", of="person"),
)
