"""The post of a round, in the thread of its week."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

from bot.core.asking import left_out
from bot.core.contributions import PODS, Podmates
from bot.core.due import Due, Plan
from bot.core.effects import week_thread
from bot.core.fingerprints import fingerprint
from bot.core.more_time import more_time
from bot.core.people import Cohort, Person, Place, Role
from bot.core.planning import Planning
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.checkins import rules, views
from bot.features.checkins.store import CheckinStore, Round, Update, anchor, anchor_in_pod

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
        elif in_pods(cohort, round) and round.opens_at <= turn.now < round.closes_at:
            show_in_pods(here, round)
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
            if not (in_pods(turn.here, round) and _all_in_pods(turn)):
                _show(turn, round)
            show_in_pods(turn, round, opens=True)
        elif round is not None:
            show_again(turn, round)


def show_again(turn: Checkins, round: Round) -> None:
    """Shows the post of a round as it is now, if it was posted. Nothing is left of a round that the course does not
    have any more once nobody's words are in it."""
    cohort = turn.here
    show_in_pods(turn, round)
    if not turn.links.shown([anchor(cohort.id, round.key)]):
        return
    if round.is_gone and not any(u.is_public and not u.pod for u in turn.store.of(cohort.id, round.key)):
        turn.withdraw_post("main", anchor(cohort.id, round.key))
    else:
        _show(turn, round)


def _show(turn: Checkins, round: Round) -> None:
    cohort = turn.here
    updates = [u for u in turn.store.of(cohort.id, round.key) if not u.pod]
    names = {p.id: p.name for p in turn.people.members(cohort.id)}
    root = week_thread(cohort.id, round.week)
    below = root if turn.links.shown([root]) else ""
    turn.post("main", anchor(cohort.id, round.key), views.post(cohort, round, updates, names, turn.now), below=below)


# In pods


def in_pods(cohort: Cohort, round: Round) -> bool:
    """Whether what members of a pod say in a round is for their pod."""
    checkin = course_of(cohort.course_text).checkin(round.checkin)
    return checkin is not None and checkin.pod


def pod_of(turn: Turn[Any], person: int) -> Podmates | None:
    """The pod that somebody is in, once it has its channel."""
    return next((pod for pod in turn.collect(PODS, turn.here) if person in pod.people and pod.place), None)


def _all_in_pods(turn: Checkins) -> bool:
    inside = {p for pod in turn.collect(PODS, turn.here) if pod.place is not None for p in pod.people}
    return all(p.id in inside for p in turn.people.members(turn.here.id, Role.LEARNER))


def show_in_pods(turn: Checkins, round: Round, opens: bool = False) -> None:
    """A pod has one post a week, with the round that opened last. It comes as the first one `opens`, or with the first
    that somebody says in it."""
    cohort = turn.here
    if not in_pods(cohort, round):
        return
    opened = [r for r in rounds(turn, cohort) if r.week == round.week and in_pods(cohort, r) and r.opens_at <= turn.now]
    newest = max(opened, key=lambda r: r.opens_at, default=None)
    places = [(pod.key, pod.place) for pod in turn.collect(PODS, cohort) if pod.place is not None]
    if newest is None or not places:
        return
    shown = turn.links.shown([anchor_in_pod(cohort.id, place, newest.week) for _key, place in places])
    said = turn.store.of(cohort.id, newest.key)
    earlier = [(r, {u.pod for u in turn.store.of(cohort.id, r.key)}) for r in opened if r.opens_at < newest.opens_at]
    names = {p.id: p.name for p in turn.people.members(cohort.id)}
    for key, place in places:
        where, updates = anchor_in_pod(cohort.id, place, newest.week), [u for u in said if u.pod == key]
        if where in shown or (newest.closes_at > turn.now and (opens or updates)):
            before = [r for r, pods in earlier if key in pods]
            message = views.post(cohort, newest, updates, names, turn.now, in_pod=True, earlier=before)
            turn.post_in_pod(place, where, message)


def withdraw_from_pod(turn: Checkins, place: Place) -> None:
    """Takes what people said out of a channel that is about to be archived."""
    weeks = range(1, len(course_of(turn.here.course_text).weeks) + 1)
    for where in sorted(turn.links.shown([anchor_in_pod(turn.here.id, place, week) for week in weeks])):
        turn.withdraw(where)
