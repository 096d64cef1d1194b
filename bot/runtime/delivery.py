"""Delivery: takes parcels out of the outbox, hands them to the adapters, and notes what came of it.

A parcel is marked `sending` before the platform hears of it. Where the answer is lost (a crash, a cut line),
the platform is asked what stands there before anything is posted again.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from bot.core.effects import Below, Direct, React, Show, Whisper, Withdraw
from bot.core.errors import DeliveryError, RateLimited, TargetGone, Unclear
from bot.core.message import Block, Bullets, Fields, Jump, Mention, Message, Note, Paragraph, Quote, Text
from bot.core.people import Account, MessageRef, Place
from bot.core.ports import Adapter, Delivery, Sent
from bot.core.time import Clock
from bot.runtime.ports import Parcel, Storage, Unit

log = logging.getLogger(__name__)

BATCH = 200
AT_ONCE = 8
"""Conversations that are served at the same time; within one, messages keep their order."""

LEASE = timedelta(minutes=2)
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=15)
GIVE_UP_AFTER = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A parcel with everything that the adapter needs; None where its reader or its place has gone."""

    parcel: Parcel
    delivery: Delivery | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a parcel. Neither `sent` nor `error`: nobody was there to see it."""

    parcel: Parcel
    sent: Sent | None = None
    error: Exception | None = None


class Courier:
    """Delivers what the outbox holds."""

    def __init__(self, storage: Storage, adapters: Sequence[Adapter], clock: Clock) -> None:
        self._storage = storage
        self._clock = clock
        self._by_workspace = {w: a for a in adapters for w in a.workspaces}

    async def deliver(self) -> int:
        """Delivers one batch of what may go out now; returns how many parcels were tried."""
        now = self._clock.now()
        prepared = await self._storage.run(lambda unit: self._claim(unit, now))
        if not prepared:
            return 0
        lanes = [
            list(group)
            for _, group in groupby(
                sorted(prepared, key=lambda p: (p.parcel.workspace, p.parcel.lane, p.parcel.id)),
                key=lambda p: (p.parcel.workspace, p.parcel.lane),
            )
        ]
        gate = asyncio.Semaphore(AT_ONCE)
        outcomes = await asyncio.gather(*(self._serve(lane, gate) for lane in lanes))
        await self._storage.run(lambda unit: self._note(unit, [o for lane in outcomes for o in lane]))
        return len(prepared)

    def _claim(self, unit: Unit, now: datetime) -> list[Prepared]:
        return [
            Prepared(parcel, prepare(unit, parcel, self.link)) for parcel in unit.outbox.claim(now, now + LEASE, BATCH)
        ]

    def link(self, ref: MessageRef) -> str | None:
        """The address of a message for a person's browser, where its workspace is connected."""
        adapter = self._by_workspace.get(ref.workspace)
        return adapter.link(ref) if adapter else None

    async def _serve(self, lane: Sequence[Prepared], gate: asyncio.Semaphore) -> list[Outcome]:
        """One conversation, in order. Where the platform asks us to wait, the rest of it waits too."""
        outcomes: list[Outcome] = []
        async with gate:
            for prepared in lane:
                last = outcomes[-1].error if outcomes else None
                if isinstance(last, RateLimited):
                    outcomes.append(Outcome(prepared.parcel, error=last))
                    continue
                try:
                    outcomes.append(Outcome(prepared.parcel, await self._send(prepared)))
                except DeliveryError as e:
                    outcomes.append(Outcome(prepared.parcel, error=e))
                except Exception as e:
                    log.exception("An adapter failed in a way that it does not declare")
                    outcomes.append(Outcome(prepared.parcel, error=e))
        return outcomes

    async def _send(self, prepared: Prepared) -> Sent | None:
        parcel, delivery = prepared.parcel, prepared.delivery
        adapter = self._by_workspace.get(parcel.workspace)
        if adapter is None:
            raise DeliveryError(f"{parcel.workspace} is not connected.")
        if delivery is None:
            return None
        match parcel.effect:
            case Show():
                if parcel.refs:
                    return await adapter.edit(delivery, parcel.refs)
                if parcel.recheck and (found := await adapter.find(delivery)) is not None:
                    # An earlier try arrived; what is to be seen may have changed since.
                    return await adapter.edit(delivery, found.refs)
                return await adapter.post(delivery)
            case Withdraw():
                await adapter.delete(parcel.refs)
            case Whisper():
                if not parcel.recheck:
                    await adapter.whisper(delivery)
            case React(ref, emoji, on):
                await adapter.react(ref, emoji, on)
        return Sent(())

    def _note(self, unit: Unit, outcomes: Sequence[Outcome]) -> None:
        now = self._clock.now()
        for outcome in outcomes:
            parcel, error = outcome.parcel, outcome.error
            if error is None and outcome.sent is None:
                unit.outbox.dropped(parcel)
            elif error is None and outcome.sent is not None:
                unit.outbox.sent(parcel, outcome.sent.refs, now)
            elif isinstance(error, RateLimited):
                unit.outbox.again(parcel, now + error.retry_after, str(error), counts=False, unclear=False)
            elif isinstance(error, TargetGone) and isinstance(parcel.effect, Withdraw | React):
                unit.outbox.sent(parcel, (), now)
            elif isinstance(error, TargetGone) or now - parcel.created_at > GIVE_UP_AFTER:
                log.warning("%s to %s was given up: %s", type(parcel.effect).__name__, parcel.lane, error)
                unit.outbox.dead(parcel, str(error))
            elif isinstance(error, Unclear) and isinstance(parcel.effect, Whisper):
                unit.outbox.sent(parcel, (), now)
            else:
                pause = min(FIRST_PAUSE * 2 ** min(parcel.tries, 10), LONGEST_PAUSE)
                unit.outbox.again(
                    parcel, now + pause, str(error) or repr(error), counts=True, unclear=isinstance(error, Unclear)
                )


def prepare(unit: Unit, parcel: Parcel, link: Callable[[MessageRef], str | None]) -> Delivery | None:
    """Resolves readers, places, mentions and links of a parcel."""
    effect = parcel.effect
    if isinstance(effect, Withdraw | React):
        return Delivery(parcel.key, getattr(effect, "anchor", ""), Message(()))
    account: Account | None = None
    place: Place | None = None
    zone: str | None = None
    person = effect.person if isinstance(effect, Whisper) else None
    if isinstance(effect, Whisper):
        place = effect.place
    elif isinstance(effect.target, Direct):
        person = effect.target.person
    elif isinstance(effect.target, Below):
        root = unit.outbox.ref(effect.target.anchor)
        if root is None and not parcel.refs:
            return None
        place = Place(root.workspace, root.channel, root.id) if root else None
    else:
        place = effect.target.place
    if person is not None:
        account = unit.people.account(person, parcel.workspace)
        if account is None:
            return None
        zone = unit.people.person(person).zone
    mentions, links = resolve(unit, effect.message, parcel.workspace, link)
    anchor = effect.anchor if isinstance(effect, Show) else ""
    return Delivery(parcel.key, anchor, effect.message, place, account, zone, mentions, links)


def resolve(
    unit: Unit, message: Message, workspace: str, link: Callable[[MessageRef], str | None]
) -> tuple[Mapping[int, Account], Mapping[str, str]]:
    """The accounts of the people that a message calls, and the addresses of the messages it points to."""
    mentions: dict[int, Account] = {}
    links: dict[str, str] = {}
    for block in message.blocks:
        for part in _parts(block):
            if isinstance(part, Mention):
                account = unit.people.account(part.person, workspace)
                if account is not None and account.workspace == workspace:
                    mentions[part.person] = account
            elif isinstance(part, Jump):
                ref = part.ref or unit.outbox.ref(part.anchor)
                address = link(ref) if ref else None
                if address:
                    links[part.anchor] = address
    return mentions, links


def _parts(block: Block) -> Text:
    match block:
        case Paragraph(text) | Quote(text) | Note(text):
            return text
        case Bullets(items):
            return tuple(part for item in items for part in item)
        case Fields(items):
            return tuple(part for _, value in items for part in value)
        case _:
            return ()
