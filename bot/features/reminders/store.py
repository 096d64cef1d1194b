"""What reminders keep."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Protocol

from bot.core.feature import Feature
from bot.core.keeping import KeptTable


class ReminderStore(Protocol):
    """People who want no reminders, and how many reminders people had. `had`: (person, Monday) -> how many came due in
    the week of that Monday, from `since` on."""

    def had(self, cohort: int, people: Collection[int], since: date) -> Mapping[tuple[int, date], int]: ...

    def sent(self, anchors: Collection[str]) -> set[str]:
        """Those of these reminders that were sent."""
        ...

    def waiting(self, anchors: Collection[str]) -> set[str]:
        """Those of these cards that wait for their hour or for the message budget."""
        ...

    def unwanted(self, people: Collection[int]) -> set[int]: ...

    def set_wanted(self, person: int, wanted: bool) -> None: ...


feature: Feature[ReminderStore] = Feature("reminders")
feature.keeps(
    KeptTable("no_reminders", "That they want no reminders", of="person"),
)
