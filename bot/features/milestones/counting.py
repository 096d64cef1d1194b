"""Milestones in figures: one base for the manager's week, the overview, and the course team's views."""

from collections.abc import Sequence
from datetime import datetime

from bot.core.people import Cohort, Role
from bot.core.timetable import WEEK
from bot.core.turn import Turn
from bot.course.model import Milestone
from bot.features.milestones import rules
from bot.features.milestones.contributing import Dated
from bot.features.milestones.store import Counts, MilestoneStore, Submission, Window


def base(turn: Turn[MilestoneStore], cohort: Cohort, milestones: Sequence[Dated]) -> dict[str, list[Window]]:
    """The windows of those whom the figures of each milestone count: the learners who were expected in the seven days
    before the date that most have, and everybody who handed it in (`Directory.expected`).

    Those who joined too late for that date, need not hand it in, or have completed the course count where they handed
    it in. Somebody whose own date is later, because it was moved for them, is expected too. Somebody who left after
    that date still counts, with the date that most have.
    """
    joined, windows = turn.people.joined(cohort.id, ever=True), turn.store.windows(cohort.id)
    done = {(s.milestone, s.person) for s in _work(turn, cohort)}
    waiting = {w.person for w in windows if (w.milestone, w.person) not in done}
    learners = turn.people.members(cohort.id, Role.LEARNER)
    completed = turn.completed(cohort, [p for p in learners if p.id in waiting]) if milestones else ()
    found = {}
    for milestone, opens, due in milestones:
        came = {person for id, person in done if id == milestone.id}
        expected = set(turn.people.expected(cohort.id, due - WEEK, due, came))
        theirs = {w.person: w for w in windows if w.milestone == milestone.id and w.person in expected}
        left = expected - {p.id for p in learners}
        theirs |= {p: Window(milestone.id, p, opens, due) for p in left - theirs.keys()}
        found[milestone.id] = [
            w
            for w in theirs.values()
            if w.person in came
            or not (w.optional or w.person in completed or rules.missed(opens, due, joined[w.person]))
        ]
    return found


def counted(
    turn: Turn[MilestoneStore], cohort: Cohort, milestones: Sequence[Dated]
) -> list[tuple[Milestone, datetime, datetime, Counts]]:
    """Milestones with their figures over their base. One that opened within the week before has nothing to compare
    with: nobody could hand it in for most of that week."""
    since, work, asked = turn.now - WEEK, _work(turn, cohort), base(turn, cohort, milestones)
    here = turn.people.joined(cohort.id).keys()
    return [
        (m, opens, due, rules.counts(m, asked[m.id], work, turn.uptime, here, since if opens <= since - WEEK else None))
        for m, opens, due in milestones
    ]


def _work(turn: Turn[MilestoneStore], cohort: Cohort) -> list[Submission]:
    """What had come in until now: a figure of an earlier week says what was known then."""
    return [s for s in turn.store.submissions(cohort.id) if s.first_at <= turn.now]
