"""What the course team sees of pods: those whose channel does not work, and those in which nothing happens."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.actions import read_number
from bot.core.contributions import ACTIVITY, DESK, LETTER, Activity, Pile
from bot.core.errors import FormRefused, Spent
from bot.core.facts import DeskChanged
from bot.core.feature import Press, Reply, Submission
from bot.core.people import STAFF, Cohort, Person
from bot.core.typed import trim
from bot.features.pods import rules, settling, showing, views
from bot.features.pods.finding import Here, Turns
from bot.features.pods.rules import Quiet
from bot.features.pods.store import Pod, feature


@feature.contributes(ACTIVITY)
def activity(turn: Turns, cohort: Cohort, since: datetime, until: datetime) -> list[Activity]:
    said = turn.store.introductions(cohort.id).values()
    return [Activity(one.person, one.changed_at, newest=True) for one in said if since <= one.changed_at < until]


@feature.contributes(DESK)
def on_the_desk(turn: Turns, cohort: Cohort, person: Person) -> Sequence[Pile]:
    here = Here(turn, cohort)
    if cohort.ended_at is not None or not (here.pods or here.asked):
        return []
    piles = []
    if broken := [(pod, here.people(pod)) for pod in here.pods if pod.why]:
        piles.append(views.without_channel(cohort, broken))
    if quiet := _quiet(turn, here):
        piles.append(views.quiet(cohort, quiet))
    due = here.formed_at
    if due is not None and due <= turn.now:
        inside = {p.id for pod in here.pods for p in here.people(pod)}
        if waiting := [p for p in here.learners if here.wants(p.id) and p.id not in inside]:
            piles.append(views.waiting(len(waiting)))
    return piles


def _quiet(turn: Turns, here: Here) -> Sequence[Quiet]:
    """Pods that may be quiet, with the nearest one that could take their people."""
    ages = {pod.id: turn.uptime.since(pod.formed_at) for pod in here.pods}
    if all(age < rules.INTRODUCED_AFTER for age in ages.values()):
        return []
    active = turn.active(here.cohort, turn.now - rules.QUIET_FOR, turn.now)
    found = (rules.quiet(pod, here.people(pod), ages[pod.id], active, here.introductions) for pod in here.pods)
    return [replace(one, partner=_partner(turn, here, one.pod)) for one in found if one is not None]


def _partner(turn: Turns, here: Here, pod: Pod) -> Pod | None:
    near = {other.id: other for other in here.pods if other.workspace == pod.workspace and other.id != pod.id}
    groups = {id: [p.id for p in here.people(other)] for id, other in near.items()}
    clocks = {p.id: rules.clock(p, turn.now) for p in here.learners}
    found = rules.partner([p.id for p in here.people(pod)], groups, clocks)
    return near[found] if found is not None else None


@feature.action("again", roles=STAFF, lane="private")
def again(turn: Turns, press: Press) -> Reply:
    """Tries to make the channel of a pod once more."""
    here = Here(turn, turn.here)
    pod = next((pod for pod in here.pods if pod.id == read_number(press.subject) and pod.why), None)
    if pod is None:
        raise Spent(views.changed_since())
    showing.make_channel(turn, here, pod)
    turn.log(f"tried again to make the channel of pod {pod.number}")
    return views.trying(pod)


def _two(turn: Turns, subject: str) -> tuple[Here, Pod, Pod]:
    """Two pods of which one can take the people of the other. Raises Spent."""
    here = Here(turn, turn.here)
    one, _dot, other = subject.partition(".")
    by_id = {pod.id: pod for pod in here.pods}
    pod, home = by_id.get(read_number(one) or 0), by_id.get(read_number(other) or 0)
    if pod is None or home is None or pod is home or pod.workspace != home.workspace:
        raise Spent(views.changed_since())
    if not here.people(pod) or len(here.people(pod)) + len(here.people(home)) > rules.CRAMMED:
        raise Spent(views.changed_since())
    return here, pod, home


@feature.action("merge", roles=STAFF, lane="private")
def merge(turn: Turns, press: Press) -> Reply:
    here, pod, home = _two(turn, press.subject)
    return views.sure_to_merge(turn.here, pod, here.people(pod), home, here.people(home))


@feature.action("merge_now", roles=STAFF, lane="private")
def merge_now(turn: Turns, press: Press) -> Reply:
    here, pod, home = _two(turn, press.subject)
    settling.merge(turn, here, pod, home)
    turn.happened(DeskChanged(turn.here.id, pod.quiet_name, done=True))
    turn.log(f"merged pod {pod.number} into pod {home.number}")
    return views.merged(pod, home)


@feature.action("letter", roles=STAFF, lane="form")
def open_letter(turn: Turns, press: Press) -> Reply:
    pod, people = _written_to(turn, press.subject)
    return views.letter_form(turn.here, pod, people)


@feature.form("letter", roles=STAFF, replaces=None)
def send_letter(turn: Turns, filled: Submission) -> Reply:
    """Each of a pod gets the letter alone: its channel is theirs, and has its two messages a week."""
    pod, people = _written_to(turn, filled.subject)
    text = trim(filled.values.get("text", ""))
    if not text:
        raise FormRefused({"text": views.no_letter()}, views.letter_form(turn.here, pod, people))
    reached = turn.collect(LETTER, turn.here, {p.id: turn.now - rules.QUIET_FOR for p in people}, text)
    if reached:
        turn.happened(DeskChanged(turn.here.id, pod.quiet_name, seen=True))
    turn.log(f"wrote a letter to {len(reached)} of pod {pod.number}")
    return views.letter_sent([p for p in people if p.id in reached], text)


def _written_to(turn: Turns, subject: str) -> tuple[Pod, Sequence[Person]]:
    """A pod, and its people who are not away. Raises Spent."""
    here, away = Here(turn, turn.here), turn.people.away(turn.here.id)
    pod = next((pod for pod in here.pods if pod.id == read_number(subject)), None)
    people = [p for p in here.people(pod) if p.id not in away] if pod is not None else []
    if pod is None or not people:
        raise Spent(views.changed_since())
    return pod, people
