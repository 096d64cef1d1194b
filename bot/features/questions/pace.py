"""How long questions waited for a first reply in the last seven days: which ones, and who replied."""

from collections import Counter
from datetime import timedelta

from bot.core.feature import Press, Reply
from bot.core.people import STAFF, Role
from bot.core.timetable import WEEK
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.questions import pace_views
from bot.features.questions.marking import author_name
from bot.features.questions.store import Question, QuestionStore, Response, feature

Questions = Turn[QuestionStore]


@feature.action("slow", roles=STAFF, lane="private", after_end=True)
def show_slow(turn: Questions, press: Press) -> Reply:
    """Those that waited longer than promised, the longest first, and what makes the next ones faster."""
    promised = course_of(turn.here.course_text).faq.answer_within
    asked = [(q, _first(turn, q)) for q in turn.store.asked_after(turn.here.id, turn.now - WEEK)]
    waits = [pace_views.Wait(q, _waited(turn, q), author_name(turn, r) if r else None) for q, r in asked]
    slow = sorted((w for w in waits if w.span > promised), key=lambda w: -w.span)
    replied = Counter(w.by for w in waits if w.by)
    team = [p for p in turn.people.members(turn.here.id, Role.INSTRUCTOR) if p.id != turn.me.id]
    return pace_views.slow(turn.here, slow, replied, team, names=Role.MANAGER in turn.roles)


def _first(turn: Questions, question: Question) -> Response | None:
    if question.first_answer_at is None:
        return None
    return next((r for r in turn.store.responses(question.id) if not r.own), None)


def _waited(turn: Questions, question: Question) -> timedelta:
    until = question.first_answer_at or question.solved_at or turn.now
    return turn.uptime.between(question.asked_at, until)
