"""What thanks keep."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.feature import Feature
from bot.core.keeping import KeptTable
from bot.core.people import MessageRef


@dataclass(frozen=True, slots=True)
class Thanks:
    cohort: int
    giver: int
    receiver: int
    message: MessageRef
    at: datetime


class ThanksStore(Protocol):
    def add(self, thanks: Thanks) -> None: ...

    def given(self, cohort: int, person: int, since: datetime) -> Sequence[Thanks]:
        """The thanks that a person gave, oldest first."""
        ...

    def received(self, cohort: int, person: int, since: datetime) -> Sequence[Thanks]:
        """The thanks that a person received, oldest first."""
        ...

    def count(self, cohort: int, since: datetime, until: datetime) -> int: ...


feature: Feature[ThanksStore] = Feature("thanks")
feature.keeps(
    KeptTable(
        "thanks", "That they thanked somebody, or were thanked", of="giver", names=("receiver",), shown_to=("receiver",)
    ),
)
