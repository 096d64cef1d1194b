"""Delivery: takes parcels out of the outbox, hands them to the adapters, and notes what came of it.

A parcel is marked `sending` before the platform hears of it. Where the answer is lost (a crash, a cut line),
the platform is asked what stands there before anything is posted again.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from bot.core.effects import Below, Create, Direct, Effect, In, Pin, React, Show, Whisper, Withdraw
from bot.core.errors import DeliveryError, RateLimited, TargetGone, Unclear, reason
from bot.core.events import PlaceLost, PlaceMade
from bot.core.message import Attachment, Bullets, Fields, Inline, Jump, Mention, Message, Note, Paragraph, Quote
from bot.core.people import Account, MessageRef, Place
from bot.core.ports import Adapter, Answer, Delivery, Directory, Sent
from bot.core.reporting import log_failure
from bot.core.time import Clock
from bot.runtime.ports import Parcel, Unit

log = logging.getLogger(__name__)

BATCH = 200
AT_ONCE = 8
"""Conversations that are served at the same time; within one, messages keep their order."""

LEASE = timedelta(minutes=2)
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=15)
GIVE_UP_AFTER = timedelta(hours=24)
NOT_BEGUN = RateLimited(timedelta(0))
"""What comes of a parcel that is not sent any more: it waits, and nothing is to be asked of the platform."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A parcel with everything that the adapter needs; None where its reader or its place has gone. `root`: the
    message that it is about, where that is another."""

    parcel: Parcel
    delivery: Delivery | None
    root: MessageRef | None = None
    members: tuple[Account, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a parcel. Neither `sent` nor `error`: nobody was there to see it. `made`: the channel that it
    asked for."""

    parcel: Parcel
    sent: Sent | None = None
    error: Exception | None = None
    made: Place | None = None


class Courier:
    """Delivers what the outbox holds."""

    def __init__(self, adapters: Sequence[Adapter], clock: Clock, may_send: Callable[[], bool]) -> None:
        """`may_send` is asked before each parcel."""
        self._may_send = may_send
        self._clock = clock
        self._adapters = adapters
        self._closed = False

    def close(self) -> None:
        """Begins to send nothing more; what was claimed already is put back."""
        self._closed = True

    def claim(self, unit: Unit) -> Sequence[Prepared]:
        """Takes one batch of what may go out now, to be delivered once the unit of work is committed."""
        now = self._clock.now()
        return prepare(unit, unit.outbox.claim(now, now + LEASE, BATCH), self.link)

    async def deliver(self, prepared: Sequence[Prepared], outcomes: list[Outcome]) -> None:
        """Tells the platforms. What came of it is added to `outcomes` one by one, so that it is known when this is
        cancelled; it is to be noted with the next unit of work."""
        lanes = deque(
            list(group)
            for _, group in groupby(
                sorted(prepared, key=lambda p: (p.parcel.workspace, p.parcel.lane, p.parcel.id)),
                key=lambda p: (p.parcel.workspace, p.parcel.lane),
            )
        )
        await asyncio.gather(*(self._serve_all(lanes, outcomes) for _ in range(min(AT_ONCE, len(lanes)))))

    def link(self, ref: MessageRef) -> str | None:
        """The address of a message for a person's browser, where its workspace is connected."""
        adapter = self._adapter(ref.workspace)
        return adapter.link(ref) if adapter else None

    def _adapter(self, workspace: str) -> Adapter | None:
        # Looked for each time: which workspaces there are is known once an adapter has connected.
        return next((a for a in self._adapters if workspace in a.workspaces), None)

    async def _serve_all(self, lanes: deque[list[Prepared]], outcomes: list[Outcome]) -> None:
        """One conversation after the other, until none is left."""
        while lanes:
            await self._serve(lanes.popleft(), outcomes)
            # An adapter that never waits must not keep everybody else waiting.
            await asyncio.sleep(0)

    async def _serve(self, lane: Sequence[Prepared], outcomes: list[Outcome]) -> None:
        """One conversation, in order. Where the platform asks us to wait, the rest of it waits too."""
        pause: RateLimited | None = None
        for prepared in lane:
            if self._closed or not self._may_send():
                pause = NOT_BEGUN
            outcome = Outcome(prepared.parcel, error=pause) if pause else await self._try(prepared)
            if isinstance(outcome.error, RateLimited):
                pause = outcome.error
            outcomes.append(outcome)

    async def _try(self, prepared: Prepared) -> Outcome:
        try:
            return await self._send(prepared)
        except DeliveryError as e:
            return Outcome(prepared.parcel, error=e)
        except Exception as e:
            log_failure(log, "An adapter failed in a way that it does not declare")
            return Outcome(prepared.parcel, error=e)

    async def _send(self, prepared: Prepared) -> Outcome:
        parcel, delivery = prepared.parcel, prepared.delivery
        adapter = self._adapter(parcel.workspace)
        if adapter is None:
            raise DeliveryError(f"{parcel.workspace} is not connected.")
        if delivery is None:
            return Outcome(parcel)
        match parcel.effect:
            case Show():
                if parcel.refs:
                    return Outcome(parcel, await adapter.edit(delivery, parcel.refs))
                if parcel.recheck and (found := await adapter.find(delivery)) is not None:
                    # An earlier try arrived; what is to be seen may have changed since.
                    return Outcome(parcel, await adapter.edit(delivery, found.refs))
                return Outcome(parcel, await adapter.post(delivery))
            case Create(_, workspace, name, topic, private):
                made = await adapter.create(workspace, name, topic, private, prepared.members)
                return Outcome(parcel, Sent(()), made=made)
            case Pin(_, on):
                if prepared.root is not None:
                    await adapter.pin(prepared.root, on)
            case Withdraw():
                await adapter.delete(parcel.refs)
            case Whisper():
                if not parcel.recheck:
                    await adapter.whisper(delivery)
            case React(ref, emoji, on):
                await adapter.react(ref, emoji, on)
        return Outcome(parcel, Sent(()))

    def note(self, unit: Unit, outcomes: Sequence[Outcome]) -> None:
        """Stores what came of deliveries."""
        now = self._clock.now()
        sent: list[tuple[Parcel, Sequence[MessageRef]]] = []
        for outcome in outcomes:
            parcel, error = outcome.parcel, outcome.error
            if error is None and outcome.sent is None:
                unit.outbox.dropped(parcel)
            elif error is None and outcome.sent is not None:
                sent.append((parcel, outcome.sent.refs))
                self._keep(unit, outcome, now)
            elif isinstance(error, RateLimited):
                unit.outbox.again(parcel, now + error.retry_after, str(error), counts=False, unclear=False)
            elif isinstance(error, TargetGone) and isinstance(parcel.effect, Withdraw | React | Pin):
                sent.append((parcel, ()))
            elif isinstance(error, TargetGone) or now - parcel.created_at > GIVE_UP_AFTER:
                log.warning("%s to %s was given up: %s", type(parcel.effect).__name__, parcel.lane, _why(error))
                unit.outbox.dead(parcel, _why(error))
                _complain(unit, parcel, error, now)
            elif isinstance(error, Unclear) and isinstance(parcel.effect, Whisper):
                sent.append((parcel, ()))
            else:
                pause = min(FIRST_PAUSE * 2 ** min(parcel.tries, 10), LONGEST_PAUSE)
                unit.outbox.again(parcel, now + pause, _why(error), counts=True, unclear=isinstance(error, Unclear))
        unit.outbox.sent(sent, now)

    @staticmethod
    def _keep(unit: Unit, outcome: Outcome, now: datetime) -> None:
        """What the rest of the bot has to know of what was done."""
        effect = outcome.parcel.effect
        if isinstance(effect, Whisper):
            # A platform without private messages in a channel shows it behind a button.
            unit.inbox.keep_answer(whisper_key(effect.person, outcome.parcel.key), Answer(effect.message), now)
        elif isinstance(effect, Create):
            unit.inbox.add([PlaceMade(anchor=effect.anchor, place=outcome.made, at=now)], now)


def _why(error: Exception | None) -> str:
    """What is stored and logged of a failure: a sentence without what was to be said."""
    return f"{reason(error)}." if error else ""


def whisper_key(person: int, key: str) -> str:
    """The key under which a whisper's words are kept for a while."""
    return f"whisper/{person}/{key}"


def _complain(unit: Unit, parcel: Parcel, error: Exception | None, now: datetime) -> None:
    """Tells the features what was given up, where it is about a channel of theirs."""
    effect = parcel.effect
    if isinstance(effect, Create):
        unit.inbox.add([PlaceMade(anchor=effect.anchor, place=None, at=now, why=_why(error))], now)
    elif isinstance(effect, Show) and isinstance(effect.target, In) and isinstance(error, TargetGone):
        place = effect.target.place
        if place.thread is None:
            unit.inbox.add([PlaceLost(place=place, why="gone", at=now, turn=parcel.key)], now)


def prepare(unit: Unit, parcels: Sequence[Parcel], link: Callable[[MessageRef], str | None]) -> list[Prepared]:
    """Resolves readers, places, mentions and links of parcels, with one look for all of them."""
    unit.people.fetch({p for parcel in parcels for p in _people_of(parcel.effect)})
    refs = unit.outbox.refs({anchor for parcel in parcels for anchor in _anchors_of(parcel.effect)})
    files = unit.files.load({file for parcel in parcels for file in files_in(_message(parcel.effect))})
    return [
        Prepared(
            parcel,
            _delivery(unit, parcel, refs, link, files),
            refs.get(parcel.effect.anchor) if isinstance(parcel.effect, Pin) else None,
            _members(unit, parcel.effect) if isinstance(parcel.effect, Create) else (),
        )
        for parcel in parcels
    ]


def _members(unit: Unit, effect: Create) -> tuple[Account, ...]:
    """The accounts of the people who shall be in a channel, as far as they have one there."""
    found = (unit.people.account(person, effect.workspace) for person in effect.people)
    return tuple(a for a in found if a is not None and a.workspace == effect.workspace)


def _delivery(
    unit: Unit,
    parcel: Parcel,
    refs: Mapping[str, MessageRef],
    link: Callable[[MessageRef], str | None],
    files: Mapping[int, bytes],
) -> Delivery | None:
    effect = parcel.effect
    if isinstance(effect, Withdraw | React | Pin | Create):
        return Delivery(parcel.key, getattr(effect, "anchor", ""), Message(()))
    account: Account | None = None
    place: Place | None = None
    zone: str | None = None
    person = _reader(effect)
    if isinstance(effect, Whisper):
        place = effect.place
    elif isinstance(effect.target, Below):
        root = refs.get(effect.target.anchor)
        if root is None and not parcel.refs:
            return None
        place = Place(root.workspace, root.channel, root.id) if root else None
    elif isinstance(effect.target, In):
        place = effect.target.place
    if person is not None:
        account = unit.people.account(person, parcel.workspace)
        if account is None:
            return None
        zone = unit.people.person(person).zone
    mentions, links = resolve(unit.people, effect.message, parcel.workspace, refs, link)
    anchor = effect.anchor if isinstance(effect, Show) else ""
    own = {file: files[file] for file in files_in(effect.message) if file in files}
    return Delivery(parcel.key, anchor, effect.message, place, account, zone, mentions, links, own)


def _reader(effect: Effect) -> int | None:
    """The single reader, where there is one."""
    if isinstance(effect, Whisper):
        return effect.person
    return effect.target.person if isinstance(effect, Show) and isinstance(effect.target, Direct) else None


def _people_of(effect: Effect) -> Iterator[int]:
    if isinstance(effect, Create):
        yield from effect.people
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
    """The numbers of the files that a message carries."""
    return (block.file for block in message.blocks if isinstance(block, Attachment))


def anchors_in(message: Message) -> Iterator[str]:
    """The anchors that a message points to."""
    return (part.anchor for part in _parts(message) if isinstance(part, Jump) and part.ref is None)


def resolve(
    people: Directory,
    message: Message,
    workspace: str,
    refs: Mapping[str, MessageRef],
    link: Callable[[MessageRef], str | None],
) -> tuple[Mapping[int, Account], Mapping[str, str]]:
    """The accounts of the people that a message calls, and the addresses of the messages it points to; `refs` says
    where those stand."""
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
            case _:
                pass
