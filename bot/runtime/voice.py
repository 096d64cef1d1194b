"""The one voice: everything unasked that the bot says to a person, within the message budget.

A learner gets at most one such message a day and three a week, an instructor one a workday, a manager one a
week. Cards go at their own time; lines go with the next card, and make a message of their own only at the person's
hour, where no card is planned for the day and the week's cards leave one over. What is of no use any more is dropped
unsaid. Only an urgent line (a date that moved within 48 hours) may exceed the budget. A learner who is away or has
fallen silent hears nothing of that cohort but what is about just that.
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import lru_cache

from bot.core.due import Due, Plan
from bot.core.facts import CohortEnded, Left
from bot.core.feature import Feature
from bot.core.keeping import KeptTable
from bot.core.message import Message, bullets, heading, message, note
from bot.core.people import Person, Role
from bot.core.time import at_wall, local_day, monday_of, next_time
from bot.core.turn import Turn
from bot.core.voice import Card, Hush, Line, Rank, Remark
from bot.course.loader import course_of
from bot.runtime.ports import Unsaid, VoiceStore

A_DAY = 1
A_WEEK = {Role.LEARNER: 3, Role.INSTRUCTOR: 5, Role.MANAGER: 1}
"""Unasked private messages for each role."""

RANKS: Sequence[Rank] = ("first", "usual", "spare")

RECENT = timedelta(days=8)
"""How far back the budget looks: a week, and what clocks may change."""

voice: Feature[VoiceStore] = Feature("voice")
voice.keeps(
    KeptTable("remarks", "A message to them that waits for its hour", of="person"),
    KeptTable("spoken", "When an unasked message went to them", of="person", until="60 days"),
)

SPEAK = "voice.speak"
"""The kind of due row at which a person is spoken to."""

Soon = dict[tuple[int, str], Card]
"""Cards that are due now and not kept yet, by person and anchor."""


def hear(turn: Turn[VoiceStore], remarks: Sequence[Remark], soon: Soon | None = None) -> None:
    """Takes remarks in, and plans when each person is next spoken to.

    Cards that are due now go into `soon` where it is given: whoever gives it calls `speak_soon` with it before the
    unit of work ends.
    """
    hushed: set[str] = set()
    kept: dict[tuple[int, str], Card | Line] = {}
    for remark in remarks:
        if isinstance(remark, Hush):
            hushed.add(remark.key)
            for waiting in (kept, soon or {}):
                for known in [k for k in waiting if k[1] == remark.key]:
                    del waiting[known]
        elif isinstance(remark, Card) and remark.at <= turn.now and soon is not None:
            soon[remark.person, remark.anchor] = remark
        else:
            kept[remark.person, _key(remark)] = remark
    turn.store.hush(hushed)
    turn.people.fetch({person for person, _ in kept})
    _keep(turn, list(kept.values()))


def _keep(turn: Turn[VoiceStore], remarks: Sequence[Card | Line]) -> None:
    numbers = turn.store.keep(remarks, turn.now)
    turn.plan(*(_speak(r.person, _when(turn, r), str(n)) for r, n in zip(remarks, numbers, strict=True)))


def _when(turn: Turn[VoiceStore], remark: Card | Line) -> datetime:
    now = turn.now
    if isinstance(remark, Card):
        return max(now, remark.at)
    person = turn.people.person(remark.person)
    if remark.urgent:
        return _awake(turn, person, remark)
    return next_time(now, _hour(turn, person, remark), person.zone, workdays_only=remark.role is not Role.LEARNER)


def _hour(turn: Turn[VoiceStore], person: Person, remark: Card | Line) -> time:
    """When somebody likes to be written to; a learner within the hours of the course."""
    home = turn.people.cohort(remark.cohort) if remark.role is Role.LEARNER else None
    return course_of(home.course_text).messages.hour(person.hour) if home else time(person.hour)


def _awake(turn: Turn[VoiceStore], person: Person, remark: Line) -> datetime:
    """Now, or in a learner's night the next morning, where that is not too late."""
    home = turn.people.cohort(remark.cohort) if remark.role is Role.LEARNER else None
    if home is None:
        return turn.now
    morning = course_of(home.course_text).messages.waking(turn.now, person.hour, person.zone)
    return morning if morning < remark.until else turn.now


def _speak(person: int, at: datetime, why: str) -> Plan:
    """`why` tells two reasons to speak at one instant apart: the first may have been spoken already."""
    return Plan(SPEAK, str(person), f"{at.isoformat()}/{why}", at)


@voice.due("speak", within=timedelta(days=7), fold=True)
def speak(turn: Turn[VoiceStore], batch: Sequence[Due]) -> None:
    """Says what may be said now to each person, and plans the next time for what may not."""
    _speak_to(turn, list(dict.fromkeys(int(due.subject) for due in batch)), {})


def speak_soon(turn: Turn[VoiceStore], cards: Sequence[Card]) -> None:
    """Says cards that are due now, without keeping them first where nothing holds them back.

    For whom something else is still to happen at this instant, they are kept until then: it may bring what ends
    earlier, and goes first.
    """
    people = {card.person for card in cards}
    turn.people.fetch(people)
    some, cohorts = turn.store.expecting(people, turn.now)
    free = {p for p in people - some if turn.people.is_active(p)} if 0 not in cohorts else set()
    if cohorts:
        free = {p for p in free if not any(m.cohort in cohorts for m in turn.people.memberships(p))}
    _keep(turn, [card for card in cards if card.person not in free])
    soon: dict[int, list[Card]] = defaultdict(list)
    for card in cards:
        if card.person in free:
            soon[card.person].append(card)
    _speak_to(turn, list(soon), soon)


@dataclass(slots=True)
class _Said:
    """What comes of speaking: kept remarks that are done with, whom the bot wrote to, and cards that are still to be
    kept (when they are said is planned)."""

    done: list[int] = field(default_factory=list)
    spoken: list[tuple[int, Role]] = field(default_factory=list)
    waiting: list[Card | Line] = field(default_factory=list)

    def drop(self, remarks: Iterable[Unsaid]) -> None:
        self.done += [u.id for u in remarks if u.id is not None]

    def wait(self, remarks: Iterable[Unsaid]) -> None:
        self.waiting += [u.remark for u in remarks if u.id is None]


def _speak_to(turn: Turn[VoiceStore], people: Sequence[int], soon: Mapping[int, Sequence[Card]]) -> None:
    """`soon` holds cards due now that are not stored yet. Those that cannot be sent are stored here."""
    turn.people.fetch(people)
    reached = [p for p in people if turn.people.is_active(p)]
    unsaid = turn.store.unsaid(reached)
    spoken = turn.store.spoken(reached, turn.now - RECENT)
    silent = turn.store.silent(reached, turn.now)
    yielding = [p for p in reached if any(map(_yields, (*(u.remark for u in unsaid.get(p, ())), *soon.get(p, ()))))]
    ahead = turn.store.cards_ahead(yielding, turn.now, turn.now + RECENT)
    said = _Said()
    for id in reached:
        kept = unsaid.get(id, ())
        fresh = soon.get(id, ())
        if not kept and not fresh:
            continue
        anchors = {card.anchor for card in fresh}
        said.drop(u for u in kept if _key(u.remark) in anchors)
        waiting = [u for u in kept if _key(u.remark) not in anchors] + [Unsaid(None, card) for card in fresh]
        _speak_to_one(turn, turn.people.person(id), waiting, spoken, silent, ahead.get(id, ()), said)
    turn.store.drop(said.done)
    turn.store.note(said.spoken, turn.now)
    turn.store.keep(said.waiting, turn.now)


def _speak_to_one(
    turn: Turn[VoiceStore],
    person: Person,
    waiting: Sequence[Unsaid],
    spoken: Mapping[tuple[int, Role], Sequence[datetime]],
    silent: Container[tuple[int, int]],
    ahead: Sequence[datetime],
    said: _Said,
) -> None:
    now = turn.now
    roles = {(m.cohort, m.role) for m in turn.people.memberships(person.id)}
    by_role: dict[Role, list[Unsaid]] = {}
    for unsaid in waiting:
        remark = unsaid.remark
        if remark.until <= now or not (
            (remark.cohort, remark.role) in roles or _was_in(turn, person, remark.cohort, remark.role)
        ):
            said.drop([unsaid])
        else:
            by_role.setdefault(remark.role, []).append(unsaid)
    for role, found in by_role.items():
        due = [u for u in found if isinstance(u.remark, Card) and u.remark.at <= now]
        quiet = [u for u in due if _unwanted(u.remark, silent)]
        said.drop(quiet)
        # Of two that are as important, what is of use for the shortest time goes first.
        cards = sorted((u for u in due if u not in quiet), key=lambda u: (RANKS.index(_rank(u.remark)), u.remark.until))
        lines = [u for u in found if isinstance(u.remark, Line)]
        before = spoken.get((person.id, role), ())
        hour = _hour(turn, person, found[0].remark) if before or len(due) > 1 else time(person.hour)
        later = _free_from(now, person, role, before, hour)
        for spare in [u for u in cards if _rank(u.remark) == "spare"]:
            if later > now or spare is not cards[0] or not _has_room(now, person, role, before, ahead):
                cards.remove(spare)
                said.drop([spare])
        if not cards and not lines:
            continue
        urgent = any(isinstance(u.remark, Line) and u.remark.urgent for u in lines)
        if later == now and not cards:
            later = _with_a_card(now, person, role, before, ahead, min(u.remark.until for u in lines))
        if later > now and not urgent:
            turn.plan(_speak(person.id, later, f"not {now.isoformat()}"))
            said.wait(cards)
            continue
        said.drop(lines)
        lines = [u for u in lines if not _unwanted(u.remark, silent)]
        if not cards and not lines:
            continue
        said.drop(cards[:1])
        _say(turn, person, cards[0] if cards else None, lines)
        said.spoken.append((person.id, role))
        if len(cards) > 1:
            again = _free_from(now, person, role, [*before, now], hour)
            turn.plan(_speak(person.id, again, f"after {now.isoformat()}"))
            said.wait(cards[1:])


def _with_a_card(
    now: datetime, person: Person, role: Role, spoken: Sequence[datetime], ahead: Sequence[datetime], until: datetime
) -> datetime:
    """When lines without a card are said: now, or with the next card, where that comes on the same day, or where the
    cards of this week, and to a learner one spare one, need every message that is left. What is of no use any more by
    then does not wait."""
    spare = 1 if role is Role.LEARNER else 0
    if not ahead or ahead[0] >= until or _has_room(now, person, role, spoken, ahead, spare):
        return now
    return ahead[0]


def _has_room(
    now: datetime,
    person: Person,
    role: Role,
    spoken: Sequence[datetime],
    ahead: Sequence[datetime],
    spare: int = 0,
) -> bool:
    """Whether the cards that are ahead, and so many spare ones, leave a message over for today and for this week."""
    _, tomorrow, monday, next_monday = _midnights(now, person.zone)
    days = {local_day(at, person.zone) for at in ahead if at < next_monday}
    left = A_WEEK[role] - sum(monday <= at < next_monday for at in spoken)
    return not (ahead and ahead[0] < tomorrow) and len(days) + spare < left


def _key(remark: Card | Line) -> str:
    return remark.anchor if isinstance(remark, Card) else remark.key


def _unwanted(remark: Card | Line, silent: Container[tuple[int, int]]) -> bool:
    """Whether it is for a learner who is away or silent; what is about just that is said all the same."""
    if remark.role is not Role.LEARNER or (remark.cohort, remark.person) not in silent:
        return False
    return _rank(remark) != "first"


def _rank(remark: Card | Line) -> Rank:
    return remark.rank if isinstance(remark, Card) else "usual"


def _yields(remark: Card | Line) -> bool:
    """Whether it gives way to cards that are ahead."""
    return isinstance(remark, Line) or remark.rank == "spare"


def _was_in(turn: Turn[VoiceStore], person: Person, cohort: int, role: Role) -> bool:
    """Whether they have this role in a cohort that has ended. All that waited at its end was dropped then; what is
    said afterwards keeps a promise."""
    return any((m.cohort, m.role) == (cohort, role) for m in turn.people.memberships(person.id, ended=True))


def _say(turn: Turn[VoiceStore], person: Person, card: Unsaid | None, lines: Sequence[Unsaid]) -> None:
    remarks = [u.remark for u in lines if isinstance(u.remark, Line)]
    cohort = card.remark.cohort if card else remarks[0].cohort
    home = turn.people.cohort(cohort)
    also = bullets(*(r.text for r in remarks))
    if card and isinstance(card.remark, Card):
        anchor = card.remark.anchor
        body = card.remark.message.with_blocks(note("Also:"), also) if also else card.remark.message
    else:
        anchor = f"voice/{person.id}/{turn.now.isoformat()}"
        body = _bundle(remarks, home.title if home else "")
    turn.cohort = home
    turn.show_to(person.id, anchor, body)


def _bundle(lines: Sequence[Line], title: str) -> Message:
    return message(heading(title), bullets(*(line.text for line in lines)))


def _free_from(now: datetime, person: Person, role: Role, spoken: Sequence[datetime], hour: time) -> datetime:
    """The first instant from now on at which the budget allows one more message. `spoken`: when they were written to
    in the last days; `hour`: when they like to be."""
    if not spoken:
        return now
    today, tomorrow, monday, next_monday = _midnights(now, person.zone)
    workdays = role is not Role.LEARNER
    if sum(monday <= at < next_monday for at in spoken) >= A_WEEK[role]:
        return next_time(next_monday, hour, person.zone, workdays)
    if sum(today <= at < tomorrow for at in spoken) >= A_DAY:
        return next_time(tomorrow, hour, person.zone, workdays)
    return now


@lru_cache(maxsize=2048)
def _midnights(now: datetime, zone: str) -> tuple[datetime, datetime, datetime, datetime]:
    """When today, tomorrow, this week and the next begin in a zone."""
    today = local_day(now, zone)
    monday = monday_of(today)
    days = (today, today + timedelta(days=1), monday, monday + timedelta(days=7))
    first, second, third, fourth = (at_wall(day, time(0), zone) for day in days)
    return first, second, third, fourth


@voice.on(Left)
def fall_silent(turn: Turn[VoiceStore], fact: Left) -> None:
    turn.store.hush_person(fact.person, fact.cohort)


@voice.on(CohortEnded)
def fall_silent_for_all(turn: Turn[VoiceStore], fact: CohortEnded) -> None:
    turn.store.hush_cohort(fact.cohort)
