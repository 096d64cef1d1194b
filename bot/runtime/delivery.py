"""What is read for a delivery before a courier takes it (`prepare`), and what follows from its outcome (`note`)."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.core.effects import (
    Archive,
    Below,
    Create,
    Direct,
    Effect,
    Forget,
    In,
    Pin,
    React,
    RemoveMember,
    Show,
    Whisper,
    Withdraw,
)
from bot.core.errors import (
    Blocked,
    DeliveryError,
    NameTaken,
    PersonGone,
    PersonShut,
    PlaceGone,
    RateLimited,
    TargetGone,
    Unclear,
    Why,
    reason,
)
from bot.core.events import AccountChanged, PlaceFound, PlaceLost, PlaceMade, PostHeld
from bot.core.message import Attachment, Bullets, Fields, Inline, Jump, Mention, Message, Note, Paragraph, Quote, Table
from bot.core.people import Account, Actor, MessageRef, Place
from bot.core.ports import Answer, Delivery, Directory, Sent
from bot.runtime.ports import ClaimedDelivery, NewDelivery, Unit

log = logging.getLogger(__name__)

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=15)
GIVE_UP_AFTER = timedelta(days=3)
"""Longer than a weekend without an operator."""

HELD_FOR = timedelta(days=4)
"""How long a message waits for the one that it belongs below, once that one no longer waits itself."""

FIRST_LOOK = timedelta(minutes=1)
LONGEST_LOOK = timedelta(hours=1)
"""How soon, and how seldom at most, we try whether a channel or a person takes messages again."""

CHANNEL_WAITS = timedelta(days=14)
"""How long a message waits for a channel that takes nothing. For a person it waits as long as for an operator."""

TELL_AFTER = timedelta(minutes=2)
"""How long a post is tried before its author hears that it waits; at once if its words are the reason."""

REPORT_AFTER = timedelta(hours=1)
"""How long the platform may ask a post to wait before the managers hear of it."""

WHISPER = "whisper/"
"""How the keys of stored whispers begin."""

NEVER_POSTED = "What it belongs below was never posted."

NOT_BEGUN = RateLimited(timedelta(0))
"""The outcome of a delivery that is no longer sent: it waits, and the platform need not be asked about it."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A claimed delivery, and the adapter's input (None if its reader or its place is gone). `root`: the message that
    it is about, if that is another one."""

    claimed: ClaimedDelivery
    delivery: Delivery | None
    root: MessageRef | None = None
    members: tuple[Account, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a delivery. Without `sent` and `error` it had no reader. `made`: the channel that it asked for."""

    claimed: ClaimedDelivery
    sent: Sent | None = None
    error: Exception | None = None
    made: Place | None = None


def note(unit: Unit, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Stores the outcomes of deliveries."""
    sent: list[tuple[ClaimedDelivery, Sequence[MessageRef]]] = []
    opened: set[Place] = set()
    ended: set[Place] = set()
    reached: set[int] = set()
    for outcome in outcomes:
        claimed, error = outcome.claimed, outcome.error
        if error is None and outcome.sent is None:
            unit.outbox.dropped(claimed)
        elif isinstance(error, PersonGone | PersonShut) and _is_for_a_person(claimed):
            unit.outbox.dropped(claimed)
            _note_unreached(unit, claimed, error, now)
        elif error is None and outcome.sent is not None:
            sent.append((claimed, outcome.sent.refs))
            _keep(unit, outcome, now)
            if claimed.person is not None:
                reached.add(claimed.person)
            if claimed.blocked and claimed.person is None:
                opened.add(Place(claimed.workspace, claimed.lane))
            if claimed.told:
                _tell(unit, claimed, "posted", now)
        elif isinstance(error, RateLimited) and now - claimed.created_at <= _patience(claimed):
            _pause(unit, claimed, error, now)
        elif _is_moot(claimed.effect, error):
            sent.append((claimed, ()))
        elif isinstance(error, Blocked) and isinstance(claimed.effect, Whisper):
            sent.append((claimed, ()))
            _say_directly(unit, claimed, claimed.effect, now)
        elif _waits(unit, claimed, error, now):
            pause = min(FIRST_LOOK * 2 ** min(claimed.tries, 10), LONGEST_LOOK)
            unit.outbox.block(claimed, now + pause, _cause(error))
            _tell(unit, claimed, "waits", now, error)
            _report(unit, claimed, error, now)
        elif isinstance(error, Blocked | TargetGone) or now - claimed.created_at > GIVE_UP_AFTER:
            log.warning("%s to %s was given up: %s", type(claimed.effect).__name__, claimed.lane, _why(error))
            if isinstance(claimed.effect, Create):
                # Whoever asked for the channel is told, and asks again.
                unit.outbox.dropped(claimed)
            else:
                unit.outbox.dead(claimed, _cause(error))
            _tell(unit, claimed, "lost", now, error)
            _report(unit, claimed, error, now)
            if isinstance(error, TargetGone) and _channel(claimed) is None and _is_lost(unit, claimed):
                ended.add(Place(claimed.workspace, claimed.lane))
        elif isinstance(error, Unclear) and isinstance(claimed.effect, Whisper):
            sent.append((claimed, ()))
        else:
            pause = min(FIRST_PAUSE * 2 ** min(claimed.tries, 10), LONGEST_PAUSE)
            unit.outbox.again(claimed, now + pause, _cause(error), counts=True, unclear=isinstance(error, Unclear))
            filtered = isinstance(error, DeliveryError) and error.why == "filtered"
            if filtered or now - claimed.created_at >= TELL_AFTER:
                _tell(unit, claimed, "waits", now, error)
    unit.outbox.sent(sent)
    unit.inbox.wake(now)
    unit.people.reach(reached)
    # What was waited for is gone, and nothing else shows that the channel takes nothing.
    opened |= {place for place in ended if not unit.outbox.is_blocked(place)}
    for place in opened:
        if unit.outbox.is_blocked(place):
            unit.outbox.reopen(place, place, now)
        else:
            unit.inbox.add([PlaceFound(place=place, at=now, turn=now.isoformat())], now)


def _keep(unit: Unit, outcome: Outcome, now: datetime) -> None:
    """Stores what else follows from a successful delivery."""
    effect = outcome.claimed.effect
    if isinstance(effect, Whisper) and unit.people.account(effect.person) is not None:
        # A platform without private messages in a channel shows the whisper behind a button. Whoever was erased
        # meanwhile has no account.
        unit.inbox.keep_answer(whisper_key(effect.person, outcome.claimed.key), Answer(effect.message), now)
    elif isinstance(effect, Create):
        unit.inbox.add([PlaceMade(anchor=effect.anchor, place=outcome.made, at=now)], now)


def _why(error: Exception | None) -> str:
    """A failure, for the database and the log: a sentence without the words of the message."""
    return f"{reason(error)}." if error else ""


def _cause(error: Exception | None) -> str:
    """The same for the outbox, after the `Why` by which features know it."""
    return f"{error.why}: {_why(error)}" if isinstance(error, DeliveryError) and error.why else _why(error)


def whisper_key(person: int, key: str) -> str:
    """The key under which a whisper's text is stored for a while."""
    return f"{WHISPER}{person}/{key}"


def _is_for_a_person(claimed: ClaimedDelivery) -> bool:
    return claimed.person is not None or isinstance(claimed.effect, Whisper)


def _note_unreached(unit: Unit, claimed: ClaimedDelivery, error: PersonGone | PersonShut, now: datetime) -> None:
    """Tells the features that somebody is not there any more, or takes no messages."""
    reader = _reader(claimed.effect)
    account = unit.people.account(reader, claimed.workspace) if reader is not None else None
    if account is not None and account.workspace == claimed.workspace:
        there = isinstance(error, PersonShut)
        changed = AccountChanged(actor=Actor(account, ""), at=now, active=there, why=error.why, turn=now.isoformat())
        unit.inbox.add([changed], now)


def _is_moot(effect: Effect, error: Exception | None) -> bool:
    """Whether nothing is left to do: what should change is gone, or it matters too little to wait for."""
    if isinstance(effect, React | Pin):
        return isinstance(error, TargetGone | Blocked)
    return isinstance(effect, Withdraw) and isinstance(error, TargetGone)


def _waits(unit: Unit, claimed: ClaimedDelivery, error: Exception | None, now: datetime) -> bool:
    """Whether a delivery waits until its channel or its person takes messages: a post, what belongs below one, and a
    change alike. A post for a cohort's channel that is gone waits for another channel to be chosen."""
    if now - claimed.created_at > _patience(claimed):
        return False
    if isinstance(error, PlaceGone) and not claimed.refs:
        place = _channel(claimed)
        return isinstance(claimed.effect, Show) and place is not None and unit.people.cohort_at(place) is not None
    return isinstance(error, Blocked)


def _patience(claimed: ClaimedDelivery) -> timedelta:
    """How long a delivery waits for a platform that takes nothing there."""
    return CHANNEL_WAITS if claimed.person is None else GIVE_UP_AFTER


def _pause(unit: Unit, claimed: ClaimedDelivery, error: RateLimited, now: datetime) -> None:
    """A delivery waits as long as the platform asks. Of a post that waits for long its author hears, and of one that
    waits for very long the managers."""
    at = now + error.retry_after
    waits = at - claimed.created_at
    if error is NOT_BEGUN or claimed.person is not None or waits < REPORT_AFTER:
        unit.outbox.again(claimed, at, str(error), counts=False, unclear=False)
    else:
        log.warning("%s to %s has waited for long: %s", type(claimed.effect).__name__, claimed.lane, _why(error))
        unit.outbox.block(claimed, at, _cause(error))
        _report(unit, claimed, error, now)
    if error is not NOT_BEGUN and waits >= TELL_AFTER:
        _tell(unit, claimed, "waits", now, error)


def _is_lost(unit: Unit, claimed: ClaimedDelivery) -> bool:
    """Whether a message was for a channel of which we have said that it takes nothing."""
    if not isinstance(claimed.effect, Show) or claimed.refs or claimed.person is not None:
        return False
    place = Place(claimed.workspace, claimed.lane)
    found = unit.people.cohort_at(place)
    return found is not None and found[0].lost_at(place) is not None


def _channel(claimed: ClaimedDelivery) -> Place | None:
    """The channel in which a delivery is a root post."""
    target = claimed.effect.target if isinstance(claimed.effect, Show) else None
    return target.place if isinstance(target, In) and target.place.thread is None else None


def _report(unit: Unit, claimed: ClaimedDelivery, error: Exception | None, now: datetime) -> None:
    """Tells the features that a channel was not made or takes nothing, if that was the reason of a failure."""
    if isinstance(claimed.effect, Create):
        taken = isinstance(error, NameTaken)
        made = PlaceMade(anchor=claimed.effect.anchor, place=None, at=now, why=_why(error), name_taken=taken)
        unit.inbox.add([made], now)
        return
    if not isinstance(claimed.effect, Show) or claimed.person is not None:
        return
    place = Place(claimed.workspace, claimed.lane)
    found = unit.people.cohort_at(place)
    why: Why
    if isinstance(error, Blocked):
        why, needs = error.why, error.needs
    elif isinstance(error, PlaceGone) and _channel(claimed) is not None and not claimed.refs:
        why, needs = "gone", ""
    elif isinstance(error, RateLimited):
        why, needs = "limited", ""
    else:
        return
    if found is None:
        return
    # Once for each cause, from when the channel is lost until it is found.
    turn = f"{(found[0].lost_at(place) or now).isoformat()}/{why}/{needs}"
    guessed = why in ("gone", "limited")
    unit.inbox.add([PlaceLost(place=place, why=why, needs=needs, guessed=guessed, at=now, turn=turn)], now)


def _tell(
    unit: Unit,
    claimed: ClaimedDelivery,
    state: Literal["waits", "posted", "lost"],
    now: datetime,
    error: Exception | None = None,
) -> None:
    """Tells the features where a post stands, or a change of one; once that it waits."""
    effect, change = claimed.effect, bool(claimed.refs)
    if not isinstance(effect, Show) or claimed.person is not None:
        return
    if state == "waits":
        # New words of their own are tried at once (`Outbox.put`), and told anew if they are refused, too.
        if claimed.told and (claimed.blocked or claimed.tries):
            return
        unit.outbox.note_told(claimed)
    held = PostHeld(
        place=Place(claimed.workspace, claimed.lane),
        anchor=effect.anchor,
        person=claimed.actor,
        state=state,
        since=claimed.created_at,
        at=now,
        cohort=claimed.cohort,
        why=error.why if isinstance(error, DeliveryError) else "",
        needs=error.needs if isinstance(error, DeliveryError) else "",
        change=change,
    )
    unit.inbox.add([held], now)


def _say_directly(unit: Unit, claimed: ClaimedDelivery, whisper: Whisper, now: datetime) -> None:
    """The channel takes no whisper; the direct conversation may."""
    account = unit.people.account(whisper.person, claimed.workspace)
    if account is not None:
        said = Show(whisper_key(whisper.person, claimed.key), Direct(whisper.person), whisper.message)
        unit.outbox.put([NewDelivery(said, account.workspace, f"@{account.user}", whisper.person, None)], now)


def prepare(unit: Unit, claims: Sequence[ClaimedDelivery], link: Callable[[MessageRef], str | None]) -> list[Prepared]:
    """Resolves readers, places, mentions and links of deliveries, with one query for all of them."""
    unit.people.fetch({p for claimed in claims for p in _people_of(claimed.effect)})
    refs = unit.outbox.refs({anchor for claimed in claims for anchor in _anchors_of(claimed.effect)})
    files = unit.files.load({file for claimed in claims for file in files_in(_message(claimed.effect))})
    return [
        Prepared(
            claimed,
            _delivery(unit, claimed, refs, link, files),
            refs.get(claimed.effect.anchor) if isinstance(claimed.effect, Pin) else None,
            _members(unit, claimed.effect),
        )
        for claimed in claims
    ]


def _members(unit: Unit, effect: Effect) -> tuple[Account, ...]:
    """The accounts of the people who are added to or removed from a channel, if they have one in its workspace."""
    if isinstance(effect, Create):
        people, workspace = effect.people, effect.workspace
    elif isinstance(effect, RemoveMember) and effect.user:
        return (Account(effect.place.workspace, effect.user),)
    elif isinstance(effect, RemoveMember):
        people, workspace = (effect.person,), effect.place.workspace
    else:
        return ()
    found = (unit.people.account(person, workspace) for person in people)
    return tuple(a for a in found if a is not None and a.workspace == workspace)


def _delivery(
    unit: Unit,
    claimed: ClaimedDelivery,
    refs: Mapping[str, MessageRef],
    link: Callable[[MessageRef], str | None],
    files: Mapping[int, bytes],
) -> Delivery | None:
    effect = claimed.effect
    if isinstance(effect, Withdraw | React | Pin | Create | RemoveMember | Archive | Forget):
        return Delivery(claimed.key, getattr(effect, "anchor", ""), Message(()))
    account: Account | None = None
    place: Place | None = None
    zone: str | None = None
    person = _reader(effect)
    if isinstance(effect, Whisper):
        place = effect.place
    elif isinstance(effect.target, Below):
        root = refs.get(effect.target.anchor)
        if root is None and not claimed.refs:
            return None
        place = Place(root.workspace, root.channel, root.id) if root else None
    elif isinstance(effect.target, In):
        place = effect.target.place
    if person is not None:
        account = unit.people.account(person, claimed.workspace)
        if account is None:
            return None
        zone = unit.people.person(person).zone
    mentions, links = resolve(unit.people, effect.message, claimed.workspace, refs, link)
    anchor = effect.anchor if isinstance(effect, Show) else ""
    own = {file: files[file] for file in files_in(effect.message) if file in files}
    instead = effect.instead if isinstance(effect, Whisper) else None
    return Delivery(claimed.key, anchor, effect.message, place, account, zone, mentions, links, own, instead)


def _reader(effect: Effect) -> int | None:
    """The single reader, if there is one."""
    if isinstance(effect, Whisper):
        return effect.person
    return effect.target.person if isinstance(effect, Show) and isinstance(effect.target, Direct) else None


def _people_of(effect: Effect) -> Iterator[int]:
    if isinstance(effect, Create):
        yield from effect.people
    if isinstance(effect, RemoveMember):
        yield effect.person
    if (reader := _reader(effect)) is not None:
        yield reader
    if isinstance(effect, Show | Whisper):
        yield from (part.person for part in _parts(effect.message) if isinstance(part, Mention))


def _anchors_of(effect: Effect) -> Iterator[str]:
    if isinstance(effect, Show) and isinstance(effect.target, Below):
        yield effect.target.anchor
    if isinstance(effect, Pin):
        yield effect.anchor
    if isinstance(effect, Show | Whisper):
        yield from anchors_in(effect.message)


def _message(effect: Effect) -> Message:
    return effect.message if isinstance(effect, Show | Whisper) else Message(())


def files_in(message: Message) -> Iterator[int]:
    """The numbers of a message's files."""
    return (block.file for block in message.blocks if isinstance(block, Attachment))


def anchors_in(message: Message) -> Iterator[str]:
    """The anchors that a message links to."""
    return (part.anchor for part in _parts(message) if isinstance(part, Jump) and part.ref is None)


def resolve(
    people: Directory,
    message: Message,
    workspace: str,
    refs: Mapping[str, MessageRef],
    link: Callable[[MessageRef], str | None],
) -> tuple[Mapping[int, Account], Mapping[str, str]]:
    """The accounts of the people whom a message mentions, and the addresses of the messages that it links to; `refs`
    says where those are."""
    mentions: dict[int, Account] = {}
    links: dict[str, str] = {}
    for part in _parts(message):
        if isinstance(part, Mention):
            account = people.account(part.person, workspace)
            if account is not None and account.workspace == workspace:
                mentions[part.person] = account
        elif isinstance(part, Jump):
            ref = part.ref or refs.get(part.anchor)
            address = link(ref) if ref else None
            if address:
                links[part.anchor] = address
    return mentions, links


def _parts(message: Message) -> Iterator[Inline]:
    for block in message.blocks:
        match block:
            case Paragraph(text) | Quote(text) | Note(text):
                yield from text
            case Bullets(items):
                yield from (part for item in items for part in item)
            case Fields(items):
                yield from (part for _, value in items for part in value)
            case Table(rows=rows):
                yield from (part for row in rows for cell in row if not isinstance(cell, int) for part in cell)
            case _:
                pass
