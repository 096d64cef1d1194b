"""A moment of a course week: a weekday and a wall time on a given clock."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.core.timetable import Clockface as Clockface
from bot.core.timetable import Timetable

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True)
class Moment:
    """`weekday` is 0 for Monday. `week` (from 1) is set only if the file names another week than the item's."""

    weekday: int
    time: time
    zone: Clockface = "learner"
    week: int | None = None

    def at(
        self,
        table: Timetable,
        week: int,
        learner_zone: str,
        *,
        after: datetime | None = None,
        later: timedelta = timedelta(0),
    ) -> datetime:
        """The instant (UTC) of this moment in a course week. The moment's own `week` takes precedence.

        `Timetable.at` explains holidays, `after` and `later`; `bot.core.time.resolve` daylight-saving changes.
        """
        return table.at(self.week or week, self.weekday, self.time, self.zone, learner_zone, after=after, later=later)

    def wall(self) -> timedelta:
        """The time from the start of the week to the moment, on its own clock."""
        return timedelta(days=self.weekday, hours=self.time.hour, minutes=self.time.minute)

    def __str__(self) -> str:
        """As the course file writes it, in full: 'Sun 23:59 aoe'."""
        prefix = f"week {self.week} " if self.week else ""
        return f"{prefix}{WEEKDAYS[self.weekday]} {self.time:%H:%M} {self.zone}"
