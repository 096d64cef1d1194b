"""What the digests tell: values, and the store that the feature needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.feature import Feature
from bot.core.people import Cohort, Person
from bot.core.ports import Suggest, Suggestion


@dataclass(frozen=True, slots=True)
class Waiting:
    """A question without an answer that was marked. `taken_by` has said that they take it; `asker` is None where it
    was asked without a name."""

    id: int
    text: str
    asked_at: datetime
    replies: int
    taken_by: int | None
    asker: int | None


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
    """A wrap-up round that has opened, and who has answered it. `closes_at` is by the cohort's clock."""

    week: int
    closes_at: datetime
    answered: frozenset[int]


@dataclass(frozen=True, slots=True)
class ToReview:
    """FAQ entries that wait: `flagged` because their source changed, `unverified` because nobody has checked them for
    this run, or for long."""

    flagged: int = 0
    unverified: int = 0
    drafts: int = 0

    @property
    def number(self) -> int:
        return self.flagged + self.unverified + self.drafts


@dataclass(frozen=True, slots=True)
class Topic:
    """An entry of the FAQ, or a draft of one (`draft`), and how many people asked it."""

    id: int
    title: str
    askers: int
    draft: bool = False


SEARCHED_BY = 2
"""People from whom on words that were searched in vain are shown: what one person looks up is their own."""


@dataclass(frozen=True, slots=True)
class FaqWeek:
    """What happened to the FAQ since some day. `corrected`: (entry, its title, what happened). `missed`: what at least
    SEARCHED_BY people searched in vain, and how many they were."""

    approved: int = 0
    drafted: int = 0
    asked_most: Sequence[Topic] = ()
    corrected: Sequence[tuple[int, str, str]] = ()
    missed: Sequence[tuple[str, int]] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.approved or self.drafted or self.asked_most or self.corrected or self.missed)


class DigestStore(Suggest, Protocol):
    """Reads what the other features have written; keeps nothing itself."""

    def waiting(self, cohort: int, limit: int) -> Sequence[Waiting]:
        """Open questions, the oldest first."""
        ...

    def notes(self, cohort: int, limit: int) -> Sequence[Waiting]:
        """Notes to the course team that nobody has replied to or marked as read, the oldest first."""
        ...

    def count_waiting(self, cohort: int, asked_before: datetime) -> int: ...

    def asked(self, cohort: int, since: datetime) -> Sequence[Asked]: ...

    def common(self, cohort: int, since: datetime, limit: int) -> Sequence[Common]:
        """Of those asked in public, the ones that most people wrote about."""
        ...

    def solved(self, cohort: int, since: datetime, limit: int) -> Sequence[Solved]:
        """Of those asked in public, the newest answers of learners."""
        ...

    def to_review(self, cohort: int, course: str, stale_before: datetime) -> ToReview:
        """FAQ entries that wait for the course team."""
        ...

    def approved(self, cohort: int, since: datetime) -> int: ...

    def faq_week(self, cohort: int, course: str, since: datetime, limit: int) -> FaqWeek:
        """What is new, asked most, corrected, and searched in vain, for the team of a cohort; so many of each."""
        ...

    def last_round(self, cohort: int) -> RoundFigures | None:
        """The round that opened last."""
        ...

    def recording(self, cohort: int, week: int) -> str:
        """The link to the instructor's video of a week; '' where there is none."""
        ...

    def active(self, cohort: int, start: datetime, end: datetime) -> frozenset[int]:
        """Who asked, replied, answered a wrap-up or handed in during [start, end)."""
        ...

    def heard_after(self, cohort: int, since: datetime) -> frozenset[int]:
        """Who did anything at all, a press included, or was away, after `since`."""
        ...

    def joined_after(self, cohort: int, since: datetime) -> frozenset[int]: ...


@dataclass(frozen=True, slots=True)
class Desk:
    """What waits for an instructor in one cohort.

    `promised` hours: within how long questions shall be answered; `late`: how many have waited longer. `names` are
    those of askers and takers. `known`: question -> the entry of the FAQ that answers it, most likely.
    """

    cohort: Cohort
    waiting: Sequence[Waiting]
    waiting_in_all: int
    late: int
    names: Mapping[int, str]
    known: Mapping[int, Suggestion]
    to_review: ToReview
    asked: int
    in_time: int
    promised: int
    week: "OwnWrapup | None" = None
    faq: FaqWeek = FaqWeek()
    notes: Sequence[Waiting] = ()

    @property
    def is_empty(self) -> bool:
        return (
            not self.waiting
            and not self.notes
            and not self.to_review.number
            and self.week is None
            and self.faq.is_empty
        )


@dataclass(frozen=True, slots=True)
class OwnWrapup:
    """What the instructor's own weekly wrap-up could tell."""

    number: int
    common: Sequence[Common]
    answers: Sequence[Solved]
    next: str


@dataclass(frozen=True, slots=True)
class Overview:
    """A cohort's week, for its manager. `median` is the time to the first answer, None where none was given.

    `round_week` is that of the last wrap-up: of `round_active` learners who were heard in the seven days up to its
    close (or up to now), `round_answered` answered it.
    """

    cohort: Cohort
    week: int
    weeks: int
    learners: int
    active: int
    active_before: int
    round_week: int | None
    round_active: int
    round_answered: int
    asked: int
    median_minutes: int | None
    overdue: int
    approved: int
    quiet: Sequence[Person]


feature: Feature[DigestStore] = Feature("digests")
