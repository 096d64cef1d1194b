"""Joining: a new member is welcomed once, however they joined."""

from bot.core.facts import Joined
from bot.core.message import Message
from bot.core.people import UNKNOWN_ZONE, Cohort, Role
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.enrolment import rules, views
from bot.features.enrolment.store import EnrolmentStore


def enrol(turn: Turn[EnrolmentStore], cohort: Cohort, person: int, role: Role, through: str = "") -> bool:
    """Makes a person a member, `through` a group of the platform or by hand, and welcomes them. Returns False if they
    were one already."""
    if not turn.store.add_member(cohort.id, person, role, through):
        return False
    if turn.people.person(person).zone == UNKNOWN_ZONE:
        # The platform knows no zone: the cohort's is the better guess, and the welcome card asks.
        turn.store.assume_zone(person, cohort.zone)
    turn.happened(Joined(cohort.id, person, role.value))
    turn.show_to(person, f"welcome/{cohort.id}/{person}", welcome(turn, cohort, person, role))
    return True


def welcome(turn: Turn[EnrolmentStore], cohort: Cohort, person: int, role: Role) -> Message:
    """The card that a member gets."""
    allowed = rules.hours_of([course_of(cohort.course_text)] if role is Role.LEARNER else [])
    return views.welcome(cohort, turn.people.person(person), role, allowed, turn.now)
