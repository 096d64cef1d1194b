"""What self-checks keep: who tried which, and never what they wrote."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.feature import Feature
from bot.core.keeping import KeptTable
from bot.core.translation import N_


@dataclass(frozen=True, slots=True)
class Check:
    """A self-check of the course that has an answer. `key` is the same wherever its week moves; `number` counts from 0
    within the week."""

    key: str
    week: int
    number: int
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Try:
    """A learner tried a self-check. `seen` is the fingerprint of the answer that they see, '' before they look;
    `had_it` is what they say about their own try, None if nothing."""

    person: int
    key: str
    seen: str = ""
    had_it: bool | None = None


class SelfcheckStore(Protocol):
    def of(self, cohort: int, person: int) -> Mapping[str, Try]:
        """A learner's tries, by key."""
        ...

    def among(self, cohort: int, keys: Collection[str]) -> Sequence[Try]:
        """Everybody's tries of these self-checks."""
        ...

    def without(self, cohort: int, keys: Collection[str]) -> Sequence[Try]:
        """Everybody's tries of other self-checks than these."""
        ...

    def seen(self, cohort: int) -> set[tuple[str, str]]:
        """(key, fingerprint) of every answer that somebody sees."""
        ...

    def last(self, cohort: int, since: datetime, until: datetime) -> dict[int, datetime]:
        """Who tried one or looked at its answer from `since` until before `until`, and when last."""
        ...

    def keep(self, cohort: int, own: Try) -> None:
        """Stores what a learner did now."""
        ...

    def change(self, cohort: int, key: str, seen: str) -> None:
        """Everybody who sees an answer of this self-check sees the one with this fingerprint."""
        ...


def anchor(cohort: int, key: str, person: int) -> str:
    """The anchor of a learner's self-check in their direct messages."""
    return f"selfcheck/{cohort}/{key}/{person}"


feature: Feature[SelfcheckStore] = Feature("selfchecks")
feature.keeps(
    KeptTable(
        "selfchecks",
        "That you tried a self-check and when, which answer you saw, and whether you had it; not what you wrote",
        of="person",
    ),
    purpose=N_("So that you see which self-checks you tried"),
)
