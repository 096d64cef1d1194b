"""What a feature's module in `parts/` watches for: that what people were told is so."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import ModuleType
from typing import Literal

from bot.app.rehearsal.cast import Persona
from bot.app.rehearsal.script import Line
from bot.core.people import Cohort
from bot.core.uptime import Outage


@dataclass(frozen=True, slots=True)
class Broken:
    """Something that a person was told, or agreed to, and that is not so. 'held': something that the course file has,
    and these learners could not be offered."""

    who: str
    at: datetime
    what: str
    kind: Literal["broken", "held"] = "broken"


class Watch:
    """Reads the whole transcript for one feature. Subclasses are in `parts/`, in the module with the feature's name.

    `people` are all who take part, and `outages` says when the bot was down. `first` is the cohort as it began, since
    its start and its zone may move. `zone`: where somebody lives at an instant, if it is not known from `people`.
    """

    outages: Sequence[Outage] = ()
    first: Cohort | None = None
    zone: Callable[[str, datetime], str] | None = None

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
    zone: Callable[[str, datetime], str] | None = None,
) -> list[Watch]:
    """One watch of each kind that these modules have."""
    values = (value for module in modules for value in vars(module).values())
    kinds = (v for v in values if isinstance(v, type) and issubclass(v, Watch) and v is not Watch)
    found = [kind(people) for kind in kinds]
    for watch in found:
        watch.outages, watch.first, watch.zone = outages, first, zone
    return found


def named_in(text: str, people: Collection[Persona]) -> list[Persona]:
    """Those whose name is in a text, as a word: 'Mia 2' does not name Mia."""
    longest_first = sorted({p.name for p in people}, key=len, reverse=True)
    found = set(re.findall(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", text))
    return [p for p in people if p.name in found]
