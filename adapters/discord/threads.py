"""Creates threads and forum posts, and unarchives them.

In a forum a question is a post with a tag, elsewhere a message with a thread. Discord archives silent threads. A new
message unarchives one, but an edit or a reaction does not, so it is unarchived first. A locked thread stays as it is.
"""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import discord

from adapters.discord.controls import Json
from adapters.discord.failures import ARCHIVED, THREAD_EXISTS
from adapters.discord.places import Places
from adapters.discord.rest import Rest, code_of
from adapters.discord.text import cut
from bot.core.errors import DeliveryError, TargetGone
from bot.core.message import Message
from bot.core.plain import plain

TITLE = 100
WEEK = 10_080
"""Minutes of silence after which a thread is archived; the longest that Discord offers."""

TAGS = {"open": "Open", "answered": "Answered"}
_MOST_TAGS = 20
_PUBLIC = 11

T = TypeVar("T")


def title_of(message: Message) -> str:
    """The title of a thread or a post."""
    lines = [line for line in plain(Message(message.blocks)).splitlines() if line.strip()]
    return cut(message.topic or (lines[0] if lines else ""), TITLE) or "Thread"


class Threads:
    """Creates, unarchives and tags threads and posts."""

    def __init__(self, client: Callable[[], discord.Client], rest: Rest, places: Places) -> None:
        self._client = client
        self._rest = rest
        self._places = places

    async def begin(self, channel: str, message: str, title: str) -> None:
        """Creates the thread of a message unless it exists."""
        try:
            await self._rest.call(
                "POST",
                "/channels/{channel_id}/messages/{message_id}/threads",
                {"name": cut(title, TITLE) or "Thread", "auto_archive_duration": WEEK},
                channel_id=channel,
                message_id=message,
            )
        except DeliveryError as e:
            if code_of(e) != THREAD_EXISTS:
                raise
        self._places.learn(message, channel)

    async def post(self, forum: str, message: Message, first: Json, files: Any) -> str:
        """Creates a forum post; returns its id, which is also its first message's id."""
        body: Json = {"name": title_of(message), "auto_archive_duration": WEEK, "message": first}
        tags = await self._tags(forum, message.state, ())
        if tags:
            body["applied_tags"] = tags
        made = await self._rest.call("POST", "/channels/{channel_id}/threads", body, files=files, channel_id=forum)
        self._places.learn(str(made["id"]), forum)
        return str(made["id"])

    async def restate(self, forum: str, post: str, message: Message) -> None:
        """Updates a post's tags and title to the message's state."""
        now = await self._rest.call("GET", "/channels/{channel_id}", channel_id=post)
        tags = await self._tags(forum, message.state, now.get("applied_tags") or ())
        change: Json = {}
        if sorted(tags) != sorted(now.get("applied_tags") or ()):
            change["applied_tags"] = tags
        if now.get("name") != title_of(message):
            change["name"] = title_of(message)
        if change:
            await self.awake(post, lambda: self._rest.call("PATCH", "/channels/{channel_id}", change, channel_id=post))

    async def awake(self, thread: str | None, act: Callable[[], Awaitable[T]]) -> T:
        """Calls `act`, and unarchives the thread if needed. Raises TargetGone for a locked thread."""
        try:
            return await act()
        except DeliveryError as e:
            if thread is None or code_of(e) != ARCHIVED:
                raise
        state = await self._rest.call("GET", "/channels/{channel_id}", channel_id=thread)
        if (state.get("thread_metadata") or {}).get("locked"):
            raise TargetGone("The thread is locked.")
        await self._rest.call("PATCH", "/channels/{channel_id}", {"archived": False}, channel_id=thread)
        return await act()

    async def gathering(self, channel: str, title: str) -> str:
        """A public thread without a starting message."""
        body = {"name": title, "type": _PUBLIC, "auto_archive_duration": WEEK}
        made = await self._rest.call("POST", "/channels/{channel_id}/threads", body, channel_id=channel)
        self._places.learn(str(made["id"]), channel)
        return str(made["id"])

    # Tags

    async def _tags(self, forum: str, state: str, present: Any) -> list[str]:
        """A post's tags for a state: people's tags stay, ours change."""
        channel = self._client().get_channel(int(forum))
        if not isinstance(channel, discord.ForumChannel):
            return [str(tag) for tag in present]
        ours = {
            name: str(t.id) for name in TAGS for t in channel.available_tags if t.name.lower() == TAGS[name].lower()
        }
        kept = [str(tag) for tag in present if str(tag) not in ours.values()]
        if state and state not in ours:
            ours |= await self._make_tags(channel, ours)
        if state in ours:
            return [ours[state], *kept][:5]
        if not kept and channel.flags.require_tag and channel.available_tags:
            return [str(channel.available_tags[0].id)]
        return kept[:5]

    async def _make_tags(self, forum: discord.ForumChannel, ours: dict[str, str]) -> dict[str, str]:
        """Creates our tags if we may; posts work without them."""
        missing = [label for name, label in TAGS.items() if name not in ours]
        if len(forum.available_tags) + len(missing) > _MOST_TAGS:
            return {}
        kept = [_tag(t) for t in forum.available_tags]
        body = {"available_tags": [*kept, *(_new_tag(label) for label in missing)]}
        try:
            made = await self._rest.call("PATCH", "/channels/{channel_id}", body, channel_id=forum.id)
        except TargetGone:
            return {}
        found = {t["name"]: str(t["id"]) for t in made.get("available_tags", ()) if t.get("id")}
        return {name: found[label] for name, label in TAGS.items() if label in found}


def _new_tag(label: str) -> Json:
    return {"name": label, "moderated": False, "emoji_id": None, "emoji_name": None}


def _tag(tag: discord.ForumTag) -> Json:
    emoji = tag.emoji
    own = {"emoji_id": str(emoji.id) if emoji and emoji.id else None}
    return {**_new_tag(tag.name), "id": str(tag.id), "moderated": tag.moderated, **own} | (
        {"emoji_name": emoji.name} if emoji and not emoji.id else {}
    )
