"""Finds messages that were sent but whose response was lost.

For some minutes the nonce makes a repetition harmless, but Discord does not return the nonce later. So before anything
is sent, a fingerprint of its text, buttons and files is stored with the channel and the time. The lost message is the
one in that channel with the same fingerprint that is not older and not known to belong to another row.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import discord
from discord.utils import time_snowflake

from adapters.discord.render import fingerprint
from adapters.discord.rest import Rest
from adapters.discord.send import FORUM
from adapters.discord.state import Store
from bot.core.errors import TargetGone
from bot.core.people import MessageRef, Place
from bot.core.ports import Sent

PAGE = 100

CLOCKS = timedelta(minutes=2)
"""Allowed difference between our clock and Discord's."""


class Finder:
    """Finds messages that an earlier attempt posted."""

    def __init__(self, client: Callable[[], discord.Client], rest: Rest, store: Store) -> None:
        self._client = client
        self._rest = rest
        self._store = store

    async def find(self, workspace: str, place: Place | None, key: str) -> Sent | None:
        """What an earlier attempt of a row posted there; None if its first part is not found."""
        refs: list[MessageRef] = []
        for part, channel, print, at, known in self._store.tries(key):
            if known is not None:
                refs.append(MessageRef(*known))
                continue
            id = await (self._post if channel.startswith(FORUM) else self._ours)(channel, print, at - CLOCKS)
            if id is None:
                break
            ref = self._ref(workspace, place, channel, id)
            self._store.sent(key, part, (ref.workspace, ref.channel, ref.id))
            refs.append(ref)
        return Sent(tuple(refs)) if refs else None

    def _ref(self, workspace: str, place: Place | None, channel: str, id: str) -> MessageRef:
        if channel.startswith(FORUM):
            return MessageRef(workspace, channel.removeprefix(FORUM), id)
        if place is None or place.direct or channel == place.channel:
            return MessageRef(workspace, channel, id)
        return MessageRef(workspace, place.channel, f"{channel}/{id}")

    async def _ours(self, channel: str, print: str, since: datetime) -> str | None:
        taken = self._store.known(channel)
        after = str(time_snowflake(since))
        while True:
            params = {"after": after, "limit": PAGE}
            try:
                page = await self._rest.call(
                    "GET", "/channels/{channel_id}/messages", params=params, channel_id=channel
                )
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
        found = self._client().get_channel(int(channel))
        guild = str(found.guild.id) if isinstance(found, discord.ForumChannel) else ""
        taken = self._store.known(forum)
        active = await self._rest.call("GET", "/guilds/{guild_id}/threads/active", guild_id=guild) if guild else {}
        for thread in active.get("threads", ()):
            fresh = discord.utils.snowflake_time(int(thread["id"])) >= since
            if str(thread.get("parent_id")) != channel or not fresh or str(thread["id"]) in taken:
                continue
            if await self._ours(str(thread["id"]), print, since) == str(thread["id"]):
                return str(thread["id"])
        return None

    def _is_ours(self, data: dict[str, Any], print: str) -> bool:
        me = self._client().user
        if me is None or str(data["author"]["id"]) != str(me.id):
            return False
        files = [a["filename"] for a in data.get("attachments", ())]
        return fingerprint(data.get("content", ""), data.get("components", ()), files) == print
