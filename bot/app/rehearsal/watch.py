"""What a feature's module in `parts/` watches for: that what people were told is so."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from types import ModuleType

from bot.app.rehearsal.cast import Persona
from bot.app.rehearsal.script import Line
from bot.core.people import Cohort
from bot.core.uptime import Outage


@dataclass(frozen=True, slots=True)
class Broken:
    """Something that a person was told, or agreed to, and that is not so."""

    who: str
    at: datetime
    what: str


class Watch:
    """Reads the whole transcript for one feature. Subclasses are in `parts/`, in the module with the feature's name.

    `people` are all who take part, and `outages` says when the bot was down. `first` is the cohort as it began, since
    its start and its zone may move.
    """

    outages: Sequence[Outage] = ()
    first: Cohort | None = None

    def __init__(self, people: Mapping[str, Persona]) -> None:
        self.people = people

    def hear(self, line: Line) -> None:
        """Handles a line of the transcript."""

    def broken(self, cohort: Cohort, until: datetime) -> Iterator[Broken]:
        """What was wrong in the end. `until`: when the cohort ended, or the rehearsal."""
        yield from ()


def watches(
    modules: Sequence[ModuleType],
    people: Mapping[str, Persona],
    outages: Sequence[Outage] = (),
    first: Cohort | None = None,
) -> list[Watch]:
    """One watch of each kind that these modules have."""
    values = (value for module in modules for value in vars(module).values())
    kinds = (v for v in values if isinstance(v, type) and issubclass(v, Watch) and v is not Watch)
    found = [kind(people) for kind in kinds]
    for watch in found:
        watch.outages, watch.first = outages, first
    return found


def named_in(text: str, people: Collection[Persona]) -> list[Persona]:
    """Those whose name is in a text, as a word."""
    return [p for p in people if _stands_in(text, p.name)]


def _stands_in(text: str, name: str) -> bool:
    parts = text.split(name)
    return any(not before[-1:].isalnum() and not after[:1].isalnum() for before, after in pairwise(parts))
