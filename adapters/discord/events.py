"""Converts gateway events to the bot's events."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import discord

from adapters.discord.people import People
from adapters.discord.places import WRITING, Places
from bot.core.events import (
    Chat,
    Medium,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    PlaceFound,
    PlaceLost,
    ReactionChanged,
)
from bot.core.people import Place
from bot.core.typed import outside_code, trim

_MENTION = re.compile(r"<(?:(?P<kind>@[!&]?|#)|a?:(?P<word>\w{1,64}):|/(?P<command>[^:<>\n]{1,100}):)(?P<id>\d{1,20})>")

SAID = frozenset({discord.MessageType.default.value, discord.MessageType.reply.value})
"""Types of messages that people wrote; the others report pins, joins and threads, or are by apps."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads events. Ignores everything that bots do, including our own."""

    client: Callable[[], discord.Client]
    places: Places
    people: People
    now: Callable[[], datetime]

    async def read(self, event: str, arguments: tuple[Any, ...], turn: str) -> Sequence[Chat]:
        """Converts a gateway event. `turn` is the same when the gateway repeats the event."""
        about = arguments[0]
        if event == "raw_bulk_message_delete":
            deleted = [await self._deleted(about.guild_id, about.channel_id, m) for m in sorted(about.message_ids)]
            return [d for d in deleted if d is not None]
        if event == "guild_channel_update":
            before, after = (_may_write(channel) for channel in arguments)
            place = Place(str(about.guild.id), str(about.id))
            return [PlaceFound(place=place, at=self.now(), turn=turn)] if after and not before else []
        found = await self._one(event, about, turn)
        return [] if found is None else [found]

    async def _one(self, event: str, about: Any, turn: str) -> Chat | None:
        match event:
            case "message":
                return await self.posted(about)
            case "raw_message_edit":
                return await self.edited(about.message)
            case "raw_message_delete":
                return await self._deleted(about.guild_id, about.channel_id, about.message_id)
            case "raw_reaction_add" | "raw_reaction_remove":
                return await self._reaction(about, event == "raw_reaction_add", turn)
            case "raw_thread_delete" if self.places.is_forum(str(about.parent_id)):
                place = Place(str(about.guild_id), str(about.parent_id))
                self.places.forget_title(str(about.thread_id))
                return MessageDeleted(place=place, id=str(about.thread_id), at=self.now())
            case "raw_thread_update" if self.places.is_forum(str(about.parent_id)):
                return await self.renamed(str(about.thread_id), str(about.parent_id), str(about.data["name"]))
            case "guild_channel_delete":
                place = Place(str(about.guild.id), str(about.id))
                return PlaceLost(place=place, why="gone", at=self.now(), turn="gone")
            case "guild_join":
                return PlaceFound(place=Place(str(about.id), ""), at=self.now(), turn=turn)
            case "guild_remove":
                return PlaceLost(place=Place(str(about.id), ""), why="removed", at=self.now(), turn=turn)
            case _:
                return None

    # Messages

    async def posted(self, message: discord.Message) -> MessagePosted | None:
        at = await self._where(message)
        if at is None:
            return None
        place, id, guild = at
        actor = self.people.actor(message.author, guild)
        text, title = self._said(message), self._title(message)
        when, kind = message.created_at, medium(message)
        if not text and kind == "text" and not place.direct:
            return None  # an invitation to a game, or contents that we may not read: nothing was said
        if title:
            self.places.keep_title(id, title)
        return MessagePosted(actor=actor, place=place, id=id, at=when, text=text, medium=kind, titled=bool(title))

    async def edited(self, message: discord.Message, written: datetime | None = None) -> MessageEdited | None:
        """None if Discord only added a link preview or a pin. `written`: when it became what it is without an edit."""
        when = written or message.edited_at
        if when is None or (at := await self._where(message)) is None:
            return None
        place, id, guild = at
        actor = self.people.actor(message.author, guild)
        return MessageEdited(
            actor=actor,
            place=place,
            id=id,
            at=when,
            text=self._said(message),
            revision=when.isoformat(),
            medium=medium(message),
            titled=bool(self._title(message)),
        )

    async def renamed(self, post: str, forum: str, title: str) -> MessageEdited | None:
        """A post has another title, which is the beginning of its first message's text."""
        self.places.learn(post, forum, title)
        self.places.keep_title(post, title.strip())
        first = await self.places.first_message(post)
        written = first.edited_at or first.created_at
        edited = await self.edited(first, written)
        # A later edit of the message is newer than this, and this is newer than what was there before.
        return edited and replace(edited, at=self.now(), revision=f"{written.isoformat()}/{self.now().isoformat()}")

    def _said(self, message: discord.Message) -> str:
        """A message's text; a forum post's first message has the post's title in front."""
        text, title = trim(readable(message)), self._title(message)
        return f"{title}\n{text}".strip() if title != text.strip() else text

    def _title(self, message: discord.Message) -> str:
        """The title of the forum post that a message opens; empty if it opens none."""
        return self.places.title(str(message.id)).strip() if message.id == message.channel.id else ""

    async def _where(self, message: discord.Message) -> tuple[Place, str, str] | None:
        """(place, id, guild) of a person's message."""
        if message.author.bot or message.webhook_id is not None or message.type.value not in SAID:
            return None
        guild = message.guild.id if message.guild else getattr(message.channel, "guild_id", None)
        found = await self._place(guild, message.channel.id, message.id, message.author.id)
        if found is None:
            return None
        place, id = found
        if place.direct and guild is not None and self.people.direct_with(place.channel) != str(message.author.id):
            return None  # a moderator in another person's private thread
        if not place.direct and place.thread is None and (above := replied_to(message)) is not None:
            # In a channel people use Discord's 'Reply' as often as threads.
            place = Place(place.workspace, place.channel, thread=above)
        return place, id, place.workspace

    async def _place(
        self, guild: int | None, channel: int, message: int, user: int | None = None
    ) -> tuple[Place, str] | None:
        if guild is not None:
            return await self.places.place(str(guild), str(channel), str(message))
        found = await self.people.guild_of_direct(str(channel), None if user is None else str(user))
        return (Place(found, str(channel), direct=True), str(message)) if found else None

    async def reacted(self, message: discord.Message, emoji: str, users: Sequence[Mapping[str, Any]]) -> list[Chat]:
        """Reactions added while disconnected. Discord does not report when they were added."""
        guild = message.guild.id if message.guild else None
        found = await self._place(guild, message.channel.id, message.id)
        if found is None:
            return []
        place, id = found
        people = [self.people.named(str(u["id"]), place.workspace) for u in users if not u.get("bot")]
        more: dict[str, Any] = {"place": place, "id": id, "at": self.now(), "emoji": emoji, "turn": "missed"}
        return [ReactionChanged(actor=actor, added=True, **more) for actor in people]

    # Contents

    async def _deleted(self, guild: int | None, channel: int, message: int) -> MessageDeleted | None:
        found = await self._place(guild, channel, message)
        return MessageDeleted(place=found[0], id=found[1], at=self.now()) if found else None

    async def _reaction(self, about: discord.RawReactionActionEvent, added: bool, turn: str) -> ReactionChanged | None:
        me = self.client().user
        if (me is not None and about.user_id == me.id) or (about.member is not None and about.member.bot):
            return None
        found = await self._place(about.guild_id, about.channel_id, about.message_id, about.user_id)
        if found is None:
            return None
        place, id = found
        guild = place.workspace
        actor = self.people.actor(about.member, guild) if about.member else self.people.named(str(about.user_id), guild)
        emoji = about.emoji.name if about.emoji.is_unicode_emoji() else f":{about.emoji.name}:"
        return ReactionChanged(actor=actor, place=place, id=id, at=self.now(), emoji=emoji, added=added, turn=turn)


def is_renamed(about: discord.RawThreadUpdateEvent) -> bool:
    """Whether a person's thread has another name than before, as far as that is known. Ask this while the event is
    handled: then discord.py still knows the old name."""
    before = about.thread
    mine = before is not None and before.owner_id == before.guild.me.id
    return not mine and (before is None or before.name != about.data["name"])


def _forwarded(snapshot: discord.MessageSnapshot) -> str:
    """The words of a forwarded message, which may be an app's. Discord does not say who is mentioned in them."""
    cards = [words for e in snapshot.embeds if e.type == "rich" for words in (e.title, e.description) if words]
    text = snapshot.content or "\n".join([*cards, *_signs(snapshot.components)])
    return trim(outside_code(text, lambda words: _MENTION.sub(_unnamed, words)))


def _signs(components: Sequence[Any]) -> Iterator[str]:
    """The texts among an app's components."""
    for component in components:
        if isinstance(component, discord.TextDisplay):
            yield component.content
        yield from _signs(getattr(component, "children", ()))


def _unnamed(found: re.Match[str]) -> str:
    if found["word"]:
        return f":{found['word']}:"
    return f"/{found['command']}" if found["command"] else "#channel" if found["kind"] == "#" else "@somebody"


def _may_write(channel: discord.abc.GuildChannel) -> bool:
    allowed = channel.permissions_for(channel.guild.me)
    return all(getattr(allowed, name) for name in WRITING)


def medium(message: discord.Message) -> Medium:
    """The message's medium: https://docs.discord.com/developers/resources/message"""
    if message.message_snapshots:
        return "forward"
    if message.poll is not None:
        return "poll"
    if message.stickers:
        return "sticker"
    types = [str(a.content_type or "").partition("/")[0] for a in message.attachments]
    if message.flags.voice or "audio" in types:
        return "voice"
    if types:
        return "image" if set(types) == {"image"} else "file"
    return "text"


def readable(message: discord.Message) -> str:
    """The text as its author saw it, or that of a message that it forwards: with names instead of ids, except in code
    (where Discord shows the ids)."""
    people = {str(u.id): u.display_name for u in message.mentions}

    def name(found: re.Match[str]) -> str:
        kind, id, word = found["kind"], found["id"], found["word"]
        if found["command"]:
            return f"/{found['command']}"
        if word:
            return f":{word}:"
        if kind == "#":
            channel = message.guild.get_channel_or_thread(int(id)) if message.guild else None
            return f"#{channel.name}" if channel else found[0]
        if kind == "@&":
            role = message.guild.get_role(int(id)) if message.guild else None
            return f"@{role.name}" if role else found[0]
        return f"@{people[id]}" if id in people else found[0]

    own = outside_code(message.content, lambda words: _MENTION.sub(name, words))
    return "\n".join(part for part in (own, *map(_forwarded, message.message_snapshots)) if part.strip())


def replied_to(message: discord.Message) -> str | None:
    """The message that this one replies to, or the one that that message replied to."""
    reference = message.reference
    if message.type is not discord.MessageType.reply or reference is None or reference.message_id is None:
        return None
    above = reference.resolved
    if isinstance(above, discord.Message) and above.reference is not None and above.reference.message_id is not None:
        return str(above.reference.message_id)
    return str(reference.message_id)
