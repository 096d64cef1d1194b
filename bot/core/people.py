"""People, their accounts, and the cohorts that they are in."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.core.timetable import Timetable

UNKNOWN_ZONE = "Etc/Universal"
"""The zone of a person whose platform knows none. It is usable as it is, and nobody picks it: they write UTC."""


class Role(StrEnum):
    LEARNER = "learner"
    INSTRUCTOR = "instructor"
    MANAGER = "manager"


LEARNERS = frozenset({Role.LEARNER})
STAFF = frozenset({Role.INSTRUCTOR, Role.MANAGER})
MANAGERS = frozenset({Role.MANAGER})
MEMBERS = frozenset(Role)
ANYONE: frozenset[Role] = frozenset()
"""No role is asked for."""


@dataclass(frozen=True, slots=True)
class Account:
    """One way to reach a person: `user` is the platform's own id in the workspace."""

    workspace: str
    user: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did something, as the platform tells it. `zone` is None where the platform does not know it.

    `groups` are the ids of the platform's own groups or roles that they have, None where it did not say; `admin`:
    they administer the workspace there.
    """

    account: Account
    name: str
    zone: str | None = None
    groups: tuple[str, ...] | None = None
    admin: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A conversation: a channel or a direct one; `thread` is the id of the message below which it hangs."""

    workspace: str
    channel: str
    thread: str | None = None
    direct: bool = False


@dataclass(frozen=True, slots=True)
class MessageRef:
    """A message on a platform."""

    workspace: str
    channel: str
    id: str


@dataclass(frozen=True, slots=True)
class Person:
    """`zone` is always usable: what the person picked, else what the platform knows, else the cohort's.
    `hour` (0-23) is when they like to be written to."""

    id: int
    name: str
    zone: str
    hour: int = 9
    picked_zone: bool = False


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel that a cohort uses, and for what: 'main', 'questions' or 'staff'."""

    purpose: str
    place: Place


@dataclass(frozen=True, slots=True)
class Cohort:
    """A course that runs from a start date (a Monday's week counts as week 1), in a zone.

    `course_text` is the course file as it stands for this cohort. `ended_at` is None while it runs; `cut_short`: at
    its end the manager chose to take nothing more, whatever had been promised.
    """

    id: int
    code: str
    title: str
    course_text: str
    zone: str
    starts_on: date
    channels: tuple[Channel, ...] = ()
    ended_at: datetime | None = None
    holidays: frozenset[date] = frozenset()
    cut_short: bool = False

    def taken_until(self, opens_at: datetime, closes_at: datetime | None) -> datetime | None:
        """Until when something is taken that opens and closes then by itself; None: without an end. An end of the
        cohort keeps what was open and promised, unless it was cut short."""
        if self.ended_at is None or (not self.cut_short and opens_at <= self.ended_at):
            return closes_at
        return min(closes_at, self.ended_at) if closes_at else self.ended_at

    @property
    def timetable(self) -> Timetable:
        """Its weeks."""
        return Timetable(self.starts_on, self.zone, self.holidays)

    def places(self, purpose: str) -> tuple[Place, ...]:
        """The cohort's channels for a purpose, one in each workspace; for questions the main one serves where there
        is no own one."""
        found = {c.place.workspace: c.place for c in self.channels if c.purpose == purpose}
        if purpose == "questions":
            found = {c.place.workspace: c.place for c in self.channels if c.purpose == "main"} | found
        return tuple(found.values())

    def place(self, purpose: str, near: str | None = None) -> Place | None:
        """The cohort's channel for a purpose: in the workspace `near`, else in its first one."""
        found = self.places(purpose)
        return next((p for p in found if p.workspace == near), found[0] if found else None)

    def week_on(self, day: date) -> int:
        """The number of the course week in which a day lies: see `Timetable.week_on`."""
        return self.timetable.week_on(day)

    @property
    def workspace(self) -> str | None:
        return self.channels[0].place.workspace if self.channels else None


@dataclass(frozen=True, slots=True)
class Membership:
    cohort: int
    person: int
    role: Role
    joined_at: datetime
