"""The post of a session, in the thread of its week."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.due import Due, Plan
from bot.core.effects import week_thread
from bot.core.facts import DeskChanged, ItemsChanged
from bot.core.fingerprints import fingerprint
from bot.core.message import Message
from bot.core.people import Cohort
from bot.course.calendar import week_opens
from bot.course.loader import course_of
from bot.features.live import card_views, judging, rules, telling, weighing
from bot.features.live.store import Lives, Session, on_desk, post, recording

POST = "live.post"
TURN = "live.turn"
AGAIN = timedelta(hours=3)
"""When to look again for a week's thread that was not there."""

MORNING = 9
"""The hour of the week's first post, by the cohort's clock; this one follows it."""


def plan(turn: Lives, cohort: Cohort) -> Iterator[Plan]:
    """When sessions begin and end; and the posts of this week and of those ahead, whose words are a part of the names,
    so that new words are shown. So is how often a session changed: one that comes back may have the same words."""
    course = course_of(cohort.course_text)
    clock = course.messages.hour(MORNING)
    for session in weighing.out(turn.store.of(cohort.id)):
        for at in rules.turns(session):
            if at > turn.now:
                yield Plan(TURN, f"{cohort.id}/live.{session.id}", at.isoformat(), at, cohort.id)
        if session.counted_at is None and session.ends_at + rules.AFTER < turn.now:
            yield Plan(TURN, f"{cohort.id}/live.{session.id}", "count", turn.now, cohort.id)
        if rules.waits_for_figures(session, cohort, turn.now):
            yield Plan(TURN, f"{cohort.id}/live.{session.id}", "settle", turn.now, cohort.id)
        if session.changed and session.is_over(turn.now):
            # Times that were ahead are gone.
            yield Plan(TURN, f"{cohort.id}/live.{session.id}", f"changed/{session.changed}", turn.now, cohort.id)
        shown = _words(cohort, session, turn.now)
        if shown is not None and not session.is_over(turn.now):
            opens = week_opens(cohort.timetable, session.week, clock, cohort.zone) + timedelta(minutes=1)
            # A post that stands follows at once, also if its week begins later now.
            at = turn.now if turn.links.shown([post(session)]) else opens
            name = f"{fingerprint(shown)}.{session.changed}"
            yield Plan(POST, f"{cohort.id}/live.{session.id}", name, max(at, turn.now), cohort.id)


def weigh(turn: Lives, cohort: Cohort) -> None:
    """Asks the gate again, and plans the posts of what it lets through."""
    weighing.weigh(turn, cohort)
    turn.plan(*plan(turn, cohort))


def follow_downtime(turn: Lives, cohort: Cohort) -> None:
    """What a downtime made longer is open for longer in every view."""
    found = [(old, rules.after_downtime(old, turn.uptime)) for old in weighing.out(turn.store.of(cohort.id))]
    changed = [new for old, new in found if new != old]
    for new in changed:
        turn.store.keep(new)
        here = replace(turn, cohort=cohort)
        show(here, new)
        if turn.links.shown([recording(new)]):
            show_recording(here, new)
        turn.happened(DeskChanged(cohort.id, on_desk(new)))
    if changed:
        turn.plan(*plan(turn, cohort))
        turn.happened(ItemsChanged(cohort.id))


def show_due(turn: Lives, batch: Sequence[Due]) -> None:
    for due in batch:
        session = turn.store.get(turn.here.id, int(due.subject.rpartition(".")[2]))
        if session is None or not session.is_out:
            continue
        if not show(turn, session) and not session.is_over(turn.now) and turn.here.places("main"):
            name = f"{due.occurrence.partition('/')[0]}/{turn.now.isoformat()}"
            turn.plan(Plan(POST, due.subject, name, turn.now + AGAIN, turn.here.id))


def show(turn: Lives, session: Session) -> bool:
    """Shows it in the thread of its week, if that is there: a session has no post of its own. Returns whether it is."""
    shown, root = _words(turn.here, session, turn.now), week_thread(turn.here.id, session.week)
    is_there = bool(turn.links.shown([root, post(session)]))
    if shown is not None and is_there:
        turn.post("main", post(session), shown, below=root)
    return is_there


def show_recording(turn: Lives, session: Session) -> None:
    """Shows its recording in the thread of its week, if either is there."""
    root = week_thread(turn.here.id, session.week)
    if turn.links.shown([root, recording(session)]):
        turn.post("main", recording(session), card_views.recording_post(session, turn.now), below=root)


def turn_due(turn: Lives, batch: Sequence[Due]) -> None:
    """A slot began or ended, or the time for reflections: cards, the post and the desk follow, and whom figures count
    is noted once."""
    for number in {int(due.subject.rpartition(".")[2]) for due in batch}:
        session = turn.store.get(turn.here.id, number)
        if session is None or not session.is_out:
            continue
        if session.ends_at + rules.AFTER <= turn.now:
            count(turn, session)
        for one in turn.store.takings([session.id]):
            if one.slot and session.slots[one.slot - 1] <= turn.now:
                telling.forget_soon(turn, session, one.person, one.slot)
        if turn.links.shown([post(session)]):
            show(turn, session)
        if turn.links.shown([recording(session)]):
            show_recording(turn, session)
        turn.happened(DeskChanged(turn.here.id, on_desk(session)))
    judging.settle(turn, turn.here)
    turn.happened(ItemsChanged(turn.here.id))


def count(turn: Lives, session: Session) -> None:
    """Notes once whom figures count."""
    if session.counted_at is None:
        came = {one.person for one in turn.store.takings([session.id]) if one.here_at is not None}
        since, until = rules.day_of(session, turn.here.zone)
        turn.store.count(session.id, turn.people.expected(turn.here.id, since, until, came))
        turn.store.keep(replace(session, counted_at=turn.now))


def _words(cohort: Cohort, session: Session, now: datetime) -> Message | None:
    if session.live is None:
        return None
    return card_views.post(session, session.live, course_of(cohort.course_text), now)
