"""What completion works with: values, and the store that the feature needs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.core.contributions import Credit, OpenEnd, Promise
from bot.core.feature import Feature
from bot.core.keeping import KeptTable
from bot.core.people import Person
from bot.core.translation import N_


def final_card(cohort: int, person: int) -> str:
    """The anchor of a learner's final card."""
    return f"final/{cohort}/{person}"


@dataclass(frozen=True, slots=True)
class Certificate:
    """A person completed a course: name and title as they were then, and the days of the run. `shown_at`: when its page
    was published for people with the code; None: it has no page."""

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
    """A learner, and their progress in each part of the completion rule."""

    person: Person
    credits: tuple[Credit, ...]
    certificate: Certificate | None

    @property
    def asks(self) -> bool:
        """Whether the course asks for anything; otherwise nobody completes it."""
        return any(c.needed for c in self.credits)

    @property
    def complete(self) -> bool:
        return self.asks and all(c.complete for c in self.credits)

    @property
    def can_complete(self) -> bool:
        """Whether what is still accepted suffices for the certificate."""
        return self.asks and all(c.done + c.taken >= c.needed for c in self.credits)

    @property
    def takes_more(self) -> bool:
        return any(c.taken for c in self.credits)

    @property
    def completed_at(self) -> datetime | None:
        """When the last needed piece came; None while something is missing."""
        times = [c.done_at for c in self.credits if c.done_at is not None]
        return max(times, default=None) if self.complete else None

    @property
    def completed(self) -> bool:
        """A certificate is valid even if something was taken back later."""
        return self.certificate is not None or self.complete


@dataclass(frozen=True, slots=True)
class Points:
    """How many learners of a cohort were at each point (`rules.point`) at an instant."""

    at: datetime
    learners: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What ending the cohort would do: new and updated cards, and new certificates. `later`: how many are away, and get
    their card when they are back. `promises`: what learners were told is still accepted, with their names;
    `open_ends`: what else is open."""

    cards: int
    later: int
    certificates: int
    begun: bool
    promises: tuple[tuple[Promise, tuple[Person, ...]], ...] = ()
    open_ends: tuple[OpenEnd, ...] = ()


class CompletionStore(Protocol):
    """What completion stores. Methods that take several people query the database once."""

    # Final cards and certificates

    def told(self, cohort: int, people: Collection[int] | None = None) -> frozenset[int]:
        """Those (of some people) who got their final card, or will get it from the voice."""
        ...

    def tell(self, cohort: int, people: Collection[int]) -> None: ...

    def untell(self, cohort: int, people: Collection[int]) -> None:
        """The course runs again: these learners get another final card."""
        ...

    def certificates(self, cohort: int, people: Collection[int]) -> Mapping[int, Certificate]:
        """By person."""
        ...

    def certificate(self, code: str) -> Certificate | None: ...

    def issue(self, certificate: Certificate) -> None: ...

    def certificates_of(self, person: int) -> Sequence[Certificate]:
        """All of a person, newest first."""
        ...

    def show(self, code: str, at: datetime | None) -> None:
        """Publishes a certificate's page, or (None) removes it."""
        ...

    def note_try(self, person: int) -> None:
        """Records that a person tried an unknown code."""
        ...

    def tries(self, person: int, since: datetime) -> int: ...

    def choose(self, letters: Sequence[str]) -> str:
        """A random one, for codes."""
        ...

    # Progress

    def points(self, cohort: int) -> Points | None:
        """The last count; None if nobody was counted."""
        ...

    def count(self, cohort: int, points: Points) -> None: ...

    # The end of a cohort

    def end_cohort(self, cohort: int, cut_short: bool = False) -> None: ...

    def reopen_cohort(self, cohort: int) -> None: ...

    def accounts(self, cohort: int, workspace: str | None) -> Mapping[int, str]:
        """An account of each person of the cohort: in this workspace if there is one."""
        ...


feature: Feature[CompletionStore] = Feature("completion")
feature.keeps(
    KeptTable("certificates", "A certificate of yours, with the name on it", of="person"),
    KeptTable("code_tries", "That you tried a certificate's code that there is not", of="person", until="a day"),
    KeptTable("final_cards", "That you got your final card", of="person"),
    KeptTable("progress_points", "How many learners of a cohort are at each point of the course"),
    purpose=N_("So that you get your certificate"),
)
