"""A cohort that does not exist yet: what the features make of a course file, without a database."""

from collections.abc import Callable, Mapping, Sequence, Set
from datetime import datetime, time
from importlib import import_module
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from bot.app.features import make_registry
from bot.core.calendar import calendar
from bot.core.contributions import Date
from bot.core.people import Cohort
from bot.core.ports import Directory
from bot.core.time import at_wall
from bot.core.turn import Turn
from bot.runtime.ports import Schedule, Unit
from bot.runtime.turns import blank_turn

T = TypeVar("T")


def of_course(cohort: Cohort, zones: Sequence[str], hour: int = 9) -> list[list[Date]]:
    """The calendar that a cohort would have, in each zone."""
    return before_it_exists(cohort, lambda turn: [calendar(turn, cohort, zone, hour) for zone in zones])


def before_it_exists(cohort: Cohort, look: Callable[[Turn[Any]], T]) -> T:
    """What a turn finds about a cohort that does not exist yet, when it would start."""
    now: datetime = at_wall(cohort.starts_on, time(0), cohort.zone)
    return look(blank_turn(make_registry(), cast(Unit, Unstored()), "weekcard", now))


class Unstored:
    """The unit of work in which nothing is stored."""

    def __init__(self) -> None:
        self.known: dict[Any, Any] = {}
        self.people = cast(Directory, Empty(Directory))
        self.schedule = cast(Schedule, Empty(Schedule))

    def store(self, feature: str) -> Any:
        try:
            declared = import_module(f"bot.features.{feature}.store")
        except ModuleNotFoundError:
            return None
        (port,) = get_args(get_type_hints(declared)["feature"])
        return Empty(port)


class Empty:
    """A store of which nothing is known but its Protocol: it answers every question with what says 'nothing'."""

    def __init__(self, port: type) -> None:
        self._port = port

    def __getattr__(self, name: str) -> Callable[..., Any]:
        answer = get_type_hints(getattr(self._port, name))["return"]
        return lambda *asked, **named: nothing(answer)


def nothing(kind: Any) -> Any:
    """The value of a type that says 'nothing': an empty list, 0, None. Raises TypeError where there is none, as for
    what a change returns."""
    origin = get_origin(kind) or kind
    if (origin in (Union, UnionType) and NoneType in get_args(kind)) or kind is NoneType:
        return None
    if origin is tuple:
        return tuple(nothing(part) for part in get_args(kind) if part is not Ellipsis)
    if origin in (bool, int, float, str):
        return origin()
    if isinstance(origin, type) and issubclass(origin, Mapping | Set | Sequence):
        return {} if issubclass(origin, Mapping) else frozenset() if issubclass(origin, Set) else ()
    raise TypeError(f"nothing is stored, so there is no {kind}")
