"""The post of a round, in the thread of its week."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from bot.core.due import Due, Plan
from bot.core.effects import week_thread
from bot.core.people import Cohort
from bot.core.planning import Planning
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.checkins import rules, views
from bot.features.checkins.store import CheckinStore, Round, Update, anchor

OPEN = "checkins.open"
SHOW = "checkins.show"
WITHIN = timedelta(days=2)
"""How late a post still opens a round, after downtime."""

Checkins = Turn[CheckinStore]


def plan(turn: Checkins, planning: Planning) -> Iterator[Plan]:
    """The posts of the rounds that have not closed, by the cohort's clock; those that are there show the new dates."""
    if not planning.whole:
        return
    cohort = planning.cohort
    ahead = [r for r in rules.rounds(course_of(cohort.course_text), cohort, cohort.zone) if r.closes_at > turn.now]
    shown = turn.links.shown([anchor(cohort.id, r.key) for r in ahead])
    for round in ahead:
        if anchor(cohort.id, round.key) in shown:
            show(turn, cohort, round)
        else:
            at = max(round.opens_at, turn.now)
            yield Plan(OPEN, f"{cohort.id}/{round.key}", at.isoformat(), at, cohort.id)


def changed(turn: Checkins, cohort: Cohort, update: Update) -> None:
    """Shows a round's post again in the next step of the loop: once for any number of updates, and by day."""
    occurrence = f"{turn.now.isoformat()}/{rules.fingerprint(update)}"
    turn.plan(Plan(SHOW, f"{cohort.id}/{update.key}", occurrence, turn.now, cohort.id))


def show_due(turn: Checkins, cohort: Cohort, batch: Sequence[Due]) -> None:
    course = course_of(cohort.course_text)
    for due in batch:
        round = rules.find(course, cohort, cohort.zone, due.subject.partition("/")[2])
        if round is not None and (due.kind == OPEN or is_posted(turn, cohort, round)):
            show(turn, cohort, round)


def show(turn: Checkins, cohort: Cohort, round: Round) -> None:
    turn.cohort = cohort
    updates = turn.store.of(cohort.id, round.key)
    names = {p.id: p.name for p in turn.people.members(cohort.id)}
    root = week_thread(cohort.id, round.week)
    below = root if turn.links.shown([root]) else ""
    turn.post("main", anchor(cohort.id, round.key), views.post(cohort, round, updates, names), below=below)


def is_posted(turn: Checkins, cohort: Cohort, round: Round) -> bool:
    return bool(turn.links.shown([anchor(cohort.id, round.key)]))
