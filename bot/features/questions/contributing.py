"""What questions contribute: their posts, which are looked at after a downtime; what is still open at the end of a
cohort, and what the run showed."""

from collections.abc import Iterator
from datetime import time

from bot.core.contributions import EVIDENCE, FOLLOWED, OPEN_ENDS, SNAGS, OpenEnd, Snag
from bot.core.people import Cohort, MessageRef, Role
from bot.core.time import at_wall
from bot.core.timetable import WEEK
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.questions import rules, views
from bot.features.questions.store import PUBLIC, Asked, QuestionStore, feature

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


MANY = 5
"""Questions in a week that say that it was hard, if also half of the learners could have asked one each."""


@feature.contributes(EVIDENCE)
def evidence(turn: Turn[QuestionStore], cohort: Cohort, learners: frozenset[int]) -> list[tuple[str, str]]:
    """How many questions each week had, and how many were answered in time."""
    within, found = course_of(cohort.course_text).faq.answer_within, []
    for week, asked in _by_week(turn, cohort):
        kept, _ = rules.in_time(asked, within, turn.uptime)
        found.append((f"weeks[{week - 1}]", views.asked_in_a_week(len(asked), kept, within)))
    return found


@feature.contributes(SNAGS)
def where_people_get_stuck(turn: Turn[QuestionStore], cohort: Cohort) -> list[Snag]:
    """The questions of each week, and the learners whom nobody replied to although it was promised."""
    within, found = course_of(cohort.course_text).faq.answer_within, []
    learners = {p.id for p in turn.people.members(cohort.id, Role.LEARNER)}
    for week, asked in _by_week(turn, cohort):
        alone = {a.asker for a in asked if a.answered_at is None and turn.uptime.since(a.at) > within} & learners
        if asked:
            many = len(asked) >= max(MANY, len(learners) / 2)
            found.append(Snag("questions", week, len(asked), hard=many))
        if alone:
            found.append(Snag("alone", week, len(alone), len(learners), hard=True))
    return found


def _by_week(turn: Turn[QuestionStore], cohort: Cohort) -> Iterator[tuple[int, list[Asked]]]:
    """What was asked in each week of the course."""
    asked = turn.store.asked(cohort.id)
    for week in course_of(cohort.course_text).weeks:
        start = at_wall(cohort.timetable.monday(week.number), time(0), cohort.zone)
        yield week.number, [a for a in asked if start <= a.at < start + WEEK]
