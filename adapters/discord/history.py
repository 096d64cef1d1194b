"""Catches up: fetches messages in watched channels newer than the newest stored one, or than what was last heard.

Searches the channel, its threads and its posts (also archived ones), with the reactions, and recent messages for edits.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import discord
from discord.http import HTTPClient
from discord.utils import time_snowflake

from adapters.discord.events import Reader
from adapters.discord.failures import UNKNOWN_CHANNEL, UNKNOWN_MESSAGE
from adapters.discord.intake import Intake
from adapters.discord.places import Places
from adapters.discord.rest import Rest, code_of
from adapters.discord.state import Store
from bot.core.errors import Blocked, DeliveryError, RateLimited, TargetGone, Unavailable, reason
from bot.core.events import Chat, MessageDeleted
from bot.core.people import MessageRef, Place
from bot.core.ports import Watched

log = logging.getLogger(__name__)

PAGE = 100
EDITS = 50
"""How many messages up to the newest stored one are checked for edits."""

UNSURE = timedelta(minutes=5)
"""How long a lost connection may go unnoticed, and what was heard may not be stored yet."""

AGAIN = timedelta(minutes=10)
"""How soon a channel is tried again that could not be read although nothing forbids it."""

PAUSES = (1.0, 5.0, 30.0, 120.0, 300.0)
"""Seconds between attempts to read a channel."""


@dataclass(frozen=True, slots=True)
class History:
    """Fetches messages missed while disconnected."""

    rest: Rest
    places: Places
    reader: Reader
    intake: Intake
    store: Store
    refused: dict[str, datetime] = field(default_factory=dict)
    """When each channel was last refused."""

    async def catch_up(self, watched: Sequence[Watched]) -> None:
        """Hands over messages newer than the stored ones. Where it began and how far each conversation was read is kept
        until the catch-up is complete, because new messages arrive meanwhile and the bot may be stopped or may not read
        the channel for now."""
        begun = [(one.place, after) for one in watched if (after := self._begin(one)) is not None]
        for place, after in begun:
            if not self.places.may_read(place):
                continue
            if not await self._one(place, after):
                self.refused[place.channel] = self.reader.now()
                continue
            self.refused.pop(place.channel, None)
            self.store.drop_fact(_begun(place.channel))
            self.store.drop_facts(_read(place.channel))

    def unread(self, watched: Sequence[Watched], at_once: bool) -> Sequence[Watched]:
        """The channels to catch up with because the bot may read them again. Keeps where to begin for those that it may
        not read. `at_once`: also those that were refused just now."""
        found = []
        for one in watched:
            if not self.places.may_read(one.place):
                self._begin(one)
            elif self.store.fact(_begun(one.place.channel)) is not None:
                refused = self.refused.get(one.place.channel)
                if at_once or refused is None or self.reader.now() - refused >= AGAIN:
                    found.append(one)
        return found

    async def look_again(self, posts: Sequence[MessageRef]) -> None:
        """Hands over what was edited or deleted meanwhile of these posts, of which Discord does not tell later."""
        for post in posts:
            for pause in PAUSES:
                try:
                    if (changed := await self._looked_at(post)) is not None:
                        await self.intake.hand_over([changed])
                    break
                except RateLimited as e:
                    await asyncio.sleep(e.retry_after.total_seconds())
                except (Blocked, TargetGone):
                    break
                except DeliveryError:
                    await asyncio.sleep(pause)

    async def _looked_at(self, post: MessageRef) -> Chat | None:
        if not self.places.is_known(post.channel):
            return None
        channel, id = self.places.spot(post)
        try:
            message = self.places.message(channel, await self.rest.read(partial(_message, channel, id)))
        except TargetGone as e:
            # A forum's post is a channel of its own.
            gone = code_of(e) == UNKNOWN_MESSAGE or (code_of(e) == UNKNOWN_CHANNEL and channel != post.channel)
            if not gone:
                raise
            return MessageDeleted(place=Place(post.workspace, post.channel), id=post.id, at=self.reader.now())
        return await self.reader.edited(message)

    def note_heard(self, guild: str, at: datetime) -> None:
        """Keeps until when the events of a guild were heard."""
        self.store.keep_fact(f"heard/{guild}", str(time_snowflake(at - UNSURE)))

    def _begin(self, one: Watched) -> str | None:
        """The message to start after: the newest stored one, or if nothing is stored from there, what was last heard of
        the guild. None if neither is known: the bot is new there."""
        if not one.place.channel.isdigit():
            return None
        stored = one.after.rpartition("/")[2] if one.after else self.store.fact(f"heard/{one.place.workspace}")
        numbers = [int(n) for n in (self.store.fact(_begun(one.place.channel)), stored) if n and n.isdigit()]
        if not numbers:
            return None
        self.store.keep_fact(_begun(one.place.channel), str(min(numbers)))
        return str(min(numbers))

    async def _one(self, place: Place, after: str) -> bool:
        """Catches up with one channel, and retries if Discord is slow or limits us. False: it may not be read."""
        for pause in PAUSES:
            try:
                await self._channel(place, after)
                return True
            except RateLimited as e:
                await asyncio.sleep(e.retry_after.total_seconds())
            except (Blocked, TargetGone) as e:
                log.warning("What was missed in channel %s may not be read yet: %s", place.channel, reason(e))
                return False
            except DeliveryError as e:
                log.warning("What was missed in channel %s cannot be fetched just now: %s", place.channel, reason(e))
                await asyncio.sleep(pause)
        raise Unavailable(f"Discord does not let us read channel {place.channel}.")

    async def _channel(self, place: Place, after: str) -> None:
        channel = place.channel
        if not self.places.is_forum(channel):
            await self._edits(channel, after)
            await self._fetch(channel, channel, after)
        if place.direct:
            return
        mine = [t for t in await self._active_threads(place.workspace) if str(t.get("parent_id")) == channel]
        async for thread in self._asleep(channel, after):
            mine.append(thread)
        for thread in sorted(mine, key=lambda t: int(t["id"])):
            self.places.learn(str(thread["id"]), channel, str(thread.get("name") or ""))
            await self._fetch(channel, str(thread["id"]), after, int(thread.get("last_message_id") or thread["id"]))
            await self._title(channel, str(thread["id"]), str(thread.get("name") or ""))

    async def _fetch(self, parent: str, channel: str, after: str, newest: int | None = None) -> None:
        """Reads a channel, or a thread of `parent`, from where an interrupted catch-up stopped. `newest`: its newest
        message, if that is known."""
        read = _read(parent) + channel
        after = self.store.fact(read) or after
        while newest is None or newest > int(after):
            page = await self._page(channel, PAGE, after=after)
            events: list[Chat] = []
            for message in page:
                if (posted := await self.reader.posted(message)) is not None:
                    events.append(posted)
            await self.intake.hand_over(events)
            for message in page:
                await self._reactions(channel, message)
            if page:
                after = str(page[-1].id)
                self.store.keep_fact(read, after)
            if len(page) < PAGE:
                return

    async def _title(self, channel: str, thread: str, title: str) -> None:
        """Hands over a post's title if somebody changed it."""
        if self.places.stored_title(thread) in ("", title.strip()) or not self.places.is_forum(channel):
            return
        if (renamed := await self.reader.renamed(thread, channel, title)) is not None:
            await self.intake.hand_over([renamed])

    async def _reactions(self, channel: str, message: discord.Message) -> None:
        """Hands over the reactions to a missed message."""
        events: list[Chat] = []
        for reaction in message.reactions:
            if not isinstance(reaction.emoji, str) or (reaction.me and reaction.count == 1):
                continue
            users = await self.rest.read(partial(_reacted, channel, message.id, reaction.emoji))
            events += await self.reader.reacted(message, reaction.emoji, users)
        await self.intake.hand_over(events)

    async def _edits(self, channel: str, after: str) -> None:
        """Hands over edits of recent messages."""
        since = discord.utils.snowflake_time(int(after))
        events: list[Chat] = []
        for message in await self._page(channel, EDITS, before=int(after) + 1):
            changed = message.edited_at is not None and message.edited_at > since
            if changed and (edited := await self.reader.edited(message)) is not None:
                events.append(edited)
        await self.intake.hand_over(events)

    async def _page(self, channel: str, limit: int, **bound: str | int) -> list[discord.Message]:
        """Messages of a channel, oldest first."""
        data = await self.rest.read(lambda http: http.logs_from(channel, limit, **bound))
        return [self.places.message(channel, one) for one in sorted(data, key=lambda m: int(m["id"]))]

    async def _active_threads(self, guild: str) -> list[dict[str, Any]]:
        found = await self.rest.read(lambda http: http.get_active_threads(guild))
        return list(found.get("threads", ()))

    async def _asleep(self, channel: str, after: str) -> AsyncIterator[dict[str, Any]]:
        """Threads archived since then, in which people may have written before."""
        since = discord.utils.snowflake_time(int(after))
        before: str | None = None
        while True:
            found = await self.rest.read(partial(_archived, channel, before))
            threads = list(found.get("threads", ()))
            for thread in threads:
                before = str(thread["thread_metadata"]["archive_timestamp"])
                if datetime.fromisoformat(before) < since:
                    return
                yield thread
            if not threads or not found.get("has_more"):
                return


def _begun(channel: str) -> str:
    """The name of the fact where a catch-up with a channel began."""
    return f"missed/{channel}"


def _read(channel: str) -> str:
    """The beginning of the names of the facts how far its conversations were read."""
    return f"read/{channel}/"


def _reacted(channel: str, message: int, emoji: str, http: HTTPClient) -> Awaitable[Any]:
    return http.get_reaction_users(channel, message, emoji, PAGE)


def _message(channel: str, id: str, http: HTTPClient) -> Awaitable[Any]:
    return http.get_message(channel, id)


def _archived(channel: str, before: str | None, http: HTTPClient) -> Awaitable[Any]:
    return http.get_public_archived_threads(channel, before, PAGE)
