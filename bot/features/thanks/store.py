"""What thanks keep."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.feature import Feature
from bot.core.keeping import Columns, KeptTable
from bot.core.people import MessageRef
from bot.core.translation import N_


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

    def thanked(self, cohort: int, since: datetime, until: datetime) -> Collection[int]:
        """Who received thanks from `since` until before `until`."""
        ...

    def naming(self, cohort: int) -> Mapping[int, bool | None]:
        """What people said to being named among those who are thanked; None: they were asked and have not said."""
        ...

    def set_naming(self, cohort: int, person: int, agreed: bool | None) -> None: ...


feature: Feature[ThanksStore] = Feature("thanks")
feature.keeps(
    KeptTable(
        "thanks",
        "That you thanked somebody, or were thanked",
        of="giver",
        names=("receiver",),
        shown_to=("receiver",),
        columns=(Columns(("id", "cohort", "workspace", "channel", "message", "at"), read_by=("giver", "receiver")),),
    ),
    KeptTable("thanks_naming", "Whether you may be named among those who were thanked", of="person"),
    purpose=N_("So that thanks arrive"),
)
