"""Sorts the messages of an export into threads on disk, since it may be larger than memory and in any order."""

import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby, islice
from types import TracebackType
from typing import Any

from bot.core.history import PastMessage, PastReaction, PastThread
from bot.core.people import MessageRef, Place

JUMPS = 24
"""Each step doubles the length of the chains that are followed. A chain that is longer after all steps is a cycle."""

MOST_REPLIES = 10_000
"""Maximum replies of a thread; the first ones are kept, since a whole thread is held in memory."""

_TABLE = """
CREATE TABLE messages (
    workspace TEXT, channel TEXT, id TEXT, author TEXT, at TEXT, text TEXT, below TEXT, reactions TEXT, root TEXT,
    PRIMARY KEY (workspace, channel, id)
) WITHOUT ROWID
"""
_FOLLOW = """
UPDATE messages SET root = above.root FROM messages AS above
WHERE above.workspace = messages.workspace AND above.channel = messages.channel AND above.id = messages.root
AND above.root <> messages.root
"""
_OF_ROOT = "r.workspace = m.workspace AND r.channel = m.channel AND r.id = m.root AND r.root = r.id"
_THREADS = f"SELECT count(DISTINCT m.workspace || '/' || m.channel || '/' || m.root) FROM messages m \
JOIN messages r ON {_OF_ROOT} WHERE m.id <> m.root"
_LOST = f"SELECT count(*) FROM messages m WHERE NOT EXISTS (SELECT 1 FROM messages r WHERE {_OF_ROOT})"
_READ = f"""
SELECT r.workspace, r.channel, m.root, m.id, m.author, m.at, m.text, m.below, m.reactions FROM messages m
JOIN messages r ON {_OF_ROOT} ORDER BY r.at, r.workspace, r.channel, r.id, m.id <> m.root, m.at, m.id
"""


class Spool:
    """Takes messages and returns threads. Nothing remains on the disk."""

    def __init__(self) -> None:
        # SQLite deletes a database without a name at once, so an import that is killed leaves no text.
        self._db = sqlite3.connect("")
        self._db.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_TABLE};")

    def __enter__(self) -> "Spool":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._db.close()

    def add(self, message: PastMessage) -> bool:
        """Adds a message; False if it was there already."""
        ref, below = message.ref, message.below
        reactions = json.dumps([[r.emoji, sorted(r.by)] for r in message.reactions])
        row = (
            ref.workspace,
            ref.channel,
            ref.id,
            message.author,
            message.at.astimezone(UTC).isoformat(),
            message.text,
            below,
        )
        insert = "INSERT OR IGNORE INTO messages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
        return self._db.execute(insert, (*row, reactions, below or ref.id)).rowcount > 0

    def sort(self) -> tuple[int, int]:
        """The number of threads with replies, and of messages whose parent is missing."""
        for _ in range(JUMPS):
            if not self._db.execute(_FOLLOW).rowcount:
                break
        return self._db.execute(_THREADS).fetchone()[0], self._db.execute(_LOST).fetchone()[0]

    def places(self) -> list[Place]:
        """The channels of the messages."""
        return [
            Place(*row) for row in self._db.execute("SELECT DISTINCT workspace, channel FROM messages ORDER BY 1, 2")
        ]

    def span(self) -> tuple[datetime, datetime] | tuple[None, None]:
        """The instants of the first and the last message; None without any."""
        first, last = self._db.execute("SELECT min(at), max(at) FROM messages").fetchone()
        return (datetime.fromisoformat(first), datetime.fromisoformat(last)) if first else (None, None)

    def threads(self, alone: bool = False) -> Iterator[PastThread]:
        """Threads with replies, oldest first; `alone`: also messages that nobody replied to. Call `sort` before."""
        for _, rows in groupby(self._db.execute(_READ), key=lambda row: row[:3]):
            root, *replies = (_message(row) for row in islice(rows, MOST_REPLIES + 1))
            if replies or alone:
                yield PastThread(root, tuple(replies))


def _message(row: Any) -> PastMessage:
    workspace, channel, _, id, author, at, text, below, reactions = row
    put = tuple(PastReaction(emoji, frozenset(by)) for emoji, by in json.loads(reactions))
    return PastMessage(
        MessageRef(workspace, channel, id), author, datetime.fromisoformat(at), text, below=below, reactions=put
    )
