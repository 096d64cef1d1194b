"""What enrolment keeps: values, and the store that the feature needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.feature import Feature
from bot.core.people import Account, Place, Role


@dataclass(frozen=True, slots=True)
class GroupRole:
    """A group of the platform whose people have a role in a cohort. `name` is what it was called when it was bound."""

    cohort: int
    workspace: str
    group: str
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class LoggedAct:
    """A privileged act. `by` is None for the operator and for what happened by itself."""

    id: int
    at: datetime
    by: str | None
    act: str


class EnrolmentStore(Protocol):
    """What enrolment keeps. It is the one writer of cohorts, memberships and settings."""

    def cohort_by_join_code(self, join_code: str) -> int | None: ...

    def join_code(self, cohort: int) -> str: ...

    def choose(self, letters: Sequence[str]) -> str:
        """A random choice, for codes."""
        ...

    def add_member(self, cohort: int, person: int, role: Role, through: str = "") -> bool:
        """Makes a person a member, `through` a group of the platform or by hand. Returns False if they already had this
        role."""
        ...

    def may_return(self, cohort: int, person: int, role: Role, through: str) -> bool:
        """Whether a group may give a person a role: they never had it, or lost it with that group. People who left by
        themselves are not brought back."""
        ...

    def end_membership(self, cohort: int, person: int, role: Role | None = None, by_group: bool = False) -> None:
        """Ends a membership, in one role or in all. `by_group`: the group may give it again."""
        ...

    def came_and_went(self, cohort: int, since: datetime) -> tuple[int, int]:
        """How many learners joined since then, and how many left."""
        ...

    def roles_of_groups(self, workspace: str) -> Sequence[GroupRole]:
        """The groups of a workspace that give a role in a running cohort."""
        ...

    def groups_of(self, cohort: int) -> Sequence[GroupRole]: ...

    def bind_group(self, bound: GroupRole) -> None: ...

    def unbind_group(self, cohort: int, workspace: str, group: str) -> None: ...

    def through(self, cohort: int, group: str) -> Sequence[int]:
        """The people who are members through a group."""
        ...

    def roles_through(self, cohort: int, person: int, group: str) -> Sequence[Role]:
        """The roles that a person has through a group."""
        ...

    def bind_channel(self, cohort: int, purpose: str, place: Place) -> Place | None:
        """Binds a channel to a purpose of the cohort. Returns the one that it replaces in that workspace, if any."""
        ...

    def free_channel(self, place: Place) -> None:
        """Releases a channel from every cohort."""
        ...

    def lost(self, cohort: int) -> Mapping[Place, str]:
        """The cohort's channels in which we cannot write, and why."""
        ...

    def lose_channel(self, place: Place, why: str, guessed: bool = False) -> bool:
        """Marks a channel as lost. Returns False if it was already lost for this reason (`guessed`: for any) or is not
        ours."""
        ...

    def find_channel(self, place: Place, why: str | None = None) -> bool:
        """Marks a lost channel as found. Returns False if it was not lost, or for another reason than `why`."""
        ...

    def acts(self, cohort: int, before: int | None, limit: int) -> Sequence[LoggedAct]:
        """The most recent privileged acts in a cohort, newest first, optionally those before a given act."""
        ...

    def set_zone(self, person: int, zone: str, picked: bool = True) -> None:
        """Sets a person's zone. `picked`: the platform's does not replace it."""
        ...

    def assume_zone(self, person: int, zone: str) -> bool: ...

    def set_hour(self, person: int, hour: int) -> None: ...

    def set_active(self, account: Account, active: bool, why: str = "") -> None:
        """Whether an account is there; `why` messages do not reach it, if they do not (`AccountChanged`)."""
        ...

    def unreached(self, cohort: int) -> Sequence[tuple[int, datetime, str]]:
        """(person, since when, why) of learners who are not there any more, or take no messages."""
        ...

    def offer_link(self, person: int, code: str, until: datetime) -> None: ...

    def take_link(self, code: str) -> int | None: ...

    def link_account(self, account: Account, person: int, name: str) -> None:
        """Makes an account one of a person's. `name`: how it was called, by which others may know them there."""
        ...


feature: Feature[EnrolmentStore] = Feature("enrolment")
