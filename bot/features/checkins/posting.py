"""The post of a round, in the thread of its week."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache

from bot.core.asking import left_out
from bot.core.due import Due, Plan
from bot.core.effects import week_thread
from bot.core.fingerprints import fingerprint
from bot.core.more_time import more_time
from bot.core.people import Cohort, Person, Role
from bot.core.planning import Planning
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.checkins import rules, views
from bot.features.checkins.store import CheckinStore, Round, Update, anchor

OPEN = "checkins.open"
SHOW = "checkins.show"
CLOSE = "checkins.close"
WITHIN = timedelta(days=2)
"""How late a post still opens a round, after downtime."""

Checkins = Turn[CheckinStore]


def plan(turn: Checkins, planning: Planning) -> Iterator[Plan]:
    """The posts of the rounds that have not closed, by the cohort's clock; those that are there show the new dates, or
    that the course does not have them any more."""
    if not planning.whole:
        return
    cohort = planning.cohort
    course, before = course_of(cohort.course_text), turn.store.known(cohort.id)
    there = rounds(turn, cohort)
    turn.store.know(cohort.id, set(rules.to_know(course, cohort, before, {r.key: r for r in there})) - set(before))
    removed = [rules.gone(k.key, [k], turn.now) for k in before if k.key not in {r.key for r in there}]
    shown = turn.links.shown([anchor(cohort.id, r.key) for r in (*there, *removed)])
    here, gone = replace(turn, cohort=cohort), left_out(turn, cohort)
    for round in (*there, *removed):
        if not round.is_gone and round.closes_at > turn.now:
            yield Plan(CLOSE, f"{cohort.id}/{round.key}", "closed", round.closes_at, cohort.id)
        is_shown = anchor(cohort.id, round.key) in shown
        if is_shown:
            show_again(here, round)
        ahead = round.opens_at > turn.now if is_shown else (round.week, round.checkin) not in gone
        if not round.is_gone and round.closes_at > turn.now and ahead:
            at = max(round.opens_at, turn.now)
            yield Plan(OPEN, f"{cohort.id}/{round.key}", at.isoformat(), at, cohort.id)


def rounds(turn: Checkins, cohort: Cohort, of: Person | None = None) -> list[Round]:
    """All rounds as this person has them, by their clock and with the days more that they were given; or as the cohort
    has. More time of one learner moves nothing for the others."""
    return rounds_for(turn, cohort, [of])[0]


def rounds_for(turn: Checkins, cohort: Cohort, people: Sequence[Person | None]) -> list[list[Round]]:
    """The same for each of these people."""
    course, known = course_of(cohort.course_text), turn.store.known(cohort.id)
    if not course.checkins:
        return [[] for _ in people]
    given = more_time(turn, cohort)
    # Most learners share a few zones.
    made: dict[tuple[str | None, int], list[Round]] = {}

    @cache
    def clocks() -> set[str]:
        return {person.zone for person in turn.people.members(cohort.id, Role.LEARNER)}

    found = []
    for of in people:
        zone, person = (of.zone, of.id if of.id in given.people else 0) if of else (None, 0)
        if (zone, person) not in made:
            made[zone, person] = list(rules.rounds(course, cohort, zone, turn.uptime, known, clocks, given, person))
        found.append(made[zone, person])
    return found


def find(turn: Checkins, key: str, of: Person | None = None) -> Round | None:
    return next((r for r in rounds(turn, turn.here, of) if r.key == key), None)


def follow_downtime(turn: Checkins) -> None:
    """Posts say until when they are open now."""
    for round in rounds(turn, turn.here):
        if round.delayed and round.closes_at > turn.now:
            show_again(turn, round)


def round_of(turn: Checkins, update: Update, of: Person | None = None) -> Round:
    """The round that somebody checked in to, also if the course does not have it any more."""
    found = find(turn, update.key, of)
    return found or rules.gone(update.key, turn.store.known(turn.here.id), update.first_at)


def changed(turn: Checkins, cohort: Cohort, update: Update) -> None:
    """Shows a round's post again in the next step of the loop: once for any number of updates, and by day."""
    occurrence = f"{turn.now.isoformat()}/{fingerprint(update)}"
    turn.plan(Plan(SHOW, f"{cohort.id}/{update.key}", occurrence, turn.now, cohort.id))


def show_due(turn: Checkins, batch: Sequence[Due]) -> None:
    for due in batch:
        round = find(turn, due.subject.partition("/")[2])
        if round is not None and due.kind == OPEN:
            _show(turn, round)
        elif round is not None:
            show_again(turn, round)


def show_again(turn: Checkins, round: Round) -> None:
    """Shows the post of a round as it is now, if it was posted. Nothing is left of a round that the course does not
    have any more once nobody's words are in it."""
    cohort = turn.here
    if not turn.links.shown([anchor(cohort.id, round.key)]):
        return
    if round.is_gone and not any(u.is_public for u in turn.store.of(cohort.id, round.key)):
        turn.withdraw_post("main", anchor(cohort.id, round.key))
    else:
        _show(turn, round)


def _show(turn: Checkins, round: Round) -> None:
    cohort = turn.here
    updates = turn.store.of(cohort.id, round.key)
    names = {p.id: p.name for p in turn.people.members(cohort.id)}
    root = week_thread(cohort.id, round.week)
    below = root if turn.links.shown([root]) else ""
    turn.post("main", anchor(cohort.id, round.key), views.post(cohort, round, updates, names, turn.now), below=below)
