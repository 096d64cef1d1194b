"""The one place that asks the gate, and what follows: a session is announced, moved or taken back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.core.contributions import PROMISED
from bot.core.facts import DeskChanged, ItemsChanged
from bot.core.message import Text
from bot.core.people import Cohort, Role
from bot.core.turn import Turn
from bot.core.voice import URGENT, Awaited, Card, Dates, Hush, Line
from bot.course.loader import course_of
from bot.features.live import rules, views
from bot.features.live.rules import Weighed
from bot.features.live.store import LiveStore, Session, Taking, on_desk, post, soon

Lives = Turn[LiveStore]

TOLD_UNTIL = timedelta(days=3)
"""How long after its slot it is of use to hear that a session did not take place."""


def zones_of(turn: Lives, cohort: Cohort) -> list[str]:
    """The zone of each learner."""
    return [p.zone for p in turn.people.members(cohort.id, Role.LEARNER)]


def weighed(turn: Lives, cohort: Cohort) -> list[Weighed]:
    """What the gate says now of each session of the course."""
    return _weighed(turn, cohort, turn.store.of(cohort.id))


def _weighed(turn: Lives, cohort: Cohort, sessions: Sequence[Session]) -> list[Weighed]:
    promised = min(turn.collect(PROMISED, cohort), default=None)
    return rules.weighed(cohort, zones_of(turn, cohort), sessions, turn.now, promised)


def weigh(turn: Lives, cohort: Cohort) -> None:
    """Asks the gate about every session that has not taken place, and does what follows."""
    before = {s.name: s for s in turn.store.of(cohort.id)}
    if not (before or course_of(cohort.course_text).live):
        return
    takings = turn.store.takings([s.id for s in before.values() if s.is_out])
    coming = [one for one in takings if one.slot]
    promised = {one.session for one in coming}
    changed: list[tuple[Session | None, Session]] = []
    for one in _weighed(turn, cohort, list(before.values())):
        old = before.pop(one.live.id, None)
        if old is not None and old.is_over(turn.now):
            continue
        new = rules.after(old, one, cohort, old is not None and old.id in promised, turn.now)
        if old is None:
            changed.append((None, turn.store.add(new)))
        elif new != old:
            turn.store.keep(new)
            changed.append((old, new))
    for gone in before.values():
        if gone.told_at is None:
            turn.store.drop(gone.id)
            turn.happened(DeskChanged(cohort.id, on_desk(gone)))
        elif gone.state != "removed" and not gone.is_over(turn.now):
            turn.store.keep(new := rules.removed(gone, turn.now))
            changed.append((gone, new))
    for old, new in changed:
        _follow(turn, cohort, old, new, coming)
        turn.happened(DeskChanged(cohort.id, on_desk(new)))
    if any(new.told_at is not None for _old, new in changed):
        turn.happened(ItemsChanged(cohort.id))


def _follow(turn: Lives, cohort: Cohort, old: Session | None, new: Session, coming: Sequence[Taking]) -> None:
    """What those who had said yes hear, and what becomes of the post."""
    if old is None or not old.is_out:
        return
    here = {p.id for p in turn.people.members(cohort.id, Role.LEARNER)}
    for one in coming:
        person, slot = one.person, one.slot
        if one.session != old.id or person not in here:
            continue
        at = old.slots[slot - 1]
        stays = new.is_out and slot <= len(new.slots)
        if stays and new.slots[slot - 1] == at:
            continue
        forget_soon(turn, old, person, slot)
        if not stays:
            turn.store.take(replace(one, slot=0))
        if at <= turn.now:
            continue
        key = f"{post(old)}/{person}/told"
        if stays:
            text = views.slot_moved(new, at, new.slots[slot - 1])
            turn.say(_news(turn, person, cohort, key, text, (at, new.slots[slot - 1])))
            tell_soon(turn, new, person, slot)
        else:
            text = views.slot_gone(old, at) if new.is_out else views.taken_back(new, at)
            turn.say(_news(turn, person, cohort, key, text, (at, None)))
    if not new.is_out:
        replace(turn, cohort=cohort).withdraw_post("main", post(old))


def _news(turn: Lives, person: int, cohort: Cohort, key: str, text: Text, moved: Dates) -> Awaited | Line:
    """It comes at their next hour; at once, in waking hours, if one of the dates is that near."""
    dates = [at for at in moved if at is not None]
    until = max(dates) + TOLD_UNTIL
    if min(dates) < turn.now + URGENT:
        return Line(person, cohort.id, key, text, until, urgent=True, moved=moved)
    return Awaited(person, cohort.id, key, text, until, moved=moved)


# Those who said yes


def tell_soon(turn: Lives, session: Session, person: int, slot: int) -> None:
    """A line on their next card within 48 hours before the slot."""
    at = session.slots[slot - 1]
    if at <= turn.now:
        return
    begins = max(turn.now, at - rules.SOON)
    card = views.soon(session, at)
    turn.say(Card(person, session.cohort, soon(session, person, slot), card, begins, at))


def forget_soon(turn: Lives, session: Session, person: int, slot: int) -> None:
    anchor = soon(session, person, slot)
    turn.say(Hush(anchor))
    if turn.links.shown([anchor]):
        turn.withdraw(anchor)


def out(sessions: Sequence[Session], week: int | None = None) -> list[Session]:
    """Those that learners see, of one week or of all."""
    return [s for s in sessions if s.is_out and week in (None, s.week)]
