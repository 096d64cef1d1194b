"""The one place that asks the gate, and what follows: a session is announced, moved or taken back."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.asking import asked_of, id_in_file
from bot.core.contributions import PROMISED
from bot.core.facts import DeskChanged, ItemsChanged
from bot.core.message import Block, Text
from bot.core.people import Cohort, Role
from bot.core.turn import Turn
from bot.core.voice import URGENT, Awaited, Card, Dates, Hush, Line
from bot.course.gate.payment import identified
from bot.course.gate.values import Circumstances, Settled
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
    return rules.weighed(cohort, zones_of(turn, cohort), _settled(turn, cohort, sessions))


def _settled(turn: Lives, cohort: Cohort, sessions: Sequence[Session], proposing: bool = False) -> Settled:
    """What the cohort has settled. `proposing`: any item may be asked to pay."""
    course = course_of(cohort.course_text)
    awaited = {one.session for one in turn.store.takings([s.id for s in sessions if s.is_out]) if one.slot}
    told = rules.told(sessions, awaited)
    payers = [one.id for one in identified(course)] if proposing else rules.new_payers(course, told)
    promised = min(turn.collect(PROMISED, cohort), default=None)
    agreed = {s.name: s.agreed for s in sessions if s.agreed}
    return Settled(told, agreed, promised, turn.now, _worked(turn, cohort, payers) if payers else {})


def _worked(turn: Lives, cohort: Cohort, items: Sequence[str]) -> dict[str, tuple[int, int]]:
    """How many learners have worked on each of these items."""
    learners = turn.people.members(cohort.id, Role.LEARNER)
    done = {(person, id_in_file(item)) for person, item in asked_of(turn, cohort, learners) if item.done or item.begun}
    counted = Counter(id for _person, id in done)
    return {id: (counted[id], len(learners)) for id in items}


def circumstances(turn: Lives, cohort: Cohort) -> Circumstances:
    """What a new session is weighed against."""
    sessions = turn.store.of(cohort.id)
    settled = _settled(turn, cohort, sessions, proposing=True)
    found = rules.weighed(cohort, zones_of(turn, cohort), settled)
    begun = settled.begun
    passed = (*begun.values(), *(one.live for one in found if one.passes and one.live.id not in begun))
    return Circumstances(passed, cohort.timetable, settled=settled)


def weigh(turn: Lives, cohort: Cohort) -> None:
    """Asks the gate about every session and applies its verdicts. A slot that has begun keeps its people."""
    before = {s.name: s for s in turn.store.of(cohort.id)}
    if cohort.ended_at is not None or not (before or course_of(cohort.course_text).live):
        return
    takings = turn.store.takings([s.id for s in before.values() if s.is_out])
    coming = [one for one in takings if one.slot]
    changed: list[tuple[Session | None, Session, str]] = []
    for one in _weighed(turn, cohort, list(before.values())):
        old = before.pop(one.live.id, None)
        if old is not None and old.has_begun(turn.now):
            new = rules.standing(old, one, cohort, turn.now)
        else:
            new = rules.after(old, one, cohort, turn.now)
        if old is None:
            changed.append((None, turn.store.add(new), ""))
        elif new != old:
            turn.store.keep(new)
            changed.append((old, new, rules.why_gone(one, cohort, turn.now)))
    for gone in before.values():
        if gone.told_at is None:
            turn.store.drop(gone.id)
            turn.happened(DeskChanged(cohort.id, on_desk(gone)))
            continue
        begun = gone.has_begun(turn.now)
        new = rules.standing(gone, None, cohort, turn.now) if begun else rules.removed(gone, turn.now)
        if gone.state != "removed" and new != gone:
            turn.store.keep(new)
            changed.append((gone, new, "removed"))
    for old, new, why in changed:
        if old is not None and old.is_out:
            _follow(turn, cohort, old, new, why, [one for one in coming if one.session == old.id])
        turn.happened(DeskChanged(cohort.id, on_desk(new)))
    if any(new.told_at is not None for _old, new, _why in changed):
        turn.happened(ItemsChanged(cohort.id))


def end(turn: Lives, cohort: Cohort) -> None:
    """Takes back what is ahead when a cohort ends."""
    for old in turn.store.of(cohort.id):
        if rules.is_ahead(old, turn.now):
            turn.store.keep(new := rules.ended(old, cohort, turn.now))
            coming = [one for one in turn.store.takings([old.id]) if one.slot]
            _follow(turn, cohort, old, new, "ended", coming)


def _follow(turn: Lives, cohort: Cohort, old: Session, new: Session, why: str, coming: Sequence[Taking]) -> None:
    """What those who had said yes hear, and what becomes of the post. `why`: the code of what was taken back for."""
    here = {p.id for p in turn.people.members(cohort.id, Role.LEARNER)}
    numbers = rules.numbers(old.slots, new.slots if new.is_out else ())
    for one in coming:
        person, at, slot = one.person, old.slots[one.slot - 1], numbers[one.slot]
        if slot != one.slot:
            turn.store.take(replace(one, slot=slot))
        if slot and new.slots[slot - 1] == at and new.link != old.link and person in here:
            _tell_address(turn, old, new, person, slot)
        if slot and new.minutes != old.minutes and person in here:
            _tell_length(turn, old, new, person, slot)
        if (slot and new.slots[slot - 1] == at) or person not in here:
            continue
        forget_soon(turn, old, person, one.slot)
        if at <= turn.now:
            continue
        key = f"{post(old)}/{person}/told"
        if slot:
            text = views.slot_moved(new, at, new.slots[slot - 1])
            below = views.moved_file(new, one.slot)
            turn.say(_news(turn, person, cohort, key, text, (at, new.slots[slot - 1]), below))
            tell_soon(turn, new, person, slot)
        else:
            text = views.taken_back(replace(new, why=why), at)
            if rules.is_ahead(new, turn.now):
                text = views.slot_gone(old, at)
            turn.say(_news(turn, person, cohort, key, text, (at, None), views.gone_file(new, one.slot)))
    if not new.is_out:
        replace(turn, cohort=cohort).withdraw_post("main", post(old))


def _tell_address(turn: Lives, old: Session, new: Session, person: int, slot: int) -> None:
    """Where the call is now: where they read it before, and once if they knew another address."""
    at = new.slots[slot - 1]
    if at <= turn.now:
        return
    anchor = soon(new, person, slot)
    if turn.links.shown([anchor]):
        turn.show_to(person, anchor, views.soon(new, at))
    else:
        tell_soon(turn, new, person, slot)
    if old.link and new.link:
        _tell(turn, new, person, f"{post(new)}/{person}/call", views.call_moved(new, at), at)


def _tell_length(turn: Lives, old: Session, new: Session, person: int, slot: int) -> None:
    """Who said yes to a time said yes to its length."""
    at = new.slots[slot - 1]
    if at > turn.now:
        key = f"{post(new)}/{person}/length"
        _tell(turn, new, person, key, views.other_length(new, old.minutes, at), at, views.moved_file(new, slot))


def _tell(turn: Lives, new: Session, person: int, key: str, text: Text, at: datetime, *below: Block) -> None:
    """What is of use until a slot begins: at once if that is near, and else at their next hour."""
    if at < turn.now + URGENT:
        turn.say(Line(person, new.cohort, key, text, at, urgent=True, below=below))
    else:
        turn.say(Awaited(person, new.cohort, key, text, at, below))


def _news(turn: Lives, person: int, cohort: Cohort, key: str, text: Text, moved: Dates, below: Block) -> Awaited | Line:
    """It comes at their next hour; at once, in waking hours, if one of the dates is that near and the cohort still
    runs."""
    dates = [at for at in moved if at is not None]
    until = max(dates) + TOLD_UNTIL
    if cohort.ended_at is None and min(dates) < turn.now + URGENT:
        return Line(person, cohort.id, key, text, until, urgent=True, moved=moved, below=(below,))
    return Awaited(person, cohort.id, key, text, until, (below,), moved)


# Those who said yes


def tell_soon(turn: Lives, session: Session, person: int, slot: int) -> None:
    """A line on their next card within 48 hours before the slot; the week card has it anyway."""
    at = session.slots[slot - 1]
    if at <= turn.now:
        return
    begins = max(turn.now, at - rules.SOON)
    card = views.soon(session, at)
    turn.say(Card(person, session.cohort, soon(session, person, slot), card, begins, at, rank="echoes"))


def forget_soon(turn: Lives, session: Session, person: int, slot: int) -> None:
    anchor = soon(session, person, slot)
    turn.say(Hush(anchor))
    if turn.links.shown([anchor]):
        turn.withdraw(anchor)


def out(sessions: Sequence[Session], week: int | None = None) -> list[Session]:
    """Those that learners see, of one week or of all."""
    return [s for s in sessions if s.is_out and week in (None, s.week)]
