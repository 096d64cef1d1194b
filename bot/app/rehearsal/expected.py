"""What a feature's module in `parts/` says to the checks."""

from dataclasses import dataclass
from datetime import date, datetime, time

from bot.core.timetable import Clockface


@dataclass(frozen=True, slots=True)
class Expected:
    """A card that a learner in a zone should get: on `day` at `clock`, by the clock of `face`; `until` it is of use.

    `begins` is how its first line begins.
    """

    begins: str
    day: date
    clock: time
    face: Clockface
    until: datetime


@dataclass(frozen=True, slots=True)
class Receipt:
    """A card whose anchor matches the expression `anchor`, with the button `todo`, is the receipt of something done
    once it has the button `undo` as well, unless it says `unfinished`. Nobody should be reminded of that afterwards."""

    anchor: str
    todo: str
    undo: str
    unfinished: str = ""
