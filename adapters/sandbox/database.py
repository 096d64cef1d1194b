"""The chat service's own file: its tables, and a connection to them."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bot.core.errors import PacekeeperError

VERSION = 4
"""The version of the tables below. A file of a newer version is refused."""

_TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE people (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, zone TEXT NOT NULL, title TEXT NOT NULL, active INTEGER NOT NULL
);
CREATE TABLE places (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, topic TEXT NOT NULL, owner TEXT, members TEXT
);
CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, place TEXT NOT NULL, thread INTEGER, author TEXT NOT NULL,
    at TEXT NOT NULL, text TEXT NOT NULL, changed INTEGER NOT NULL, message TEXT,
    revision INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0, recipient TEXT, anchor TEXT,
    zone TEXT, mentions TEXT, links TEXT, key TEXT
);
CREATE INDEX messages_place ON messages (place, id);
CREATE INDEX messages_thread ON messages (thread) WHERE thread IS NOT NULL;
CREATE INDEX messages_changed ON messages (changed);
CREATE UNIQUE INDEX messages_key ON messages (key) WHERE key IS NOT NULL;
CREATE TABLE controls (
    action TEXT NOT NULL, message INTEGER NOT NULL, PRIMARY KEY (action, message)
) WITHOUT ROWID;
CREATE TABLE reactions (
    id INTEGER PRIMARY KEY, message INTEGER NOT NULL, emoji TEXT NOT NULL, person TEXT NOT NULL,
    UNIQUE (message, emoji, person)
);
CREATE TABLE forms (
    person TEXT PRIMARY KEY, place TEXT NOT NULL, thread INTEGER, form TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE deliveries (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, delivery TEXT UNIQUE, person TEXT NOT NULL, do TEXT NOT NULL,
    event TEXT, message INTEGER, taken INTEGER NOT NULL
);
CREATE INDEX deliveries_waiting ON deliveries (seq) WHERE taken = 0;
CREATE TABLE transcript (seq INTEGER PRIMARY KEY AUTOINCREMENT, line TEXT NOT NULL);
CREATE TABLE seen (
    person TEXT NOT NULL, place TEXT NOT NULL, upto INTEGER NOT NULL, PRIMARY KEY (person, place)
) WITHOUT ROWID;
"""

_LATER = {
    2: (
        "ALTER TABLE messages ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE people ADD COLUMN admin INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE people ADD COLUMN in_groups TEXT",
        "CREATE TABLE attachments (file INTEGER PRIMARY KEY, data BLOB NOT NULL)",
    ),
    3: ("ALTER TABLE messages ADD COLUMN medium TEXT NOT NULL DEFAULT 'text'",),
    4: ("ALTER TABLE places ADD COLUMN archived INTEGER NOT NULL DEFAULT 0",),
}
"""What each version changed since the first."""


class Database:
    """One connection, used from one thread. `path` None: in memory."""

    def __init__(self, path: Path | None) -> None:
        if path is not None:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._db = sqlite3.connect(path or ":memory:", isolation_level=None, timeout=5)
        self._db.row_factory = sqlite3.Row
        self._depth = 0
        # `secure_delete`: deleted text must not remain in the free space of the file.
        # `synchronous`: what was acknowledged survives a power cut, as in the bot's own file, so that both agree.
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000", "secure_delete=ON"):
            self._db.execute(f"PRAGMA {pragma}").fetchall()
        with self.unit():
            version = self._db.execute("PRAGMA user_version").fetchone()[0]
            if version == 0:
                for statement in _TABLES.split(";\n"):
                    self._db.execute(statement)
            elif version > VERSION:
                raise PacekeeperError(
                    f"The sandbox's file {path} was written by a newer version. Use that one, or move the file away."
                )
            for later in range(max(version, 1) + 1, VERSION + 1):
                for statement in _LATER[later]:
                    self._db.execute(statement)
            self._db.execute(f"PRAGMA user_version = {VERSION}")

    def throw_away(self) -> None:
        """Makes commits fast, for data that need not outlive this process."""
        for pragma in ("journal_mode=MEMORY", "synchronous=OFF"):
            self._db.execute(f"PRAGMA {pragma}").fetchall()

    def empty_log(self) -> None:
        """What was deleted must not remain in the log beside the file."""
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    @contextmanager
    def unit(self) -> Iterator[None]:
        """A transaction. One inside another belongs to the outer one."""
        if self._depth == 0:
            self._db.execute("BEGIN IMMEDIATE")
        self._depth += 1
        try:
            yield
        except BaseException:
            self._depth -= 1
            if self._depth == 0:
                self._db.execute("ROLLBACK")
            raise
        self._depth -= 1
        if self._depth == 0:
            self._db.execute("COMMIT")

    def do(self, sql: str, *values: object) -> int:
        """Runs a statement; returns the id of an inserted row."""
        return self._db.execute(sql, values).lastrowid or 0

    def do_all(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Runs a statement for each row of values."""
        self._db.executemany(sql, rows)

    def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        return self._db.execute(sql, values).fetchall()

    def row(self, sql: str, *values: object) -> sqlite3.Row | None:
        found: sqlite3.Row | None = self._db.execute(sql, values).fetchone()
        return found

    def close(self) -> None:
        self._db.close()
