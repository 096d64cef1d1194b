"""What the course team sees of pods: those whose channel does not work, and those in which nothing happens."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.core.actions import read_number
from bot.core.contributions import ACTIVITY, DESK, LETTER, Activity, Pile
from bot.core.errors import FormRefused, Spent
from bot.core.facts import DeskChanged
from bot.core.feature import Press, Reply, Submission
from bot.core.people import STAFF, Cohort, Person
from bot.core.timetable import WEEK
from bot.core.typed import trim
from bot.features.pods import rules, settling, showing, views
from bot.features.pods.finding import Here, Turns
from bot.features.pods.store import Pod, feature

QUIET_FOR = timedelta(days=10)
"""A pod is quiet if nobody in it took part in anything for so long."""


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


def _quiet(turn: Turns, here: Here) -> Sequence[tuple[Pod, Sequence[Person], datetime, bool, Pod | None]]:
    """Quiet pods with their people, since when, whether they do nothing at all, and the pod that could take them."""
    old = [pod for pod in here.pods if turn.uptime.since(pod.formed_at) >= WEEK]
    if not old:
        return []
    active = turn.active(here.cohort, turn.now - QUIET_FOR, turn.now)
    groups = {pod.id: [p.id for p in here.people(pod)] for pod in here.pods}
    clocks = {p.id: rules.clock(p, turn.now) for p in here.learners}
    by_id = {pod.id: pod for pod in here.pods}
    found = []
    for pod in old:
        people = here.people(pod)
        silent = not any(p.id in active for p in people) and turn.uptime.since(pod.formed_at) >= QUIET_FOR
        if people and (silent or not any(p.id in here.introductions for p in people)):
            near = {id: group for id, group in groups.items() if by_id[id].workspace == pod.workspace and id != pod.id}
            other = rules.partner(groups[pod.id], near, clocks)
            since = pod.formed_at + (QUIET_FOR if silent else WEEK)
            found.append((pod, people, since, silent, by_id[other] if other is not None else None))
    return found


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
    reached = turn.collect(LETTER, turn.here, {p.id: turn.now - QUIET_FOR for p in people}, text)
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
