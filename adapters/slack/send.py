"""Sends messages, edits, deletions, whispers, reactions and pins."""

import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import TypeVar

from adapters.slack.api import Api, Json
from adapters.slack.controls import loose
from adapters.slack.emoji import name_of
from adapters.slack.errors import ABSENT, BAD_BLOCKS, NOBODY, TOO_LONG, UNKNOWN_CHANNEL, Refusal, unless
from adapters.slack.events import is_direct
from adapters.slack.files import Files
from adapters.slack.finding import MARK, Finder, fingerprint
from adapters.slack.render import PART_LENGTH, Part, draw
from adapters.slack.state import Identity, State
from adapters.slack.text import Reader
from bot.core.errors import Blocked, DeliveryError, RateLimited, TargetGone, Unavailable, Unclear, reason
from bot.core.people import MessageRef, Place
from bot.core.ports import Delivery, Sent
from bot.core.time import SystemClock

log = logging.getLogger(__name__)

T = TypeVar("T")

INTRODUCED = timedelta(seconds=1)
"""How long the first message to somebody waits after the bot was told their profile."""

SETTLED = 3.0
"""Seconds until an accepted message appears in the history."""


class Sender:
    """Sends messages in one workspace."""

    def __init__(
        self, api: Api, files: Files, state: State, me: Identity, introduce: Callable[[str], Awaitable[bool]]
    ) -> None:
        """`introduce` tells the bot somebody's profile; True if that was news."""
        self._finder = Finder(api, state, me)
        self._api = api
        self._introduce = introduce
        self._files = files
        self._state = state
        self._team = me.team
        self._begun = time.monotonic()
        self._tried: dict[str, float] = {}

    async def post(self, delivery: Delivery) -> Sent:
        channel, thread = await self._where(delivery)
        if delivery.account is None or not is_direct(channel):
            return await self._put(delivery, channel, thread)
        return await self.privately(delivery.account.user, lambda direct: self._put(delivery, direct, None))

    async def edit(self, delivery: Delivery, refs: Sequence[MessageRef]) -> Sent:
        if not refs:
            raise TargetGone
        thread = delivery.place.thread if delivery.place else None
        return await self._put(delivery, refs[0].channel, thread, refs)

    async def delete(self, refs: Sequence[MessageRef]) -> None:
        for ref in reversed(refs):
            await self._delete(ref)

    async def whisper(self, delivery: Delivery) -> None:
        """Falls back to the direct conversation if the person is not in the channel."""
        if delivery.account is None:
            raise TargetGone("A whisper needs somebody to hear it.")
        place = delivery.place
        if place is None or place.direct or is_direct(place.channel):
            await self._put_alone(delivery, delivery.account.user)
            return
        reader = Reader(delivery.zone, delivery.mentions, delivery.links)
        drawn = draw(delivery.message, reader, delivery.files)
        for number, part in enumerate(drawn.parts):
            try:
                await self.say(place, delivery.account.user, part)
            except Refusal as e:
                if number or e.code not in NOBODY:
                    raise
                await self._put_alone(delivery, delivery.account.user)
                return
        for file in drawn.files:
            await self.privately(delivery.account.user, partial(self._files.upload, file))

    async def _put_alone(self, delivery: Delivery, user: str) -> None:
        await self.privately(user, lambda direct: self._put(delivery, direct, None, alone=True))

    async def say(self, place: Place, user: str, part: Part, patient: bool = False) -> None:
        """Shows a part to one person in a channel or thread. Raises Refusal."""
        await self._api.call(
            "chat.postEphemeral",
            patient=patient,
            channel=place.channel,
            user=user,
            text=part.text,
            blocks=part.blocks,
            thread_ts=place.thread,
        )

    async def react(self, ref: MessageRef, emoji: str, on: bool) -> None:
        name = name_of(emoji)
        if name is None:
            raise TargetGone(f"Slack has no name for {emoji}.")
        method = "reactions.add" if on else "reactions.remove"
        with unless("already_reacted", "no_reaction", "too_many_emoji", "too_many_reactions"):
            await self._api.call(method, channel=ref.channel, timestamp=ref.id, name=name)

    async def pin(self, ref: MessageRef, on: bool) -> None:
        method = "pins.add" if on else "pins.remove"
        with unless("already_pinned", "no_pin", "not_pinned"):
            await self._api.call(method, channel=ref.channel, timestamp=ref.id)

    async def find(self, delivery: Delivery) -> Sent | None:
        """Searches the conversation for the delivery's mark once accepted messages are in the history."""
        rest = self._tried.get(delivery.key, self._begun) + SETTLED - time.monotonic()
        if rest > 0:
            raise RateLimited(timedelta(seconds=rest))
        channel, thread = await self._where(delivery)
        if elsewhere := await self._find_elsewhere(delivery, channel):
            return elsewhere
        found = await self._look(channel, thread, delivery.key)
        if 0 in found and thread is None and not is_direct(channel):
            found |= await self._look(channel, found[0], delivery.key)
        refs = [MessageRef(self._team, channel, found[n]) for n in sorted(found)]
        return Sent(tuple(refs)) if refs else None

    async def _find_elsewhere(self, delivery: Delivery, channel: str) -> Sent | None:
        """Searches the channels that were tried before another one was chosen."""
        for tried in {attempt.channel for attempt in self._state.tries(delivery.key)} - {channel}:
            try:
                found = await self._look(tried, None, delivery.key)
                if 0 in found and not is_direct(tried):
                    found |= await self._look(tried, found[0], delivery.key)
            except Blocked as e:
                # This says nothing about the channel that was chosen since.
                raise Unavailable(f"{reason(e)}. The message may stand in {tried}.") from e
            except TargetGone:
                continue
            if found:
                return Sent(tuple(MessageRef(self._team, tried, found[n]) for n in sorted(found)))
        return None

    async def _look(self, channel: str, thread: str | None, key: str) -> dict[int, str]:
        """Nothing stands in a direct conversation that Slack does not know any more."""
        try:
            return await self._finder.look(channel, thread, key)
        except Refusal as e:
            if not is_direct(channel) or e.code not in UNKNOWN_CHANNEL:
                raise
            return {}

    async def _home(self, user: str) -> str:
        """The direct conversation for a delivery. If the bot learns only now who that is, the message waits a moment,
        since it may greet them by their name."""
        if await self._introduce(user):
            raise RateLimited(INTRODUCED)
        return await self.direct(user)

    async def privately(self, user: str, put: Callable[[str], Awaitable[T]], patient: bool = False) -> T:
        """Puts something into the direct conversation with a user. One that Slack does not know any more is opened
        anew, once. Raises Refusal."""
        known = self._state.direct(self._team, user)
        if known is not None:
            try:
                return await put(known)
            except Refusal as e:
                if e.code not in UNKNOWN_CHANNEL:
                    raise
                log.info("%s; the direct conversation is opened anew", reason(e))
                self._state.drop_direct(self._team, user)
                if await self.direct(user, patient) == known:
                    raise
        return await put(await self.direct(user, patient))

    async def direct(self, user: str, patient: bool = False) -> str:
        """The channel of the direct conversation with a user. Raises Refusal."""
        known = self._state.direct(self._team, user)
        if known:
            return known
        opened = await self._api.call("conversations.open", patient=patient, users=user)
        channel = str(opened["channel"]["id"])
        self._state.open_direct(self._team, user, channel)
        return channel

    async def _where(self, delivery: Delivery) -> tuple[str, str | None]:
        if delivery.place is not None and delivery.place.channel:
            return delivery.place.channel, delivery.place.thread
        if delivery.account is None:
            raise TargetGone("A delivery needs a place or an account.")
        return await self._home(delivery.account.user), None

    async def _put(
        self,
        delivery: Delivery,
        channel: str,
        thread: str | None,
        refs: Sequence[MessageRef] = (),
        limit: int = PART_LENGTH,
        alone: bool = False,
    ) -> Sent:
        """Edits existing parts, posts additional ones and deletes surplus ones. `alone`: the message stands under no
        anchor."""
        drawn = draw(delivery.message, Reader(delivery.zone, delivery.mentions, delivery.links), delivery.files, limit)
        there = list(refs)
        try:
            for number, part in enumerate(drawn.parts):
                if alone:
                    part = Part(loose(part.blocks), part.text)
                if number < len(refs):
                    await self._update(refs[number], part)
                    continue
                below = thread or (None if number == 0 or is_direct(channel) else there[0].id)
                # A message that was begun is finished: pauses in between are waited out.
                patient = number > 0 or limit < PART_LENGTH
                there.append(await self._send(delivery.key, number, part, channel, below, patient))
            for ref in reversed(refs[len(drawn.parts) :]):
                await self._delete(ref)
                there.remove(ref)
            below = thread or (None if is_direct(channel) else there[0].id)
            await self._files.attach(drawn.files, channel, below, there[0].id)
        except DeliveryError as e:
            if isinstance(e, Refusal) and e.code in TOO_LONG and limit > 1000:
                return await self._put(delivery, channel, thread, there, limit // 2, alone)
            if len(there) > len(refs):
                # Some parts were posted; the next attempt finds out how many.
                raise Unclear(f"Only part of the message was sent: {e}") from e
            raise
        return Sent(tuple(there))

    async def _send(
        self, key: str, number: int, part: Part, channel: str, thread: str | None, patient: bool
    ) -> MessageRef:
        self._note(key)
        self._state.begin(key, number, channel, fingerprint(part.text), SystemClock().now())
        mark = {"event_type": MARK, "event_payload": {"key": key, "part": number}}
        body: Json = {"channel": channel, "thread_ts": thread, "text": part.text, "metadata": mark}
        quiet = {"unfurl_links": False, "unfurl_media": False}
        try:
            sent = await self._api.call("chat.postMessage", patient=patient, blocks=part.blocks, **body, **quiet)
        except Refusal as e:
            if e.code not in BAD_BLOCKS:
                raise
            # Invalid blocks are a bug of ours; the text is sent anyway.
            log.error("%s: these were blocks of %s", e, ", ".join(str(b.get("type")) for b in part.blocks))
            sent = await self._api.call("chat.postMessage", patient=True, mrkdwn=False, **body, **quiet)
        ref = MessageRef(self._team, str(sent.get("channel") or channel), str(sent["ts"]))
        self._state.sent(key, number, ref)
        return ref

    def _note(self, key: str) -> None:
        """Records when a delivery was last attempted, for as long as that matters."""
        now = time.monotonic()
        self._tried = {k: at for k, at in self._tried.items() if now - at < SETTLED}
        self._tried[key] = now

    async def _update(self, ref: MessageRef, part: Part) -> None:
        # Unlike a post, an edit parses its text for links and names by default.
        where: Json = {"channel": ref.channel, "ts": ref.id, "parse": "none"}
        try:
            await self._api.call("chat.update", **where, text=part.text, blocks=part.blocks)
        except Refusal as e:
            if e.code not in BAD_BLOCKS:
                raise
            log.error("%s: these were blocks of %s", e, ", ".join(str(b.get("type")) for b in part.blocks))
            await self._api.call("chat.update", **where, text=part.text, blocks=[])

    async def _delete(self, ref: MessageRef) -> None:
        with unless(*ABSENT):
            await self._api.call("chat.delete", channel=ref.channel, ts=ref.id)
        await self._files.detach(ref.channel, ref.id)
