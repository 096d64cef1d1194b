"""Creates threads and forum posts, and unarchives them.

In a forum a question is a post with a tag, elsewhere a message with a thread. Discord archives silent threads. A new
message unarchives one, but an edit or a reaction does not, so it is unarchived first. A locked thread stays as it is.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal

import discord

from adapters.discord.controls import Json
from adapters.discord.failures import ARCHIVED, THREAD_EXISTS
from adapters.discord.places import MOST_TAGS, Places
from adapters.discord.rest import Call, Rest, code_of, with_files
from adapters.discord.state import Store
from adapters.discord.text import cut
from bot.core.errors import Blocked, DeliveryError, TargetGone, Unavailable, reason
from bot.core.message import Message, Status
from bot.core.plain import plain
from bot.core.translation import N_, _

log = logging.getLogger(__name__)

TITLE = 100
WEEK: Literal[10080] = 10080
"""Minutes of silence after which a thread is archived; the longest that Discord offers."""

TAGS: Mapping[Status, str] = {"open": N_("Open"), "answered": N_("Answered")}
_OWED = "tag/"
_TAGS_OF_A_POST = 5
_PUBLIC, _PRIVATE = 11, 12


def title_of(message: Message) -> str:
    """The title of a thread or a post."""
    lines = [line for line in plain(Message(message.blocks)).splitlines() if line.strip()]
    return cut(message.topic or (lines[0] if lines else ""), TITLE) or _("Thread")


@dataclass(frozen=True, slots=True)
class Threads:
    """Creates, unarchives and tags threads and posts. `limited` is told of a forum whose posts we may not tag."""

    client: Callable[[], discord.Client]
    rest: Rest
    places: Places
    store: Store
    limited: Callable[[str], Awaitable[None]]

    async def begin(self, channel: str, message: str, title: str) -> None:
        """Creates the thread of a message unless it exists."""
        try:
            name = cut(title, TITLE) or _("Thread")
            await self.rest.write(
                lambda http: http.start_thread_with_message(channel, message, name=name, auto_archive_duration=WEEK)
            )
        except DeliveryError as e:
            if code_of(e) != THREAD_EXISTS:
                raise
        self.places.learn(message, channel)

    async def post(self, forum: str, message: Message, first: Json, files: Any) -> str:
        """Creates a forum post; returns its id, which is also its first message's id."""
        body: Json = {"name": title_of(message), "auto_archive_duration": WEEK, "message": first}
        tags = await self._tags(forum, message.state, ())
        if tags:
            body["applied_tags"] = tags
        made = await self.rest.write(lambda http: http.start_thread_in_forum(forum, params=with_files(body, files)))
        self.places.learn(str(made["id"]), forum)
        return str(made["id"])

    async def restate(self, forum: str, post: str, message: Message) -> None:
        """Updates a post's tags and title to the message's state."""
        now = await self.rest.read(lambda http: http.get_channel(post))
        change = await self._tagged(forum, now, message.state)
        if now.get("name") != title_of(message):
            change["name"] = title_of(message)
        if change:
            await self.awake(post, lambda http: http.edit_channel(post, **change))

    async def tag(self, forum: str, post: str, state: Status) -> None:
        """Updates the tags of a person's post. Without 'Manage Threads' that is owed until we have it."""
        owed = _owed(forum, post)
        if not self._may_manage(self._forum(forum)):
            if self._forum(forum) is not None:
                self.store.keep_fact(owed, state)
                await self.limited(forum)
            return
        try:
            now = await self.rest.read(lambda http: http.get_channel(post))
            if change := await self._tagged(forum, now, state):
                await self.awake(post, lambda http: http.edit_channel(post, **change))
        except (Blocked, TargetGone) as e:
            log.info("The tags of a post in forum %s stay as they are: %s", forum, reason(e))
        self.store.drop_fact(owed)

    async def settle(self) -> None:
        """Sets the tags that are owed, where we may by now."""
        for name, state in self.store.facts(_OWED).items():
            forum, _slash, post = name.partition("/")
            if self._may_manage(self._forum(forum)):
                with suppress(DeliveryError):
                    await self.tag(forum, post, state)  # type: ignore[arg-type]

    async def awake(self, thread: str | None, call: Call) -> Any:
        """Writes into a thread, and unarchives it if needed. Raises TargetGone for a locked thread."""
        try:
            return await self.rest.write(call)
        except DeliveryError as e:
            if thread is None or code_of(e) != ARCHIVED:
                raise
            state = (await self.rest.read(lambda http: http.get_channel(thread))).get("thread_metadata")
            if state is None:
                raise
        if state.get("locked"):
            raise TargetGone("The thread is locked.", why="locked")
        await self.rest.write(lambda http: http.edit_channel(thread, archived=False))
        return await self.rest.write(call)

    async def gathering(self, channel: str, title: str, private: bool = False) -> str:
        """A thread without a starting message."""
        options: Json = {"name": title, "type": _PRIVATE if private else _PUBLIC, "auto_archive_duration": WEEK}
        if private:
            options["invitable"] = False
        made = await self.rest.write(lambda http: http.start_thread_without_message(channel, **options))
        self.places.learn(str(made["id"]), channel)
        return str(made["id"])

    # Tags

    def _forum(self, channel: str) -> discord.ForumChannel | None:
        found = self.client().get_channel(int(channel))
        return found if isinstance(found, discord.ForumChannel) else None

    @staticmethod
    def _may_manage(forum: discord.ForumChannel | None) -> bool:
        """Whether the bot may tag people's posts, and set tags that are reserved for moderators."""
        return forum is not None and forum.permissions_for(forum.guild.me).manage_threads

    async def _tagged(self, forum: str, post: Mapping[str, Any], state: Status) -> Json:
        """The change to a post's tags for a state; empty if it has them."""
        present = [str(tag) for tag in post.get("applied_tags") or ()]
        tags = await self._tags(forum, state, present)
        return {"applied_tags": tags} if sorted(tags) != sorted(present) else {}

    async def _tags(self, forum: str, state: Status, present: Sequence[str]) -> list[str]:
        """A post's tags for a state: people's tags stay, ours change. A forum that requires a tag gets one that we may
        set."""
        channel = self._forum(forum)
        if channel is None:
            return list(present)
        allowed = [t for t in channel.available_tags if not t.moderated or self._may_manage(channel)]
        names = {label: name for name in TAGS for label in (TAGS[name].lower(), _(TAGS[name]).lower())}
        ours = {names[t.name.lower()]: str(t.id) for t in allowed if t.name.lower() in names}
        there = {str(t.id) for t in channel.available_tags}
        kept = [tag for tag in present if tag in there and tag not in ours.values()]
        if state and state not in ours:
            ours |= await self._make_tags(channel)
        if state in ours:
            return [ours[state], *kept][:_TAGS_OF_A_POST]
        if not kept and channel.flags.require_tag:
            others = [str(t.id) for t in allowed if str(t.id) not in ours.values()]
            return [*others, *(tag for tag in present if tag in ours.values()), *ours.values()][:1]
        return kept[:_TAGS_OF_A_POST]

    async def _make_tags(self, forum: discord.ForumChannel) -> dict[Status, str]:
        """Creates our tags if we may; posts work without them."""
        labels = {name: _(label) for name, label in TAGS.items()}
        there = {t.name.lower() for t in forum.available_tags}
        missing = [label for label in labels.values() if label.lower() not in there]
        if not missing or not forum.permissions_for(forum.guild.me).manage_channels:
            return {}
        if len(forum.available_tags) + len(missing) > MOST_TAGS:
            return {}
        kept = [_tag(t) for t in forum.available_tags]
        tags = [*kept, *(_new_tag(label) for label in missing)]
        try:
            made = await self.rest.write(lambda http: http.edit_channel(forum.id, available_tags=tags))
        except (Blocked, TargetGone, Unavailable) as e:
            log.info("The tags of forum %s could not be made: %s", forum.id, reason(e))
            return {}
        found = {t["name"]: str(t["id"]) for t in made.get("available_tags", ()) if t.get("id")}
        return {name: found[label] for name, label in labels.items() if label in found}


def _owed(forum: str, post: str) -> str:
    """The name of the fact which status the tag of a post should show."""
    return f"{_OWED}{forum}/{post}"


def new_tags() -> list[Json]:
    """Our tags, for a new forum."""
    return [_new_tag(_(label)) for label in TAGS.values()]


def _new_tag(label: str) -> Json:
    return {"name": label, "moderated": False, "emoji_id": None, "emoji_name": None}


def _tag(tag: discord.ForumTag) -> Json:
    emoji = tag.emoji
    own = {"emoji_id": str(emoji.id) if emoji and emoji.id else None}
    return {**_new_tag(tag.name), "id": str(tag.id), "moderated": tag.moderated, **own} | (
        {"emoji_name": emoji.name} if emoji and not emoji.id else {}
    )
