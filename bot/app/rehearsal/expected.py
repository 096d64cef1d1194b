"""What a feature's module in `parts/` declares for the checks and the load."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from types import ModuleType
from typing import Any

from bot.core.timetable import Clockface


@dataclass(frozen=True, slots=True)
class Expected:
    """A card that a learner should get: on `day` at `clock` in the zone `face`; it is useful `until` then.

    `begins` is the first sentence of its heading.
    """

    begins: str
    day: date
    clock: time
    face: Clockface
    until: datetime


@dataclass(frozen=True, slots=True)
class Receipt:
    """A card with an anchor that matches `anchor` and with the button `todo` is a receipt once it also has the button
    `undo`, unless its text contains `unfinished`. After a receipt there must be no reminder."""

    anchor: re.Pattern[str]
    todo: str
    undo: str
    unfinished: str = ""


def declared(modules: Sequence[ModuleType], name: str) -> list[Any]:
    """The values of a name, from the modules that declare it."""
    return [getattr(module, name) for module in modules if hasattr(module, name)]
