"""Engines: SQLite for one machine, PostgreSQL for several."""

from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from bot.core.errors import PacekeeperError
from storage.sql.log import Log, make_folder
from storage.sql.statements import wrapped

WRITE = "write sqlite:///FILE or postgresql://USER@HOST/NAME."

BUSY_MS = 15_000
"""How long a writer waits for another process (a backup, the command line) before it gives up."""


CACHE_KIB = 64 * 1024
"""Maximum cache of a SQLite file in memory."""

CHECKPOINT_PAGES = 8000
"""Number of written pages (4 KiB each) after which SQLite checkpoints the log. With its default of 1000, a thousand
prompts are written to the file twice; this many are written in a tenth of a second, and read as fast at a start after a
crash."""


def open_engine(url: str) -> Engine:
    """An engine for `sqlite:///FILE` or `postgresql://…`. Raises PacekeeperError for any other database."""
    try:
        target = make_url(url)
    except ArgumentError:
        raise PacekeeperError(f"PACEKEEPER_DATABASE_URL is no address of a database; {WRITE}") from None
    if target.get_backend_name() == "postgresql":
        if find_spec("psycopg") is None:
            raise PacekeeperError(
                "PACEKEEPER_DATABASE_URL names PostgreSQL, and the part for it is not installed here. "
                "Install it as pacekeeper[postgres], for instance with: uv tool install 'pacekeeper[postgres]'."
            )
        # Serializable, and repeated on a conflict: several workers then behave as SQLite's one writer does.
        return create_engine(
            target.set(drivername="postgresql+psycopg"),
            isolation_level="SERIALIZABLE",
            pool_pre_ping=True,
            hide_parameters=True,
        )
    if target.get_backend_name() != "sqlite":
        raise PacekeeperError(f"PACEKEEPER_DATABASE_URL names {target.get_backend_name()!r}; {WRITE}")
    if target.database and target.database != ":memory:":
        make_folder(Path(target.database).parent)
    # Parameters contain what people typed, so an error in the log shows only the statement.
    engine = create_engine(
        target, connect_args={"check_same_thread": False, "timeout": BUSY_MS / 1000}, hide_parameters=True
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own transactions are off; `_begin_immediate` begins them.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    # A commit survives a power cut. `SqlStorage` relaxes this, since it syncs the log itself: see storage/sql/log.py.
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    # A million planned rows and their indexes exceed SQLite's default cache of 2 MB.
    cursor.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
    cursor.execute(f"PRAGMA wal_autocheckpoint={CHECKPOINT_PAGES}")
    # Deleted text must not remain in the file's free pages; not every build of SQLite ensures this by default.
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()


def log_of(engine: Engine) -> Log | None:
    """Call it before the first connection: only the returned log then syncs this engine's commits. None for a database
    that syncs each commit itself (PostgreSQL), or that is not a file."""
    if engine.dialect.name != "sqlite" or engine.url.database in (None, "", ":memory:"):
        return None
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=NORMAL"))
    return Log(Path(str(engine.url.database)))


def empty_log(engine: Engine, patience: int = BUSY_MS) -> bool:
    """Checkpoints a SQLite file's log into the database file and syncs that. After a failed sync in an earlier process
    this stores the pages again, where another sync of the log might only claim to. Raises the driver's error if it
    fails. False if somebody has used the database for `patience` milliseconds, so that the log still holds something.
    """
    if engine.dialect.name != "sqlite":
        return True
    with closing(engine.raw_connection()) as connection:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={patience}")
        try:
            (busy, *_) = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            cursor.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    return not busy


def throw_away(engine: Engine) -> None:
    """Call it before the first connection of a SQLite engine whose data need not outlive this process (a rehearsal):
    commits then wait for no disk."""

    def prepare(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA journal_mode=MEMORY")
        connection.execute("PRAGMA synchronous=OFF")

    event.listen(engine, "connect", prepare)


def _begin_immediate(connection: Any) -> None:
    # A deferred transaction that reads first and writes later loses updates, or fails when another has written.
    # This goes to the driver itself, since every unit of work begins with it.
    driver = connection.connection.driver_connection
    try:
        driver.execute("BEGIN IMMEDIATE")
    except connection.dialect.dbapi.Error as e:
        raise wrapped("BEGIN IMMEDIATE", e, connection.dialect) from e
