"""Reads the JSON of DiscordChatExporter: one file per channel, thread or post.

A message in a channel keeps its id; a message in a thread is `THREAD/MESSAGE`, as in adapters/discord/places.py, so
messages seen live are recognized. Direct messages and private threads are skipped. The file does not say who may read
a channel: operators decide that when they export and import a closed one.
https://github.com/Tyrrrz/DiscordChatExporter
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.core.documents import LONGEST_TEXT, MOST_WRONG, Broken, Document, listed, members, plain
from bot.core.errors import PacekeeperError
from bot.core.history import LeftOut, PastMessage, PastPerson, PastReaction, Unread
from bot.core.people import MessageRef
from bot.core.typed import trim

_SPOKEN = frozenset({"Default", "Reply"})
_THREADS = frozenset({"GuildPublicThread", "GuildNewsThread", "GuildPrivateThread"})
_CLOSED = frozenset({"DirectTextChat", "DirectGroupTextChat", "GuildPrivateThread"})
_DELETED_USER = "456226577798135808"
"""The account that replaces deleted ones."""

MOST_PEOPLE = 100_000
"""Most people whose names are held in memory."""

MOST_CALLED = 100
"""Most people that a message can mention on Discord."""

_CALLED = re.compile(r"<@[!&]?\d{1,25}>")
_CHANNEL = re.compile(r"<#\d{1,25}>")
_EMOJI = re.compile(r"<a?(:\w{1,50}:)\d{1,25}>")


class NoExport(PacekeeperError):
    """This is no JSON file of DiscordChatExporter. Export the channel again, in the format Json."""


class DiscordExport:
    """The `History` of bot/core/ports.py over the file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.size = file.stat().st_size
        self.done = 0
        """Bytes of the file read so far."""
        self.people: dict[str, PastPerson] = {}

    def messages(self) -> Iterator[PastMessage | LeftOut | Unread]:
        name = self._file.name
        head: dict[str, Any] = {}
        begun, wrong = False, 0
        try:
            with self._file.open("rb") as file:
                document = Document(file)
                for member, value in document.items("messages"):
                    self.done = document.done
                    if member != "messages":
                        if member in ("guild", "channel"):
                            head[member] = value
                        continue
                    begun = begun or self._check(head)
                    read = self._message(value, head, name)
                    wrong += isinstance(read, Unread)
                    if wrong > MOST_WRONG:
                        raise Broken("most of it is no message")
                    yield read
        except Broken as e:
            if not begun:
                raise NoExport(
                    f"{name} is no JSON file of DiscordChatExporter: {e}. Export the channel again, in the format Json."
                ) from e
            yield Unread(name, str(e))
        if not begun:
            self._check(head)
        self.done = self.size

    def _meet(self, user: dict[str, Any]) -> None:
        """Notes an account's names; a later nickname is added."""
        id, names = plain(user.get("id")), {plain(user.get(key))[:100] for key in ("name", "nickname")} - {""}
        known = self.people.get(id)
        if not id or user.get("isBot") or (known is None and len(self.people) >= MOST_PEOPLE):
            return
        if known is None or (not names <= known.names and len(known.names) < 20):
            self.people[id] = PastPerson(frozenset(names | (known.names if known else set())))

    def _check(self, head: dict[str, Any]) -> bool:
        """Raises NoExport if the file does not name its channel and server."""
        if not all(plain(members(head.get(part)).get("id")) for part in ("guild", "channel")):
            raise NoExport
        return True

    def _message(self, item: Any, head: dict[str, Any], where: str) -> PastMessage | LeftOut | Unread:
        guild, channel = plain(head["guild"]["id"]), head["channel"]
        kind, own = plain(channel.get("type")), plain(channel["id"])
        if kind in _CLOSED or guild == "0":
            return LeftOut("in private channels or direct messages")
        if not isinstance(item, dict):
            return Unread(where, "a message in it is none")
        author = members(item.get("author"))
        if plain(item.get("type", "Default")) not in _SPOKEN or author.get("isBot"):
            return LeftOut("not written by people")
        id, at = plain(item.get("id")), _instant(item.get("timestamp"))
        if at is None or not re.fullmatch(r"\d{1,25}", id):
            return Unread(where, "a message in it has no time or no id")
        for one in (author, *map(members, listed(item.get("mentions"))[:MOST_CALLED])):
            self._meet(one)
        written = plain(item.get("content"))
        if len(written) > LONGEST_TEXT:
            return Unread(where, "a message in it is longer than Discord allows")
        text = trim(_shown(written, item.get("mentions")))
        if not text:
            return LeftOut("without words")
        parent = plain(channel.get("categoryId")) if kind in _THREADS else ""
        title = plain(channel.get("name")).strip()
        if parent and id == own and title not in ("", text):
            # The first message of a forum post gets the post's title, as in events.py.
            text = f"{title}\n{text}"
        in_thread = bool(parent) and id != own
        reference = members(item.get("reference"))
        answered = plain(reference.get("messageId")) if plain(reference.get("channelId")) in ("", own) else ""
        user = plain(author.get("id"))
        return PastMessage(
            ref=MessageRef(guild, parent or own, f"{own}/{id}" if in_thread else id),
            author=user if user and user != _DELETED_USER else None,
            at=at,
            text=text,
            below=own if in_thread else answered if answered and not parent else None,
            reactions=tuple(_reactions(item.get("reactions"))),
        )


def _instant(text: Any) -> datetime | None:
    try:
        at = datetime.fromisoformat(plain(text))
        return at.astimezone(UTC) if at.tzinfo and at.timestamp() > 0 else None
    except (ValueError, OverflowError):
        return None


def _reactions(found: Any) -> Iterator[PastReaction]:
    for reaction in map(members, listed(found)):
        emoji = members(reaction.get("emoji"))
        by = (plain(members(user).get("id")) for user in listed(reaction.get("users")))
        if name := plain(emoji.get("name")):
            yield PastReaction(f":{name}:" if emoji.get("id") else name, frozenset(by) - {""})


def _shown(text: str, mentions: Any) -> str:
    """The text without mentions, which the exporter writes as '@Name'."""
    called = listed(mentions)[:MOST_CALLED]
    names = {plain(user.get(key)) for user in map(members, called) for key in ("nickname", "name")}
    for name in sorted(names - {""}, key=len, reverse=True):
        text = text.replace(f"@{name}", "@someone")
    return _EMOJI.sub(r"\1", _CHANNEL.sub("#channel", _CALLED.sub("@someone", text)))
