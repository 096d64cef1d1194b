"""What home needs from the database: nothing."""

from typing import Protocol

from bot.core.feature import Feature


class HomeStore(Protocol):
    """Home stores nothing."""


feature: Feature[HomeStore] = Feature("home")
