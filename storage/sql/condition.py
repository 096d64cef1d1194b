"""Checks whether a database is intact. Runs before it is opened, since opening a missing file would create it."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

from sqlalchemy import inspect, make_url
from sqlalchemy.exc import ArgumentError
from sqlmodel import SQLModel

from bot.core.errors import reason
from bot.core.ports import Finding
from storage.sql.engine import open_engine
from storage.sql.migrate import VERSIONS, versions

HEADER = b"SQLite format 3\x00"
STEPS = 100_000
"""Instructions of SQLite's virtual machine between two checks of the time limit."""

RESTORE = "Stop the bot, move the file away, and restore a backup: `pacekeeper restore FILE`."


def file_of(url: str) -> Path | None:
    """The file of a SQLite database; None for another database, or one in memory."""
    try:
        target = make_url(url)
    except ArgumentError:
        return None  # opening it reports the error
    if target.get_backend_name() != "sqlite" or target.database in (None, "", ":memory:"):
        return None
    return Path(str(target.database))


def missing(file: Path, expected: bool) -> Finding | None:
    """What is wrong if there is no database, or an empty one, although there was one: `expected` says so, or a log or a
    copy beside it does."""
    if file.exists() and file.stat().st_size:
        return None
    what = "is empty (0 bytes)" if file.exists() else "is missing"
    log = file.with_name(f"{file.name}-wal")
    copies = sorted(file.parent.glob(f"{file.name}.before-*")) if file.parent.is_dir() else []
    if log.exists() and log.stat().st_size:
        fix = f"Put {file.name} back beside its log {log.name}, or move the log away and restore a backup."
        return Finding("Database", f"{file} {what}, and its log is still there", fix)
    if expected or copies:
        also = f" A copy from before an upgrade is at {copies[-1]}." if copies else ""
        fix = (
            f"{RESTORE}{also} To begin anew, move everything in {file.parent} away: the platforms' own files there "
            "belong to the old data."
        )
        return Finding("Database", f"{file} {what}, and there was one in use here", fix)
    return None


def damage(file: Path, seconds: float, thorough: bool = False) -> Finding | None:
    """What is wrong with an existing SQLite file. Checks for at most `seconds`; `thorough`: also whether indexes are
    complete, and whether foreign keys have their rows."""
    what = f"Database {file.name}"
    try:
        with file.open("rb") as opened:
            head = opened.read(100)
    except OSError as e:
        return Finding(what, f"{file} cannot be read: {reason(e)}", f"Look at its owner and permissions: ls -l {file}")
    if not head:
        return None
    if not head.startswith(HEADER):
        return Finding(what, f"{file} is not a database", RESTORE)
    if not os.access(file, os.W_OK):
        return Finding(what, f"{file} cannot be written to", f"Look at its owner and permissions: ls -l {file}")
    if not os.access(file.parent, os.W_OK):
        state = f"{file.parent} cannot be written to, where SQLite keeps its log"
        return Finding(what, state, f"Look at its owner and permissions: ls -ld {file.parent}")
    until = time.monotonic() + seconds
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True, timeout=5)) as db:
            db.set_progress_handler(lambda: time.monotonic() > until, STEPS)
            found = [str(row[0]) for row in db.execute(f"PRAGMA {'integrity' if thorough else 'quick'}_check(3)")]
            if found != ["ok"]:
                return Finding(what, f"{file} is damaged: {found[0]}", RESTORE)
            if thorough and (row := db.execute("PRAGMA foreign_key_check").fetchone()) is not None:
                state = f"a row of {row[0]} refers to a row of {row[2]} that is not there"
                return Finding(what, state, RESTORE)
    except sqlite3.DatabaseError as e:
        if e.sqlite_errorname in ("SQLITE_INTERRUPT", "SQLITE_BUSY"):
            return None  # large, or in use: what was checked is intact
        if e.sqlite_errorname.startswith(("SQLITE_FULL", "SQLITE_IOERR_SHM")):
            raise  # a full disk is not damage: the same start succeeds once there is room
        return Finding(what, f"{file} is damaged: {reason(e)}", RESTORE)
    return None


def schema(url: str) -> tuple[str | None, list[str]]:
    """(schema, the tables of the newest schema that are missing). Reads only, and changes no setting of the file.
    Raises the database's error if it does not answer."""
    file = file_of(url)
    if file is not None:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True, timeout=15)) as db:
            there = {str(row[0]) for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            row = db.execute(f"SELECT version_num FROM {VERSIONS}").fetchone() if VERSIONS in there else None
            current = str(row[0]) if row else None
    else:
        engine = open_engine(url)
        there = set(inspect(engine).get_table_names())
        current, _ = versions(engine)
        engine.dispose()
    return current, sorted(set(SQLModel.metadata.tables) - there)


def in_use(folder: Path) -> bool:
    """Whether a platform has stored something in its own folder below the data folder, so that it was connected
    before."""
    return any(_has_rows(file) for file in folder.glob("*/*.db"))


def _has_rows(file: Path) -> bool:
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as db:
        tables = [str(row[0]) for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return any(db.execute(f'SELECT 1 FROM "{table}" LIMIT 1').fetchone() for table in tables)
    return False


def files(folder: Path) -> Iterator[Path]:
    """The SQLite files in a data folder, including those of the platforms."""
    return iter(sorted(p for p in folder.rglob("*.db") if p.is_file() and not p.is_symlink()))
