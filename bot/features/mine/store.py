"""What this feature needs from the database: nothing. What is kept about people is what all features declare."""

from typing import Protocol

from bot.core.feature import Feature


class MineStore(Protocol):
    """Nothing is stored."""


feature: Feature[MineStore] = Feature("mine")
