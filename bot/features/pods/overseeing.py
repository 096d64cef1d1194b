"""The course team mends a pod's channel, merges a quiet pod with another one, or writes to its people."""

from collections.abc import Sequence

from bot.core.actions import read_number
from bot.core.contributions import LETTER
from bot.core.errors import FormRefused, Spent
from bot.core.facts import DeskChanged
from bot.core.feature import Press, Reply, Submission
from bot.core.people import STAFF, Person
from bot.core.typed import trim
from bot.features.pods import desk_views, grouping_rules, rules, settling, showing
from bot.features.pods.finding import CohortPods, Turns
from bot.features.pods.store import Pod, feature


@feature.action("again", roles=STAFF, lane="private")
def again(turn: Turns, press: Press) -> Reply:
    """Tries to make the channel of a pod once more."""
    here = CohortPods(turn, turn.here)
    pod = next((pod for pod in here.pods if pod.id == read_number(press.subject) and pod.why), None)
    if pod is None:
        raise Spent(desk_views.changed_since())
    showing.make_channel(turn, here, pod)
    turn.log(f"tried again to make the channel of pod {pod.number}")
    return desk_views.trying(pod)


def _two(turn: Turns, subject: str) -> tuple[CohortPods, Pod, Pod]:
    """Two pods of which one can take the people of the other. Raises Spent."""
    here = CohortPods(turn, turn.here)
    one, _dot, other = subject.partition(".")
    by_id = {pod.id: pod for pod in here.pods}
    pod, home = by_id.get(read_number(one) or 0), by_id.get(read_number(other) or 0)
    if pod is None or home is None or pod is home or pod.workspace != home.workspace:
        raise Spent(desk_views.changed_since())
    if not here.people(pod) or len(here.people(pod)) + len(here.people(home)) > grouping_rules.CRAMMED:
        raise Spent(desk_views.changed_since())
    return here, pod, home


@feature.action("merge", roles=STAFF, lane="private")
def merge(turn: Turns, press: Press) -> Reply:
    here, pod, home = _two(turn, press.subject)
    return desk_views.sure_to_merge(turn.here, pod, here.people(pod), home, here.people(home))


@feature.action("merge_now", roles=STAFF, lane="private")
def merge_now(turn: Turns, press: Press) -> Reply:
    here, pod, home = _two(turn, press.subject)
    settling.merge(turn, here, pod, home)
    turn.happened(DeskChanged(turn.here.id, pod.quiet_name, done=True))
    turn.log(f"merged pod {pod.number} into pod {home.number}")
    return desk_views.merged(pod, home)


@feature.action("letter", roles=STAFF, lane="form")
def open_letter(turn: Turns, press: Press) -> Reply:
    pod, people = _written_to(turn, press.subject)
    return desk_views.letter_form(turn.here, pod, people)


@feature.form("letter", roles=STAFF, replaces=None)
def send_letter(turn: Turns, filled: Submission) -> Reply:
    """Each of a pod gets the letter alone: its channel is theirs, and has its two messages a week."""
    pod, people = _written_to(turn, filled.subject)
    text = trim(filled.values.get("text", ""))
    if not text:
        raise FormRefused({"text": desk_views.no_letter()}, desk_views.letter_form(turn.here, pod, people))
    reached = turn.collect(LETTER, turn.here, {p.id: turn.now - rules.QUIET_FOR for p in people}, text)
    if reached:
        turn.happened(DeskChanged(turn.here.id, pod.quiet_name, seen=True))
    turn.log(f"wrote a letter to {len(reached)} of pod {pod.number}")
    return desk_views.letter_sent([p for p in people if p.id in reached], text)


def _written_to(turn: Turns, subject: str) -> tuple[Pod, Sequence[Person]]:
    """A pod, and its people who are not away. Raises Spent."""
    here, away = CohortPods(turn, turn.here), turn.people.away(turn.here.id)
    pod = next((pod for pod in here.pods if pod.id == read_number(subject)), None)
    people = [p for p in here.people(pod) if p.id not in away] if pod is not None else []
    if pod is None or not people:
        raise Spent(desk_views.changed_since())
    return pod, people
