"""Digests: the instructor's desk, and the manager's one message a week.

They collect what features contribute, and know no other feature.
"""

from bot.features.digests import desk, downtime, letters, listing, pages, week
from bot.features.digests.store import feature

__all__ = ["desk", "downtime", "feature", "letters", "listing", "pages", "week"]
