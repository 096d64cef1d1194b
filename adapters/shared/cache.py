"""An adapter's private cache in one SQLite file; safe to delete while stopped."""

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.core.people import MessageRef
from bot.core.time import parse_instant, write_instant

KEPT = timedelta(days=2)
"""How long attempts are kept; the outbox retries for a day."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS tries (
    key TEXT NOT NULL, part INTEGER NOT NULL, channel TEXT NOT NULL, print TEXT NOT NULL, at TEXT NOT NULL,
    message TEXT, PRIMARY KEY (key, part)
);
CREATE INDEX IF NOT EXISTS tries_at ON tries (at);
CREATE INDEX IF NOT EXISTS tries_channel ON tries (channel);
"""


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt to send a part of a delivery to one of the platform's channels. `print` is the part's fingerprint,
    `ref` where the part is if the platform responded."""

    part: int
    channel: str
    print: str
    at: datetime
    ref: MessageRef | None


class Cache:
    """Facts by name, and attempts to send. Each call is one short transaction."""

    def __init__(self, folder: Path | None, file: str, schema: str) -> None:
        """`schema` creates the adapter's own tables. Without a folder everything is kept in memory."""
        if folder is not None:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / file if folder else ":memory:"
        # `Adapter.link` is called from the threads of storage.
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        # `secure_delete`: deleted names must not remain in the free space of the file.
        pragmas = "".join(
            f"PRAGMA {pragma};"
            for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=5000", "secure_delete=ON")
        )
        self._db.executescript(pragmas + _SCHEMA + schema)

    def close(self) -> None:
        self._db.close()

    def fact(self, name: str) -> str | None:
        row = self._one("SELECT value FROM facts WHERE name = ?", name)
        return str(row[0]) if row else None

    def facts(self, beginning: str) -> dict[str, str]:
        """The facts whose name begins like that, by the rest of their name."""
        sql = "SELECT substr(name, ?), value FROM facts WHERE substr(name, 1, ?) = ?"
        return {str(n): str(v) for n, v in self._db.execute(sql, (len(beginning) + 1, len(beginning), beginning))}

    def keep_fact(self, name: str, value: str) -> None:
        self._do("INSERT OR REPLACE INTO facts VALUES (?, ?)", name, value)

    def drop_fact(self, name: str) -> None:
        self._do("DELETE FROM facts WHERE name = ?", name)

    def drop_facts(self, beginning: str) -> None:
        """Drops all facts whose name begins like that."""
        self._do("DELETE FROM facts WHERE substr(name, 1, ?) = ?", len(beginning), beginning)

    def begin(self, key: str, part: int, channel: str, print: str, at: datetime) -> None:
        """Records what is about to be sent. An earlier attempt with the same fingerprint keeps its time.

        The record is synced to disk when this returns, because the post follows.
        """
        self._do("DELETE FROM tries WHERE at < ?", write_instant(at - KEPT))
        self._do("PRAGMA synchronous=FULL")
        self._do(
            "INSERT INTO tries VALUES (?, ?, ?, ?, ?, NULL) ON CONFLICT (key, part) DO UPDATE SET message = NULL, "
            "at = iif(print = excluded.print AND message IS NULL, at, excluded.at), "
            "channel = excluded.channel, print = excluded.print",
            *(key, part, channel, print, write_instant(at)),
        )
        self._do("PRAGMA synchronous=NORMAL")

    def sent(self, key: str, part: int, ref: MessageRef) -> None:
        """Records where a sent part is."""
        kept = json.dumps((ref.workspace, ref.channel, ref.id))
        self._do("UPDATE tries SET message = ? WHERE key = ? AND part = ?", kept, key, part)

    def tries(self, key: str) -> list[Attempt]:
        """The attempts of a delivery, in the order of its parts."""
        sql = "SELECT part, channel, print, at, message FROM tries WHERE key = ? ORDER BY part"
        return [
            Attempt(part, channel, print, parse_instant(at), MessageRef(*json.loads(ref)) if ref else None)
            for part, channel, print, at, ref in self._db.execute(sql, (key,))
        ]

    def forget(self, key: str) -> None:
        """Forgets the attempts of a delivery, which begins anew."""
        self._do("DELETE FROM tries WHERE key = ?", key)

    def known(self, channel: str) -> set[str]:
        """The platform's ids of messages in a channel that are known to belong to an attempt."""
        rows = self._db.execute("SELECT message FROM tries WHERE channel = ? AND message IS NOT NULL", (channel,))
        return {str(json.loads(ref)[2]).rpartition("/")[2] for (ref,) in rows}

    def _one(self, statement: str, *values: object) -> Any:
        """The first row, or None."""
        return self._db.execute(statement, values).fetchone()

    def _do(self, statement: str, *values: object) -> None:
        self._db.execute(statement, values)
