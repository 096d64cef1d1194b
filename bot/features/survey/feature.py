"""The survey: one card after the last session, anonymous answers, and the change that they draft for the next run."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from bot.core.due import Due, Plan
from bot.core.facts import CohortEnded, ItemsChanged
from bot.core.planning import Planning
from bot.course.loader import course_of
from bot.features.survey import asking, deciding, reporting, rules
from bot.features.survey.asking import Surveys
from bot.features.survey.store import feature

__all__ = ["asking", "deciding", "feature", "reporting"]


@feature.planned("open", "close", again=(ItemsChanged,))
def plan(turn: Surveys, planning: Planning) -> Iterator[Plan]:
    if not planning.whole:
        return
    cohort = planning.cohort
    opens, closes = rules.span(course_of(cohort.course_text), cohort, asking.seen(turn, cohort))
    survey = turn.store.survey(cohort.id)
    if survey is None and closes <= turn.now:
        return
    if survey is None:
        yield Plan("survey.open", str(cohort.id), "", max(opens, turn.now), cohort.id)
    if survey is None or survey.closed_at is None:
        yield Plan("survey.close", str(cohort.id), "", max(closes, turn.now), cohort.id)


@feature.due("open", within=timedelta(days=7))
def open_due(turn: Surveys, batch: Sequence[Due]) -> None:
    asking.open_survey(turn, turn.here)


@feature.due("close", within=timedelta(days=366))
def close_due(turn: Surveys, batch: Sequence[Due]) -> None:
    deciding.close(turn, turn.here)


@feature.due("settle", within=timedelta(days=366), after_end=True)
def settle_due(turn: Surveys, batch: Sequence[Due]) -> None:
    deciding.settle(turn, turn.here)


@feature.on(CohortEnded)
def follow_end(turn: Surveys, fact: CohortEnded) -> None:
    if (cohort := turn.people.cohort(fact.cohort)) is not None:
        deciding.close(turn, cohort)
