"""The one place that asks the gate, and what follows: a session is announced, moved or taken back."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.asking import asked_of, id_in_file
from bot.core.contributions import RAN, Ran
from bot.core.facts import DeskChanged, ItemsChanged
from bot.core.people import Cohort, Person, Role
from bot.course import history
from bot.course.gate.payment import identified
from bot.course.gate.reading import reading
from bot.course.gate.values import Circumstances, Read, Settled
from bot.course.loader import course_of
from bot.features.live import rules, telling
from bot.features.live.rules import Weighed
from bot.features.live.store import Lives, Session, on_desk


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
    ran = turn.collect(RAN, cohort)
    zones = set(zones_of(turn, cohort))
    agreed = {s.name: s.agreed for s in sessions if s.agreed}
    worked = _worked(turn, cohort, payers) if payers else {}
    promised, read = history.promised(ran, turn.now, zones), _read(cohort, ran, turn.now, zones)
    return Settled(told, agreed, promised, turn.now, worked, read)


def _read(cohort: Cohort, ran: Sequence[Ran], now: datetime, zones: Collection[str]) -> dict[int, Read]:
    """What learners have read of each week that has begun and is not over."""
    weeks = [week.number for week in course_of(cohort.course_text).weeks]
    begun = {n: history.began(ran, n, now, zones) for n in weeks if now < cohort.timetable.over(n)}
    versions = {n: history.versions(ran, at) for n, at in begun.items() if at is not None}
    found = {n: reading(courses, n) for n, courses in versions.items()}
    return {n: one for n, one in found.items() if one is not None}


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
    passed = (*begun.values(), *(one.live for one in found if not one.holding and one.live.id not in begun))
    return Circumstances(passed, cohort.timetable, settled=settled)


def weigh(turn: Lives, cohort: Cohort) -> None:
    """Asks the gate about every session and applies its verdicts. A slot that has begun keeps its people."""
    before = {s.name: s for s in turn.store.of(cohort.id)}
    if cohort.ended_at is not None or not (before or course_of(cohort.course_text).live):
        return
    takings = turn.store.takings([s.id for s in before.values() if s.told_at is not None])
    people, limits = Counter(zones_of(turn, cohort)), course_of(cohort.course_text).live_rules
    changed: list[tuple[Session | None, Session, str]] = []
    course, others = course_of(cohort.course_text), set[int]()
    for one in _weighed(turn, cohort, list(before.values())):
        old = before.pop(one.live.id, None)
        if old is not None and old.has_begun(turn.now):
            new = rules.standing(old, one, cohort, turn.now)
        else:
            new = rules.after(old, one, cohort, turn.now)
            if old is not None and rules.is_another(old, one.live, course):
                others.add(old.id)
                new = replace(new, told_at=turn.now)
        new = rules.darkened(new, people, limits, turn.now)
        if old is None:
            changed.append((None, turn.store.add(new), ""))
        elif new != old:
            turn.store.keep(new)
            changed.append((old, new, rules.why_gone(old, one, cohort, turn.now)))
    begins = [new for old, new, _why in changed if old is None or not old.is_out or old.id in others]
    for gone in before.values():
        if gone.told_at is None:
            turn.store.drop(gone.id)
            turn.happened(DeskChanged(cohort.id, on_desk(gone)))
            continue
        begun = gone.has_begun(turn.now)
        why = rules.why_removed(gone, begins, begun)
        new = rules.standing(gone, None, cohort, turn.now) if begun else rules.removed(gone, why, turn.now)
        if gone.state != "removed" and new != gone:
            turn.store.keep(new)
            changed.append((gone, new, why))
    for old, new, why in changed:
        if old is not None:
            mine = [one for one in takings if one.session == old.id]
            if old.id in others:
                telling.lose(turn, cohort, old, new, rules.why_removed(old, begins), mine)
            else:
                telling.follow(turn, cohort, old, new, why, mine)
        turn.happened(DeskChanged(cohort.id, on_desk(new)))
    if any(new.told_at is not None for _old, new, _why in changed):
        turn.happened(ItemsChanged(cohort.id))


def end(turn: Lives, cohort: Cohort) -> None:
    """Takes back what is ahead when a cohort ends."""
    for old in turn.store.of(cohort.id):
        if rules.is_ahead(old, turn.now):
            turn.store.keep(new := rules.ended(old, cohort, turn.now))
            telling.follow(turn, cohort, old, new, "ended", turn.store.takings([old.id]))


def seen(turn: Lives, cohort: Cohort, session: Session, people: Sequence[Person]) -> dict[int, Session]:
    """A session as each of these people is offered it, where some of its times are not for everybody."""
    if not session.nights:
        return {}
    limits, joined = course_of(cohort.course_text).live_rules, turn.people.first_joined(cohort.id)
    own = {one.person: one for one in turn.store.takings([session.id])}
    return {p.id: rules.seen_by(session, p.zone, joined[p.id], own.get(p.id), limits) for p in people if p.id in joined}


def out(sessions: Sequence[Session], week: int | None = None) -> list[Session]:
    """Those that learners see, of one week or of all."""
    return [s for s in sessions if s.is_out and week in (None, s.week)]
