"""What this feature keeps: the addresses of calendar feeds. What else is kept about people, all features declare."""

from collections.abc import Mapping, Set
from datetime import datetime
from typing import Protocol

from bot.core.feature import Feature
from bot.core.keeping import KeptTable
from bot.core.translation import N_


class MineStore(Protocol):
    """One calendar feed for each person, at an address that is a secret."""

    def feed(self, person: int) -> datetime | None:
        """Since when a person has their feed at its address; None if they have none."""
        ...

    def renew_feed(self, person: int) -> str:
        """The secret of a new address; an earlier one leads nowhere any more."""
        ...

    def drop_feed(self, person: int) -> None: ...

    def owner(self, secret: str) -> int | None:
        """Whose feed has this secret."""
        ...

    def been(self, person: int) -> Mapping[int, Set[str]]:
        """The cohorts that a person is or was in, with their roles there."""
        ...


feature: Feature[MineStore] = Feature("mine")
feature.keeps(
    KeptTable("calendar_feeds", "That your dates can be subscribed to, at a secret address", of="person"),
    purpose=N_("So that your calendar has your dates"),
)
