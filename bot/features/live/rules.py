"""Pure decisions about live sessions. What may be announced, only the gate decides (bot/course/gate)."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from unicodedata import normalize

from bot.core.contributions import Paid
from bot.core.errors import Refused
from bot.core.fingerprints import fingerprint
from bot.core.message import Text
from bot.core.people import Cohort
from bot.core.time import at_wall, local_day
from bot.core.timetable import WEEK
from bot.core.translation import _
from bot.core.uptime import Uptime
from bot.course.gate.payment import identified, is_payer, minutes_in, shared
from bot.course.gate.slots import out_of, outside, too_many
from bot.course.gate.values import SLOTS, Failed, Settled, Told
from bot.course.gate.verdicts import asks, passes, terms, verdicts
from bot.course.loader import course_of
from bot.course.model import Course, Live, LiveRules, Payment, Quantity
from bot.course.titles import same_title
from bot.features.live.store import Counted, Heard, Promise, Session, Taking, Verdict

SOON = timedelta(hours=48)
"""How long before its slot a session is a line on a card of those who said yes."""

AFTER = timedelta(minutes=30)
"""How long after its end somebody can still press that they were there."""

MINUTE = timedelta(minutes=1)

RECORDED_WITHIN = timedelta(hours=24)
"""When the recording of a session is expected after its last slot."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A session of the course file as the gate finds it. `asks`: what its manager has to agree to; `terms`: the same
    with its figures."""

    live: Live
    failed: tuple[Failed, ...]
    passes: bool
    asks: str
    terms: str

    @property
    def holding(self) -> tuple[Failed, ...]:
        return tuple(f for f in self.failed if f.required)

    @property
    def is_held_by_times(self) -> bool:
        """Whether nothing but its times holds it."""
        return all(f.code == SLOTS for f in self.holding)

    @property
    def why(self) -> str:
        """What holds it: see `REASONS` in views.py. 'agreement' if only its manager's word is missing."""
        # Without a recording, none can count in full: the cause comes before what follows from it.
        for failed in sorted(self.holding, key=lambda f: f.code != "gate-4"):
            if failed.exceeds:
                return "budget"
            return "recorded" if failed.code == "gate-4" and self.live.kind == "sensitive" else failed.code
        return "" if self.passes else "agreement"


def weighed(cohort: Cohort, zones: Sequence[str], settled: Settled) -> list[Weighed]:
    """What the gate says of each session of the course, in the order of the file. Every way in goes through here."""
    found = verdicts(course_of(cohort.course_text), zones, cohort.timetable, settled)
    return [
        Weighed(live, failed, passes(live, failed, settled), asks(live, failed), terms(live, failed))
        for live, failed in found
    ]


def told(sessions: Sequence[Session], awaited: Collection[int]) -> dict[str, Told]:
    """What learners know, by the id in the file. `awaited`: the sessions to which somebody said yes."""
    known = {s.name: s.told(s.id in awaited) for s in sessions}
    return {name: one for name, one in known.items() if one is not None}


def new_payers(course: Course, known: Mapping[str, Told]) -> list[str]:
    """The ids of items that are to pay for a session which learners do not know yet, or not as paid for like this."""
    told = {id: (one.live.week, one.live.pays) for id, one in known.items()}
    named = {pay.item for live in course.live if told.get(live.id) != (live.week, live.pays) for pay in live.pays}
    return [one.id for one in identified(course) if one.id in named]


def at_slots(cohort: Cohort, live: Live) -> tuple[datetime, ...]:
    """When a session begins."""
    return tuple(slot.at(cohort.timetable, live.week, cohort.zone) for slot in live.slots)


def after(before: Session | None, one: Weighed, cohort: Cohort, now: datetime) -> Session:
    """A session as it is from now on."""
    live, slots = one.live, at_slots(cohort, one.live)
    old = before or Session(0, cohort.id, live.id, live.week, live.title, live.minutes, "held", now)
    # Once its last slot is over, it is news to nobody.
    is_past = bool(slots) and _ends(slots, live.minutes) <= now
    is_out = one.passes and (old.is_out or not is_past)
    why = "" if is_past and one.is_held_by_times else _why(old, one)
    new = replace(old, week=live.week, title=live.title, minutes=live.minutes, slots=slots, why=why)
    new = replace(new, state=("trial" if live.trial and one.asks else "announced") if is_out else "held")
    if is_out:
        new = replace(new, why="", known=_known(old, slots), told_at=old.told_at or now, promise=_promise(live, cohort))
    if old.told_at is not None and _told(new) != _told(old):
        new = replace(new, changed=old.changed + 1)
    return replace(new, since=now) if (new.state, new.why) != (old.state, old.why) else new


def standing(before: Session, one: Weighed | None, cohort: Cohort, now: datetime) -> Session:
    """A session of which a slot has begun, from now on: that stays as it was promised. The course file decides about
    the times ahead alone."""
    slots = (*(at for at in before.slots if at <= now), *(_ahead(before, one, cohort, now) if one is not None else ()))
    promise = before.promise or (_promise(one.live, cohort) if one is not None else None)
    if promise is not None and one is not None and one.live.week == before.week:
        # Where the call is, is no promise.
        promise = replace(
            promise, live=replace(promise.live, link=one.live.link, pays=_paying(promise.live, one, cohort))
        )
    changed = before.changed + (slots != before.slots or promise != before.promise)
    return replace(before, slots=slots, known=_known(before, slots), changed=changed, promise=promise)


def _paying(live: Live, one: Weighed, cohort: Cohort) -> tuple[Payment, ...]:
    """What pays for a session that has begun: as it was promised, but under the name that the course file has for it
    now."""
    course, pays = course_of(cohort.course_text), list(zip(live.pays, one.live.pays, strict=False))
    same = [pay.minutes for pay in live.pays] == [pay.minutes for pay in one.live.pays]
    if not same or any(old != new and is_payer(old.item, course, live.week) for old, new in pays):
        return tuple(live.pays)
    return tuple(one.live.pays)


def _ahead(before: Session, one: Weighed, cohort: Cohort, now: datetime) -> Sequence[datetime]:
    """The times ahead of a session that has begun, if what stands with them passes the gate."""
    told = before.told(awaited=True)
    is_same = one.live.week == before.week and now < closes_at(before)
    return told.ahead(at_slots(cohort, one.live), now) if told is not None and is_same and one.passes else ()


def why_gone(before: Session, one: Weighed, cohort: Cohort, now: datetime) -> str:
    """Why a time that somebody said yes to is no more: also by new dates of the course, which leave it behind."""
    is_past = all(at <= now for at in at_slots(cohort, one.live)) and one.is_held_by_times
    return "past" if is_past else _why(before, one)


def _why(before: Session, one: Weighed) -> str:
    """What holds it, or that its manager took the agreement back."""
    is_back = (before.is_by_agreement and not before.agreed) or before.why == "taken-back"
    return "taken-back" if one.why == "agreement" and is_back else one.why


def _known(before: Session, slots: tuple[datetime, ...]) -> tuple[datetime, ...]:
    return (*slots, *before.known[len(slots) :])


def _promise(live: Live, cohort: Cohort) -> Promise:
    rules = course_of(cohort.course_text).live_rules
    return Promise(live, rules.reflect_days, rules)


def numbers(before: Sequence[datetime], after: Sequence[datetime]) -> dict[int, int]:
    """The new number of each slot: the one with the same time, else the next new one; 0: none."""
    free = [n for n, at in enumerate(after, 1) if at not in before]
    found = {n: after.index(at) + 1 for n, at in enumerate(before, 1) if at in after}
    gone = [n for n in range(1, len(before) + 1) if n not in found]
    return {**found, **dict(zip(gone, [*free, *(0 for _ in gone)], strict=False))}


def comes_back(told: Heard, before: Session, after: Session, now: datetime) -> int:
    """The number of the slot that somebody comes to again who was told that theirs does not take place: the same time,
    or another one if the whole session comes back; 0: none."""
    if not after.is_out or told.lost:
        return 0
    slot = after.slots.index(told.at) + 1 if told.at in after.slots else 0
    if not slot and not before.is_out:
        slot = numbers(before.known, after.slots).get(told.slot, 0)
    return slot if slot and after.slots[slot - 1] > now else 0


def _ends(slots: Sequence[datetime], minutes: int) -> datetime:
    return max(slots) + timedelta(minutes=minutes)


def mark(asks: str) -> str:
    """Names what a manager agrees to, in a button."""
    return fingerprint(asks, 8)


def _told(session: Session) -> tuple[object, ...]:
    """What a calendar has of a session."""
    if not session.is_out:
        return ()
    return session.title, session.minutes, session.slots, session.link


def is_another(before: Session, live: Live, course: Course) -> bool:
    """Whether the file has another session under the id of one that learners know and of which no slot has begun: what
    it was called has another id there, or title and week are others."""
    if before.told_at is None or before.is_called(live.title, live.week):
        return False
    has_other_id = any(before.is_called(one.title, one.week) for one in course.live)
    return has_other_id or (before.week != live.week and not same_title(before.title, live.title))


def why_removed(gone: Session, begins: Sequence[Session], has_begun: bool = False) -> str:
    """Why the course file does not have a session any more. `begins`: what it has now that learners did not see. With
    another id it is another session, and those who come say so again: 'anew'. `has_begun`: what holds the other one is
    no reason then, since this one took place."""
    same = next((s for s in begins if s.is_called(gone.title, gone.week)), None)
    if same is None:
        return "removed"
    return "anew" if same.is_out else ("" if has_begun else same.why) or "removed"


def removed(before: Session, why: str, now: datetime) -> Session:
    """One that the course file does not have any more, after learners were told about it. Its manager is asked again
    if it comes back."""
    return replace(_gone(before, why, now), agreed="")


def ended(before: Session, cohort: Cohort, now: datetime) -> Session:
    """At the end of its cohort: what is ahead does not take place."""
    return standing(before, None, cohort, now) if before.has_begun(now) else _gone(before, "ended", now)


def _gone(before: Session, why: str, now: datetime) -> Session:
    return replace(before, state="removed", why=why, since=now, changed=before.changed + 1)


def check_ahead(session: Session, now: datetime) -> None:
    """Raises Refused if nothing of it is ahead that could be taken back."""
    if session.is_over(now):
        raise Refused(_("It took place, and stays in this run. The next run's course file has how it went."))
    if session.has_begun(now) and not is_ahead(session, now):
        raise Refused(_("All of its times have begun, so there is nothing to take back. It stays in this run."))


def is_ahead(session: Session, now: datetime) -> bool:
    """Whether learners can still say yes to one of its slots."""
    return session.is_out and any(at > now for at in session.slots)


def is_reused(session: Session, one: Weighed, now: datetime) -> bool:
    """Whether the file has another session under the id of one that took place."""
    return session.has_begun(now) and one.live.week != session.week


def by_agreement(session: Session, now: datetime) -> bool:
    """Whether it takes place by its manager's word, or did in the last seven days."""
    return session.is_by_agreement and now < session.ends_at + WEEK


def planned(cohort: Cohort, now: datetime) -> list[Session]:
    """The sessions that a cohort would have which does not exist yet."""
    course = course_of(cohort.course_text)
    found = verdicts(course, (), cohort.timetable, settled := Settled(agreed={}))
    return [
        Session(
            n,
            0,
            live.id,
            live.week,
            live.title,
            live.minutes,
            "announced",
            now,
            at_slots(cohort, live),
            promise=_promise(live, cohort),
        )
        for n, (live, failed) in enumerate(found, 1)
        if passes(live, failed, settled)
    ]


# What pays


def paid(course: Course, sessions: Sequence[Session], come_or: Mapping[str, Text]) -> Iterator[Paid]:
    """What gives up its minutes for the sessions that learners see. What completion counts stays on the card; one that
    is also the other way stays whole, with the words in `come_or`, by the session."""
    stays = {m.id for m in course.milestones}
    if course.completion.discussions != Quantity():
        stays |= {d.id for d in course.discussions}
    taken: Counter[tuple[int, str]] = Counter()
    for session in sessions:
        live = session.live
        if live is None or not session.is_out:
            continue
        owed: Counter[str] = Counter()
        for pay in live.pays:
            owed[pay.item] += pay.minutes
        for item, minutes in owed.items():
            if item == live.alternative.item:
                stays.add(item)
                yield Paid(session.week, item, shared(live, course), True, come_or[session.name])
                continue
            taken[session.week, item] += minutes
            whole = taken[session.week, item] >= minutes_in(item, course, session.week) > 0
            gone = whole and item not in stays
            yield Paid(session.week, item, minutes, item in stays, whole=gone, since=session.told_at)


def adds(live: Live, course: Course) -> int:
    """The minutes that a session adds to its week's card."""
    return live.minutes - shared(live, course)


# Waking hours


def share_outside(at: datetime, minutes: int, zones: Sequence[str], rules: LiveRules) -> int:
    """The share of learners, in percent, for whom a slot is outside waking hours."""
    return round(100 * sum(outside(at, minutes, z, rules) for z in zones) / len(zones)) if zones else 0


def shares_outside(session: Session, zones: Sequence[str], rules: LiveRules) -> tuple[int, ...]:
    """The same for each slot of a session."""
    return tuple(share_outside(at, session.minutes, zones, rules) for at in session.slots)


def without_slot(session: Session, zones: Sequence[str], rules: LiveRules) -> int:
    """How many learners have no slot in waking hours."""
    return sum(all(outside(at, session.minutes, z, rules) for at in session.slots) for z in zones)


def darkened(session: Session, people: Mapping[str, int], limits: LiveRules, now: datetime) -> Session:
    """A session with the slots ahead that no gate would let pass any more, as its people are now. `people`: how many a
    zone has."""
    ahead = [at for at in session.slots if session.is_out and at > now]
    nights = tuple(at for at in ahead if too_many(out_of(at, session.minutes, people, limits), people))
    since = (session.dark_since if session.nights else now) if nights else None
    return replace(session, nights=nights, dark_since=since)


def seen_by(session: Session, zone: str, joined: datetime, own: Taking | None, limits: LiveRules) -> Session:
    """A session as a learner is offered it: such a slot stands for whoever said yes to it, had joined when it was
    announced, or is awake then."""
    if session.told_at is None or joined <= session.told_at:
        return replace(session, nights=())
    chosen = session.slots[own.slot - 1] if own is not None and own.slot else None
    night = [at for at in session.nights if at != chosen and outside(at, session.minutes, zone, limits)]
    return replace(session, nights=tuple(night))


# On which cards


def explained(session: Session, cohort: Cohort, week: int) -> bool:
    """Whether the card of a week explains that a session was taken back: its own, if that had come, and the next one
    where it is gone for good."""
    if session.is_out or session.told_at is None or session.since < _first_read(session, cohort):
        return False
    if session.why == "anew":
        # The card has it, as what it is now.
        return False
    then = cohort.week_on(local_day(session.since, cohort.zone))
    is_next = session.state == "removed" and week == max(1, then + 1)
    return is_next or week == session.week == then


def _first_read(session: Session, cohort: Cohort) -> datetime:
    """From when learners can have read of it: its week begins in the first time zone."""
    return at_wall(cohort.timetable.monday(session.week), time(0), "Etc/GMT-14")


# Taking part


def is_on(session: Session, now: datetime) -> bool:
    """Whether people can press that they are there: from the beginning of a slot to half an hour after its end, and
    longer after a downtime in it."""
    is_on = any(at <= now <= session.ends(n) + AFTER for n, at in enumerate(session.slots, 1))
    return is_on or (session.on_until is not None and session.begins_at <= now < session.on_until)


def after_downtime(session: Session, uptime: Uptime) -> Session:
    """A session for which the bot took no presses or reflections for a while takes them for longer."""
    presses = [(at, session.ends(n) + AFTER) for n, at in enumerate(session.slots, 1)]
    later = [until for opens, closes in presses if (until := uptime.open_until(opens, closes)) > closes]
    until = reflect_until(session)
    reflects = uptime.open_until(session.ends_at, until)
    return replace(
        session,
        on_until=max(later, default=session.on_until),
        open_until=reflects if reflects > until else session.open_until,
    )


def runs(session: Session, now: datetime) -> bool:
    """Whether the call goes on."""
    return any(at <= now < session.ends(n) for n, at in enumerate(session.slots, 1))


def ahead(session: Session, now: datetime) -> list[tuple[int, datetime]]:
    """Its slots that are offered and have not begun, with their numbers."""
    return [(n, at) for n, at in enumerate(session.slots, 1) if at > now and at not in session.nights]


def may_change(session: Session, own: Taking, now: datetime) -> bool:
    """Whether a yes can still be said or changed: until the slot that somebody said yes to begins."""
    return bool(ahead(session, now)) and (not own.slot or session.slots[own.slot - 1] > now)


def closes_at(session: Session) -> datetime:
    """When its figures are drawn up: some days after its end, or after its recording if that came in these days;
    longer after a downtime over its close. One over the close of what is taken for a recording that came later moves
    no figure."""
    days, end, recorded = _window(session), session.ends_at, session.recorded_at
    in_time = recorded if recorded is not None and recorded < end + days else end
    closes, until = max(end, in_time) + days, session.open_until
    is_of_late = until is not None and recorded is not None and recorded >= end + days and until > recorded + days
    return closes if until is None or is_of_late else max(closes, until)


def is_closed(session: Session, cohort: Cohort, now: datetime) -> bool:
    """Whether its figures are drawn up."""
    return cohort.ended_at is not None or now >= closes_at(session)


def is_settled(session: Session, cohort: Cohort) -> bool:
    """Whether its figures stand; not if they were drawn up at an end that was taken back."""
    at = session.outcome.at if session.outcome is not None else None
    return at is not None and (cohort.ended_at is not None or at >= closes_at(session))


def waits_for_figures(session: Session, cohort: Cohort, now: datetime) -> bool:
    """Whether its figures are to be settled."""
    return session.is_over(now) and is_closed(session, cohort, now) and not is_settled(session, cohort)


def reflect_until(session: Session) -> datetime:
    """Until when a reflection counts: also for a recording that came after the figures were drawn up."""
    closes = max(closes_at(session), session.open_until or session.ends_at)
    return max(closes, session.recorded_at + _window(session)) if session.recorded_at is not None else closes


def _window(session: Session) -> timedelta:
    return timedelta(days=session.promise.days if session.promise is not None else LiveRules().reflect_days)


def is_late(session: Session) -> bool:
    """Whether its recording came after its figures were drawn up, and counts still."""
    asks = session.live is not None and bool(session.live.reflection)
    return asks and session.recorded_at is not None and session.recorded_at >= closes_at(session)


def counts_still(session: Session, now: datetime) -> bool:
    """Whether what counts in full in its place can be done, or is to come."""
    live = session.live
    if live is None or live.alternative.item or not session.is_over(now):
        return True
    return now < closes_at(session) or can_reflect(session, now)


def waits(session: Session, now: datetime) -> bool:
    """Whether its manager's word is all that is missing, and would still be in time."""
    return session.waits and not session.is_missed(now)


def awaits_recording(session: Session) -> bool:
    """Whether its recording is what counts in full, and is not there yet."""
    return _counts_by_recording(session) and not session.recording


def was_unrecorded(session: Session, at: datetime) -> bool:
    """Whether its recording is what counts in full, and was not there in time for its figures, drawn up then."""
    recorded = session.recorded_at
    return _counts_by_recording(session) and (recorded is None or recorded > at or recorded >= closes_at(session))


def _counts_by_recording(session: Session) -> bool:
    live = session.live
    if live is None or live.alternative.text != "recording" or live.alternative.item:
        return False
    return live.recorded and bool(live.reflection)


def can_reflect(session: Session, now: datetime) -> bool:
    """From the end of its last slot, or from its recording if that is there before or is what counts."""
    begins = bool(session.recording) or (session.is_over(now) and not awaits_recording(session))
    live = session.live
    asks = live is not None and live.recorded and bool(live.reflection)
    return asks and begins and now < reflect_until(session)


def can_wish(session: Session, own: Taking, now: datetime) -> bool:
    """Whether a learner can ask for feedback in private in its place."""
    return gives_feedback(session, now) and own.here_at is None and own.reflected_at is None


def gives_feedback(session: Session, now: datetime) -> bool:
    """Whether feedback in private can be had in its place."""
    return session.live is not None and session.live.alternative.text == "feedback" and now < closes_at(session)


def lacks_recording(session: Session, now: datetime) -> bool:
    is_recorded = session.live is not None and session.live.recorded
    return is_recorded and session.is_over(now) and not session.recording


def turns(session: Session) -> list[datetime]:
    """When what people see of a session changes by itself."""
    slots = range(1, len(session.slots) + 1)
    each = [*session.slots, *(session.ends(n) for n in slots), *(session.ends(n) + AFTER + MINUTE for n in slots)]
    later = [session.on_until] if session.on_until is not None else []
    return sorted({*each, *later, session.ends_at + RECORDED_WITHIN, closes_at(session), reflect_until(session)})


def day_of(session: Session, zone: str) -> tuple[datetime, datetime]:
    """The day of a session by a clock in `zone`, or its days, from midnight to midnight."""
    first, last = local_day(session.begins_at, zone), local_day(session.ends_at, zone)
    return at_wall(first, time(0), zone), at_wall(last + timedelta(days=1), time(0), zone)


AROUND = 5
"""With how many more words a code word is still what a question is about, such as 'Is the word persona?'."""

_ABOUT_IT = re.compile(
    r"\b(code|codeword|password|word|wort|codewort|palabra|palavra|mot|there|attended)\b", re.IGNORECASE
)
"""Words by which a message is about having been in the call, also days after it."""

_SENTENCE = re.compile(r"(?<=[.!?…。？！])\s+")


def same_word(said: str, word: str) -> bool:
    """Spaces, capitals and punctuation do not count."""
    return bool(meant := _letters(word)) and _letters(said) == meant


def says_word(said: str, word: str) -> bool:
    """Whether a message says the word, such as 'I was there, the word was Persona'. A longer question has it by chance:
    it is about the course."""
    parts = [said] if len(said.split()) <= len(word.split()) + AROUND else _SENTENCE.split(said)
    return any(_has(part, word) for part in parts)


def is_about_it(said: str) -> bool:
    return _ABOUT_IT.search(said) is not None


def _has(part: str, word: str) -> bool:
    meant, words = _letters(word), part.split()
    if not meant or (part.rstrip().endswith(("?", "？")) and len(words) > len(word.split()) + AROUND):
        return False
    return any(
        _letters("".join(words[begin:end])) == meant
        for begin in range(len(words))
        for end in range(begin + 1, len(words) + 1)
    )


def nearly_word(said: str, word: str) -> bool:
    """Whether one letter is wrong, missing or too many, or two have changed places."""
    one, other = _letters(said), _letters(word)
    begin = _same(one, other)
    one, other = one[begin:], other[begin:]
    end = _same(one[::-1], other[::-1])
    longest = max(len(one), len(other)) - end
    is_swapped = longest == 2 and len(one) == len(other) and one[:2] == other[:2][::-1]
    return begin + end > 2 and (longest == 1 or is_swapped)


def _same(one: str, other: str) -> int:
    """With how many same letters both begin."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _letters(text: str) -> str:
    said = normalize("NFKC", text).casefold()
    return "".join(filter(str.isalnum, said)) or "".join(said.split())


# What it says that so many came


def counted(
    session: Session, takings: Sequence[Taking], instead: Collection[int], zones: Mapping[int, str], limits: LiveRules
) -> Counted:
    """Over all slots; each person counts once. `instead`: who did the item that counts in full. A reflection on a
    recording that came after the figures were drawn up counts for its author alone."""
    came = {one.person for one in takings if one.here_at is not None}
    base = {one.person for one in takings if one.counted} | came
    closes = closes_at(session)
    reflected = {one.person for one in takings if one.reflected_at is not None and one.reflected_at < closes}
    watched = (reflected | set(instead)) & (base - came)
    there = [zones[person] for person in base if person in zones]
    awake = len(there) - without_slot(session, there, limits)
    by_word, was_down = sum(one.by_word for one in takings), session.on_until is not None
    outside = shares_outside(session, there, limits)
    return Counted(len(base), len(came), by_word, len(watched), awake, session.heads, was_down, outside)


def share_of(pooled: Sequence[Counted]) -> int:
    """How many percent came, over several sessions."""
    attended, base = sum(one.attended for one in pooled), sum(one.base for one in pooled)
    return round(100 * attended / base) if base else 0


def verdict(pooled: Sequence[Counted], limits: LiveRules, smallest: int) -> Verdict:
    """Over the last sessions of one that is repeated; none without any."""
    if not pooled:
        return ""
    attended, base = sum(one.attended for one in pooled), sum(one.base for one in pooled)
    if base < smallest:
        return "few"
    if 100 * attended < limits.drop_under * base:
        return "drop"
    return "replace" if 100 * attended < limits.replace_under * base else "keep"
