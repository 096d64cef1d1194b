"""Discussions: what each module declares. A learner's post is theirs until the thread has it."""

from bot.features.discussions import contributing, grouping, opening, posting, reading, replying, reporting, talking
from bot.features.discussions.store import feature

__all__ = ["contributing", "feature", "grouping", "opening", "posting", "reading", "replying", "reporting", "talking"]
