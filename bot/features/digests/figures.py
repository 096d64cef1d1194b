"""What the digests tell, as values: the figures of a cohort at an instant, and the store that counts them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.people import Cohort, Person


@dataclass(frozen=True, slots=True)
class Waiting:
    """A question without an answer that was marked. `taken_by` has said that they take it."""

    id: int
    text: str
    asked_at: datetime
    replies: int
    taken_by: int | None


@dataclass(frozen=True, slots=True)
class Asked:
    """When a question was asked, and first answered by somebody else."""

    at: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Common:
    """A question of the week, and how many wrote in its thread."""

    text: str
    replies: int


@dataclass(frozen=True, slots=True)
class Solved:
    """A question of the week with the answer that was marked."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class RoundFigures:
    """A wrap-up round: of how many it was asked, and how many answered."""

    week: int
    title: str
    asked: int
    answered: int
    open: bool


class DigestStore(Protocol):
    """Reads what the other features have written; keeps nothing itself."""

    def waiting(self, cohort: int, limit: int) -> Sequence[Waiting]:
        """Open questions, the oldest first."""
        ...

    def count_waiting(self, cohort: int, asked_before: datetime) -> int: ...

    def asked(self, cohort: int, since: datetime) -> Sequence[Asked]: ...

    def common(self, cohort: int, since: datetime, limit: int) -> Sequence[Common]:
        """Of those asked in public, the ones that most people wrote about."""
        ...

    def solved(self, cohort: int, since: datetime, limit: int) -> Sequence[Solved]:
        """Of those asked in public, the newest answers of learners."""
        ...

    def drafts(self, cohort: int) -> int:
        """FAQ entries that wait for a decision."""
        ...

    def approved(self, cohort: int, since: datetime) -> int: ...

    def rounds(self, cohort: int) -> Sequence[RoundFigures]:
        """Rounds that have opened, the newest first."""
        ...

    def active(self, cohort: int, start: datetime, end: datetime) -> frozenset[int]:
        """Who asked, replied or answered a wrap-up in [start, end)."""
        ...

    def joined_after(self, cohort: int, since: datetime) -> frozenset[int]: ...


@dataclass(frozen=True, slots=True)
class Desk:
    """What waits for an instructor in one cohort. `promised` hours: within how long questions shall be answered."""

    cohort: Cohort
    waiting: Sequence[Waiting]
    waiting_in_all: int
    takers: dict[int, str]
    drafts: int
    asked: int
    in_time: int
    promised: int
    week: "OwnWrapup | None" = None

    @property
    def is_empty(self) -> bool:
        return not self.waiting and not self.drafts and self.week is None


@dataclass(frozen=True, slots=True)
class OwnWrapup:
    """What the instructor's own weekly wrap-up could tell."""

    number: int
    common: Sequence[Common]
    answers: Sequence[Solved]
    next: str


@dataclass(frozen=True, slots=True)
class Overview:
    """A cohort's week, for its manager. `median` is the time to the first answer, None where none was given."""

    cohort: Cohort
    week: int
    weeks: int
    learners: int
    active: int
    active_before: int
    round: RoundFigures | None
    asked: int
    median_minutes: int | None
    overdue: int
    approved: int
    quiet: Sequence[Person]
