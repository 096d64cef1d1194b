"""What completion works with: values, and the store that the feature needs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.core.feature import Feature
from bot.core.keeping import KeptTable
from bot.core.people import Person


def final_card(cohort: int, person: int) -> str:
    """The anchor of a learner's final card."""
    return f"final/{cohort}/{person}"


@dataclass(frozen=True, slots=True)
class Window:
    """A milestone as one learner has it. `closes_at`: the end of late work, None where there is none."""

    opens_at: datetime
    due_at: datetime
    closes_at: datetime | None
    optional: bool


@dataclass(frozen=True, slots=True)
class Round:
    """A wrap-up of the cohort that was asked, or is still to come."""

    id: int
    week: int
    title: str


@dataclass(frozen=True, slots=True)
class Record:
    """What one learner was asked for, and has done.

    `windows` and `work` go by the milestone's id, `work` with when it was first handed in; `rounds` are those that
    were theirs, `answered` says when.
    """

    windows: Mapping[str, Window]
    work: Mapping[str, datetime]
    rounds: Sequence[Round]
    answered: Mapping[int, datetime]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the completion rule: `done` of `needed`. `done_at`: when the last that was needed came."""

    needed: int
    done: int
    done_at: datetime | None = None

    @property
    def complete(self) -> bool:
        return self.done >= self.needed


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a learner has come. `missing` and `unanswered` could still be counted, in the order of the course;
    `essential`: the rule names essential milestones."""

    milestones: Part
    wrapups: Part
    essential: bool
    missing: tuple[str, ...] = ()
    unanswered: tuple[Round, ...] = ()

    @property
    def asks(self) -> bool:
        """Whether the course asks for anything at all; one that does not is completed by nobody."""
        return self.milestones.needed + self.wrapups.needed > 0

    @property
    def complete(self) -> bool:
        return self.asks and self.milestones.complete and self.wrapups.complete

    @property
    def completed_at(self) -> datetime | None:
        """When the last piece came that was needed; None while something is missing."""
        times = [p.done_at for p in (self.milestones, self.wrapups) if p.done_at is not None]
        return max(times, default=None) if self.complete else None


@dataclass(frozen=True, slots=True)
class Certificate:
    """That a person completed a course: name and title as they were then, and the days of the run. `shown_at`: since
    when it has a page for whoever knows the code; None: it has none."""

    code: str
    cohort: int
    person: int
    name: str
    course: str
    issued_at: datetime
    started_on: date
    ended_on: date
    shown_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A learner, and how far they have come."""

    person: Person
    record: Record
    progress: Progress
    certificate: Certificate | None

    @property
    def completed(self) -> bool:
        """A certificate stands, even where something was taken back later."""
        return self.certificate is not None or self.progress.complete


@dataclass(frozen=True, slots=True)
class Promise:
    """What some learners were told is still taken: a milestone's work or (`milestone` empty) late wrap-ups.
    `own`: by a date of their own. `closes_at` None: without an end."""

    milestone: str
    due_at: datetime | None
    closes_at: datetime | None
    own: bool
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many questions have no answer, how many have replies and are not settled, and how many notes to the course
    team nobody has read."""

    unanswered: int = 0
    replied: int = 0
    notes: int = 0


@dataclass(frozen=True, slots=True)
class Outlook:
    """What ending the cohort would do: whose card would be shown anew or at all, new certificates, and what learners
    were promised that an end could cut short. `unopened`: titles of milestones that would never open; `rounds`: titles
    of wrap-ups that are open."""

    cards: int
    certificates: int
    begun: bool
    promises: tuple[Promise, ...] = ()
    asked: Waiting = Waiting()
    unopened: tuple[str, ...] = ()
    rounds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """When a question was asked, and first answered by somebody else."""

    at: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class RoundResult:
    """A wrap-up round that was asked. `answered`: by whom; `stuck`: who wrote something for the instructors alone."""

    prompt: str
    week: int
    closes_at: datetime
    answered: frozenset[int]
    stuck: frozenset[int]


@dataclass(frozen=True, slots=True)
class MilestoneResult:
    """What became of a milestone: of `asked` learners so many handed in; `hours_late` of those that were late.
    `moved`: learners whose date was moved; `moved_for_all`: by how many days it was for everybody."""

    asked: int
    handed_in: int
    hours_late: tuple[float, ...]
    moved: int
    moved_for_all: int


class CompletionStore(Protocol):
    """What completion keeps, and what it reads of the other features' tables. Whatever takes several people asks the
    database once."""

    # Progress

    def records(self, cohort: int, people: Collection[int]) -> Mapping[int, Record]:
        """For each of these people. A wrap-up that nobody was asked (paused, or swallowed by downtime) is left out."""
        ...

    def last_dates(self, cohort: int, people: Collection[int]) -> Mapping[int, tuple[datetime | None, datetime | None]]:
        """(last due date of a milestone, last close of a wrap-up) of each of them; None where there is none."""
        ...

    # Final cards and certificates

    def told(self, cohort: int, people: Collection[int] | None = None) -> frozenset[int]:
        """Who (of some people) got their final card, or will by the voice."""
        ...

    def tell(self, cohort: int, people: Collection[int]) -> None: ...

    def gone(self, cohort: int) -> frozenset[int]:
        """Who is away or silent now: they are told nothing unasked."""
        ...

    def certificates(self, cohort: int, people: Collection[int]) -> Mapping[int, Certificate]:
        """By person."""
        ...

    def certificate(self, code: str) -> Certificate | None: ...

    def issue(self, certificate: Certificate) -> None: ...

    def certificates_of(self, person: int) -> Sequence[Certificate]:
        """All of a person, the newest first."""
        ...

    def show(self, code: str, at: datetime | None) -> None:
        """Gives a certificate its page, or (None) takes it away."""
        ...

    def note_try(self, person: int) -> None:
        """Records that a person tried an unknown code."""
        ...

    def tries(self, person: int, since: datetime) -> int: ...

    def choose(self, letters: Sequence[str]) -> str:
        """One of several, by chance: for codes."""
        ...

    # The end of a cohort

    def end_cohort(self, cohort: int, cut_short: bool = False) -> None: ...

    def reopen_cohort(self, cohort: int) -> None: ...

    def moved(self, cohort: int) -> frozenset[tuple[str, int]]:
        """(milestone, person) of dates that were moved for one learner."""
        ...

    def waiting(self, cohort: int) -> Waiting: ...

    def open_rounds(self, cohort: int) -> Sequence[str]:
        """The titles of the wrap-ups that are open."""
        ...

    def accounts(self, cohort: int, workspace: str | None) -> Mapping[int, str]:
        """The account of each person of the cohort: the one in this workspace where there is one."""
        ...

    def active(self, cohort: int, start: datetime, end: datetime) -> frozenset[int]:
        """Who asked, replied, answered a wrap-up or handed in during [start, end)."""
        ...

    def asked(self, cohort: int) -> Sequence[Asked]: ...

    def rounds(self, cohort: int) -> Sequence[RoundResult]:
        """Those that were asked, by week."""
        ...

    def milestones(self, cohort: int, people: Collection[int]) -> Mapping[str, MilestoneResult]: ...

    def faq(self, cohort: int, title: str) -> str:
        """What stands in the FAQ from this run, as one Markdown page."""
        ...


feature: Feature[CompletionStore] = Feature("completion")
feature.keeps(
    KeptTable("certificates", "A certificate of theirs, with the name on it", of="person"),
    KeptTable("code_tries", "That they tried a certificate's code that there is not", of="person", until="a day"),
    KeptTable("final_cards", "That they got their final card", of="person"),
)
