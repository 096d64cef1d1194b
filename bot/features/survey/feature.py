"""The survey: one card after the last session, anonymous answers, and the change that they draft for the next run."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from bot.core.due import Due, Plan
from bot.core.facts import CohortEnded, ItemsChanged
from bot.core.planning import Planning
from bot.features.survey import asking, deciding, reporting
from bot.features.survey.asking import Surveys
from bot.features.survey.store import feature

__all__ = ["asking", "deciding", "feature", "reporting"]

STILL_ASKED = timedelta(days=60)
"""How long after a course people still know whether it was worth their time."""


@feature.planned("open", "close", again=(ItemsChanged,))
def plan(turn: Surveys, planning: Planning) -> Iterator[Plan]:
    """The instant is part of each plan's name, so that what was left out is planned again with other dates."""
    if not planning.whole:
        return
    cohort = planning.cohort
    opens, closes = asking.span(turn, cohort)
    survey = turn.store.survey(cohort.id)
    if survey is None and closes > turn.now:
        yield Plan("survey.open", str(cohort.id), opens.isoformat(), max(opens, turn.now), cohort.id)
    if (survey is None and closes > turn.now) or (survey is not None and survey.closed_at is None):
        yield Plan("survey.close", str(cohort.id), closes.isoformat(), max(closes, turn.now), cohort.id)


@feature.due("open", within=STILL_ASKED)
def open_due(turn: Surveys, batch: Sequence[Due]) -> None:
    asking.open_survey(turn, turn.here)


@feature.due("close", within=timedelta(days=366))
def close_due(turn: Surveys, batch: Sequence[Due]) -> None:
    """After a downtime it closes later than it was planned."""
    _opens, closes = asking.span(turn, turn.here)
    if closes > turn.now and turn.store.survey(turn.here.id) is not None:
        turn.plan(Plan("survey.close", str(turn.here.id), closes.isoformat(), closes, turn.here.id))
    else:
        deciding.begin_close(turn, turn.here)


@feature.due("settle", within=timedelta(days=366), after_end=True)
def settle_due(turn: Surveys, batch: Sequence[Due]) -> None:
    deciding.settle(turn, turn.here)


@feature.on(CohortEnded)
def follow_end(turn: Surveys, fact: CohortEnded) -> None:
    if (cohort := turn.people.cohort(fact.cohort)) is not None:
        deciding.begin_close(turn, cohort)
