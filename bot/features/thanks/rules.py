"""Pure decisions about thanks."""

from datetime import UTC, datetime, timedelta

A_WEEK = 5
"""Maximum thanks of one person in seven days, few enough that each means something."""

USEFUL = timedelta(days=14)
"""How long it is useful to tell somebody."""


EVER = datetime(2000, 1, 1, tzinfo=UTC)
"""Before all thanks."""


def since(now: datetime) -> datetime:
    """From when on thanks count together."""
    return now - timedelta(days=7)
