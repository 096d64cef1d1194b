"""What both digests read: somebody's cohorts, and learners to talk to."""

from dataclasses import replace

from bot.core.calendar import Stage, stage, taken_until
from bot.core.contributions import ATTENTION, Attention
from bot.core.people import Cohort, Person, Role
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.digests import rules
from bot.features.digests.store import DigestStore

ENDED = 3
"""Ended cohorts in one message."""


def cohorts_of(turn: Turn[DigestStore], person: Person, *roles: Role, ended: bool = False) -> list[Cohort]:
    """The running cohorts in which a person has one of these roles, the oldest membership first; or the `ended` ones,
    latest end first."""
    ids = dict.fromkeys(m.cohort for m in turn.people.memberships(person.id, ended=ended) if m.role in roles)
    return [c for i in ids if (c := turn.people.cohort(i)) is not None][: ENDED if ended else None]


def stage_of(turn: Turn[DigestStore], cohort: Cohort) -> Stage:
    return stage(replace(turn, cohort=cohort), cohort, len(course_of(cohort.course_text).weeks))


def whom_to_mind(turn: Turn[DigestStore], cohort: Cohort, stage: Stage) -> dict[int, list[Attention]]:
    """Excludes people who are away or have completed the course. Nobody once the cohort has ended, or the last end of
    late work has passed: what is accepted without an end may come, but nobody is urged."""
    if cohort.ended_at is not None or stage == "over":
        return {}
    if stage == "late work":
        end = taken_until(replace(turn, cohort=cohort), cohort, len(course_of(cohort.course_text).weeks)).at
        if end is not None and end <= turn.now:
            return {}
    found = rules.by_person(turn.collect(ATTENTION, cohort))
    people = [p for p in turn.people.members(cohort.id, Role.LEARNER) if p.id in found] if found else []
    spared = {*turn.people.away(cohort.id), *turn.completed(cohort, people)} if people else set()
    return {person: reasons for person, reasons in found.items() if person not in spared}
