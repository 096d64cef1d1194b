"""Scenarios: a learner plays a story from the week card or their own page, as often as they like."""

from bot.features.scenarios import contributing, playing, reporting
from bot.features.scenarios.store import feature

__all__ = ["contributing", "feature", "playing", "reporting"]
