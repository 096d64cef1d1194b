"""Saying yes to a session, by slot, and taking that back until it begins. Nobody else sees it."""

from dataclasses import replace

from bot.core.actions import Action, read_number
from bot.core.contributions import Date
from bot.core.errors import NotFound, Refused, Spent
from bot.core.facts import ItemsChanged
from bot.core.feature import Press, Reply
from bot.core.ics import Key, as_ics
from bot.core.message import Document, Message, heading, message
from bot.core.people import MEMBERS, Role
from bot.core.translation import _
from bot.course.loader import course_of
from bot.course.model import Live
from bot.features.live import buttons, page_views, rules, telling, telling_views, weighing
from bot.features.live.store import Lives, Session, Taking, feature


@feature.action("rsvp", roles=MEMBERS, lane="private")
def come(turn: Lives, press: Press) -> Reply:
    """The page of a session ('ID'), or a yes to one of its slots ('ID.SLOT', 0 for none)."""
    if Role.LEARNER not in turn.roles:
        return Action("live", "open", turn.here.id, press.subject.partition(".")[0])
    session, _live = known(turn, press.subject)
    slot = read_number(press.subject.partition(".")[2])
    if slot is None:
        offered = _offered(turn, session)
        return page(turn, offered, taking(turn, offered))
    return answer(turn, session, slot)


def answer(turn: Lives, session: Session, slot: int) -> Message:
    """Stores the acting person's yes to a slot, or their no (0). Raises Refused."""
    known_to_all, session = session, _offered(turn, session)
    own = taking(turn, session)
    if slot > len(session.slots) or (slot and session.slots[slot - 1] in session.nights):
        raise Spent(_("This time is not offered any more. Choose another one from your week card."))
    if any(n and session.slots[n - 1] <= turn.now for n in (slot, own.slot)):
        raise Refused(page_views.begun(session))
    before, own = own, telling.answered(turn, session, own, slot)
    if own != before:
        turn.store.take(own)
    if slot != before.slot:
        if before.slot:
            telling.forget_soon(turn, session, turn.me.id, before.slot)
        if slot:
            telling.tell_soon(turn, session, turn.me.id, slot)
        turn.happened(ItemsChanged(turn.here.id, turn.me.id))
        # A time at night stands for them no longer than their yes to it.
        session = _offered(turn, known_to_all)
    shown = page(turn, session, own, said=True)
    return page_views.with_calendar(shown, _file(turn, session, own, before.slot)) if slot or before.slot else shown


def _offered(turn: Lives, session: Session) -> Session:
    """A session as the acting person is offered it."""
    return weighing.seen(turn, turn.here, session, [turn.me]).get(turn.me.id, session)


@feature.action("calendar", roles=MEMBERS, lane="private", after_end=True)
def send_calendar(turn: Lives, press: Press) -> Reply:
    """The slot that somebody said yes to, for their calendar ('ID'). 'ID.SLOT': the calendar has that one, which is
    cancelled if it is theirs no more."""
    session = told_of(turn, press.subject)
    before, own = read_number(press.subject.partition(".")[2]) or 0, taking(turn, session)
    if session.is_out and own.slot and session.slots[own.slot - 1] > turn.now:
        return page_views.with_calendar(message(heading(buttons.title(session))), _file(turn, session, own, before))
    if 0 < before <= len(session.known):
        return page_views.taken_out(session, _file(turn, session, replace(own, slot=0), before))
    session, _live = known(turn, press.subject)
    return page(turn, session, own)


def _file(turn: Lives, session: Session, own: Taking, before: int) -> Document:
    """The calendar file of a yes: its slot with an alarm; the one `before` it is cancelled. Each file replaces the one
    that they got before."""
    about = telling_views.about(session.live, course_of(turn.here.course_text)) if session.live is not None else ""
    here = [telling_views.date(session, own.slot, about, alarm=True)] if own.slot else []
    dates = [telling_views.date(session, n, about) for n in {own.slot, before} if n]
    known: dict[Key, tuple[Date, int]] = {(d.kind, d.id): (d, session.changed + own.files) for d in dates}
    turn.store.got_file(session.id, turn.me.id)
    text = as_ics(turn.here.title, turn.here.code, here, turn.now, known)
    return Document(f"{session.name}.ics", text.decode())


def taking(turn: Lives, session: Session) -> Taking:
    """What the acting person has to do with a session."""
    return turn.store.taking(turn.here.id, turn.me.id).get(session.id, Taking(session.id, turn.me.id))


def told_of(turn: Lives, subject: str) -> Session:
    """A session that learners were told of, also one that was taken back. Raises NotFound."""
    session = turn.store.get(turn.here.id, read_number(subject.partition(".")[0]) or 0)
    if session is None or session.told_at is None:
        raise NotFound
    return session


def known(turn: Lives, subject: str) -> tuple[Session, Live]:
    """An announced session of the acting person's cohort, by the number that a subject begins with, as it was promised.
    Raises NotFound, also for one that nobody was told about, or Spent if it was taken back."""
    session = told_of(turn, subject)
    if session.live is None or not session.is_out:
        raise Spent(reply=page_views.not_out(session))
    return session, session.live


def page(turn: Lives, session: Session, own: Taking, said: bool = False) -> Message:
    """A session as the acting learner is offered it."""
    assert session.live is not None
    course = course_of(turn.here.course_text)
    wishes = rules.can_wish(session, own, turn.now)
    return page_views.page(session, session.live, course, own, turn.me, turn.now, said, wishes)
