"""Which questions wait for somebody, and since when: the base of every figure about waiting."""

from datetime import datetime

from bot.core.people import Cohort
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.questions import rules
from bot.features.questions.marking import unposted
from bot.features.questions.store import NOTES, PRIVATE, PUBLIC, Question, QuestionStore, Waiting

COUNTED = 5000
"""Questions of a cohort that are counted; of more the oldest."""

Questions = Turn[QuestionStore]


def waiting(turn: Questions, cohort: Cohort, shown: int) -> Waiting:
    """All that waits for the course team; the oldest are `shown`."""
    questions = _waiting(turn, cohort)
    notes = [(note.asked_at, note) for note in turn.store.unsolved(cohort.id, NOTES, COUNTED)]
    return Waiting(len(questions), len(notes), _oldest([*questions, *notes], shown))


def overdue(turn: Questions, cohort: Cohort, shown: int = 0) -> Waiting:
    """What waits longer than the course promises."""
    promised = course_of(cohort.course_text).faq.answer_within
    late = [found for found in _waiting(turn, cohort) if turn.uptime.since(found[0]) > promised]
    return Waiting(len(late), 0, _oldest(late, shown))


def in_channels(turn: Questions, cohort: Cohort, since: datetime, until: datetime) -> list[Question]:
    """The questions of that time that wait where everybody can reply."""
    asked = (question for _since, question in _waiting(turn, cohort) if question.kind in PUBLIC)
    found = [question for question in asked if since <= question.asked_at < until]
    absent = unposted(turn, found)
    return [question for question in found if question.id not in absent]


def _waiting(turn: Questions, cohort: Cohort) -> list[tuple[datetime, Question]]:
    unsolved = turn.store.unsolved(cohort.id, (*PUBLIC, *PRIVATE), COUNTED)
    last = turn.store.last_words([question.id for question in unsolved if question.replies])
    found = [(rules.waits_since(question, last.get(question.id)), question) for question in unsolved]
    return [(since, question) for since, question in found if since is not None]


def _oldest(found: list[tuple[datetime, Question]], shown: int) -> list[tuple[datetime, Question]]:
    return sorted(found, key=lambda f: (f[0], f[1].id))[:shown]
