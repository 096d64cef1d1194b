"""What reminders keep."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Protocol

from bot.core.feature import Feature
from bot.core.keeping import KeptTable
from bot.core.translation import N_


class ReminderStore(Protocol):
    """People who want no reminders, what reminders named, and how many reminders people had.

    `had`: (person, Monday) -> how many came due in the week of that Monday, from `since` on.
    """

    def had(self, cohort: int, people: Collection[int], since: date) -> Mapping[tuple[int, date], int]: ...

    def named(self, people: Collection[int]) -> Sequence[tuple[int, str, str]]:
        """(person, anchor, item's name): what the reminders of the last weeks named."""
        ...

    def keep_named(self, named: Collection[tuple[int, str, str]]) -> None: ...

    def unwanted(self, people: Collection[int]) -> set[int]: ...

    def set_wanted(self, person: int, wanted: bool) -> None: ...


feature: Feature[ReminderStore] = Feature("reminders")
feature.keeps(
    KeptTable("no_reminders", "That you want no reminders", of="person"),
    KeptTable("reminded", "Which things a reminder of yours named", of="person", until="60 days"),
    purpose=N_("So that you are reminded only of what is open"),
)
