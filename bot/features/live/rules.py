"""Pure decisions about live sessions. What may be announced, only the gate decides (bot/course/gate)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from bot.core.contributions import Paid
from bot.core.message import Text
from bot.core.people import Cohort
from bot.core.time import local, local_day
from bot.course.gate.payment import identified
from bot.course.gate.values import Failed, Settled
from bot.course.gate.verdicts import asks, passes, verdicts
from bot.course.loader import course_of
from bot.course.model import Course, Live, LiveRules
from bot.features.live.store import Session

SOON = timedelta(hours=48)
"""How long before its slot a session is a line on a card of those who said yes."""

Coming = Mapping[tuple[int, int], int]
"""(session, person) -> the slot that they said yes to."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A session of the course file as the gate finds it. `asks`: what its manager has to agree to."""

    live: Live
    failed: tuple[Failed, ...]
    passes: bool
    asks: str

    @property
    def holding(self) -> tuple[Failed, ...]:
        return tuple(f for f in self.failed if f.required)

    @property
    def why(self) -> str:
        """The code of what holds it; 'agreement' if only its manager's word is missing."""
        return next((f.code for f in self.holding), "" if self.passes else "agreement")


def weighed(cohort: Cohort, zones: Sequence[str], sessions: Sequence[Session], now: datetime) -> list[Weighed]:
    """What the gate says of each session of the course, in the order of the file. Every way in goes through here."""
    announced = [s.name for s in sessions if s.is_out]
    over = [s.name for s in sessions if s.is_over(now)]
    settled = Settled(announced, over, {s.name: s.agreed for s in sessions if s.agreed})
    found = verdicts(course_of(cohort.course_text), sorted(set(zones)), cohort.timetable, settled)
    return [Weighed(live, failed, passes(live, failed, settled), asks(live, failed)) for live, failed in found]


def at_slots(cohort: Cohort, live: Live) -> tuple[datetime, ...]:
    """When a session begins."""
    return tuple(slot.at(cohort.timetable, live.week, cohort.zone) for slot in live.slots)


def after(before: Session | None, one: Weighed, cohort: Cohort, promised: bool, now: datetime) -> Session:
    """A session as it is from now on. `promised`: somebody said yes to it, so that people who join or move to another
    zone do not take it back."""
    live, slots = one.live, at_slots(cohort, one.live)
    old = before or Session(0, cohort.id, live.id, live.week, live.title, live.minutes, "held", now)
    stays = old.is_out and promised and slots == old.slots and {f.code for f in one.holding} == {"live-slots"}
    is_out = one.passes or stays
    new = replace(old, week=live.week, title=live.title, minutes=live.minutes, slots=slots, why=one.why)
    new = replace(new, state=("trial" if live.trial and one.asks else "announced") if is_out else "held")
    if is_out:
        new = replace(new, why="", known=(*slots, *old.known[len(slots) :]), told_at=old.told_at or now)
    if old.told_at is not None and _told(new) != _told(old):
        new = replace(new, changed=old.changed + 1)
    return replace(new, since=now) if (new.state, new.why) != (old.state, old.why) else new


def mark(asks: str) -> str:
    """Names what a manager agrees to, in a button."""
    return sha256(asks.encode()).hexdigest()[:8]


def _told(session: Session) -> tuple[object, ...]:
    """What a calendar has of a session."""
    if not session.is_out:
        return ()
    return session.title, session.minutes, session.slots


def removed(before: Session, now: datetime) -> Session:
    """One that the course file does not have any more, after learners were told about it."""
    return replace(before, state="removed", why="removed", since=now, changed=before.changed + 1)


def planned(cohort: Cohort, now: datetime) -> list[Session]:
    """The sessions that a cohort would have which does not exist yet."""
    course = course_of(cohort.course_text)
    found = verdicts(course, (), cohort.timetable, settled := Settled(agreed={}))
    return [
        Session(n, 0, live.id, live.week, live.title, live.minutes, "announced", now, at_slots(cohort, live))
        for n, (live, failed) in enumerate(found, 1)
        if passes(live, failed, settled)
    ]


# What pays


def paid(course: Course, sessions: Sequence[Session], come_or: Mapping[str, Text]) -> Iterator[Paid]:
    """What gives up its minutes for the sessions that learners see. A milestone stays on the card; one that is also the
    other way stays whole, with the words in `come_or`, by the session."""
    lives = {live.id: live for live in course.live}
    milestones = {m.id for m in course.milestones}
    for session in sessions:
        live = lives.get(session.name)
        if live is None or not session.is_out:
            continue
        for pay in live.pays:
            if pay.item == live.alternative.item:
                yield Paid(session.week, pay.item, 0, True, come_or[session.name])
            else:
                yield Paid(session.week, pay.item, pay.minutes, pay.item in milestones)


def adds(live: Live, course: Course) -> int:
    """The minutes that a session adds to its week's card. With what is also the other way, the longer one counts."""
    if live.alternative.item not in {pay.item for pay in live.pays}:
        return live.minutes
    paths = {one.path for one in identified(course) if one.id == live.alternative.item}
    return max(0, live.minutes - sum(i.minutes for i in course.items(live.week) if i.path in paths))


# Waking hours


def outside(at: datetime, minutes: int, zone: str, rules: LiveRules) -> bool:
    """Whether a slot begins or ends outside waking hours in a zone."""
    first, last = rules.waking
    begins, ends = local(at, zone), local(at + timedelta(minutes=minutes), zone)
    return not (first <= begins.time() and ends.time() <= last and begins.date() == ends.date())


def share_outside(at: datetime, minutes: int, zones: Sequence[str], rules: LiveRules) -> int:
    """The share of learners, in percent, for whom a slot is outside waking hours."""
    return round(100 * sum(outside(at, minutes, z, rules) for z in zones) / len(zones)) if zones else 0


def without_slot(session: Session, zones: Sequence[str], rules: LiveRules) -> int:
    """How many learners have no slot in waking hours."""
    return sum(all(outside(at, session.minutes, z, rules) for at in session.slots) for z in zones)


# On which cards


def explained(session: Session, cohort: Cohort, week: int) -> bool:
    """Whether the card of a week explains that a session was removed: its own, if that had come, and the next one."""
    if session.state != "removed":
        return False
    then = cohort.week_on(local_day(session.since, cohort.zone))
    return week == max(1, then + 1) or week == session.week == then
