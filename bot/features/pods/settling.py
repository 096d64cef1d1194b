"""Who is in which pod: formed at the course's moment, and kept in order as people come and go."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from bot.core.facts import DeskChanged, ItemsChanged, PodJoined
from bot.core.message import Text
from bot.core.people import Person
from bot.course.loader import course_of
from bot.features.pods import grouping_rules, rules, showing, views
from bot.features.pods.finding import CohortPods, Turns
from bot.features.pods.store import Pod

MANY = 30
"""For more people than these, all cards are looked at together."""

USUAL = 5
"""How many a pod has in a course that has no pods any more."""


def settle(turn: Turns, first: bool = False, coming: int | None = None) -> None:
    """Gives everybody who wants one a place, and merges what has become small. Tells those for whom something changes.
    Those for whom there is no place hear it at the `first` time, when they lose theirs, and when they are `coming`."""
    cohort = turn.here
    here = CohortPods(turn, cohort)
    due = here.formed_at
    if cohort.ended_at is not None or (not here.pods and (due is None or turn.now < due)):
        return
    people = [p for p in here.learners if here.wants(p.id)]
    changed: set[int] = set()
    for workspace in dict.fromkeys(place.workspace for place in cohort.places("main")):
        mine = [p for p in people if _home(turn, p) == workspace]
        changed |= _settle(turn, here, workspace, mine, first, coming)
    publish(turn, changed)


def publish(turn: Turns, people: Collection[int]) -> None:
    """The cards of these people change."""
    if len(people) > MANY:
        turn.happened(ItemsChanged(turn.here.id))
    else:
        for person in sorted(people):
            turn.happened(ItemsChanged(turn.here.id, person))


def _home(turn: Turns, person: Person) -> str | None:
    """The workspace in which somebody is in a pod: the cohort's first one in which they have an account."""
    for place in turn.here.places("main"):
        account = turn.people.account(person.id, place.workspace)
        if account is not None and account.workspace == place.workspace:
            return place.workspace
    return None


def _settle(
    turn: Turns, here: CohortPods, workspace: str, people: list[Person], first: bool, coming: int | None
) -> set[int]:
    """Settles the pods of one workspace; returns for whom something changed."""
    pods = {pod.id: pod for pod in here.pods if pod.workspace == workspace}
    clocks = {p.id: grouping_rules.clock(p, turn.now) for p in people}
    before = {id: frozenset(p.id for p in here.people(pod)) & clocks.keys() for id, pod in pods.items()}
    # Their pod was closed while they were not there.
    returned = {p.id for p in people if (m := here.members.get(p.id)) and m.pod is not None and here.of(p.id) is None}
    size = here.asked.size if here.asked else USUAL
    result = grouping_rules.settled(clocks, before, size, _known(turn))
    closed = [pods[id] for id in result.closed & pods.keys()]
    changed: set[int] = set()
    for group in result.formed:
        changed |= group
        _move(turn, here, _new(turn, here, workspace), group, closed)
    for id, pod in pods.items():
        if joined := result.pods[id] - before[id]:
            changed |= result.pods[id]
            _move(turn, here, pod, joined, closed)
        elif lost := before[id] - result.pods[id]:
            changed |= lost | result.pods[id]
            showing.show(turn, here, pod)
    for pod in closed:
        dissolve(turn, here, pod)
    lost_place = result.waiting & ({p for group in before.values() for p in group} | returned)
    for person in lost_place:
        here.keep(rules.moved(here.members.get(person), person, None, turn.now))
    showing.tell_waiting(turn, here, lost_place, lost=True)
    showing.tell_waiting(turn, here, result.waiting - lost_place if first else result.waiting & {coming} - lost_place)
    return changed | lost_place


def _known(turn: Turns) -> grouping_rules.Known:
    """Who was together with whom in earlier runs of this course."""
    course = course_of(turn.here.course_text).id
    runs = [
        c.id
        for ended in (False, True)
        for c in turn.people.cohorts(ended=ended)
        if c.id != turn.here.id and course_of(c.course_text).id == course
    ]
    return grouping_rules.pairs(turn.store.together(runs)) if runs else frozenset()


def _new(turn: Turns, here: CohortPods, workspace: str) -> Pod:
    number = 1 + max((pod.number for pod in turn.store.pods(here.cohort.id)), default=0)
    pod = turn.store.add(here.cohort.id, number, workspace)
    here.pods.append(pod)
    return pod


def _move(
    turn: Turns, here: CohortPods, pod: Pod, people: Iterable[int], closed: Collection[Pod] = (), by_staff: bool = False
) -> None:
    """Brings people into a pod, out of any other one; all of them hear of it, and why. They stay in the channels of
    pods that are `closed` with this, where they can read what was written."""
    known, fresh = {p.id for p in here.people(pod)}, set(people)
    why: dict[int, Text] = {}
    for person in sorted(fresh):
        # What waits to be said of an earlier change of their pod is not true any more.
        showing.hush(turn, here.cohort.id, person)
        source, before = here.of(person), here.members.get(person)
        if source is not None and source in closed:
            why[person] = views.why_merged(source.place, by_staff)
            why |= dict.fromkeys(known, views.why_joined(by_staff))
        elif source is not None:
            why[person] = views.why_moved()
            if source.place is not None:
                turn.remove_member(source.place, person)
        elif before is not None and before.pod is not None:
            why[person] = views.why_another()
        here.keep(rules.moved(before, person, pod.id, turn.now))
    if not known or pod.place is not None or pod.why:
        showing.make_channel(turn, here, pod)
    showing.show(turn, here, pod)
    showing.tell(turn, here, pod, fresh, known, why)
    turn.happened(PodJoined(here.cohort.id, pod.key, frozenset(fresh)))


def merge(turn: Turns, here: CohortPods, pod: Pod, other: Pod) -> None:
    """Brings the people of one pod into another one, and closes the first: the course team's decision."""
    _move(turn, here, other, [p.id for p in here.people(pod)], [pod], by_staff=True)
    dissolve(turn, here, pod)
    publish(turn, {p.id for p in here.people(other)})


def dissolve(turn: Turns, here: CohortPods, pod: Pod) -> None:
    """Closes a pod in which nobody is any more. Members without an account keep it as theirs: they hear what became of
    it when they are back."""
    showing.close(turn, here, pod, over=True)
    here.pods.remove(pod)
    turn.happened(DeskChanged(here.cohort.id, pod.desk_name))


def take_out(turn: Turns, person: int, wants: bool) -> None:
    """Takes somebody out of their pod, and its channel."""
    here = CohortPods(turn, turn.here)
    pod = here.of(person)
    if (member := here.members.get(person)) is not None:
        here.keep(replace(member, pod=None, since=None, wants=wants))
    if pod is not None:
        if pod.place is not None:
            turn.remove_member(pod.place, person)
        showing.show(turn, here, pod)
        showing.hush(turn, here.cohort.id, person)
        publish(turn, {p.id for p in here.people(pod)})
