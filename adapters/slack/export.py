"""Reads a Slack workspace export: a zip, or the unpacked folder, with a folder per channel and a JSON file per day.

Nothing is unpacked to disk, and no name in the zip is used as a path. Only the public channels listed in
`channels.json` are read; every other folder (private channels, groups, direct messages, anything else) is skipped.
https://slack.com/help/articles/220556107
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import IO, Any
from zipfile import BadZipFile, ZipFile, ZipInfo
from zlib import error as BadDeflate

from adapters.slack.emoji import character
from adapters.slack.text import typed
from bot.core.documents import LONGEST_TEXT, MOST_WRONG, Broken, Document, listed, members, plain
from bot.core.errors import PacekeeperError
from bot.core.history import LeftOut, PastMessage, PastPerson, PastReaction, Unread
from bot.core.people import MessageRef
from bot.core.typed import trim

MOST = 256 * 2**20
"""Largest unpacked size of one file in the zip, in bytes."""

MOST_OF_ALL = 32 * 2**30
"""Largest unpacked size of all files together, in bytes. Files are streamed, so this bounds the time."""

MOST_TIMES = 250
"""Largest compression ratio of a file over one megabyte; messages reach about 30."""

MOST_FILES = 200_000
MOST_INDEX = 32 * 2**20
"""Largest central directory in bytes, which is held in memory, and most files in the zip."""

MOST_LISTED = 100_000
"""Most channels, people and bots that are held in memory."""

LONGEST_NAME = 100
"""Longest channel name or id."""

_END_REACH = 2**16 + 22 + 76
"""How far from the end a zip states the size of its central directory: before a comment of at most 64 KB."""

_DAY = re.compile(r"(?P<folder>[^/\\\x00]{1,100})/\d{4}-\d{2}-\d{2}\.json")
_SPOKEN = frozenset({"", "thread_broadcast", "file_share", "me_message", "file_comment"})
"""Subtypes of messages that people write; the others are notices, such as joins and topic changes."""

_NAMES = ("name", "real_name", "display_name", "first_name", "last_name")
"""Where a user and its profile have a name."""


class NoExport(PacekeeperError):
    """This is no export of a Slack workspace. Give the zip that Slack offers for download, as it is."""


class TooMuch(NoExport):
    """This export is larger than any that is read. Export fewer months at once, and import one after the other."""


class SlackExport:
    """The `History` of bot/core/ports.py over the zip. `workspace` is used if the export does not name its own."""

    def __init__(self, file: Path, workspace: str = "") -> None:
        self._file = file
        self._workspace = workspace
        self._programs: set[str] = {"USLACKBOT"}
        self.done = 0
        """Packed bytes read so far."""
        self.people: dict[str, PastPerson] = {}
        self._zip = _Folder(file) if file.is_dir() else _open_zip(file)
        found = self._zip.infolist()
        if len(found) > MOST_FILES:
            raise TooMuch(f"There are {len(found):,} files in {file.name}. {TooMuch.__doc__}")
        if sum(i.file_size for i in found) > MOST_OF_ALL:
            raise TooMuch(f"{file.name} unpacks to more than {MOST_OF_ALL // 2**30} GB. {TooMuch.__doc__}")
        if any(i.flag_bits & 1 for i in found):
            raise NoExport(f"{file.name} is locked with a password. Unpack it, zip its folders again, and give that.")
        names = Counter(i.filename for i in found)
        self._root = _root(names)
        self._twice = sorted(name for name, times in names.items() if times > 1 and self._is_read(name))
        # If names repeat, the zip resolves a name to the last file.
        days = {i.filename: i for i in found if self._day_of(i.filename)}
        self._days = [days[name] for name in sorted(days)]
        if not self._days:
            raise NoExport
        self.size = sum(i.compress_size for i in self._days)

    def messages(self) -> Iterator[PastMessage | LeftOut | Unread]:
        yield from (Unread(name, "it is in the zip twice, and only the last one is read") for name in self._twice)
        channels: dict[str, str] = {}
        for channel in self._list("channels.json"):
            if isinstance(channel, Unread):
                yield channel
            elif len(channels) < MOST_LISTED:
                channels[_name(channel.get("name"))] = _name(channel.get("id"))
        for user in self._list("users.json"):
            if isinstance(user, Unread):
                yield user
                continue
            self._workspace = self._workspace or _name(user.get("team_id"))
            self._meet(_name(user.get("id")), user)
            if (user.get("is_bot") or user.get("is_workflow_bot")) and len(self._programs) < MOST_LISTED:
                self._programs.add(_name(user.get("id")))
        for day in self._days:
            folder = self._day_of(day.filename)
            yield from self._day(day, channels.get(folder, ""))
            self.done += day.compress_size
        self._zip.close()

    def _list(self, name: str) -> Iterator[dict[str, Any] | Unread]:
        """Streams the items of one of the export's lists, and what could not be read."""
        try:
            yield from (item for item in self._items(self._zip.getinfo(self._root + name)) if isinstance(item, dict))
        except KeyError:
            yield Unread(name, "it is not there")
        except Broken as e:
            yield Unread(name, str(e))

    def _items(self, member: ZipInfo) -> Iterator[Any]:
        """The items of a file in the zip. Raises Broken."""
        if member.file_size > max(2**20, MOST_TIMES * member.compress_size):
            raise Broken(f"it unpacks to more than {MOST_TIMES} times its size, which no messages do")
        try:
            with self._zip.open(member) as file:
                yield from (item for _, item in Document(file, MOST).items(""))
        except (BadZipFile, BadDeflate, EOFError, NotImplementedError, RuntimeError, OSError) as e:
            raise Broken("it cannot be unpacked") from e

    def _day_of(self, name: str) -> str:
        """The folder of the channel whose messages of one day are in a file; '' for other files."""
        found = _DAY.fullmatch(name.removeprefix(self._root))
        return found["folder"] if found and name.startswith(self._root) else ""

    def _is_read(self, name: str) -> bool:
        return name in (f"{self._root}channels.json", f"{self._root}users.json") or bool(self._day_of(name))

    def _meet(self, id: str, user: dict[str, Any]) -> None:
        """Notes an account's names and zone. A program has none."""
        if not id or id in self.people or len(self.people) >= MOST_LISTED:
            return
        if user.get("is_bot") or user.get("is_workflow_bot") or id in self._programs:
            return
        profile = members(user.get("profile"))
        given = [_name(where.get(key)) for where in (user, profile) for key in _NAMES]
        address = _name(profile.get("email"))
        given += [address, address.partition("@")[0]]
        self.people[id] = PastPerson(frozenset(given) - {""}, _name(user.get("tz")))

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
        written = plain(item.get("text"))
        if len(written) > LONGEST_TEXT:
            return Unread(where, "a message in it is longer than Slack allows")
        text = trim(typed(written, lambda user: "someone"))
        if not text:
            return LeftOut("without words")
        workspace = self._workspace or _name(item.get("team"))
        # Guests from other workspaces are not among the users.
        self._meet(author, {"profile": item.get("user_profile")})
        below = plain(item.get("thread_ts"))
        return PastMessage(
            ref=MessageRef(workspace, channel, id),
            author=author or None,
            at=at,
            text=text,
            below=below if below and below != id else None,
            reactions=tuple(_reactions(item.get("reactions"))),
        )


class _Folder:
    """An unpacked export, read as if it were a zip. Links are not followed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def infolist(self) -> list[ZipInfo]:
        found = []
        try:
            for path in (
                *self._folder.glob("*.json"),
                *self._folder.glob("*/*.json"),
                *self._folder.glob("*/*/*.json"),
            ):
                if path.is_file() and not path.is_symlink() and not path.parent.is_symlink():
                    info = ZipInfo(path.relative_to(self._folder).as_posix())
                    info.file_size = info.compress_size = path.stat().st_size
                    found.append(info)
        except OSError as e:
            raise NoExport(f"{self._folder} cannot be read: {e.strerror}. Give a folder that you may read.") from e
        return found

    def getinfo(self, name: str) -> ZipInfo:
        path = self._folder / name
        if not path.is_file():
            raise KeyError(name)
        info = ZipInfo(name)
        info.file_size = info.compress_size = path.stat().st_size
        return info

    def open(self, member: ZipInfo) -> IO[bytes]:
        return (self._folder / member.filename).open("rb")

    def close(self) -> None:
        pass


def _open_zip(file: Path) -> ZipFile:
    if (index := _index_size(file)) > MOST_INDEX:
        raise TooMuch(f"The list of what is in {file.name} has {index:,} bytes. {TooMuch.__doc__}")
    try:
        return ZipFile(file)
    except (BadZipFile, NotImplementedError, ValueError) as e:
        raise NoExport(
            f"{file.name} is no export of a Slack workspace: it is broken, or not downloaded to its end. Download it "
            "again, and give the zip that Slack offers, as it is."
        ) from e


def _root(names: Iterable[str]) -> str:
    """The folder that the whole export lies in, if somebody packed its folder instead of its content."""
    tops = {name.removesuffix("channels.json") for name in names if name.split("/")[-1] == "channels.json"}
    wrapped = {top for top in tops if top.count("/") == 1 and not top.startswith("__MACOSX")}
    return wrapped.pop() if len(wrapped) == 1 and "" not in tops else ""


def _index_size(file: Path) -> int:
    """Size in bytes of a zip's central directory, which ZipFile reads whole; 0 if the zip states none."""
    size = file.stat().st_size
    with file.open("rb") as opened:
        opened.seek(max(0, size - _END_REACH))
        end = opened.read()
    at = end.rfind(b"PK\x05\x06")
    if at < 0:
        return 0
    found = int.from_bytes(end[at + 12 : at + 16], "little")
    if at >= 76 and end[at - 20 : at - 16] == b"PK\x06\x07":
        found = max(found if found < 2**32 - 1 else 0, int.from_bytes(end[at - 36 : at - 28], "little"))
    # ZipFile refuses a stated size beyond the file.
    return min(found, size)


def _name(value: Any) -> str:
    """A name or an id; '' for anything else or if it is too long."""
    name = plain(value)
    return name if len(name) <= LONGEST_NAME else ""


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
