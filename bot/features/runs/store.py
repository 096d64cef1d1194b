"""What this feature needs from the database: nothing. Others tell it their measures (`MEASURES`)."""

from typing import Protocol

from bot.core.feature import Feature


class RunsStore(Protocol):
    """It stores nothing."""


feature: Feature[RunsStore] = Feature("runs")
