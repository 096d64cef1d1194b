"""Discussions: what each module declares. A learner's post is theirs until the thread has it."""

from bot.features.discussions import closing, contributing, opening, posting, reading, replying, reporting
from bot.features.discussions.store import feature

__all__ = ["closing", "contributing", "feature", "opening", "posting", "reading", "replying", "reporting"]
