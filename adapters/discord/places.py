"""Where something is: Discord's channels, threads and posts, as places and references of the bot.

To the bot a thread hangs below a message of a channel. On Discord it is a channel of its own, with the id of the
message that it began with; a post of a forum likewise. So:

- a message of a channel has its own id; so has the first message of a forum's post, in the forum;
- a message in a thread has `THREAD/MESSAGE`, because Discord wants to be told both;
- a private thread that stands in for a direct conversation is a direct conversation.
"""

from collections.abc import Callable
from typing import Any

import discord

from adapters.discord.failures import delivery_errors
from adapters.discord.state import Store
from bot.core.people import MessageRef, Place

THREADS = frozenset({10, 11, 12})
_REMEMBERED = 10_000


class Places:
    """Finds its way between the two. A thread that has slept for long is unknown until Discord is asked."""

    def __init__(self, client: Callable[[], discord.Client], store: Store) -> None:
        self._client = client
        self._store = store
        self._parents: dict[str, str | None] = {}

    def is_forum(self, channel: str) -> bool:
        found = self._client().get_channel(int(channel)) if channel.isdigit() else None
        return isinstance(found, discord.ForumChannel)

    async def parent(self, channel: str) -> str | None:
        """The channel to which a thread belongs; None where it is no thread. Raises what Discord says."""
        cached = self._client().get_channel(int(channel))
        if cached is not None:
            return str(cached.parent_id) if isinstance(cached, discord.Thread) else None
        if channel not in self._parents:
            with delivery_errors(writing=False):
                data: dict[str, Any] = dict(await self._client().http.get_channel(int(channel)))
            self.learn(channel, str(data["parent_id"]) if data.get("type") in THREADS else None)
        return self._parents[channel]

    def known_parent(self, channel: str) -> str | None:
        """The channel of a thread that we have met."""
        return self._parents.get(channel)

    def learn(self, channel: str, parent: str | None) -> None:
        """Remembers what kind of channel one is."""
        if len(self._parents) > _REMEMBERED:
            self._parents.clear()
        self._parents[channel] = parent

    async def place(self, guild: str, channel: str, message: str = "") -> tuple[Place, str]:
        """The place of a channel of a guild, and the bot's id for a message in it."""
        if self._store.direct_of(channel) is not None:
            return Place(guild, channel, direct=True), message
        parent = await self.parent(channel)
        if parent is None:
            return Place(guild, channel), message
        if message == channel:
            return Place(guild, parent), message
        return Place(guild, parent, thread=channel), f"{channel}/{message}" if message else ""

    def spot(self, ref: MessageRef) -> tuple[str, str]:
        """Discord's channel and id of a message."""
        thread, slash, message = ref.id.partition("/")
        if slash:
            return thread, message
        return (ref.id if self.is_forum(ref.channel) else ref.channel), ref.id

    def link(self, ref: MessageRef) -> str:
        channel, message = self.spot(ref)
        direct = self._store.direct_of(ref.channel) is not None and self._client().get_channel(int(channel)) is None
        return f"https://discord.com/channels/{'@me' if direct else ref.workspace}/{channel}/{message}"


def root(thread: str) -> str:
    """The thread below a message: Discord has none within another."""
    return thread.partition("/")[0]
