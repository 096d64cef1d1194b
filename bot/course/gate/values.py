"""What the gate finds, and what it takes into account beside the session."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.core.advice import Code
from bot.core.timetable import Timetable
from bot.course.model import Live


@dataclass(frozen=True, slots=True)
class Failed:
    """What a session fails. `code` is stable; `key`: the key of the session that answers it.

    `question`: of a numbered question a clause, of a rule a sentence. `why` and `fix` are sentences; `fix` is written
    for the course file, `how` for people who read no keys, where they differ.
    `required`: whether it holds the session; what is not required is advice. `tried`: it is on trial. `exceeds`: its
    week would be longer than the budget. `lacks`: the minutes by which it fails.
    """

    code: Code
    key: str
    question: str
    why: str
    fix: str
    required: bool = True
    how: str = ""
    tried: bool = False
    exceeds: bool = False
    lacks: tuple[int, ...] = ()

    @property
    def number(self) -> int | None:
        """The number of the question; None: a rule beside the questions."""
        return int(self.code.removeprefix("gate-")) if self.code.startswith("gate-") else None


REFERENCE = Timetable(date(2026, 1, 5), "UTC")
"""Any Monday, for a course that has no cohort yet."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """The sessions that passed before, the cohort's weeks, and the zone of each learner. Without zones the cohort's
    clock counts for everybody. `promised`: the minutes a week that learners were told first, if a running course has
    risen above them since. `now`: what has begun by then is offered to nobody, but for the slots that learners were
    `told` of before, by the session's id."""

    passed: tuple[Live, ...] = ()
    table: Timetable = REFERENCE
    zones: tuple[str, ...] = ()
    promised: int | None = None
    now: datetime | None = None
    told: Mapping[str, Collection[datetime]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Settled:
    """What a cohort has settled about its sessions, by their ids. `announced`: learners know them, so they are asked
    before the others. `begun`: a slot of theirs has begun, so they count as they were promised, whatever the file has.
    `agreed`: the terms to which the manager said yes; None: to everything. `promised`: the minutes a week that learners
    were told first; None: the file's. `now` and `told`: see `Circumstances`."""

    announced: Collection[str] = ()
    begun: Mapping[str, Live] = field(default_factory=dict)
    agreed: Mapping[str, str] | None = None
    promised: int | None = None
    now: datetime | None = None
    told: Mapping[str, Collection[datetime]] = field(default_factory=dict)


UNSETTLED = Settled()


def listed(words: Sequence[str]) -> str:
    """Words in code: '`a`, `b`'."""
    return ", ".join(f"`{w}`" for w in words)
