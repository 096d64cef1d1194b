"""Reads a workspace export of Slack: a zip with a folder for each channel, and in it one JSON file a day.

Nothing is unpacked to disk, and no name in the zip is taken for a path. `channels.json` lists the public channels; what
stands in any other folder (private channels, groups, direct messages, or nobody knows what) is left out.
https://slack.com/help/articles/220556107
"""

import re
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile, ZipInfo
from zlib import error as BadDeflate

from adapters.slack.emoji import character
from adapters.slack.text import typed
from bot.core.documents import MOST_WRONG, Broken, Document, listed, members, plain
from bot.core.errors import PacekeeperError
from bot.core.history import LeftOut, PastMessage, PastReaction, Unread
from bot.core.people import MessageRef

MOST = 256 * 2**20
"""Bytes to which one day of one channel may unpack."""

_DAY = re.compile(r"(?P<folder>[^/\\\x00]{1,100})/\d{4}-\d{2}-\d{2}\.json")
_SPOKEN = frozenset({"", "thread_broadcast", "file_share", "me_message", "file_comment"})
"""Kinds of messages that people write; the others say that somebody joined, that a topic was set, and such things."""


class NoExport(PacekeeperError):
    """This is no export of a Slack workspace. Give the zip that Slack offers for download, as it is."""


class SlackExport:
    """The `History` of bot/core/ports.py, over the zip. `workspace`: where the export does not say its own."""

    def __init__(self, file: Path, workspace: str = "") -> None:
        self._file = file
        self._workspace = workspace
        self._programs: set[str] = {"USLACKBOT"}
        self.done = 0
        """Bytes of the zip that have been read."""
        try:
            self._zip = ZipFile(file)
        except (BadZipFile, NotImplementedError, ValueError) as e:
            raise NoExport from e
        self._days = sorted((i for i in self._zip.infolist() if _DAY.fullmatch(i.filename)), key=lambda i: i.filename)
        if not self._days:
            raise NoExport
        self.size = sum(i.compress_size for i in self._days)

    def messages(self) -> Iterator[PastMessage | LeftOut | Unread]:
        channels: dict[str, str] = {}
        for channel in (yield from self._list("channels.json")):
            channels[plain(channel.get("name"))] = plain(channel.get("id"))
        for user in (yield from self._list("users.json")):
            self._workspace = self._workspace or plain(user.get("team_id"))
            if user.get("is_bot") or user.get("is_workflow_bot"):
                self._programs.add(plain(user.get("id")))
        for day in self._days:
            folder = day.filename.split("/")[0]
            yield from self._day(day, channels.get(folder, ""))
            self.done += day.compress_size
        self._zip.close()

    def _list(self, name: str) -> Generator[Unread, None, list[dict[str, Any]]]:
        """Returns what a list of the export holds, and yields what of it could not be read."""
        found: list[dict[str, Any]] = []
        try:
            found += (item for item in self._items(self._zip.getinfo(name)) if isinstance(item, dict))
        except KeyError:
            yield Unread(name, "it is not there")
        except Broken as e:
            yield Unread(name, str(e))
        return found

    def _items(self, member: ZipInfo) -> Iterator[Any]:
        """The items of a file in the zip. Raises Broken."""
        try:
            with self._zip.open(member) as file:
                yield from (item for _, item in Document(file, MOST).items(""))
        except (BadZipFile, BadDeflate, EOFError, NotImplementedError, RuntimeError, OSError) as e:
            raise Broken("it cannot be unpacked") from e

    def _day(self, day: ZipInfo, channel: str) -> Iterator[PastMessage | LeftOut | Unread]:
        wrong = 0
        try:
            for item in self._items(day):
                if not channel:
                    yield LeftOut("in private channels or direct messages")
                    continue
                read = self._message(item, channel, day.filename)
                wrong += isinstance(read, Unread)
                if wrong > MOST_WRONG:
                    raise Broken("most of it is no message")
                yield read
        except Broken as e:
            yield Unread(day.filename, str(e))

    def _message(self, item: Any, channel: str, where: str) -> PastMessage | LeftOut | Unread:
        if not isinstance(item, dict):
            return Unread(where, "a message in it is none")
        spoken = plain(item.get("subtype")) in _SPOKEN and item.get("type", "message") == "message"
        if not spoken or item.get("hidden"):
            return LeftOut("not written by people")
        author = plain(item.get("user"))
        if item.get("bot_id") or author in self._programs:
            return LeftOut("not written by people")
        id = plain(item.get("ts"))
        at = _instant(id)
        if at is None:
            return Unread(where, "a message in it has no time")
        text = typed(plain(item.get("text")), lambda user: "someone").strip()
        if not text:
            return LeftOut("without words")
        workspace = self._workspace or plain(item.get("team"))
        below = plain(item.get("thread_ts"))
        return PastMessage(
            ref=MessageRef(workspace, channel, id),
            author=author or None,
            at=at,
            text=text,
            below=below if below and below != id else None,
            reactions=tuple(_reactions(item.get("reactions"))),
        )


def _instant(ts: str) -> datetime | None:
    """The instant of a message's id, which is a number of seconds."""
    try:
        return datetime.fromtimestamp(float(Decimal(ts)), UTC) if re.fullmatch(r"\d{1,11}(\.\d{1,9})?", ts) else None
    except (InvalidOperation, OverflowError, OSError, ValueError):
        return None


def _reactions(found: Any) -> Iterator[PastReaction]:
    for reaction in map(members, listed(found)):
        by = frozenset(user for user in listed(reaction.get("users")) if isinstance(user, str))
        if name := plain(reaction.get("name")):
            yield PastReaction(character(name), by)
