"""What self-checks report to the course team: how many tried, looked, and had it or not yet, and never who."""

from collections.abc import Sequence
from datetime import datetime

from bot.core.contributions import ACTIVITY, EVIDENCE, IN_HAND, OUTLINE, RECAP, Activity, InHand, Listing, Passage
from bot.core.people import Cohort, Role
from bot.core.time import local_day
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.selfchecks import rules, views
from bot.features.selfchecks.rules import Count
from bot.features.selfchecks.store import SelfcheckStore, feature


@feature.contributes(ACTIVITY)
def activity(turn: Turn[SelfcheckStore], cohort: Cohort, since: datetime, until: datetime) -> Sequence[Activity]:
    return [Activity(person, at) for person, at in turn.store.last(cohort.id, since, until).items()]


@feature.contributes(IN_HAND)
def tried(turn: Turn[SelfcheckStore], cohort: Cohort) -> list[InHand]:
    questions = {c.key: c.question for c in rules.checks(course_of(cohort.course_text))}
    learners = {p.id for p in turn.people.members(cohort.id, Role.LEARNER)}
    tries = turn.store.among(cohort.id, questions)
    return [InHand(t.person, "self_check", t.key, questions[t.key]) for t in tries if t.person in learners]


@feature.contributes(RECAP)
def in_the_recap(
    turn: Turn[SelfcheckStore], cohort: Cohort, week: int, since: datetime, until: datetime
) -> Sequence[Passage]:
    """The self-check of the week that most are not done with."""
    learners = {p.id for p in turn.people.members(cohort.id, Role.LEARNER)}
    counts = [c for c in _counts(turn, cohort, learners) if c.check.week == week and c.share is not None]
    return [views.passage(min(counts, key=lambda c: (c.share, c.check.question)))] if counts else []


@feature.contributes(OUTLINE)
def below_the_script(turn: Turn[SelfcheckStore], cohort: Cohort, since: datetime) -> Sequence[Listing]:
    learners = {p.id for p in turn.people.members(cohort.id, Role.LEARNER)}
    week = cohort.week_on(local_day(since, cohort.zone))
    found = [c for c in _counts(turn, cohort, learners) if c.check.week == week]
    return [views.outline(found)] if found else []


@feature.contributes(EVIDENCE)
def evidence(turn: Turn[SelfcheckStore], cohort: Cohort, learners: frozenset[int]) -> Sequence[tuple[str, str]]:
    found = _counts(turn, cohort, learners)
    return [(f"weeks[{c.check.week - 1}].self_check[{c.check.number}]", views.in_numbers(c)) for c in found]


def _counts(turn: Turn[SelfcheckStore], cohort: Cohort, learners: frozenset[int] | set[int]) -> list[Count]:
    course = course_of(cohort.course_text)
    checks = rules.checks(course)
    tries = turn.store.among(cohort.id, {c.key for c in checks})
    return rules.counts(checks, tries, learners, course.privacy.smallest_group)
