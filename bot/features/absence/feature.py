"""Absence: away for some days or until one says so, back to one card, and the one card after two silent weeks.

While somebody is away or silent, the voice says nothing unasked to them; it reads that from this feature's tables.
`away` holds going and coming back, `catchup` the card that says where to go on, `silence` who has not been heard.
"""

from bot.core.due import Unplan
from bot.core.facts import CohortEnded, CohortPlanned, Joined, Left, MilestoneMoved, ZoneChanged
from bot.core.people import Role
from bot.core.turn import Turn
from bot.features.absence import away, catchup, silence
from bot.features.absence.store import AbsenceStore, feature

__all__ = ["feature"]

PERSONAL = (away.BEGIN, catchup.BACK, catchup.MISSED)


@feature.on(CohortPlanned)
def plan_all(turn: Turn[AbsenceStore], fact: CohortPlanned) -> None:
    cohort = turn.people.cohort(fact.cohort)
    if cohort is not None:
        silence.plan(turn, cohort)
        turn.plan(Unplan(catchup.MISSED, cohort.id))
        catchup.plan_missed(turn, cohort, turn.people.members(cohort.id, Role.LEARNER))


@feature.on(Joined)
def plan_newcomer(turn: Turn[AbsenceStore], fact: Joined) -> None:
    cohort = turn.people.cohort(fact.cohort)
    if cohort is not None and fact.role == Role.LEARNER:
        catchup.plan_missed(turn, cohort, [turn.people.person(fact.person)])


@feature.on(MilestoneMoved)
def follow_milestone(turn: Turn[AbsenceStore], fact: MilestoneMoved) -> None:
    cohort = turn.people.cohort(fact.cohort)
    if cohort is None:
        return
    if fact.person is not None:
        catchup.plan_missed(turn, cohort, [turn.people.person(fact.person)])
    else:
        catchup.plan_missed(turn, cohort, turn.people.members(cohort.id, Role.LEARNER))


@feature.on(ZoneChanged)
def follow_zone(turn: Turn[AbsenceStore], fact: ZoneChanged) -> None:
    person = turn.people.person(fact.person)
    for membership in turn.people.memberships(fact.person):
        cohort = turn.people.cohort(membership.cohort)
        if cohort is not None and membership.role is Role.LEARNER:
            away.follow_zone(turn, cohort, person)
            catchup.plan_missed(turn, cohort, [person])


@feature.on(Left)
def forget_leaver(turn: Turn[AbsenceStore], fact: Left) -> None:
    turn.plan(*(Unplan(kind, fact.cohort, subject=f"{fact.cohort}/{fact.person}") for kind in PERSONAL))
    turn.store.forget(fact.cohort, fact.person)


@feature.on(CohortEnded)
def end_all(turn: Turn[AbsenceStore], fact: CohortEnded) -> None:
    turn.plan(*(Unplan(kind, fact.cohort) for kind in (*PERSONAL, silence.LOOK)))
