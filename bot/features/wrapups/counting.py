"""Wrap-ups in figures: one base for the report, the course team's views, the manager's week and the next run's file."""

from datetime import time

from bot.core.more_time import more_time
from bot.core.people import Cohort
from bot.core.time import at_wall
from bot.core.turn import Turn
from bot.features.wrapups import rules
from bot.features.wrapups.store import Round, Tally, WrapupStore

Wrapups = Turn[WrapupStore]


def expected(turn: Wrapups, cohort: Cohort, round: Round, came: set[int]) -> set[int]:
    """The learners expected from the Monday of the round's week to its close (`Directory.expected`)."""
    since = at_wall(cohort.timetable.monday(round.week), time(0), cohort.zone)
    return set(turn.people.expected(cohort.id, since, min(turn.now, round.closes_at), came))


def given(turn: Wrapups, round: Round) -> set[int]:
    """Whose answer counts as given: handed in, or begun by the time of their own close."""
    came = {person for _, person in turn.store.handed_in({round.id})}
    begun = {person for _, person in turn.store.answered({round.id})} - came
    windows = turn.store.windows({round.id}, begun) if begun else ()
    return came | {w.person for w in windows if rules.forgiving(w, turn.uptime).closes_at <= turn.now}


def counted(turn: Wrapups, cohort: Cohort, round: Round) -> tuple[int, int]:
    """(given, expected), without answers of learners who have left, and without those who were given more time and
    whose own close is ahead."""
    came = given(turn, round)
    there = expected(turn, cohort, round, came)
    if round.state == "closed" and (later := more_time(turn, cohort).people & (there - came)):
        there -= {w.person for w in turn.store.windows({round.id}, later) if turn.now < w.closes_at}
    return len(came & there), len(there)


def tally(turn: Wrapups, cohort: Cohort, round: Round) -> Tally:
    """The same, with how many were late, and how many more are begun."""
    answers, came = turn.store.answers(round.id), given(turn, round)
    there = expected(turn, cohort, round, came)
    found = [answer for answer in answers if answer.person in there]
    done = [answer for answer in found if answer.person in came]
    return Tally(len(there), len(done), sum(answer.late for answer in done), len(found) - len(done))
