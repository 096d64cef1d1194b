"""Work that one hands in for their whole pod: each of its people has it as their own."""

from collections.abc import Collection
from dataclasses import replace

from bot.core.contributions import PODS, Podmates
from bot.core.facts import ItemDone, PodJoined, WorkHandedIn
from bot.core.timetable import WEEK
from bot.core.translation import _
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


@feature.on(PodJoined)
def follow_joining(turn: Milestones, fact: PodJoined) -> None:
    """Those who join have what their pod has handed in already. No receipt says that it is everybody's where it is not
    any more."""
    pod = next((pod for pod in turn.collect(PODS, turn.here) if pod.key == fact.pod), None)
    if pod is None:
        return
    for milestone in course_of(turn.here.course_text).milestones:
        if milestone.pod and (shared := _of_pod(turn, pod, milestone)) is not None:
            give(turn, pod, shared, fact.people - {shared.person})
        if milestone.pod:
            _show_again(turn, milestone, turn.store.submissions(turn.here.id, pod.people, milestone.id))


def give(turn: Milestones, pod: Podmates, shared: Submission, people: Collection[int]) -> None:
    """Stores what one handed in for these people of the pod, with a receipt for each. It is late by their own dates.
    What somebody handed in for themselves stays."""
    cohort, at = turn.here, min(turn.acted_at, shared.changed_at)
    milestone = course_of(cohort.course_text).milestone(shared.milestone)
    before = {w.person: w for w in turn.store.submissions(cohort.id, people, shared.milestone)}
    given: list[tuple[Window, Submission]] = []
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
        given.append((window, work))
        turn.happened(WorkHandedIn(cohort.id, milestone.id, window.person, work.late, own is None, work_name(work)))
        turn.happened(ItemDone(cohort.id, item_name(milestone.id), window.person))
    for told in receipts(turn, milestone, given) if milestone is not None else ():
        if turn.links.shown([told.anchor]):
            turn.show_to(told.person, told.anchor, told.message)
        else:
            turn.say(told)


def receipts(turn: Milestones, milestone: Milestone, works: Collection[tuple[Window, Submission]]) -> list[Card]:
    """The receipts of work for one milestone."""
    cohort, found = turn.here, list[Card]()
    pods = turn.collect(PODS, cohort) if any(work.pod for _window, work in works) else []
    pod_of = {person: pod for pod in pods for person in pod.people}
    people = {p for _window, work in works if (pod := pod_of.get(work.person)) for p in pod.people}
    held = {w.person: w for w in turn.store.submissions(cohort.id, people, milestone.id)} if people else {}
    for window, work in works:
        pod, whose = pod_of.get(work.person), _("You handed in")
        if work.pod:
            others = [held[p] for p in (pod.people if pod else ()) if p in held and p != work.person]
            by = turn.people.person(work.by).name if work.by is not None else ""
            whose = views.in_pod(by, rules.reach(work, pod, others))
        name, forgiving = turn.people.person(work.person).greeted, rules.forgiving(milestone, window, turn.uptime)
        said = views.receipt(cohort, name, forgiving, window, work, turn.now, whose)
        anchor = card(cohort.id, milestone.id, work.person)
        found.append(Card(work.person, cohort.id, anchor, said, turn.now, turn.now + WEEK))
    return found


def _show_again(turn: Milestones, milestone: Milestone, works: Collection[Submission]) -> None:
    """Shows the receipts of what was handed in for pods as they are now."""
    shared = {w.person: w for w in works if w.pod}
    windows = turn.store.windows(turn.here.id, shared, milestone.id) if shared else ()
    there = [(rules.in_cohort(w, turn.here, turn.uptime), shared[w.person]) for w in windows]
    turn.show_again(receipts(turn, milestone, there))


def unname(turn: Milestones, person: int) -> None:
    """The others of a pod keep the work that somebody handed in who is erased; their receipts do not say by whom."""
    works = [w for w in turn.store.submissions(turn.here.id) if w.by == person and w.person != person]
    if not works:
        return
    turn.store.unname(person)
    for milestone in course_of(turn.here.course_text).milestones:
        _show_again(turn, milestone, [replace(w, by=None) for w in works if w.milestone == milestone.id])
