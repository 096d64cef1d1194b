"""Wrap-ups in figures: one base for the report, the course team's views, the manager's week and the next run's file."""

from datetime import time

from bot.core.more_time import more_time
from bot.core.people import Cohort
from bot.core.time import at_wall
from bot.core.turn import Turn
from bot.features.wrapups.store import Round, Tally, WrapupStore

Wrapups = Turn[WrapupStore]


def expected(turn: Wrapups, cohort: Cohort, round: Round, came: set[int]) -> set[int]:
    """The learners expected from the Monday of the round's week to its close (`Directory.expected`)."""
    since = at_wall(cohort.timetable.monday(round.week), time(0), cohort.zone)
    return set(turn.people.expected(cohort.id, since, min(turn.now, round.closes_at), came))


def counted(turn: Wrapups, cohort: Cohort, round: Round) -> tuple[int, int]:
    """(handed in, expected), without answers of learners who have left, and without those who were given more time and
    whose own close is ahead."""
    came = {p for _, p in turn.store.handed_in({round.id})}
    there = expected(turn, cohort, round, came)
    if round.state == "closed" and (given := more_time(turn, cohort).people & (there - came)):
        there -= {w.person for w in turn.store.windows({round.id}, given) if turn.now < w.closes_at}
    return len(came & there), len(there)


def tally(turn: Wrapups, cohort: Cohort, round: Round) -> Tally:
    """The same, with how many were late or are only begun."""
    answers = turn.store.answers(round.id)
    there = expected(turn, cohort, round, {answer.person for answer in answers if not answer.begun})
    found = [answer for answer in answers if answer.person in there]
    done = [answer for answer in found if not answer.begun]
    return Tally(len(there), len(done), sum(answer.late for answer in done), len(found) - len(done))
