"""Joining: a new member is welcomed once, however they joined."""

from collections.abc import Sequence
from datetime import timedelta

from bot.core.contributions import ON_WELCOME
from bot.core.due import Due, Plan
from bot.core.facts import Joined
from bot.core.message import Message
from bot.core.people import UNKNOWN_ZONE, Cohort, Role
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.enrolment import rules, views
from bot.features.enrolment.store import EnrolmentStore, feature

WELCOME = "enrolment.welcome"


def invited_to(turn: Turn[EnrolmentStore], typed: str) -> Cohort | None:
    """The cohort whose code somebody typed, with other words around it or without."""
    for word in (typed.strip(), *(w.strip(".,;:!?()'\"`“”‘’<>") for w in typed.split())):
        if word and (found := turn.store.cohort_by_join_code(word)) is not None:
            return turn.people.cohort(found)
    return None


def enrol(
    turn: Turn[EnrolmentStore], cohort: Cohort, person: int, role: Role, through: str = "", *, asked: bool = False
) -> bool:
    """Makes a person a member, `through` a group of the platform or by hand, and welcomes them: at once if they
    `asked`, else within the hours of messages. Returns False if they were one already."""
    if not turn.store.add_member(cohort.id, person, role, through):
        return False
    if turn.people.person(person).zone == UNKNOWN_ZONE:
        # The platform knows no zone: the cohort's is the better guess, and the welcome card asks.
        turn.store.assume_zone(person, cohort.zone)
    turn.happened(Joined(cohort.id, person, role.value))
    if asked:
        _greet(turn, cohort, person, role)
    else:
        _greet_in_hours(turn, cohort, person, role)
    return True


def _greet_in_hours(turn: Turn[EnrolmentStore], cohort: Cohort, person: int, role: Role) -> None:
    """Welcomes somebody who was enrolled by others: now, or once the hours of messages begin in their zone."""
    reader = turn.people.person(person)
    at = course_of(cohort.course_text).messages.waking(turn.now, reader.hour, reader.zone)
    if at <= turn.now:
        _greet(turn, cohort, person, role)
    else:
        turn.plan(Plan(WELCOME, f"{person}/{role.value}", at.isoformat(), at, cohort.id, person=person))


def _greet(turn: Turn[EnrolmentStore], cohort: Cohort, person: int, role: Role) -> None:
    turn.show_to(person, f"welcome/{cohort.id}/{person}", welcome(turn, cohort, person, role))


@feature.due("welcome", within=timedelta(days=28))
def welcome_later(turn: Turn[EnrolmentStore], batch: Sequence[Due]) -> None:
    for due in batch:
        person, __, role = due.subject.partition("/")
        if any(p.id == int(person) for p in turn.people.members(turn.here.id, Role(role))):
            _greet_in_hours(turn, turn.here, int(person), Role(role))


def welcome(turn: Turn[EnrolmentStore], cohort: Cohort, person: int, role: Role) -> Message:
    """The card that a member gets."""
    allowed = rules.hours_of([course_of(cohort.course_text)] if role is Role.LEARNER else [])
    who = turn.people.person(person)
    return views.welcome(cohort, who, role, allowed, turn.now, turn.collect(ON_WELCOME, cohort, who, role))
