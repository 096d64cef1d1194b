"""What questions contribute: their posts, which are looked at after a downtime; what is still open at the end of a
cohort, and what the run showed."""

from datetime import time

from bot.core.contributions import EVIDENCE, FOLLOWED, OPEN_ENDS, OpenEnd
from bot.core.people import Cohort, MessageRef
from bot.core.time import at_wall
from bot.core.timetable import WEEK
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.questions import rules, views
from bot.features.questions.store import PUBLIC, QuestionStore, feature

LOOKED_AT = 100
"""The newest open questions whose posts are looked at after a downtime."""


@feature.contributes(FOLLOWED)
def followed(turn: Turn[QuestionStore], cohort: Cohort) -> list[MessageRef]:
    questions = turn.store.unsolved(cohort.id, PUBLIC, LOOKED_AT, newest=True)
    posted = turn.links.refs([q.root for q in questions if not q.plain])
    return [ref for q in questions if (ref := q.ref if q.plain else posted.get(q.root)) is not None]


@feature.contributes(OPEN_ENDS)
def open_ends(turn: Turn[QuestionStore], cohort: Cohort) -> list[OpenEnd]:
    unsettled = turn.store.unsettled(cohort.id)
    notes = sum(kind == "note" and not replies for kind, replies in unsettled)
    unanswered = sum(kind != "note" and not replies for kind, replies in unsettled)
    replied = sum(replies > 0 for _, replies in unsettled)
    return [OpenEnd(text) for text in views.open_at_the_end(unanswered, notes, replied)]


@feature.contributes(EVIDENCE)
def evidence(turn: Turn[QuestionStore], cohort: Cohort, learners: frozenset[int]) -> list[tuple[str, str]]:
    """How many questions each week had, and how many were answered in time."""
    course = course_of(cohort.course_text)
    asked, within = turn.store.asked(cohort.id), course.faq.answer_within
    found = []
    for week in course.weeks:
        start = at_wall(cohort.timetable.monday(week.number), time(0), cohort.zone)
        in_week = [a for a in asked if start <= a.at < start + WEEK]
        kept, _ = rules.in_time(in_week, within, turn.uptime)
        found.append((f"weeks[{week.number - 1}]", views.asked_in_a_week(len(in_week), kept, within)))
    return found
