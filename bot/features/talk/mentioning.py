"""Mentions what was written and never decided about: once, on a card that comes anyway."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.core.due import Due
from bot.core.effects import Direct
from bot.core.message import Message
from bot.core.people import Cohort, MessageRef, Person, Role
from bot.core.time import local_day
from bot.core.timetable import WEEK
from bot.core.translation import _
from bot.core.turn import Turn
from bot.core.voice import Card, Hush
from bot.features.talk import asking, views
from bot.features.talk.store import PrivateMessage, State, TalkStore, feature

Talk = Turn[TalkStore]


@feature.due("unread", within=WEEK)
def mention(turn: Talk, batch: Sequence[Due]) -> None:
    """Planned by each message; those of a day are mentioned together."""
    learners = {p.id: p for p in turn.people.members(turn.here.id, Role.LEARNER)}
    days: dict[tuple[int, date], tuple[Person, MessageRef]] = {}
    for due in batch:
        kept = turn.store.get(int(due.subject))
        person = learners.get(kept.said.person) if kept is not None and kept.state == "open" else None
        if kept is not None and person is not None:
            days[person.id, _day(kept, person)] = person, kept.said.ref
    for (_number, day), (person, ref) in days.items():
        if (card := _card(turn, turn.here, person, day, ref)) is not None:
            turn.say(card)


def settle(turn: Talk, kept: PrivateMessage, state: State, receipt: Message | None = None) -> None:
    """Ends the question about a message, also where it was mentioned: `receipt` says there what became of it."""
    turn.store.settle(kept.id, state)
    show_again(turn, kept, receipt)


def show_again(turn: Talk, kept: PrivateMessage, receipt: Message | None = None) -> None:
    """Shows the mention of a message as it is now; nothing if there is none."""
    person = turn.people.person(kept.said.person)
    day = _day(kept, person)
    key = _key(person, day)
    shown, waits = turn.links.shown([key]), turn.links.waiting([key])
    if not (shown or waits):
        return
    cohort = asking.learns_in(turn, person.id)
    card = _card(turn, cohort, person, day, kept.said.ref) if cohort is not None else None
    if card is not None:
        turn.show_again([card])
    elif shown:
        turn.show(key, Direct(person.id, kept.said.ref.workspace), receipt or views.dropped())
    else:
        turn.say(Hush(key))


def _day(kept: PrivateMessage, person: Person) -> date:
    return local_day(kept.said.at, person.zone)


def _key(person: Person, day: date) -> str:
    return f"talk/unread/{person.id}/{day.isoformat()}"


def _card(turn: Talk, cohort: Cohort, person: Person, day: date, ref: MessageRef) -> Card | None:
    """The mention of what somebody wrote on a day and has not decided about; None without that."""
    said = [kept for kept in turn.store.open_in(ref.workspace, ref.channel) if kept.said.person == person.id]
    found = sorted((k for k in said if k.said.text and _day(k, person) == day), key=lambda k: k.id)
    if not found:
        return None
    inside = replace(turn, cohort=cohort, person=person, roles=frozenset({Role.LEARNER}))
    offered = [(kept, asking.for_the_team(inside, kept)[:1]) for kept in found]
    card, key, about = views.unread(offered, day), _key(person, day), _("What you wrote to me")
    return Card(person.id, cohort.id, key, card, turn.now, turn.now + WEEK, about=about)
