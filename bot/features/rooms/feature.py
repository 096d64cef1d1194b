"""Quiet rooms: people work silently beside others, each on their own.

One post shows who is here and on what. It is edited in place, nobody else hears of it, and nothing of it outlasts the
run.
"""

from bot.features.rooms import coming, contributing, opening, reporting, wishes
from bot.features.rooms.store import feature

__all__ = ["coming", "contributing", "feature", "opening", "reporting", "wishes"]
