"""What both digests read: somebody's cohorts, and learners to talk to."""

from collections.abc import Iterable

from bot.core.contributions import ATTENTION, Attention
from bot.core.people import Cohort, Person, Role
from bot.core.turn import Turn
from bot.features.digests import rules
from bot.features.digests.store import DigestStore

ENDED = 3
"""Ended cohorts in one message."""


def cohorts_of(turn: Turn[DigestStore], person: Person, role: Role) -> list[Cohort]:
    """The running cohorts in which a person has a role, the oldest membership first."""
    ids: Iterable[int] = dict.fromkeys(m.cohort for m in turn.people.memberships(person.id) if m.role is role)
    return [c for i in ids if (c := turn.people.cohort(i)) is not None]


def ended_cohorts_of(turn: Turn[DigestStore], roles: frozenset[Role]) -> list[Cohort]:
    """The reader's ended cohorts in which they have one of these roles, latest end first."""
    mine = turn.people.memberships(turn.me.id, ended=True)
    ids = dict.fromkeys(m.cohort for m in mine if m.role in roles)
    return [c for i in ids if (c := turn.people.cohort(i)) is not None][:ENDED]


def whom_to_mind(turn: Turn[DigestStore], cohort: Cohort) -> dict[int, list[Attention]]:
    """Excludes people who are away, and cohorts that have ended."""
    if cohort.ended_at is not None:
        return {}
    away = turn.people.away(cohort.id)
    return rules.by_person([a for a in turn.collect(ATTENTION, cohort) if a.person not in away])
