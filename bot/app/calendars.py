"""Calendars in several zones, of a cohort or of a course file without a cohort."""

from collections.abc import Callable, Sequence
from datetime import time
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from sqlmodel import SQLModel

from bot.app.cohorts import turn_in
from bot.app.compose import make_registry, open_storage
from bot.core.calendar import calendar
from bot.core.contributions import Date
from bot.core.people import Cohort
from bot.core.time import WoundClock, at_wall
from bot.core.turn import Turn
from bot.runtime.turns import take_turn
from storage.unit import SqlStorage

T = TypeVar("T")


def of_cohort(storage: SqlStorage, code: str, zones: Sequence[str]) -> tuple[Cohort, list[list[Date]]]:
    """A cohort and its calendar in each zone; in the cohort's zone if none is given."""

    def look(turn: Turn[Any]) -> tuple[Cohort, list[list[Date]]]:
        return turn.here, [calendar(turn, turn.here, zone) for zone in zones or [turn.here.zone]]

    return turn_in(storage, make_registry(), code, "weekcard", look)


def of_course(cohort: Cohort, zones: Sequence[str], hour: int = 9) -> list[list[Date]]:
    """The calendar that a cohort would have."""
    return before_it_exists(cohort, lambda turn: [calendar(turn, cohort, zone, hour) for zone in zones])


def before_it_exists(cohort: Cohort, look: Callable[[Turn[Any]], T]) -> T:
    """What a turn finds about a cohort that does not exist yet, over an empty database."""
    clock = WoundClock(start=at_wall(cohort.starts_on, time(0), cohort.zone))
    with TemporaryDirectory(prefix="pacekeeper-empty-") as folder:
        storage = open_storage(f"sqlite:///{folder}/empty.db", clock)
        storage.throw_away()
        try:
            # Without the migrations, which take seconds, there is no search; nothing is found in an empty one.
            SQLModel.metadata.create_all(storage.engine)
            return storage.run_now(lambda unit: take_turn(make_registry(), unit, "weekcard", clock.now(), look))
        finally:
            storage.close()
