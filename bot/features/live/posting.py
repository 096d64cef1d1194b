"""The post of a session, in the thread of its week."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from hashlib import sha256

from bot.core.due import Due, Plan
from bot.core.effects import week_thread
from bot.core.message import Message
from bot.core.people import Cohort
from bot.course.calendar import week_opens
from bot.course.loader import course_of
from bot.features.live import views, weighing
from bot.features.live.store import Session, post
from bot.features.live.weighing import Lives

POST = "live.post"
MORNING = 9
"""The hour of the week's first post, by the cohort's clock; this one follows it."""


def plan(turn: Lives, cohort: Cohort) -> Iterator[Plan]:
    """The posts of this week and of those ahead; their words are a part of the names, so that new words are shown."""
    course = course_of(cohort.course_text)
    clock = course.messages.hour(MORNING)
    for session in weighing.out(turn.store.of(cohort.id)):
        shown = _words(cohort, session)
        if shown is not None and not session.is_over(turn.now):
            at = week_opens(cohort.timetable, session.week, clock, cohort.zone) + timedelta(minutes=1)
            name = sha256(repr(shown).encode()).hexdigest()[:12]
            yield Plan(POST, f"{cohort.id}/live.{session.id}", name, max(at, turn.now), cohort.id)


def weigh(turn: Lives, cohort: Cohort) -> None:
    """Asks the gate again, and plans the posts of what it lets through."""
    weighing.weigh(turn, cohort)
    turn.plan(*plan(turn, cohort))


def show_due(turn: Lives, batch: Sequence[Due]) -> None:
    for due in batch:
        session = turn.store.get(turn.here.id, int(due.subject.rpartition(".")[2]))
        if session is not None and session.is_out:
            show(turn, session)


def show(turn: Lives, session: Session) -> None:
    """Shows it in the thread of its week, if that is there: a session has no post of its own."""
    shown, root = _words(turn.here, session), week_thread(turn.here.id, session.week)
    if shown is not None and turn.links.shown([root, post(session)]):
        turn.post("main", post(session), shown, below=root)


def _words(cohort: Cohort, session: Session) -> Message | None:
    course = course_of(cohort.course_text)
    live = next((one for one in course.live if one.id == session.name), None)
    return views.post(session, live, course) if live is not None else None
