"""Makes the turn of an event: who acts, in which cohort and roles, and about which of our messages."""

from datetime import datetime
from typing import Any

from bot.core.events import (
    AccountChanged,
    ActorMet,
    ButtonPressed,
    Chat,
    CommandIssued,
    Event,
    GroupListed,
    MessageDeleted,
    MessageEdited,
    PlaceMade,
    ReactionChanged,
    ShortcutUsed,
)
from bot.core.facts import NameChanged, PresenceChanged
from bot.core.people import Account, Place
from bot.core.turn import Turn
from bot.runtime.access import enter
from bot.runtime.mounted import MountedFeatures, UnitLinks, publish
from bot.runtime.ports import Unit
from bot.runtime.registry import Registry
from bot.runtime.turns import finish


class NotYet(Exception):
    """The event is about a message that is on its way, or that the bot has not heard of yet, so it waits."""


def begin(registry: Registry, unit: Unit, event: Event, now: datetime) -> Turn[Any]:
    """A turn that knows who acts and where. `follow_actor` and `locate` add the rest."""
    person = unit.people.meet(event.actor) if event.actor else None
    place = None if isinstance(event, AccountChanged | GroupListed | PlaceMade) else event.place
    features, links = MountedFeatures(registry, unit), UnitLinks(unit)
    return Turn(now, None, unit.people, features, links, event, person, place)


def follow_actor(registry: Registry, unit: Unit, turn: Turn[Any]) -> None:
    """Tells the features who has another name, and which of the platform's groups the person is in, since groups may
    give roles."""
    for person in unit.people.take_renamed():
        _tell(registry, unit, turn, NameChanged(person))
    actor = turn.event.actor if turn.event else None
    if actor is not None and turn.event is not None and not isinstance(turn.event, AccountChanged):
        _find_again(registry, unit, turn, actor.account, turn.event.at)
    if actor is None or actor.groups is None:
        return
    _tell(registry, unit, turn, ActorMet(actor))


def _find_again(registry: Registry, unit: Unit, turn: Turn[Any], account: Account, at: datetime) -> None:
    """Whoever acts is there again, also where the platform does not tell of a return."""
    known = turn.people.account(turn.me.id, account.workspace)
    if known != account and unit.people.find_again(account, at) and known is None:
        _tell(registry, unit, turn, PresenceChanged(turn.me.id))


def _tell(registry: Registry, unit: Unit, turn: Turn[Any], about: ActorMet | NameChanged | PresenceChanged) -> None:
    own: Turn[Any] = Turn(turn.now, None, unit.people, turn.features, turn.links, person=turn.person)
    with unit.savepoint():
        publish(registry, unit, own, about)
        finish(registry, unit, own)


def locate(unit: Unit, turn: Turn[Any], since: datetime) -> None:
    """Finds the cohort that the event is about, the person's roles in it, and the anchors. It came at `since`. Raises
    NotYet."""
    event, place = turn.event, turn.place
    if event is None or place is None:
        return
    if not place.direct:
        # A deleted message is also removed from a cohort that has ended.
        found = unit.people.cohort_at(place, ended=isinstance(event, MessageDeleted))
        if found is not None:
            turn.purpose = found[1]
            enter(turn, found[0])
    elif turn.person is not None and not isinstance(event, CommandIssued):
        only = {m.cohort for m in unit.people.memberships(turn.person.id)}
        cohort = unit.people.cohort(only.pop()) if len(only) == 1 else None
        if cohort is not None:
            enter(turn, cohort)
    turn.about, turn.below = _anchors(unit, event, place, since)


def _anchors(unit: Unit, event: Event, place: Place, since: datetime) -> tuple[str | None, str | None]:
    """The anchors of the message that the event is about and of its thread's root."""

    def anchor(message_id: str | None) -> str | None:
        found = unit.outbox.anchor(place.workspace, place.channel, message_id) if message_id else None
        # The anchor is the same in each workspace of a cohort: see `Turn.post`.
        return found.partition("@")[0] if found else None

    about = None
    if isinstance(event, ButtonPressed | ShortcutUsed):
        about = anchor(event.message.id) if event.message else None
    elif isinstance(event, MessageEdited | MessageDeleted | ReactionChanged):
        about = anchor(event.id)
    below = anchor(place.thread)
    changed = event if isinstance(event, MessageEdited | MessageDeleted | ReactionChanged) and about is None else None
    unknown = changed is not None or (place.thread and below is None)
    if unknown and isinstance(event, Chat) and unit.outbox.sending_to(place, since):
        raise NotYet
    # Somebody's own message may wait for the one that it belongs below.
    if changed is not None and unit.inbox.waits(changed.posting):
        raise NotYet
    return about, below
