"""What pods report to the course team: broken channels, quiet pods, and how many learners wait for a pod."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.contributions import ACTIVITY, DESK, Activity, Pile
from bot.core.people import Cohort, Person
from bot.features.pods import desk_views, grouping_rules, rules
from bot.features.pods.finding import CohortPods, Turns
from bot.features.pods.rules import Quiet
from bot.features.pods.store import Pod, feature


@feature.contributes(ACTIVITY)
def activity(turn: Turns, cohort: Cohort, since: datetime, until: datetime) -> list[Activity]:
    """Who introduced themselves."""
    said = turn.store.introductions(cohort.id).values()
    return [Activity(one.person, one.changed_at, newest=True) for one in said if since <= one.changed_at < until]


@feature.contributes(DESK)
def on_the_desk(turn: Turns, cohort: Cohort, person: Person) -> Sequence[Pile]:
    here = CohortPods(turn, cohort)
    if cohort.ended_at is not None or not (here.pods or here.asked):
        return []
    piles = []
    if broken := [(pod, here.people(pod)) for pod in here.pods if pod.why]:
        piles.append(desk_views.without_channel(cohort, broken))
    if quiet := _quiet(turn, here):
        piles.append(desk_views.quiet(cohort, quiet))
    due = here.formed_at
    if due is not None and due <= turn.now:
        inside = {p.id for pod in here.pods for p in here.people(pod)}
        if waiting := [p for p in here.learners if here.wants(p.id) and p.id not in inside]:
            piles.append(desk_views.waiting(len(waiting)))
    return piles


def _quiet(turn: Turns, here: CohortPods) -> Sequence[Quiet]:
    """Pods that may be quiet, each with the one that could take its people."""
    ages = {pod.id: turn.uptime.since(pod.formed_at) for pod in here.pods}
    if all(age < rules.INTRODUCED_AFTER for age in ages.values()):
        return []
    active = turn.active(here.cohort, turn.now - rules.QUIET_FOR, turn.now)
    found = (rules.quiet(pod, here.people(pod), ages[pod.id], active, here.introductions) for pod in here.pods)
    return [replace(one, partner=_partner(turn, here, one.pod)) for one in found if one is not None]


def _partner(turn: Turns, here: CohortPods, pod: Pod) -> Pod | None:
    """The nearest pod in the same workspace with room for the people of this one."""
    near = {other.id: other for other in here.pods if other.workspace == pod.workspace and other.id != pod.id}
    groups = {id: [p.id for p in here.people(other)] for id, other in near.items()}
    clocks = {p.id: grouping_rules.clock(p, turn.now) for p in here.learners}
    found = grouping_rules.partner([p.id for p in here.people(pod)], groups, clocks)
    return near[found] if found is not None else None
