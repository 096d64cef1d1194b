"""Work that one hands in for their whole pod: each of its people has it as their own."""

from collections.abc import Collection
from dataclasses import replace

from bot.core.contributions import PODS, Podmates
from bot.core.facts import ItemDone, PodJoined, WorkHandedIn
from bot.core.timetable import WEEK
from bot.core.turn import Turn
from bot.core.voice import Card
from bot.course.loader import course_of
from bot.course.model import Milestone
from bot.features.milestones import rules, views
from bot.features.milestones.store import MilestoneStore, Submission, Window, card, feature, item_name, work_name

Milestones = Turn[MilestoneStore]


def pod_of(turn: Milestones, milestone: Milestone, person: int) -> Podmates | None:
    """The pod for which somebody hands in a milestone, with those whose work it is then; None if it is for themselves.

    Work stays with those who have it: the people of two pods that were merged go on with what each of these had
    handed in."""
    pods = turn.collect(PODS, turn.here) if milestone.pod else []
    pod = next((pod for pod in pods if person in pod.people), None)
    if pod is None:
        return None
    held = {w.person: w.pod for w in turn.store.submissions(turn.here.id, pod.people, milestone.id)}
    own = held.get(person, pod.key)
    if own == pod.key or (not own and pod.key not in held.values()):
        return replace(pod, people=frozenset(p for p in pod.people if p == person or held.get(p, pod.key) == pod.key))
    if not own or any(other.key == own for other in pods):
        return None
    there = frozenset[int]().union(*(other.people for other in pods))
    works = turn.store.submissions(turn.here.id, there, milestone.id)
    return Podmates(own, frozenset(w.person for w in works if w.pod == own))


def others_of(turn: Milestones, pod: Podmates, person: int) -> tuple[list[str], bool]:
    """The names of the others for whom somebody hands in, and whether these are all of their pod."""
    mine = next((other.people for other in turn.collect(PODS, turn.here) if person in other.people), pod.people)
    return [turn.people.person(p).name for p in sorted(pod.people - {person})], mine <= pod.people


def current(turn: Milestones, milestone: Milestone) -> Submission | None:
    """The work that the acting learner would replace: that of their pod, or else their own."""
    pod = pod_of(turn, milestone, turn.me.id)
    shared = _of_pod(turn, pod, milestone) if pod is not None else None
    return shared or turn.store.submission(turn.here.id, milestone.id, turn.me.id)


def _of_pod(turn: Milestones, pod: Podmates, milestone: Milestone) -> Submission | None:
    """What a pod has handed in, as its people have it now; the acting learner's own row if there is one."""
    works = turn.store.submissions(turn.here.id, pod.people, milestone.id)
    shared = [w for w in works if w.pod == pod.key]
    return max(shared, key=lambda w: (w.changed_at, turn.person is not None and w.person == turn.me.id), default=None)


def said_by(turn: Milestones, work: Submission) -> str:
    """The name of who handed it in for a pod; '' if it is no pod's."""
    return turn.people.person(work.by).name if work.pod and work.by is not None else ""


@feature.on(PodJoined)
def follow_joining(turn: Milestones, fact: PodJoined) -> None:
    """Those who join have what their pod has handed in already."""
    pod = next((pod for pod in turn.collect(PODS, turn.here) if pod.key == fact.pod), None)
    if pod is None:
        return
    for milestone in course_of(turn.here.course_text).milestones:
        if milestone.pod and (shared := _of_pod(turn, pod, milestone)) is not None:
            give(turn, pod, shared, fact.people - {shared.person})


def give(turn: Milestones, pod: Podmates, shared: Submission, people: Collection[int]) -> None:
    """Stores what one handed in for these people of the pod, with a receipt for each. It is late by their own dates.
    What somebody handed in for themselves stays."""
    cohort, at = turn.here, min(turn.acted_at, shared.changed_at)
    milestone = course_of(cohort.course_text).milestone(shared.milestone)
    before = {w.person: w for w in turn.store.submissions(cohort.id, people, shared.milestone)}
    for window in turn.store.windows(cohort.id, people, shared.milestone):
        window = rules.in_cohort(window, cohort, turn.uptime)
        own = before.get(window.person)
        takes = any(rules.takes_work(window, when) for when in (at, turn.now))
        if milestone is None or not takes or (own is not None and own.pod != pod.key):
            continue
        late = rules.is_late(rules.forgiving(milestone, window, turn.uptime), window, at)
        work, changed = turn.store.save(
            cohort.id,
            milestone.id,
            window.person,
            shared.link,
            shared.text,
            shared.changed_at,
            late,
            shared.file,
            pod.key,
            shared.by,
        )
        if not changed:
            continue
        told = _receipt(turn, milestone, window, work)
        if turn.links.shown([told.anchor]):
            turn.show_to(told.person, told.anchor, told.message)
        else:
            turn.say(told)
        turn.happened(WorkHandedIn(cohort.id, milestone.id, window.person, work.late, own is None, work_name(work)))
        turn.happened(ItemDone(cohort.id, item_name(milestone.id), window.person))


def _receipt(turn: Milestones, milestone: Milestone, window: Window, work: Submission) -> Card:
    """The receipt of somebody for whom another one handed in."""
    name, cohort = turn.people.person(work.person).greeted, turn.here
    forgiving = rules.forgiving(milestone, window, turn.uptime)
    said = views.receipt(cohort, name, forgiving, window, work, turn.now, said_by(turn, work))
    return Card(work.person, cohort.id, card(cohort.id, milestone.id, work.person), said, turn.now, turn.now + WEEK)


def unname(turn: Milestones, person: int) -> None:
    """The others of a pod keep the work that somebody handed in who is erased; their receipts do not say by whom."""
    cohort, course = turn.here, course_of(turn.here.course_text)
    works = [w for w in turn.store.submissions(cohort.id) if w.by == person and w.person != person]
    if not works:
        return
    turn.store.unname(person)
    windows = {(w.milestone, w.person): w for w in turn.store.windows(cohort.id, {w.person for w in works})}
    found = []
    for work in works:
        milestone, window = course.milestone(work.milestone), windows.get((work.milestone, work.person))
        if milestone is not None and window is not None:
            found.append(
                _receipt(turn, milestone, rules.in_cohort(window, cohort, turn.uptime), replace(work, by=None))
            )
    turn.show_again(found)
