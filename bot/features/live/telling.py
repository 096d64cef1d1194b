"""What those who said yes to a session are told of it: how it is now, where that differs from what they know."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.core.people import Cohort, Role
from bot.core.voice import URGENT, Awaited, Card, Hush, Line
from bot.features.live import rules, telling_views
from bot.features.live.store import Heard, Lives, Session, Taking, news, post, soon

TOLD_UNTIL = timedelta(days=3)
"""How long after its slot it is of use to hear that a session did not take place."""


def follow(turn: Lives, cohort: Cohort, old: Session, new: Session, why: str, takings: Sequence[Taking]) -> None:
    """After a session changed. `why`: the code of what it or a slot was taken back for."""
    here = {p.id for p in turn.people.members(cohort.id, Role.LEARNER)}
    numbers = rules.numbers(old.slots, new.slots if new.is_out else ())
    for one in takings:
        if one.slot or (one.told and one.told[-1].off):
            slot = numbers[one.slot] if one.slot else rules.comes_back(one.told[-1], old, new, turn.now)
            _follow(turn, cohort, old, new, why, one, slot, one.person in here)
    if old.is_out and not new.is_out:
        replace(turn, cohort=cohort).withdraw_post("main", post(old))


def lose(turn: Lives, cohort: Cohort, old: Session, new: Session, why: str, takings: Sequence[Taking]) -> None:
    """After another session got the id of one: no yes goes over to it. `why`: the code of what became of the old
    one."""
    gone = replace(old, state="removed", why=why, changed=new.changed)
    follow(turn, cohort, old, gone, why, takings)
    for one in turn.store.takings([old.id]):
        if one.told and one.told[-1].off:
            turn.store.take(replace(one, told=(*one.told[:-1], replace(one.told[-1], lost=True))))


def _follow(
    turn: Lives, cohort: Cohort, old: Session, new: Session, why: str, one: Taking, slot: int, is_here: bool
) -> None:
    """`slot`: the number of the one that they come to now, 0: none."""
    before = old.slots[one.slot - 1] if one.slot else None
    has_begun = before is not None and before <= turn.now
    if not is_here or has_begun or not (slot or one.slot):
        if slot != one.slot:
            turn.store.take(replace(one, slot=slot))
        return
    known = _known(turn, old, one)
    now = _told(new, slot) if slot else replace(known, off=True, lost=why == "anew")
    if now.off or before not in (None, now.at):
        forget_soon(turn, old, one.person, one.slot)
    if slot and (before != now.at or new.link != old.link):
        _show_soon(turn, new, one.person, slot)
    is_news = known.differs(now)
    turn.store.take(replace(one, slot=slot, told=(known, now) if is_news else (now,)))
    if is_news:
        turn.say(_news(turn, cohort, new, one.person, known, now, why))


def _told(session: Session, slot: int) -> Heard:
    return Heard(slot, session.slots[slot - 1], session.minutes, session.link)


def _known(turn: Lives, old: Session, one: Taking) -> Heard:
    """What they know of it. The last news may still wait, or never have reached them."""
    if not one.told:
        return _told(old, one.slot)
    *before, last = one.told
    key = news(old, one.person)
    if before and (turn.links.waiting([key]) or not turn.links.shown([key])):
        turn.say(Hush(key))
        return before[-1]
    return last


def _news(
    turn: Lives, cohort: Cohort, session: Session, person: int, known: Heard, now: Heard, why: str
) -> Awaited | Line:
    """It comes at their next hour; at once, in waking hours, if one of the dates is that near and the cohort still
    runs."""
    text, below = telling_views.news(session, known, now, why, rules.is_ahead(session, turn.now))
    moved = (None if known.off else known.at, None if now.off else now.at)
    dates = [at for at in moved if at is not None]
    until = max(dates) + (TOLD_UNTIL if known.at != now.at or now.off else timedelta())
    key = news(session, person)
    if cohort.ended_at is None and min(dates) < turn.now + URGENT:
        return Line(person, cohort.id, key, text, until, urgent=True, moved=moved, below=(below,))
    return Awaited(person, cohort.id, key, text, until, (below,), moved)


def answered(turn: Lives, session: Session, own: Taking, slot: int) -> Taking:
    """After they chose a slot themselves, 0 for none: they have read how it is."""
    if own.told:
        turn.say(Hush(news(session, own.person)))
    return replace(own, slot=slot, told=(_told(session, slot),) if slot else ())


# A line on their next card


def tell_soon(turn: Lives, session: Session, person: int, slot: int) -> None:
    """Within 48 hours before the slot; the week card has it anyway."""
    at = session.slots[slot - 1]
    if at <= turn.now:
        return
    begins = max(turn.now, at - rules.SOON)
    card = telling_views.soon(session, at)
    turn.say(Card(person, session.cohort, soon(session, person, slot), card, begins, at, rank="echoes"))


def _show_soon(turn: Lives, session: Session, person: int, slot: int) -> None:
    """As it is now, where they read it before."""
    anchor = soon(session, person, slot)
    if turn.links.shown([anchor]):
        turn.show_to(person, anchor, telling_views.soon(session, session.slots[slot - 1]))
    else:
        tell_soon(turn, session, person, slot)


def forget_soon(turn: Lives, session: Session, person: int, slot: int) -> None:
    anchor = soon(session, person, slot)
    turn.say(Hush(anchor))
    if turn.links.shown([anchor]):
        turn.withdraw(anchor)
