"""The one voice: everything unasked that the bot says to a person, within the message budget.

A learner gets at most one such message a day and three a week, an instructor one a workday, a manager one a
week. Cards go at their own time; lines wait for the next card, and make a message of their own only at the
person's hour and where no card is planned for the day. What is of no use any more is dropped unsaid.
Only an urgent line (a date that moved within 48 hours) may exceed the budget.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, time, timedelta

from bot.core.due import Due, Plan
from bot.core.facts import CohortEnded, Left
from bot.core.feature import Feature
from bot.core.message import Message, bullets, heading, message, note
from bot.core.people import Person, Role
from bot.core.time import at_wall, local_day, monday_of, next_hour
from bot.core.turn import Turn
from bot.core.voice import Card, Hush, Line, Remark
from bot.runtime.ports import Unsaid, VoiceStore

A_DAY = 1
A_WEEK = {Role.LEARNER: 3, Role.INSTRUCTOR: 5, Role.MANAGER: 1}
"""Unasked private messages for each role."""

ABOUT_ABSENCE = ("catchup/", "silence/")
"""Anchors of the cards that somebody gets who comes back, or has not been heard for long."""

voice: Feature[VoiceStore] = Feature("voice")


def hear(turn: Turn[VoiceStore], remarks: Sequence[Remark]) -> None:
    """Takes remarks in, and plans when each person is next spoken to."""
    for remark in remarks:
        if isinstance(remark, Hush):
            turn.store.hush(remark.key)
            continue
        kept = turn.store.keep(remark, turn.now)
        turn.plan(_speak(remark.person, _when(turn, remark), str(kept)))


def _when(turn: Turn[VoiceStore], remark: Card | Line) -> datetime:
    now = turn.now
    if isinstance(remark, Card):
        return max(now, remark.at)
    if remark.urgent:
        return now
    person = turn.people.person(remark.person)
    return next_hour(now, person.hour, person.zone, workdays_only=remark.role is not Role.LEARNER)


def _speak(person: int, at: datetime, why: str) -> Plan:
    """`why` tells two reasons to speak at one instant apart: the first may have been spoken already."""
    return Plan("voice.speak", str(person), f"{at.isoformat()}/{why}", at)


@voice.due("speak", within=timedelta(days=7), fold=True)
def speak(turn: Turn[VoiceStore], batch: Sequence[Due]) -> None:
    """Says what may be said now to each person, and plans the next time for what may not."""
    for subject in dict.fromkeys(due.subject for due in batch):
        person = turn.people.person(int(subject))
        if turn.people.is_active(person.id):
            _speak_to(turn, person)


def _speak_to(turn: Turn[VoiceStore], person: Person) -> None:
    now = turn.now
    roles = {(m.cohort, m.role) for m in turn.people.memberships(person.id)}
    by_role: dict[Role, list[Unsaid]] = defaultdict(list)
    useless = []
    for unsaid in turn.store.unsaid(person.id):
        remark = unsaid.remark
        if remark.until <= now or (remark.cohort, remark.role) not in roles:
            useless.append(unsaid.id)
        else:
            by_role[remark.role].append(unsaid)
    turn.store.drop(useless)
    for role, waiting in by_role.items():
        due = [u for u in waiting if isinstance(u.remark, Card) and u.remark.at <= now]
        # Whoever comes back reads that first; else what is of use for the shortest time.
        cards = sorted(due, key=lambda u: (not _welcomes(u.remark), u.remark.until))
        lines = [u for u in waiting if isinstance(u.remark, Line)]
        if not cards and not lines:
            continue
        urgent = any(isinstance(u.remark, Line) and u.remark.urgent for u in lines)
        later = _free_from(turn, person, role)
        if later == now and not cards:
            later = _with_a_card(turn, person)
        if later > now and not urgent:
            turn.plan(_speak(person.id, later, f"not {now.isoformat()}"))
            continue
        _say(turn, person, role, cards[0] if cards else None, lines)
        if len(cards) > 1:
            turn.plan(_speak(person.id, _free_from(turn, person, role), f"after {now.isoformat()}"))


def _welcomes(remark: Card | Line) -> bool:
    return isinstance(remark, Card) and remark.anchor.startswith(ABOUT_ABSENCE)


def _with_a_card(turn: Turn[VoiceStore], person: Person) -> datetime:
    """Lines alone wait for a card that comes on the same day: two messages would be one too many."""
    card = turn.store.next_card(person.id, turn.now)
    if card is not None and local_day(card, person.zone) == local_day(turn.now, person.zone):
        return card
    return turn.now


def _say(turn: Turn[VoiceStore], person: Person, role: Role, card: Unsaid | None, lines: Sequence[Unsaid]) -> None:
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
    said = [u.id for u in lines] + ([card.id] if card else [])
    turn.store.said(said, person.id, role, turn.now)
    turn.cohort = home
    turn.show_to(person.id, anchor, body)


def _bundle(lines: Sequence[Line], title: str) -> Message:
    return message(heading(title), bullets(*(line.text for line in lines)))


def _free_from(turn: Turn[VoiceStore], person: Person, role: Role) -> datetime:
    """The first instant from now on at which the budget allows one more message."""
    now = turn.now
    today = local_day(now, person.zone)
    monday = monday_of(today)

    def midnight(days: int, start: bool = False) -> datetime:
        return at_wall((monday if start else today) + timedelta(days=days), time(0), person.zone)

    workdays = role is not Role.LEARNER
    if turn.store.said_between(person.id, role, midnight(0, True), midnight(7, True)) >= A_WEEK[role]:
        return next_hour(midnight(7, True), person.hour, person.zone, workdays)
    if turn.store.said_between(person.id, role, midnight(0), midnight(1)) >= A_DAY:
        return next_hour(midnight(1), person.hour, person.zone, workdays)
    return now


@voice.on(Left)
def fall_silent(turn: Turn[VoiceStore], fact: Left) -> None:
    turn.store.hush_person(fact.person, fact.cohort)


@voice.on(CohortEnded)
def fall_silent_for_all(turn: Turn[VoiceStore], fact: CohortEnded) -> None:
    turn.store.hush_cohort(fact.cohort)
