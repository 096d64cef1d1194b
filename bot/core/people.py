"""People, their accounts, and the cohorts that they are in."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.core.timetable import Timetable

UNKNOWN_ZONE = "Etc/Universal"
"""The zone of a person if the platform does not know theirs. It is valid but nobody picks it: people write UTC."""


class Role(StrEnum):
    LEARNER = "learner"
    INSTRUCTOR = "instructor"
    MANAGER = "manager"


LEARNERS = frozenset({Role.LEARNER})
INSTRUCTORS = frozenset({Role.INSTRUCTOR})
STAFF = frozenset({Role.INSTRUCTOR, Role.MANAGER})
MANAGERS = frozenset({Role.MANAGER})
MEMBERS = frozenset(Role)
ANYONE: frozenset[Role] = frozenset()
"""No role is required."""


@dataclass(frozen=True, slots=True)
class Account:
    """One way to reach a person: `user` is the platform's own id in the workspace."""

    workspace: str
    user: str

    @property
    def is_worldwide(self) -> bool:
        """Whether the same `user` in another workspace is the same person: platforms whose ids are snowflakes give one
        id to a person, whatever the workspace."""
        return all(re.fullmatch(r"[0-9]{17,20}", id) for id in (self.workspace, self.user))


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did something, as reported by the platform. `zone` is None if the platform does not know it.

    `groups` are the ids of the platform's groups or roles that they have, None if it did not say; `admin`: they
    administer the workspace there.
    """

    account: Account
    name: str
    zone: str | None = None
    groups: tuple[str, ...] | None = None
    admin: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A conversation: a channel or a direct one; `thread` is the id of the thread's root."""

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
    """`zone` is always valid: the one the person picked, else the platform's, else the cohort's. `hour` (0-23) is when
    they want to get messages."""

    id: int
    name: str
    zone: str
    hour: int = 9
    picked_zone: bool = False

    @property
    def greeted(self) -> str:
        """The name that they are greeted by. A handle that can be a name gets its capital (ingrid: Ingrid); '' for any
        other handle (ingrid.k, u0mia)."""
        if not re.fullmatch(r"[A-Za-z0-9._-]+", self.name):
            return self.name
        if self.name.isalpha():
            return self.name[0].upper() + self.name[1:]
        return "" if self.name == self.name.lower() or re.search(r"[0-9_]", self.name) else self.name


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel that a cohort uses, and its purpose: 'main', 'questions' or 'staff'. `lost_at`: since when we cannot
    write there; None if we can."""

    purpose: str
    place: Place
    lost_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Cohort:
    """A course that runs from a start date in a zone. Week 1 is the week of that date.

    `course_text` is this cohort's version of the course file. `ended_at` is None while it runs. `cut_short`: the
    manager who ended it chose to accept nothing more, whatever had been promised.
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
        """Until when something is accepted that opens and closes by itself at these instants; None: without an end.
        What was open and promised outlasts the end of a cohort, unless it was cut short."""
        if self.ended_at is None or (not self.cut_short and opens_at <= self.ended_at):
            return closes_at
        return min(closes_at, self.ended_at) if closes_at else self.ended_at

    @property
    def timetable(self) -> Timetable:
        """Its weeks."""
        return Timetable(self.starts_on, self.zone, self.holidays)

    def places(self, purpose: str) -> tuple[Place, ...]:
        """The cohort's channels for a purpose, one per workspace. Without a channel for questions the main one is
        used."""
        found = {c.place.workspace: c.place for c in self.channels if c.purpose == purpose}
        if purpose == "questions":
            found = {c.place.workspace: c.place for c in self.channels if c.purpose == "main"} | found
        return tuple(found.values())

    def place(self, purpose: str, near: str | None = None) -> Place | None:
        """The cohort's channel for a purpose: in the workspace `near`, else in its first one."""
        found = self.places(purpose)
        return next((p for p in found if p.workspace == near), found[0] if found else None)

    def lost_at(self, place: Place) -> datetime | None:
        """Since when what is posted in one of the cohort's channels waits; None if it does not."""
        return next((c.lost_at for c in self.channels if c.place == place), None)

    def week_on(self, day: date) -> int:
        """The number of the course week that a day belongs to: see `Timetable.week_on`."""
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
