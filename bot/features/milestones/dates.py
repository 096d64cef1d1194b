"""Each learner's dates: planned from the course file, moved for one or for all."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.facts import ItemMoved
from bot.core.people import Cohort, Person, Role
from bot.core.planning import Planning
from bot.core.timetable import DAY
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.course.model import Milestone
from bot.features.milestones import rules, views
from bot.features.milestones.store import MilestoneStore, Window, card, item

Milestones = Turn[MilestoneStore]

A_FEW = 200


def follow(turn: Milestones, planning: Planning) -> None:
    """Works out the dates of some learners again, and updates their receipts."""
    cohort = planning.cohort
    if planning.whole:
        turn.store.drop_windows(cohort.id, but={m.id for m in course_of(cohort.course_text).milestones})
    changed = plan(turn, cohort, planning.people, keep_longer=planning.by_another_clock)
    show_receipts(turn, cohort, changed)


def plan(
    turn: Milestones, cohort: Cohort, people: Sequence[Person], only: str | None = None, keep_longer: bool = False
) -> list[Window]:
    """Works out the windows of some learners again, of all milestones or of one. Returns those that changed.

    A due date that has passed stays, and one that lies ahead never comes to lie in the past, unless it is the
    milestone named in `only`, whose date was moved: that gives more time, and never less. `keep_longer`: nobody loses
    time that they were given (their clock is another one now).
    """
    milestones = [m for m in course_of(cohort.course_text).milestones if only in (None, m.id)]
    # For more than a few people it is quicker to query everybody.
    some = {p.id for p in people} if len(people) < A_FEW else None
    joined = turn.people.joined(cohort.id, some)
    moves = turn.store.moves(cohort.id)
    before = {(w.milestone, w.person): w for w in turn.store.windows(cohort.id, some, only)}
    # Most learners share a few zones and joined in time: what they share is worked out once.
    shared: dict[tuple[str, str, int], tuple[Window, tuple[datetime, datetime]]] = {}
    changed: list[Window] = []
    table = cohort.timetable
    for milestone in milestones:
        for_all = moves.get((milestone.id, 0), 0)
        for person in people:
            if person.id not in joined:
                continue
            old = before.get((milestone.id, person.id))
            if old is not None and only is None and old.due_at <= turn.now:
                continue
            own = moves.get((milestone.id, person.id), 0)
            key = (milestone.id, person.zone, own)
            if key not in shared:
                shared[key] = (
                    on_time(cohort, milestone, person.zone, for_all, own),
                    milestone.window(table, person.zone),
                )
            new, unmoved = shared[key]
            if rules.missed(*unmoved, joined[person.id]):
                new = rules.window_for(milestone, table, person.zone, for_all, own, joined[person.id])
            keeps = only is not None or (keep_longer and old is not None and old.opens_at <= turn.now)
            over = new.due_at <= turn.now
            if old is not None and (keeps or over) and new.due_at < old.due_at:
                continue
            new = replace(new, person=person.id)
            if new != old:
                changed.append(new)
    turn.store.put_windows(cohort.id, changed)
    return changed


def on_time(cohort: Cohort, milestone: Milestone, zone: str, for_all: int, own: int = 0) -> Window:
    """The window of a learner in a zone who joined before the start."""
    long_ago = cohort.timetable.at(-52, 0, rules.MIDNIGHT, "cohort", cohort.zone)
    return rules.window_for(milestone, cohort.timetable, zone, for_all, own, long_ago)


def show_receipts(turn: Milestones, cohort: Cohort, changed: Sequence[Window]) -> None:
    """Updates the receipts that say until when work can be changed."""
    if not changed:
        return
    turn.cohort = cohort
    course = course_of(cohort.course_text)
    windows = {(w.milestone, w.person): w for w in changed}
    for work in turn.store.submissions(cohort.id, {w.person for w in changed}):
        window, milestone = windows.get((work.milestone, work.person)), course.milestone(work.milestone)
        if window is not None and milestone is not None:
            name = turn.people.person(work.person).greeted
            milestone = rules.forgiving(milestone, window, turn.uptime)
            message = views.receipt(cohort.id, name, milestone, window, work, turn.now)
            turn.show_to(work.person, card(cohort.id, milestone.id, work.person), message)


def move(turn: Milestones, milestone: Milestone, person: Person | None, days: int) -> list[Window]:
    """Moves the date by `days` more, for one learner or (None) for all; returns the windows that changed."""
    cohort = turn.here
    who = person.id if person else None
    people = [person] if person else turn.people.members(cohort.id, Role.LEARNER)
    before = turn.store.moves(cohort.id).get((milestone.id, who or 0), 0) + _kept(turn, cohort, milestone, people)
    turn.store.move(cohort.id, milestone.id, who, before + days, turn.me.id, turn.now)
    changed = plan(turn, cohort, people, milestone.id)
    show_receipts(turn, cohort, changed)
    turn.happened(ItemMoved(cohort.id, item(milestone.id), who))
    return changed


def _kept(turn: Milestones, cohort: Cohort, milestone: Milestone, people: Sequence[Person]) -> int:
    """By how many days the dates of most of these learners are later than planned, because they kept them when a start
    moved."""
    by_id, moves = {p.id: p for p in people}, turn.store.moves(cohort.id)
    joined = turn.people.joined(cohort.id, by_id)
    days: Counter[int] = Counter()
    for window in turn.store.windows(cohort.id, by_id, milestone.id):
        if window.person in joined and not window.optional:
            zone, own = by_id[window.person].zone, moves.get((milestone.id, window.person), 0)
            for_all, since = moves.get((milestone.id, 0), 0), joined[window.person]
            planned = rules.window_for(milestone, cohort.timetable, zone, for_all, own, since)
            days[max(0, round((window.due_at - planned.due_at) / DAY))] += 1
    return min(days, key=lambda n: (-days[n], n), default=0)
