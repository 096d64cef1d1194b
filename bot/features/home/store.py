"""What home needs of the database: nothing."""

from typing import Protocol

from bot.core.feature import Feature


class HomeStore(Protocol):
    """Home keeps nothing."""


feature: Feature[HomeStore] = Feature("home")
