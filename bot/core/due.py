"""What falls due: the instants that features plan, as values. Each is one row, identified by its names."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class CatchUp:
    """What happens to instants that passed while the bot was off.

    Up to `within` they happen late; later than that they are left out. `fold`: of several for one subject only the
    newest happens. `after_end`: they also happen in a cohort that has ended. `title`: what the course team reads about
    those that were left out ('Reminders'); it can still have them done. Without a title nobody is asked.
    `by_day`: they post in a channel, so they wait for the cohort's `messages.hours`.
    """

    within: timedelta
    fold: bool = False
    after_end: bool = False
    title: str = ""
    by_day: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """`kind` ('feature.name') happens to `subject` at `at`.

    (kind, subject, occurrence) is unique: planning it again moves it as long as it has not happened, and changes
    nothing afterwards. `person` is the one who will get a message of its own, if anybody: the voice keeps a place for
    it, so leave it out for a card that rides.
    """

    kind: str
    subject: str
    occurrence: str
    at: datetime
    cohort: int = 0
    person: int | None = None


@dataclass(frozen=True, slots=True)
class Unplan:
    """Takes back what is planned of `kind` in the cohort; with `subject` or `person` only theirs."""

    kind: str
    cohort: int
    subject: str | None = None
    person: int | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A due instant. `at` is when it was planned for, never later than now."""

    kind: str
    subject: str
    occurrence: str
    at: datetime
    cohort: int
    person: int | None = None

    @property
    def whose(self) -> int | None:
        """The person whom it concerns: `person`, or the one in a subject 'cohort/person' or 'cohort/person/try'."""
        cohort, person, *_ = [*self.subject.split("/"), ""]
        return self.person or (int(person) if cohort == str(self.cohort) and person.isdecimal() else None)
