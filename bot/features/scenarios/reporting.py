"""What scenarios report to the course team: how many began, chose and reached what, and never who."""

from collections.abc import Sequence
from datetime import datetime

from bot.core.contributions import ACTIVITY, EVIDENCE, OUTLINE, Activity, Listing
from bot.core.people import Cohort, Role
from bot.core.time import local_day
from bot.core.timetable import DAY
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.scenarios import rules, views
from bot.features.scenarios.rules import Count
from bot.features.scenarios.store import ScenarioStore, feature


@feature.contributes(ACTIVITY)
def activity(turn: Turn[ScenarioStore], cohort: Cohort, since: datetime, until: datetime) -> Sequence[Activity]:
    return [Activity(person, at) for person, at in turn.store.last(cohort.id, since, until).items()]


@feature.contributes(OUTLINE)
def below_the_script(turn: Turn[ScenarioStore], cohort: Cohort, since: datetime) -> Sequence[Listing]:
    learners = frozenset(p.id for p in turn.people.members(cohort.id, Role.LEARNER))
    # The instructor's Monday may still be Sunday by the cohort's clock.
    week = cohort.week_on(local_day(since + DAY, cohort.zone))
    found = [c for _n, c in _counts(turn, cohort, learners) if c.scenario.week == week]
    return [views.outline(found)] if found else []


@feature.contributes(EVIDENCE)
def evidence(turn: Turn[ScenarioStore], cohort: Cohort, learners: frozenset[int]) -> Sequence[tuple[str, str]]:
    return [(f"scenarios[{n}]", views.in_numbers(c)) for n, c in _counts(turn, cohort, learners)]


def _counts(turn: Turn[ScenarioStore], cohort: Cohort, learners: frozenset[int]) -> list[tuple[int, Count]]:
    """The figures of each scenario that has any, with its place in the course file."""
    course = course_of(cohort.course_text)
    if not course.scenarios:
        return []
    ways, smallest = turn.store.among(cohort.id, [s.id for s in course.scenarios]), course.privacy.smallest_group
    counts = ((n, rules.count(s, ways, learners, smallest)) for n, s in enumerate(course.scenarios))
    return [(n, found) for n, found in counts if found is not None]
