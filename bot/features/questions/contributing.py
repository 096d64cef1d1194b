"""What questions contribute to the end of a cohort: what is open still, and what the run taught."""

from datetime import time

from bot.core.contributions import EVIDENCE, OPEN_ENDS, OpenEnd
from bot.core.people import Cohort
from bot.core.time import at_wall
from bot.core.timetable import WEEK
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.questions import views
from bot.features.questions.store import QuestionStore, feature


@feature.contributes(OPEN_ENDS)
def open_ends(turn: Turn[QuestionStore], cohort: Cohort) -> list[OpenEnd]:
    unsettled = turn.store.unsettled(cohort.id)
    notes = sum(kind == "note" and not replies for kind, replies in unsettled)
    unanswered = sum(kind != "note" and not replies for kind, replies in unsettled)
    replied = sum(replies > 0 for _, replies in unsettled)
    return [OpenEnd(text) for text in views.open_at_the_end(unanswered, notes, replied)]


@feature.contributes(EVIDENCE)
def evidence(turn: Turn[QuestionStore], cohort: Cohort, learners: frozenset[int]) -> list[tuple[str, str]]:
    """How many questions each week brought, and how many were answered within the promise."""
    course = course_of(cohort.course_text)
    asked = turn.store.answered_at(cohort.id)
    found = []
    for week in course.weeks:
        start = at_wall(cohort.timetable.monday(week.number), time(0), cohort.zone)
        answers = [(at, answered_at) for at, answered_at in asked if start <= at < start + WEEK]
        within = course.faq.answer_within
        kept = sum(1 for at, answered_at in answers if answered_at is not None and answered_at - at <= within)
        found.append((f"weeks[{week.number - 1}]", views.asked_in_a_week(len(answers), kept, within)))
    return found
