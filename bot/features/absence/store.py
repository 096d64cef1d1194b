"""What absence keeps: values, and the store that the feature needs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from bot.core.contributions import Extra
from bot.core.feature import Feature
from bot.core.keeping import KeptTable
from bot.core.message import Button, Text
from bot.core.time import local_day
from bot.core.translation import N_


@dataclass(frozen=True, slots=True)
class Absence:
    """A learner is away from `starts_at` until `ends_at` (None: until they return).

    `last_day` is the last day away by their own clock, None if open-ended; `first_day` the first, if it was ahead when
    it was stored. `back_at` is when they were welcomed back, None until then.
    """

    id: int
    cohort: int
    person: int
    starts_at: datetime
    ends_at: datetime | None = None
    first_day: date | None = None
    last_day: date | None = None
    back_at: datetime | None = None

    def lies_ahead(self, now: datetime) -> bool:
        return self.starts_at > now

    def is_over(self, now: datetime) -> bool:
        return self.ends_at is not None and self.ends_at <= now

    def holds(self, now: datetime) -> bool:
        """Whether the learner is away at an instant."""
        return self.starts_at <= now and not self.is_over(now)

    def first(self, zone: str) -> date:
        """The first day away by the learner's clock."""
        return self.first_day or local_day(self.starts_at, zone)


@dataclass(frozen=True, slots=True)
class Silence:
    """A learner has not been heard from for long, and got the one card about it."""

    cohort: int
    person: int
    since: datetime

    @property
    def anchor(self) -> str:
        return f"silence/{self.cohort}/{self.person}/{self.since:%Y-%m-%d}"


@dataclass(frozen=True, slots=True)
class Window:
    """A milestone as one learner has it. `moved`: the days by which it was moved for them. `asked_until`: they asked
    for more time, and until then their work is not late."""

    milestone: str
    person: int
    opens_at: datetime
    due_at: datetime
    closes_at: datetime | None
    optional: bool
    handed_in: bool
    moved: int
    asked_until: datetime | None = None

    def in_time_until(self, grace: timedelta) -> datetime:
        return max(self.due_at + grace, self.asked_until or self.due_at)


@dataclass(frozen=True, slots=True)
class Step:
    """Something that a learner can do now, with its date, or without a `button` what they can do next. `name` is that
    of its deadline: 'milestone/draft'."""

    name: str
    text: Text
    button: Button | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a learner stands, for a catch-up card. `movable`: they may move a date by themselves. `lost`: what
    is accepted no more, and the course cannot be completed without it. `offers`: what this week asks besides its items,
    such as whether they come to a live session."""

    week: Text
    steps: Sequence[Step]
    movable: bool
    lost: Sequence[Text] = ()
    offers: Sequence[Extra] = ()


@dataclass(frozen=True, slots=True)
class Left:
    """What an absence leaves undone: `due` falls due, or closes, meanwhile; `last_chances` are required, and accepted
    no more when the learner is back; to `sessions` the learner has said yes."""

    due: Sequence[Text]
    last_chances: Sequence[Text]
    sessions: Sequence[Text] = ()


class AbsenceStore(Protocol):
    """What absence stores, and what it reads of other features' tables."""

    def add(self, absence: Absence) -> Absence:
        """Stores a new absence (its `id` is made here)."""
        ...

    def keep(self, absence: Absence) -> None: ...

    def drop(self, absence: int) -> None: ...

    def absence(self, absence: int) -> Absence | None: ...

    def own(self, cohort: int, person: int) -> Sequence[Absence]:
        """A learner's present and future absences, and those that ended without a welcome back so far; soonest
        first."""
        ...

    def absences(self, cohort: int) -> Mapping[int, Sequence[Absence]]:
        """The same, by learner."""
        ...

    def returned(self, cohort: int) -> Mapping[int, datetime]:
        """When each learner who was away last came back."""
        ...

    def ended(self, cohort: int, since: datetime) -> Sequence[Absence]:
        """The absences that ended since then."""
        ...

    def welcomed(self, cohort: int, people: Collection[int] | None) -> Mapping[int, int]:
        """Absence -> its person, of those of these people (None: of all) that are over."""
        ...

    def gone(self, cohort: int) -> frozenset[int]:
        """The learners who are away or silent now."""
        ...

    def windows(self, cohort: int, people: Collection[int]) -> Sequence[Window]:
        """These learners' milestones, soonest due first."""
        ...

    def heard(self, cohort: int) -> Mapping[int, datetime]:
        """When each member was last heard from, anywhere and in any way; not later than that."""
        ...

    def heard_in_public(self, cohort: int) -> Mapping[int, datetime]:
        """The same, for what they wrote in channels."""
        ...

    def hear(self, person: int, in_public: bool) -> Sequence[Silence]:
        """Stores that somebody was heard from, and ends their silences, which are returned."""
        ...

    def fall_silent(self, silences: Sequence[Silence]) -> None: ...

    def silences(self, cohort: int) -> Sequence[Silence]: ...

    def end_silence(self, silence: Silence) -> None: ...

    def note_interest(self, cohort: int, person: int) -> bool:
        """Stores that a learner wants to hear about the next run. Returns False if that is known."""
        ...

    def forget(self, cohort: int, person: int) -> None:
        """The learner has left: ends absence and silence."""
        ...


feature: Feature[AbsenceStore] = Feature("absence")
feature.keeps(
    KeptTable("absences", "That you were away, from when until when", of="person"),
    KeptTable("silences", "That you had not been heard for two weeks", of="person"),
    KeptTable("heard", "The day on which you were heard last, and last wrote in a channel", of="person"),
    KeptTable("next_run_interest", "That you would like the course's next run", of="person"),
    purpose=N_("So that nobody waits for you while you are away, and the course team sees who has gone quiet"),
)
