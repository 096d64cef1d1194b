"""What revisions keep: values, and the store that the feature needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from bot.core.feature import Feature
from bot.core.keeping import KeptTable
from bot.core.people import Cohort
from bot.core.timetable import Timetable
from bot.core.translation import N_
from bot.course.loader import course_of
from bot.course.model import Course

State = Literal["waiting", "asked", "used", "discarded"]


@dataclass(frozen=True, slots=True)
class Setup:
    """What a cohort runs by. `holidays`: day -> name, the public ones of `country` ('' for none) among them."""

    text: str
    starts_on: date
    zone: str
    holidays: Mapping[date, str]
    country: str = ""

    @property
    def course(self) -> Course:
        return course_of(self.text)

    @property
    def table(self) -> Timetable:
        return Timetable(self.starts_on, self.zone, frozenset(self.holidays))


@dataclass(frozen=True, slots=True)
class Version:
    """What a cohort ran by from `at` on, numbered from 1. `by` None: an operator; `at` None: before versions were
    kept."""

    number: int
    setup: Setup
    by: int | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed change. `base`: the number of the version that it was compared with (0: none). `asked`: it waits for
    the manager's word."""

    id: int
    base: int
    setup: Setup
    state: State
    by: int | None = None


class RevisionStore(Protocol):
    """The versions of a cohort's course and dates, and what is proposed."""

    def present(self, cohort: Cohort) -> Setup:
        """What the cohort runs by now."""
        ...

    def change(self, cohort: int, setup: Setup) -> None:
        """Sets what the cohort runs by from now on. The caller must publish `CohortPlanned`."""
        ...

    def number(self, cohort: int) -> int:
        """The number of the newest version, 0 where none was kept yet."""
        ...

    def versions(self, cohort: int) -> Sequence[Version]:
        """Newest first."""
        ...

    def add_version(self, cohort: int, setup: Setup, by: int | None, at: datetime | None) -> Version: ...

    def propose(self, cohort: int, base: int, setup: Setup, by: int | None) -> Proposal: ...

    def proposal(self, cohort: int, proposal: int) -> Proposal | None: ...

    def asked(self, cohort: int) -> Sequence[Proposal]:
        """Those that wait for the manager's word, oldest first."""
        ...

    def rebase(self, proposal: int, base: int, setup: Setup) -> None: ...

    def settle(self, proposal: int, state: State) -> None: ...

    def moved(self, cohort: int, person: int) -> Mapping[str, int]:
        """milestone -> by how many days its date was moved, for everybody and for this person."""
        ...


feature: Feature[RevisionStore] = Feature("revisions")
feature.keeps(
    KeptTable(
        "course_versions",
        "A version of a cohort's course file that you put into use",
        of="by",
        erasure="unnamed",
        why="the cohort runs by it",
    ),
    KeptTable(
        "course_proposals",
        "A change of a course file that you looked at",
        of="by",
        erasure="unnamed",
        why="the course team decides about it",
    ),
    purpose=N_("So that a course can change while it runs"),
)
