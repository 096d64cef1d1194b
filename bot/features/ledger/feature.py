"""The time ledger: entries follow the sessions that learners see, and each week is asked about once."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from bot.core.actions import read_number
from bot.core.contributions import DATES, PAYS
from bot.core.due import Due, Plan
from bot.core.facts import ItemsChanged
from bot.core.people import Person
from bot.core.planning import Planning
from bot.course.loader import course_of
from bot.features.ledger import listing, reporting, rules
from bot.features.ledger.reporting import Ledger
from bot.features.ledger.store import feature

__all__ = ["feature", "listing", "reporting"]


@feature.planned("ask", again=(ItemsChanged,))
def plan(turn: Ledger, planning: Planning) -> Iterator[Plan]:
    if not planning.whole:
        return
    cohort = planning.cohort
    dates = turn.collect(DATES, cohort, Person(0, "", cohort.zone))
    course = course_of(cohort.course_text)
    wanted = rules.wanted(cohort, course, dates, turn.collect(PAYS, cohort))
    # A learner whose zone leaves a session without a time has changed nothing in the course.
    by = turn.person.id if turn.person is not None and turn.is_staff else None
    turn.store.enter(
        list(rules.changes(cohort.id, turn.store.entries(cohort.id), wanted, by, turn.now, turn.by_operator))
    )
    for week in course.weeks:
        if (at := rules.asks_at(cohort, week.number)) > turn.now:
            yield Plan("ledger.ask", str(cohort.id), str(week.number), at, cohort.id)


@feature.due("ask", within=timedelta(days=3), fold=True)
def ask_due(turn: Ledger, batch: Sequence[Due]) -> None:
    for due in batch:
        reporting.ask(turn, turn.here, read_number(due.occurrence) or 0)
