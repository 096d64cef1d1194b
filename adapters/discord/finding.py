"""Finds messages that were sent but whose response was lost.

For some minutes the nonce makes a repetition harmless, but Discord does not return the nonce later. So before anything
is sent, a fingerprint of its text, buttons and files is stored with the channel and the time. The lost message is the
one in that channel with the same fingerprint that is not older and not known to belong to another row.
"""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import discord
from discord.http import HTTPClient
from discord.utils import time_snowflake

from adapters.discord.places import READING, Places
from adapters.discord.render import fingerprint
from adapters.discord.rest import Rest
from adapters.discord.send import FORUM
from adapters.discord.state import Store
from bot.core.errors import Blocked, TargetGone, Unavailable, reason
from bot.core.people import MessageRef, Place
from bot.core.ports import Sent

PAGE = 100

CLOCKS = timedelta(minutes=2)
"""Allowed difference between our clock and Discord's."""


@dataclass(frozen=True, slots=True)
class Finder:
    """Finds messages that an earlier attempt posted."""

    client: Callable[[], discord.Client]
    rest: Rest
    store: Store
    places: Places

    async def find(self, workspace: str, place: Place | None, key: str) -> Sent | None:
        """What an earlier attempt of a row posted there; None if its first part is not found. Raises Blocked if that
        cannot be read: it may be there."""
        refs: list[MessageRef] = []
        for attempt in self.store.tries(key):
            ref = attempt.ref
            if ref is None:
                look = self._post if attempt.channel.startswith(FORUM) else self._ours
                with self._readable(attempt.channel, place):
                    id = await look(attempt.channel, attempt.print, attempt.at - CLOCKS)
                if id is None:
                    break
                ref = self._ref(workspace, place, attempt.channel, id)
                self.store.sent(key, attempt.part, ref)
            refs.append(ref)
        return Sent(tuple(refs)) if refs else None

    def _ref(self, workspace: str, place: Place | None, channel: str, id: str) -> MessageRef:
        if channel.startswith(FORUM):
            return MessageRef(workspace, channel.removeprefix(FORUM), id)
        if place is None or place.direct:
            return MessageRef(self.store.home(channel, workspace), channel, id)
        parent = self.places.above(channel)
        if channel == place.channel or (channel == parent and self.places.is_known(channel)):
            return MessageRef(workspace, channel, id)
        return MessageRef(workspace, place.channel if channel == parent else parent, f"{channel}/{id}")

    @contextmanager
    def _readable(self, tried: str, place: Place | None) -> Iterator[None]:
        """Says what keeps us from looking. An attempt in another channel than `place` says nothing about that one."""
        channel = self.places.above(tried.removeprefix(FORUM))
        needs = ", ".join(self.places.lacks(channel, READING))
        try:
            if needs:
                raise Blocked(f"Discord does not let us look for the message in channel {channel}.", needs=needs)
            yield
        except Blocked as e:
            if place is not None and not place.direct and channel != place.channel:
                raise Unavailable(f"{reason(e)}. It may stand in channel {channel}.") from e
            raise

    async def _ours(self, channel: str, print: str, since: datetime) -> str | None:
        taken = self.store.known(channel)
        after = str(time_snowflake(since))
        while True:
            try:
                page = await self.rest.read(partial(_page, channel, after))
            except TargetGone:
                return None
            for data in sorted(page, key=lambda m: int(m["id"])):
                if str(data["id"]) not in taken and self._is_ours(data, print):
                    return str(data["id"])
            if len(page) < PAGE:
                return None
            after = str(max(int(m["id"]) for m in page))

    async def _post(self, forum: str, print: str, since: datetime) -> str | None:
        """Finds a forum post of ours by its first message."""
        channel = forum.removeprefix(FORUM)
        found = self.client().get_channel(int(channel))
        guild = str(found.guild.id) if isinstance(found, discord.ForumChannel) else ""
        taken = self.store.known(forum)
        active = await self.rest.read(lambda http: http.get_active_threads(guild)) if guild else {}
        for thread in active.get("threads", ()):
            fresh = discord.utils.snowflake_time(int(thread["id"])) >= since
            if str(thread.get("parent_id")) != channel or not fresh or str(thread["id"]) in taken:
                continue
            if await self._ours(str(thread["id"]), print, since) == str(thread["id"]):
                return str(thread["id"])
        return None

    def _is_ours(self, data: dict[str, Any], print: str) -> bool:
        me = self.client().user
        if me is None or str(data["author"]["id"]) != str(me.id):
            return False
        files = [a["filename"] for a in data.get("attachments", ())]
        return fingerprint(data.get("content", ""), data.get("components", ()), files) == print


def _page(channel: str, after: str, http: HTTPClient) -> Awaitable[Any]:
    return http.logs_from(channel, PAGE, after=after)
