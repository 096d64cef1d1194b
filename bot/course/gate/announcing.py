"""Where learners read of a session that passed."""

from datetime import date

from bot.core.message import shorten
from bot.core.time import say_day
from bot.core.translation import _


def on_the_card(title: str, week: int, day: date | None) -> str:
    """`day`: from when the card of its week has it; None: that week runs already."""
    of = {"title": shorten(title, 60), "week": week}
    if day is None:
        return _("Learners read of “{title}” on the card of week {week}, from now on.", **of)
    return _("Learners read of “{title}” on the card of week {week}, from {day}.", day=say_day(day), **of)
