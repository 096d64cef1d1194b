"""Posts, edits and deletes messages, each exactly once.

Every message has a nonce derived from the outbox row's key: for some minutes Discord answers a repetition with the
existing message. Each part is recorded before it is sent (`Store.begin`) and after the response, so that a later
attempt resumes where an earlier one stopped. See `finding.py` for lost responses.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from discord.http import HTTPClient

from adapters.discord.failures import UNKNOWN_CHANNEL, UNKNOWN_MESSAGE
from adapters.discord.places import Places, root
from adapters.discord.render import Part
from adapters.discord.rest import Rest, code_of, with_files
from adapters.discord.state import Store
from adapters.discord.threads import Threads, title_of
from bot.core.errors import Blocked, DeliveryError, PlaceGone, TargetGone, reason
from bot.core.message import Message
from bot.core.people import MessageRef, Place
from bot.core.translation import N_, _

log = logging.getLogger(__name__)

_NO_CHANNEL = N_("{channel} is no channel of Discord. Copy its id: 'Copy Channel ID' in its menu.")
FORUM = "forum/"
"""Prefix of a forum's id where a post is about to be created."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends rendered messages."""

    rest: Rest
    places: Places
    threads: Threads
    store: Store
    now: Callable[[], datetime]

    async def post(self, place: Place, message: Message, parts: Sequence[Part], key: str) -> list[MessageRef]:
        """Posts all parts into a channel, a thread (created if it does not exist) or a forum."""
        try:
            return await self._post(place, message, parts, key)
        except Blocked as e:
            if place.direct or e.why != "forbidden" or not (needs := self.places.needs(place.channel)):
                raise
            raise Blocked(str(e), e.why, needs) from e.__cause__

    async def _post(self, place: Place, message: Message, parts: Sequence[Part], key: str) -> list[MessageRef]:
        if not place.channel.isdigit():
            raise PlaceGone(_(_NO_CHANNEL, channel=repr(place.channel)))
        if place.direct:
            return [await self._part(place, place.channel, None, p, key, n) for n, p in enumerate(parts)]
        if place.thread is not None:
            return await self._below(place, root(place.thread), message, parts, key)
        if self.places.is_forum(place.channel):
            opened = await self._open(place, message, parts[0], key)
            rest = await self._below(place, opened.id, message, parts[1:], key, 1)
            return [opened, *rest]
        first = await self._part(place, place.channel, None, parts[0], key, 0)
        thread = first.id if message.topic and await self.begin(first, message) else None
        spot = thread or place.channel
        return [first, *[await self._part(place, spot, thread, p, key, n) for n, p in enumerate(parts[1:], 1)]]

    async def begin(self, ref: MessageRef, message: Message) -> bool:
        """Creates the thread of a message that stands in a channel. Where the bot may not, the message stands without
        one, and people can begin it; returns False then."""
        if self.places.is_forum(ref.channel):
            return True
        try:
            await self.threads.begin(ref.channel, ref.id, title_of(message))
        except (Blocked, TargetGone) as e:
            log.warning("A message in channel %s gets no thread: %s", ref.channel, reason(e))
            return False
        return True

    async def edit(
        self, refs: Sequence[MessageRef], message: Message, parts: Sequence[Part], key: str
    ) -> list[MessageRef]:
        """Updates the messages at `refs` to the new parts; posts additional and deletes surplus ones."""
        kept = [ref for ref, part in zip(refs, parts, strict=False) if await self._edit(ref, part)]
        if refs[0] not in kept:
            raise TargetGone("The message is not there any more.")
        first = refs[0]
        if message.topic and "/" not in first.id and self.places.is_forum(first.channel):
            await self.threads.restate(first.channel, first.id, message)
        await self.delete(refs[len(parts) :])
        thread = await self._goes_on_in(refs[-1], message) if len(parts) > len(refs) else None
        for n, part in enumerate(parts[len(refs) :], len(refs)):
            place = Place(first.workspace, first.channel)
            kept.append(await self._part(place, thread or first.channel, thread, part, key, n))
        return kept

    async def _goes_on_in(self, last: MessageRef, message: Message) -> str | None:
        """The thread in which a message continues; None if it continues in the channel."""
        if "/" in last.id:
            return root(last.id)
        in_thread = self.places.is_forum(last.channel) or (message.topic and await self.begin(last, message))
        return last.id if in_thread else None

    async def delete(self, refs: Sequence[MessageRef]) -> None:
        """Deletes messages; ones that are gone already are ignored."""
        for ref in refs:
            try:
                await self.rest.write(partial(_delete, *self.places.spot(ref)))
            except TargetGone as e:
                if code_of(e) not in (UNKNOWN_CHANNEL, UNKNOWN_MESSAGE):
                    raise

    async def _below(
        self, place: Place, thread: str, message: Message, parts: Sequence[Part], key: str, first: int = 0
    ) -> list[MessageRef]:
        found: list[MessageRef] = []
        for n, part in enumerate(parts, first):
            try:
                found.append(await self._part(place, thread, thread, part, key, n))
            except TargetGone as e:
                if n != first or code_of(e) != UNKNOWN_CHANNEL:
                    raise
                # The message has no replies yet, so it has no thread.
                await self.threads.begin(place.channel, thread, title_of(message))
                found.append(await self._part(place, thread, thread, part, key, n))
        return found

    async def _part(self, place: Place, channel: str, thread: str | None, part: Part, key: str, n: int) -> MessageRef:
        if (done := self._done(key, n)) is not None:
            return done
        self.store.begin(key, n, channel, part.print, self.now())
        body = {**part.payload(), "nonce": nonce(key, n), "enforce_nonce": True}
        made = await self.threads.awake(
            thread, lambda http: http.send_message(channel, params=with_files(body, part.files))
        )
        id = str(made["id"])
        ref = MessageRef(place.workspace, place.channel, f"{thread}/{id}" if thread else id)
        self.store.sent(key, n, ref)
        return ref

    async def _open(self, place: Place, message: Message, part: Part, key: str) -> MessageRef:
        if (done := self._done(key, 0)) is not None:
            return done
        self.store.begin(key, 0, FORUM + place.channel, part.print, self.now())
        id = await self.threads.post(place.channel, message, part.payload(), part.files)
        ref = MessageRef(place.workspace, place.channel, id)
        self.store.sent(key, 0, ref)
        return ref

    def _done(self, key: str, n: int) -> MessageRef | None:
        """What an earlier attempt of the same row posted."""
        return next((attempt.ref for attempt in self.store.tries(key) if attempt.part == n), None)

    async def _edit(self, ref: MessageRef, part: Part) -> bool:
        """False if the message is gone."""
        channel, message = self.places.spot(ref)
        body = {"attachments": [], **part.payload(mention=False)}
        try:
            await self.threads.awake(
                channel, lambda http: http.edit_message(channel, message, params=with_files(body, part.files))
            )
        except DeliveryError as e:
            if code_of(e) != UNKNOWN_MESSAGE:
                raise
            return False
        return True


def _delete(channel: str, message: str, http: HTTPClient) -> Awaitable[Any]:
    return http.delete_message(channel, message)


def nonce(key: str, part: int) -> str:
    """At most 25 characters, the same for every attempt."""
    return key if part == 0 else f"{key}.{part}"
