"""Pure decisions about thanks."""

from datetime import datetime, timedelta

A_WEEK = 5
"""Thanks of one person in seven days: few enough that each means something."""

USEFUL = timedelta(days=14)
"""How long it is of use to tell somebody."""


def since(now: datetime) -> datetime:
    """From when on thanks count together."""
    return now - timedelta(days=7)
