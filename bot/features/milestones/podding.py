"""Work that one hands in for their whole pod: each of its people has it as their own."""

from dataclasses import replace

from bot.core.contributions import PODS, Podmates
from bot.core.facts import ItemDone, WorkHandedIn
from bot.core.timetable import WEEK
from bot.core.turn import Turn
from bot.core.voice import Card
from bot.course.loader import course_of
from bot.course.model import Milestone
from bot.features.milestones import rules, views
from bot.features.milestones.store import MilestoneStore, Submission, Window, card, item_name, work_name

Milestones = Turn[MilestoneStore]


def pod_of(turn: Milestones, milestone: Milestone, person: int) -> Podmates | None:
    """The pod for which somebody hands in a milestone; None if it is for themselves."""
    if not milestone.pod:
        return None
    return next((pod for pod in turn.collect(PODS, turn.here) if person in pod.people), None)


def current(turn: Milestones, milestone: Milestone) -> Submission | None:
    """The work that the acting learner would replace: that of their pod, or else their own."""
    pod = pod_of(turn, milestone, turn.me.id)
    if pod is not None:
        works = turn.store.submissions(turn.here.id, pod.people, milestone.id)
        if shared := [w for w in works if w.pod == pod.key]:
            return max(shared, key=lambda w: (w.changed_at, w.person == turn.me.id))
    return turn.store.submission(turn.here.id, milestone.id, turn.me.id)


def said_by(turn: Milestones, work: Submission) -> str:
    """The name of who handed it in for a pod; '' if it is no pod's."""
    return turn.people.person(work.by).name if work.pod and work.by is not None else ""


def give_to_others(turn: Milestones, pod: Podmates, mine: Submission) -> None:
    """Stores the work for the others of the pod, with a receipt for each. It is late by their own dates. What somebody
    handed in for themselves stays."""
    cohort, others = turn.here, pod.people - {turn.me.id}
    milestone = course_of(cohort.course_text).milestone(mine.milestone)
    before = {w.person: w for w in turn.store.submissions(cohort.id, others, mine.milestone)}
    for window in turn.store.windows(cohort.id, others, mine.milestone):
        window = rules.in_cohort(window, cohort, turn.uptime)
        own = before.get(window.person)
        takes = any(rules.takes_work(window, at) for at in (turn.acted_at, turn.now))
        if milestone is None or not takes or (own is not None and own.pod != pod.key):
            continue
        late = rules.is_late(rules.forgiving(milestone, window, turn.uptime), window, turn.acted_at)
        work, changed = turn.store.save(
            cohort.id,
            milestone.id,
            window.person,
            mine.link,
            mine.text,
            mine.changed_at,
            late,
            mine.file,
            pod.key,
            turn.me.id,
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
