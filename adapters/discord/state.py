"""The adapter's private cache in its own SQLite file; safe to delete while stopped.

It holds attempts to send, the guild through which the bot knows a person, the private threads that replace closed
direct conversations, when sessions were started, and what was already registered with Discord.
"""

import json
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

from bot.core.time import parse_instant, write_instant

KEPT = timedelta(days=2)
"""How long attempts are kept; the outbox retries for a day."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS identifies (at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS members (user TEXT PRIMARY KEY, guild TEXT NOT NULL, name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS directs (
    guild TEXT NOT NULL, user TEXT NOT NULL, channel TEXT NOT NULL, until TEXT,
    PRIMARY KEY (guild, user, channel)
);
CREATE TABLE IF NOT EXISTS tries (
    key TEXT NOT NULL, part INTEGER NOT NULL, channel TEXT NOT NULL, print TEXT NOT NULL, at TEXT NOT NULL,
    message TEXT, PRIMARY KEY (key, part)
);
CREATE INDEX IF NOT EXISTS tries_at ON tries (at);
CREATE INDEX IF NOT EXISTS tries_channel ON tries (channel);
"""


class Store:
    """Each call is one short transaction."""

    def __init__(self, folder: Path | None, account: str = "") -> None:
        """`account` separates several bots in one folder; without a folder everything is kept in memory."""
        if folder is not None:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        where = ":memory:" if folder is None else str(folder / f"discord{f'-{account}' if account else ''}.db")
        self._db = sqlite3.connect(where, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.execute("PRAGMA busy_timeout=5000")
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        self._db.close()

    # What is registered with Discord

    def fact(self, name: str) -> str | None:
        row = self._db.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def keep_fact(self, name: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))

    def drop_fact(self, name: str) -> None:
        self._db.execute("DELETE FROM facts WHERE name = ?", (name,))

    def note_identify(self, at: datetime) -> None:
        self._db.execute("DELETE FROM identifies WHERE at < ?", (write_instant(at - timedelta(days=1)),))
        self._db.execute("INSERT INTO identifies VALUES (?)", (write_instant(at),))

    def identifies(self, since: datetime) -> list[datetime]:
        rows = self._db.execute("SELECT at FROM identifies ORDER BY rowid").fetchall()
        return [at for (text,) in rows if (at := parse_instant(text)) > since]

    # People

    def keep_member(self, user: str, guild: str, name: str) -> None:
        """Stores the guild in which a person was last seen, and their name."""
        sql = (
            "INSERT INTO members VALUES (?, ?, ?) ON CONFLICT (user) DO UPDATE SET guild = excluded.guild, "
            "name = iif(excluded.name = '', name, excluded.name) WHERE guild != excluded.guild OR name != excluded.name"
        )
        self._db.execute(sql, (user, guild, name))

    def member(self, user: str) -> tuple[str, str] | None:
        """(guild, name) of a known person."""
        row = self._db.execute("SELECT guild, name FROM members WHERE user = ?", (user,)).fetchone()
        return None if row is None else (str(row[0]), str(row[1]))

    def keep_direct(self, guild: str, user: str, channel: str, until: datetime | None = None) -> None:
        """Stores a person's direct conversation, or, with `until`, the thread that replaces it until then."""
        self._db.execute(
            "INSERT OR REPLACE INTO directs VALUES (?, ?, ?, ?)",
            (guild, user, channel, write_instant(until) if until else None),
        )

    def direct(self, guild: str, user: str, thread: bool) -> tuple[str, datetime | None] | None:
        """(channel, until when it is used) of a direct conversation or of the `thread` that replaces it."""
        row = self._db.execute(
            "SELECT channel, until FROM directs WHERE guild = ? AND user = ? AND (until IS NOT NULL) = ? "
            "ORDER BY rowid DESC",
            (guild, user, thread),
        ).fetchone()
        return None if row is None else (str(row[0]), parse_instant(row[1]) if row[1] else None)

    def direct_of(self, channel: str) -> tuple[str, str] | None:
        """(guild, user) of a direct conversation's channel."""
        row = self._db.execute("SELECT guild, user FROM directs WHERE channel = ?", (channel,)).fetchone()
        return None if row is None else (str(row[0]), str(row[1]))

    # Attempts

    def begin(self, key: str, part: int, channel: str, print: str, at: datetime) -> None:
        """Records an attempt before it is sent: see `finding.py`. The record is synced to disk when this returns."""
        self._db.execute("DELETE FROM tries WHERE at < ?", (write_instant(at - KEPT),))
        self._db.execute("PRAGMA synchronous=FULL")
        sql = "INSERT OR REPLACE INTO tries VALUES (?, ?, ?, ?, ?, NULL)"
        self._db.execute(sql, (key, part, channel, print, write_instant(at)))
        self._db.execute("PRAGMA synchronous=NORMAL")

    def sent(self, key: str, part: int, ref: tuple[str, str, str]) -> None:
        """Records the (workspace, channel, id) of a sent part."""
        self._db.execute("UPDATE tries SET message = ? WHERE key = ? AND part = ?", (json.dumps(ref), key, part))

    def tries(self, key: str) -> list[tuple[int, str, str, datetime, tuple[str, str, str] | None]]:
        """(part, Discord's channel, fingerprint, time, reference if Discord responded) of a delivery's attempts."""
        rows = self._db.execute(
            "SELECT part, channel, print, at, message FROM tries WHERE key = ? ORDER BY part", (key,)
        ).fetchall()
        return [(p, c, f, parse_instant(at), tuple(json.loads(m)) if m else None) for p, c, f, at, m in rows]

    def known(self, channel: str) -> set[str]:
        """Ids of messages that are known to belong to an attempt."""
        rows = self._db.execute(
            "SELECT message FROM tries WHERE channel = ? AND message IS NOT NULL", (channel,)
        ).fetchall()
        return {str(json.loads(m)[2]).rpartition("/")[2] for (m,) in rows}
