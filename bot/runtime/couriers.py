"""Couriers take deliveries from the outbox to the platforms.

Each delivery has a task of its own, so nothing else waits for a network, and no workspace waits for another. A
conversation has one delivery in hand at a time, which keeps its messages in order; a workspace has as many as its
platform's latency asks for. What is not in hand waits in the outbox, where an answer to somebody overtakes what is for
many.

A delivery is marked `sending` before the platform gets it. If the answer is lost (a crash, a broken connection), the
platform is asked what is there before anything is posted again.
"""

import asyncio
import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from bot.core.effects import Archive, Create, Forget, Pin, React, RemoveMember, Show, Whisper, Withdraw
from bot.core.errors import Blocked, DeliveryError, RateLimited
from bot.core.failures import log_failure
from bot.core.people import MessageRef
from bot.core.ports import Adapter, Sent
from bot.runtime.delivery import FIRST_LOOK, NOT_BEGUN, Outcome, Prepared, prepare
from bot.runtime.ports import ClaimedDelivery, Unit

log = logging.getLogger(__name__)

UNCONNECTED = 100
"""How many deliveries at once find that their workspace is not connected."""

BLOCKED_AT_ONCE = 5
"""After so many refused messages in a row a conversation is left alone for a while: platforms count them."""

Lane = tuple[str, str]
"""A workspace and a conversation in it."""


class Couriers:
    """All deliveries in hand: on their way, or arrived and not stored yet."""

    def __init__(self, adapters: Sequence[Adapter], may_send: Callable[[], bool], arrived: Callable[[], None]) -> None:
        """`may_send` is asked before each delivery; `arrived` is called after each."""
        self._adapters = adapters
        self._may_send = may_send
        self._arrived = arrived
        self._in_hand: dict[Lane, asyncio.Task[None]] = {}
        self._outcomes: list[Outcome] = []
        self._refused: Counter[Lane] = Counter()
        self._closed = False

    def close(self) -> None:
        """Begins no more deliveries; what is in hand and not begun goes back to the outbox."""
        self._closed = True

    @property
    def tasks(self) -> set[asyncio.Task[None]]:
        return set(self._in_hand.values())

    @property
    def outcomes(self) -> Sequence[Outcome]:
        """What has arrived and is not stored yet. Store it (`note`), then `forget` it."""
        return tuple(self._outcomes)

    def forget(self, stored: Sequence[Outcome]) -> None:
        """Lets go of outcomes that are stored: their conversations may go on."""
        del self._outcomes[: len(stored)]
        for outcome in stored:
            del self._in_hand[_lane(outcome)]

    def busy(self) -> Mapping[str, Collection[str]]:
        """The conversations with a delivery on its way, by workspace."""
        found: dict[str, set[str]] = defaultdict(set)
        for workspace, lane in self._in_hand.keys() - set(map(_lane, self._outcomes)):
            found[workspace].add(lane)
        return found

    def claim(self, unit: Unit, busy: Mapping[str, Collection[str]], now: datetime) -> Sequence[Prepared]:
        """Claims what may be sent now beside what is `busy`. Begin it once the unit of work is committed."""
        claims: list[ClaimedDelivery] = []
        for workspace in () if self._closed else unit.outbox.workspaces(now):
            taken = busy.get(workspace, ())
            adapter = self._adapter(workspace)
            room = (adapter.at_once if adapter else UNCONNECTED) - len(taken)
            if room > 0:
                claims += unit.outbox.claim(workspace, taken, room, now)
        return prepare(unit, claims, self.link) if claims else ()

    def begin(self, prepared: Sequence[Prepared]) -> None:
        for one in prepared:
            self._in_hand[_lane(one)] = asyncio.create_task(self._serve(one))

    async def finish(self) -> bool:
        """Waits for what is in hand. Returns whether there was anything."""
        in_hand = self.tasks
        if in_hand:
            await asyncio.wait(in_hand)
        return bool(in_hand)

    def link(self, ref: MessageRef) -> str | None:
        """The address of a message for a person's browser, if its workspace is connected."""
        adapter = self._adapter(ref.workspace)
        return adapter.link(ref) if adapter else None

    def _adapter(self, workspace: str) -> Adapter | None:
        # Not cached: the workspaces are known only once an adapter has connected.
        return next((a for a in self._adapters if workspace in a.workspaces), None)

    async def _serve(self, prepared: Prepared) -> None:
        lane = _lane(prepared)
        if self._closed or not self._may_send():
            outcome = Outcome(prepared.claimed, error=NOT_BEGUN)
        elif self._refused[lane] >= BLOCKED_AT_ONCE:
            outcome = Outcome(prepared.claimed, error=RateLimited(FIRST_LOOK))
        else:
            outcome = await self._try(prepared)
        if isinstance(outcome.error, Blocked):
            self._refused[lane] += 1
        else:
            self._refused.pop(lane, None)
        self._outcomes.append(outcome)
        self._arrived()

    async def _try(self, prepared: Prepared) -> Outcome:
        try:
            return await self._send(prepared)
        except DeliveryError as e:
            return Outcome(prepared.claimed, error=e)
        except Exception as e:
            log_failure(log, "An adapter failed in a way that it does not declare")
            return Outcome(prepared.claimed, error=e)

    async def _send(self, prepared: Prepared) -> Outcome:
        claimed, delivery = prepared.claimed, prepared.delivery
        adapter = self._adapter(claimed.workspace)
        if adapter is None:
            raise DeliveryError(f"{claimed.workspace} is not connected.")
        if delivery is None:
            return Outcome(claimed)
        match claimed.effect:
            case Show():
                if claimed.refs:
                    return Outcome(claimed, await adapter.edit(delivery, claimed.refs))
                if claimed.recheck and (found := await adapter.find(delivery)) is not None:
                    # An earlier try arrived; the message may have changed since.
                    return Outcome(claimed, await adapter.edit(delivery, found.refs))
                return Outcome(claimed, await adapter.post(delivery))
            case Create(_, workspace, name, topic, private, forum=forum, place=there):
                made = await adapter.create(workspace, name, topic, private, prepared.members, forum, there)
                return Outcome(claimed, Sent(()), made=made)
            case RemoveMember(place):
                for account in prepared.members:
                    await adapter.remove_member(place, account)
            case Archive(place):
                await adapter.archive(place)
            case Forget(account):
                await adapter.forget(account)
            case Pin(_, on):
                if prepared.root is not None:
                    await adapter.pin(prepared.root, on)
            case Withdraw():
                await adapter.delete(claimed.refs)
            case Whisper():
                if not claimed.recheck:
                    await adapter.whisper(delivery)
            case React(ref, emoji, on, state):
                await adapter.react(ref, emoji, on, state)
        return Outcome(claimed, Sent(()))


def _lane(one: Prepared | Outcome) -> Lane:
    return one.claimed.workspace, one.claimed.lane
