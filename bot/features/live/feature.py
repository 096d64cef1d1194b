"""Live sessions: only those that answer the six questions of the gate are announced.

The gate is asked in one place (`weighing.weigh`) whenever a course, its dates or its people's zones change. A session
that fails is held; one that was announced is taken back, and those who had said yes are told once.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from bot.core.due import Due, Plan
from bot.core.facts import CameUp, CohortEnded, Left, PresenceChanged
from bot.core.planning import Planning
from bot.features.live import (
    agreeing,
    attending,
    changing,
    coming,
    contributing,
    judging,
    overseeing,
    pages,
    posting,
    proposing,
    recording,
    reporting,
    weighing,
    wishes,
    wishing,
)
from bot.features.live.store import Lives, feature

__all__ = [
    "agreeing",
    "attending",
    "changing",
    "coming",
    "contributing",
    "feature",
    "judging",
    "overseeing",
    "pages",
    "proposing",
    "recording",
    "reporting",
    "wishes",
    "wishing",
]


@feature.planned("post", "turn")
def plan(turn: Lives, planning: Planning) -> Iterator[Plan]:
    weighing.weigh(turn, planning.cohort)
    return posting.plan(turn, planning.cohort)


@feature.on(Left)
def follow_leaving(turn: Lives, fact: Left) -> None:
    cohort = turn.people.cohort(fact.cohort)
    if cohort is not None and cohort.ended_at is None:
        posting.weigh(turn, cohort)


@feature.on(PresenceChanged)
def follow_presence(turn: Lives, fact: PresenceChanged) -> None:
    for id in dict.fromkeys(m.cohort for m in turn.people.memberships(fact.person)):
        cohort = turn.people.cohort(id)
        if cohort is not None:
            posting.weigh(turn, cohort)


@feature.on(CameUp)
def follow_downtime(turn: Lives, fact: CameUp) -> None:
    cohort = turn.people.cohort(fact.cohort)
    if cohort is not None and cohort.ended_at is None:
        posting.follow_downtime(turn, cohort)


@feature.on(CohortEnded)
def follow_end(turn: Lives, fact: CohortEnded) -> None:
    """Takes back the slots ahead, and stores who counts in the figures, and how each session went."""
    cohort = turn.people.cohort(fact.cohort)
    if cohort is not None:
        weighing.end(turn, cohort)
    for session in turn.store.of(fact.cohort):
        if session.is_over(turn.now):
            posting.count(turn, session)
    if cohort is not None:
        judging.settle(turn, cohort)


@feature.due("post", within=timedelta(days=5), fold=True, by_day=True)
def show_posts(turn: Lives, batch: Sequence[Due]) -> None:
    posting.show_due(turn, batch)


@feature.due("turn", within=timedelta(days=366))
def turn_sessions(turn: Lives, batch: Sequence[Due]) -> None:
    posting.turn_due(turn, batch)
