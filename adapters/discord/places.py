"""Converts between Discord's channels, threads and posts and the bot's places and references.

For the bot a thread belongs to a message of a channel. On Discord it is a separate channel with the id of its first
message, and so is a forum post. So:

- a message of a channel keeps its id, and so does the first message of a post, in the forum;
- a message in a thread is `THREAD/MESSAGE`, because Discord needs both;
- a private thread that replaces a direct conversation is a direct conversation.
"""

from collections.abc import Callable, Sequence
from typing import Any

import discord

from adapters.discord.failures import delivery_errors
from adapters.discord.state import Store
from bot.core.message import Option
from bot.core.people import MessageRef, Place
from bot.core.translation import _, all_of

THREADS = frozenset({10, 11, 12})
MOST_TAGS = 20
"""Tags of a forum."""

_REMEMBERED = 10_000
VIEW = "view_channel"
"""Without it a channel allows nothing else."""

WRITING = (
    VIEW,
    "send_messages",
    "send_messages_in_threads",
    "create_public_threads",
    "read_message_history",
    "attach_files",
)
"""What posts in a channel and its threads need."""

TAGGING = "manage_threads"

READING = (VIEW, "read_message_history")
"""What reading a channel's earlier messages needs. Without the second one Discord shows an empty channel."""


def takes_no_post(forum: discord.ForumChannel, me: discord.Member) -> bool:
    """Whether a forum wants a tag for each post, and has none that the bot may set or make."""
    allowed = forum.permissions_for(me)
    tags = forum.available_tags
    if not forum.flags.require_tag or any(allowed.manage_threads or not tag.moderated for tag in tags):
        return False
    return not allowed.manage_channels or len(tags) >= MOST_TAGS


class Places:
    """Converts in both directions. A thread archived for long is unknown until it is fetched from Discord."""

    def __init__(self, client: Callable[[], discord.Client], store: Store) -> None:
        self._client = client
        self._store = store
        self._parents: dict[str, str | None] = {}
        self._titles: dict[str, str] = {}

    def is_forum(self, channel: str) -> bool:
        found = self._client().get_channel(int(channel)) if channel.isdigit() else None
        return isinstance(found, discord.ForumChannel)

    def is_known(self, channel: str) -> bool:
        """Whether Discord has told us of a channel, or a forum."""
        return channel.isdigit() and self._client().get_channel(int(channel)) is not None

    async def parent(self, channel: str) -> str | None:
        """The channel of a thread; None if it is not a thread. Raises Discord's error."""
        cached = self._client().get_channel(int(channel))
        if cached is not None:
            return str(cached.parent_id) if isinstance(cached, discord.Thread) else None
        if channel not in self._parents:
            with delivery_errors(writing=False):
                data: dict[str, Any] = dict(await self._client().http.get_channel(int(channel)))
            in_thread = data.get("type") in THREADS
            self.learn(channel, str(data["parent_id"]) if in_thread else None, str(data.get("name") or ""))
        return self._parents[channel]

    def above(self, channel: str) -> str:
        """The channel of a thread that we know, or the channel itself."""
        cached = self._client().get_channel(int(channel))
        if isinstance(cached, discord.Thread):
            return str(cached.parent_id)
        return self._parents.get(channel) or channel

    def learn(self, channel: str, parent: str | None, title: str = "") -> None:
        """Remembers a channel's parent, or that it has none, and a thread's title."""
        if len(self._parents) > _REMEMBERED:
            self._parents.clear()
            self._titles.clear()
        self._parents[channel] = parent
        if title:
            self._titles[channel] = title

    def title(self, thread: str) -> str:
        """The title of a thread whose parent was asked for; empty if it has none."""
        cached = self._client().get_channel(int(thread))
        return cached.name if isinstance(cached, discord.Thread) else self._titles.get(thread, "")

    def stored_title(self, post: str) -> str:
        """The title with which a person's post was last handed over; empty if that is not known."""
        return self._store.fact(f"title/{post}") or ""

    def keep_title(self, post: str, title: str) -> None:
        self._store.keep_fact(f"title/{post}", title)

    def forget_title(self, post: str) -> None:
        self._store.drop_fact(f"title/{post}")

    async def place(self, guild: str, channel: str, message: str = "") -> tuple[Place, str]:
        """The place of a channel, and the bot's id of a message in it."""
        if self._store.direct_of(channel) is not None:
            return Place(guild, channel, direct=True), message
        parent = await self.parent(channel)
        if parent is None:
            return Place(guild, channel), message
        if message == channel:
            return Place(guild, parent), message
        return Place(guild, parent, thread=channel), f"{channel}/{message}" if message else ""

    def message(self, channel: str, data: dict[str, Any]) -> discord.Message:
        """A message that was fetched from a channel or a thread."""
        client = self._client()
        where: Any = client.get_channel(int(channel)) or client.get_partial_messageable(int(channel))
        if isinstance(where, discord.PartialMessageable) and self._store.direct_of(channel) is None:
            parent = int(self._parents.get(channel) or channel)
            known = next((g for g in client.guilds if g.get_channel(parent)), None)
            where = client.get_partial_messageable(int(channel), guild_id=known.id if known else None)
        return discord.Message(state=client._connection, channel=where, data=data)  # type: ignore[arg-type]

    async def first_message(self, post: str) -> discord.Message:
        """The message that opens a forum's post. Raises Discord's error."""
        with delivery_errors(writing=False):
            return self.message(post, dict(await self._client().http.get_message(int(post), int(post))))

    def spot(self, ref: MessageRef) -> tuple[str, str]:
        """Discord's channel and id of a message."""
        thread, slash, message = ref.id.partition("/")
        if slash:
            return thread, message
        return (ref.id if self.is_forum(ref.channel) else ref.channel), ref.id

    def lacks(self, channel: str, needed: Sequence[str] = WRITING) -> list[str]:
        """The `needed` permissions that the bot lacks in a channel, in Discord's words; empty if it is not told."""
        found = self._client().get_channel(int(channel)) if channel.isdigit() else None
        if not isinstance(found, discord.TextChannel | discord.ForumChannel):
            return []
        allowed = found.permissions_for(found.guild.me)
        return [_said(name) for name in needed if not getattr(allowed, name)]

    def lacks_for_tags(self, channel: str) -> str:
        """The permission that the bot lacks to tag people's own posts in a forum; '' if it may, or it is none."""
        return next(iter(self.lacks(channel, (TAGGING,))), "") if self.is_forum(channel) else ""

    def needs(self, channel: str) -> str:
        """The permissions that the bot has to get to write: in a channel that it may not see, that one alone."""
        lacks = self.lacks(channel)
        return _said(VIEW) if _said(VIEW) in lacks else ", ".join(lacks)

    def may_read(self, place: Place) -> bool:
        """Whether the bot sees a channel and its earlier messages, as far as Discord tells."""
        return place.direct or (self.is_known(place.channel) and not self.lacks(place.channel, READING))

    def keeps_from_writing(self, guild: str, channel: str) -> str:
        """Why the bot cannot write in a channel that somebody has chosen, in words for them; empty if it can."""
        found = self._client().get_channel(int(channel)) if channel.isdigit() else None
        if not isinstance(found, discord.TextChannel | discord.ForumChannel) or str(found.guild.id) != guild:
            return _("I do not see this channel. Give me 'View Channel' there, or choose another one.")
        # A question that somebody writes there gets one quiet reaction.
        if not (lacks := self.lacks(channel, (*WRITING, "add_reactions"))):
            if isinstance(found, discord.ForumChannel) and takes_no_post(found, found.guild.me):
                return _("It wants a tag for each post: add one that everybody may use, or choose another channel.")
            return ""
        return _("Give me {needs} there, or choose another channel.", needs=all_of(lacks))

    def to_choose(self, guild: str, user: str) -> Sequence[Option]:
        """The channels of a guild in which the bot can write and that the person sees, where Discord lists none."""
        found = self._client().get_guild(int(guild))
        if found is None:
            return ()
        reader = found.get_member(int(user)) or found.default_role
        channels: list[discord.TextChannel | discord.ForumChannel] = [*found.text_channels, *found.forums]
        near = (c for c in channels if c.permissions_for(reader).view_channel)
        return [Option(str(c.id), f"#{c.name}") for c in near if not self.lacks(str(c.id))]

    def link(self, ref: MessageRef) -> str:
        channel, message = self.spot(ref)
        direct = self._store.direct_of(ref.channel) is not None and self._client().get_channel(int(channel)) is None
        return f"https://discord.com/channels/{'@me' if direct else ref.workspace}/{channel}/{message}"


def _said(permission: str) -> str:
    """A permission in Discord's words."""
    return permission.replace("_", " ").title()


def root(thread: str) -> str:
    """The thread id of a message: Discord has no nested threads."""
    return thread.partition("/")[0]
