"""Cohorts as an operator makes them: from a course file, with channels and the first people."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.core.errors import Refused
from bot.core.facts import CohortPlanned, Joined
from bot.core.people import Account, Actor, Cohort, Place, Role
from bot.core.time import is_zone
from bot.core.turn import Turn
from bot.course.loader import load
from bot.features.enrolment.rules import JOIN_CODE_LENGTH, new_code
from bot.runtime.registry import Registry
from bot.runtime.turns import take_turn
from storage.people import Enrolment
from storage.unit import SqlStorage

PURPOSES = ("main", "questions", "staff")


@dataclass(frozen=True, slots=True)
class CohortPlan:
    """What a cohort is made of. `channels`: purpose -> channel id in `workspace`."""

    code: str
    course_text: str
    starts_on: date
    zone: str
    workspace: str
    channels: Mapping[str, str]
    title: str = ""
    file: str = "course.yaml"
    people: Sequence[tuple[Role, str]] = field(default_factory=tuple)


def create_cohort(storage: SqlStorage, registry: Registry, plan: CohortPlan) -> tuple[Cohort, str]:
    """Makes the cohort and plans its run; returns it with its join code.

    Raises CourseInvalid for a course file with errors, Refused for anything else that cannot be.
    """
    course = load(plan.course_text, plan.file)
    if not is_zone(plan.zone):
        raise Refused(f"{plan.zone!r} is no IANA time zone. Write one such as Europe/Berlin.")
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,30}", plan.code):
        raise Refused(f"{plan.code!r} is no code for a cohort. Use small letters, digits and dashes: data-2026.")
    if unknown := set(plan.channels) - set(PURPOSES):
        raise Refused(f"{unknown.pop()!r} is no purpose of a channel. There are: {', '.join(PURPOSES)}.")

    def make(turn: Turn[Enrolment]) -> tuple[Cohort, str]:
        if turn.store.cohort_by_code(plan.code) is not None:
            raise Refused(f"There is a cohort {plan.code!r} already. Choose another code.")
        join_code = new_code(turn.store.choose, JOIN_CODE_LENGTH)
        cohort_id = turn.store.create_cohort(
            plan.code, plan.title or course.title, plan.course_text, plan.zone, plan.starts_on, join_code
        )
        for position, (purpose, channel) in enumerate(plan.channels.items()):
            place = Place(plan.workspace, channel)
            taken = turn.people.cohort_at(place)
            if taken is not None:
                raise Refused(f"The channel {channel} is used by {taken[0].title}. Choose another for {purpose}.")
            turn.store.bind_channel(cohort_id, purpose, place, position)
        cohort = turn.people.cohort(cohort_id)
        assert cohort is not None
        turn.cohort = cohort
        for role, user in plan.people:
            name_member(turn, cohort, Account(plan.workspace, user), role)
        turn.happened(CohortPlanned(cohort.id))
        return cohort, join_code

    return storage.run_now(lambda unit: take_turn(registry, unit, "enrolment", storage.now(), make))


def name_member(turn: Turn[Any], cohort: Cohort, account: Account, role: Role) -> None:
    """Gives a person a role from outside the chat: how the first manager comes in."""
    person = turn.people.owner(account) or turn.people.meet(Actor(account, account.user))
    if turn.store.add_member(cohort.id, person.id, role):
        if person.zone == "UTC":
            turn.store.assume_zone(person.id, cohort.zone)
        turn.happened(Joined(cohort.id, person.id, role.value))
        turn.log(f"the operator named {person.name} {role.value}")
