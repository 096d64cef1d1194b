"""How many days more people have for what a course asks of them. Every feature with dates reads it here."""

from collections.abc import Iterable
from typing import Any

from bot.core.contributions import MORE_TIME, Given
from bot.core.people import Cohort
from bot.core.turn import Turn


class MoreTime:
    """The days given in a cohort."""

    def __init__(self, given: Iterable[Given] = ()) -> None:
        self._days: dict[tuple[str, int], int] = {(one.item, one.person): one.days for one in given}
        self.people = {person for _item, person in self._days if person}
        """Who has days of their own."""

    def always(self, item: str, person: int) -> int:
        """The days that this person has on everything, or kept of that for this item if it is more."""
        return max(self._days.get(("", person), 0), self._days.get((f"kept/{item}", person), 0))

    def own(self, item: str, person: int) -> int:
        """The days that this person alone has for an item: those for it, and those for everything."""
        return self._days.get((item, person), 0) + self.always(item, person) if person in self.people else 0

    def most(self, item: str) -> int:
        """The days by which an item closes later for whoever has most."""
        return max(self.days(item, person) for person in (0, *self.people))

    def days(self, item: str, person: int = 0) -> int:
        """The days by which an item closes later for this person, or (0) for everybody."""
        return self._days.get((item, 0), 0) + self.own(item, person)


def more_time(turn: Turn[Any], cohort: Cohort) -> MoreTime:
    return MoreTime(turn.collect(MORE_TIME, cohort))
