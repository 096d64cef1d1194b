"""What the week card works with: values, and the store that the feature needs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.core.contributions import Item
from bot.core.feature import Feature
from bot.core.items import LateEnd
from bot.core.keeping import KeptTable
from bot.core.translation import N_

EVERYBODY = 0
"""The person under which stores keep the post for the whole cohort."""


def card(cohort: int, week: int, person: int) -> str:
    """The anchor of a learner's card."""
    return f"week/{cohort}/{week}/{person}"


@dataclass(frozen=True, slots=True)
class Own:
    """The parts of a week's card that differ from learner to learner, although most learners share them.

    `items` are those of the week. `carried` are undone ones of earlier weeks that are due about now, and essential ones
    that are still accepted late; `lost` is what matters and is accepted no more. `apart`: items with a card of their
    own, as text for learners who are short of time. `optional_before`: a late joiner's first card says that the weeks
    before this one are optional; 0 on all others. `more`: how many others there are. `last`: it is the last week's, and
    `late_end` is until when what is still missing is accepted.
    """

    items: tuple[Item, ...] = ()
    carried: tuple[Item, ...] = ()
    apart: str = ""
    optional_before: int = 0
    more: int = 0
    last: bool = False
    late_end: LateEnd | None = None
    lost: tuple[Item, ...] = ()


class WeekcardStore(Protocol):
    """What the week card needs stored and read. Methods that take several people query the database once; `people` None
    means everybody."""

    def prints(self, cohort: int, week: int, people: Collection[int] | None = None) -> Mapping[int, str]:
        """The fingerprints of a week's cards that were handed out, by person, and of the cohort's post (`EVERYBODY`).
        The voice may have dropped a card: `turn.links.shown` says which came."""
        ...

    def had(self, cohort: int, weeks: Collection[int], people: Collection[int] | None = None) -> set[tuple[int, int]]:
        """(week, person) of every card that was handed out (`EVERYBODY`: of every post)."""
        ...

    def weeks(self, cohort: int) -> Sequence[int]:
        """The weeks with a card that was handed out, or a post, in order."""
        ...

    def keep(self, cohort: int, week: int, prints: Mapping[int, str]) -> None:
        """Stores the present fingerprints of cards, by person."""
        ...

    def forget(self, cohort: int, week: int, people: Collection[int]) -> None:
        """Forgets that a card of the week was handed out to them."""
        ...

    def had_one(self, cohort: int, before: int, people: Collection[int]) -> set[int]:
        """Those to whom a card of a week before `before` was handed out."""
        ...


feature: Feature[WeekcardStore] = Feature("weekcard")
feature.keeps(
    KeptTable("weekcards", "That a week's card was made for you, and when it last changed", of="person"),
    purpose=N_("So that your week's card stays true"),
)
