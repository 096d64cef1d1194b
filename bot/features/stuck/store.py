"""What this feature needs from the database: nothing. Others tell it what they know (`SNAGS`)."""

from typing import Protocol

from bot.core.feature import Feature


class StuckStore(Protocol):
    """It stores nothing."""


feature: Feature[StuckStore] = Feature("stuck")
