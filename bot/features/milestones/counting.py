"""Milestones in figures: one base for the manager's week, the overview, and the course team's views."""

from datetime import datetime

from bot.core.people import Cohort, Role
from bot.core.timetable import WEEK
from bot.core.turn import Turn
from bot.course.model import Milestone
from bot.features.milestones import rules
from bot.features.milestones.contributing import dated
from bot.features.milestones.store import Counts, MilestoneStore


def counted(turn: Turn[MilestoneStore], cohort: Cohort) -> list[tuple[Milestone, datetime, datetime, Counts]]:
    """Every milestone with the opening and due date that most learners have, soonest first, and its figures over the
    learners who are expected in the last seven days (`Directory.expected`).

    Those who joined too late for the cohort's date, need not hand it in, or have completed the course count where they
    handed it in. Somebody whose own date is later, because it was moved for them, is expected too.
    """
    since = turn.now - WEEK
    expected = set(turn.people.expected(cohort.id, since, turn.now))
    joined, work = turn.people.joined(cohort.id, expected), turn.store.submissions(cohort.id, expected)
    windows, done = turn.store.windows(cohort.id, expected), {(s.milestone, s.person) for s in work}
    waiting = {w.person for w in windows if (w.milestone, w.person) not in done}
    learners = turn.people.members(cohort.id, Role.LEARNER)
    completed = turn.completed(cohort, [p for p in learners if p.id in waiting])
    found = []
    for milestone, opens, due in dated(turn, cohort):
        asked = [
            w
            for w in windows
            if w.milestone == milestone.id
            and (
                (w.milestone, w.person) in done
                or not (w.optional or w.person in completed or rules.missed(opens, due, joined[w.person]))
            )
        ]
        counts = rules.counts(milestone, asked, work, turn.uptime, since if opens <= since else None)
        found.append((milestone, opens, due, counts))
    return found
