"""A pod's channel: made, shown, given to others, archived."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from types import MappingProxyType

from bot.core.actions import stamp
from bot.core.effects import Create
from bot.core.facts import PodClosed
from bot.core.message import Text
from bot.core.people import Place
from bot.core.timetable import WEEK
from bot.core.voice import Awaited, Hush, Line
from bot.course.loader import course_of
from bot.features.pods import rules, views
from bot.features.pods.finding import CohortPods, Turns
from bot.features.pods.store import Pod


def make_channel(turn: Turns, here: CohortPods, pod: Pod) -> None:
    """Asks for the private channel of a pod, or lets its people into the one that it has. The anchor names them:
    whoever has left by the time it is made is removed."""
    people = tuple(sorted(p.id for p in here.people(pod)))
    name, topic = rules.channel_name(here.cohort, pod), views.topic(here.cohort)
    anchor = f"pods/{pod.id}/{pod.opened}/{stamp(turn.now)}/{'.'.join(map(str, people))}"
    # One that takes nothing is looked for anew, or replaced.
    there = None if pod.why else pod.place
    turn.create_channel(Create(anchor, pod.workspace, name, topic, private=True, people=people, place=there))


def show(turn: Turns, here: CohortPods, pod: Pod) -> None:
    """The post with the people of a pod, as they are now."""
    if pod.place is not None:
        checks_in = any(c.pod for c in course_of(here.cohort.course_text).checkins)
        message = views.post(here.cohort, pod, here.people(pod), here.introductions, checks_in)
        turn.post_in_pod(pod.place, pod.anchor, message)


def tell(
    turn: Turns,
    here: CohortPods,
    pod: Pod,
    fresh: Collection[int],
    known: Collection[int] = (),
    why: Mapping[int, Text] = MappingProxyType({}),
) -> None:
    """Tells people with whom they are in a pod: those for whom it is `fresh`, and those who are `known` there. `why`:
    what became of the pod in which somebody was before: they had agreed to that one, so all of them wait to hear with
    whom they go on."""
    place, until = pod.place, turn.now + WEEK
    if place is None:
        # They are told with whom once the channel is there.
        for id, text in why.items():
            turn.say(Awaited(id, here.cohort.id, _why_key(here.cohort.id, id), text, until))
        return
    asked = here.asked is None or here.asked.join == "ask"
    for person in here.people(pod):
        others = here.others(pod, person.id)
        key = _key(here.cohort.id, person.id)
        if not others or person.id not in (*fresh, *known):
            continue
        text = (*why.get(person.id, ()), *views.told(others, place, person.id in fresh))
        if why or (person.id in fresh and asked):
            turn.say(Awaited(person.id, here.cohort.id, key, text, until))
        else:
            turn.say(Line(person.id, here.cohort.id, key, text, until))


def tell_waiting(turn: Turns, here: CohortPods, people: Collection[int], lost: bool = False) -> None:
    """`lost`: everybody else has left their pod."""
    for person in sorted(people):
        hush(turn, here.cohort.id, person)
        key = _key(here.cohort.id, person)
        turn.say(Awaited(person, here.cohort.id, key, views.waits(lost), turn.now + WEEK))


def hush(turn: Turns, cohort: int, person: int) -> None:
    """What waits to be said to somebody about their pod, and about what became of the one before, is not said."""
    turn.say(Hush(_key(cohort, person)), Hush(_why_key(cohort, person)))


def _key(cohort: int, person: int) -> str:
    return f"pods/{cohort}/{person}"


def _why_key(cohort: int, person: int) -> str:
    return f"{_key(cohort, person)}/why"


def close(turn: Turns, here: CohortPods, pod: Pod, over: bool) -> None:
    """Closes a pod, at the end of the cohort or because (`over`) nobody is in it any more."""
    if pod.place is not None:
        turn.happened(PodClosed(here.cohort.id, pod.key, pod.place))
    turn.store.change(replace(pod, closed_at=turn.now, over=over, why=""))


def archive(turn: Turns, here: CohortPods, pod: Pod, place: Place) -> None:
    """Archives the channel of a pod. Its post names nobody any more: nothing can be changed there afterwards."""
    turn.post_in_pod(place, pod.anchor, views.dissolved() if pod.over else views.farewell(here.cohort))
    turn.archive_channel(place)
