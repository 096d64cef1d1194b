"""The course team's time: asked for on Friday's desk, and shown in totals."""

from bot.features.teamtime import reporting
from bot.features.teamtime.store import feature

__all__ = ["feature", "reporting"]
