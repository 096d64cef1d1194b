"""The unit of work: one transaction, and every store over it."""

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from datetime import datetime
from functools import cached_property
from random import uniform
from time import sleep
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, select, update
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import Session, SQLModel

from bot.core.errors import Unavailable, reason
from bot.core.keeping import KeptTable
from bot.core.people import Place
from bot.core.time import Clock, SystemClock
from storage.sql.engine import empty_log, log_of, open_engine, throw_away
from storage.sql.gone import is_for_good
from storage.sql.statements import Query, known, session_over
from storage.sql.writing import Writing
from storage.stores import inbox, outbox, schedule
from storage.stores.files import SqlFiles
from storage.stores.inbox import SqlInbox
from storage.stores.lease import Lease, elapsed
from storage.stores.outbox import SqlOutbox
from storage.stores.page_sessions import SqlPageSessions
from storage.stores.people import SqlPeople
from storage.stores.personal import SqlPersonalData
from storage.stores.schedule import SqlSchedule
from storage.tables.lease import LeaseRow
from storage.tables.people import forget_known

T = TypeVar("T")
PageSessionFactory = Callable[[Session, datetime], SqlPageSessions]
StoreFactory = Callable[[Session, datetime], Any]
"""Creates a feature's store for a session at an instant."""

PATIENCE = 200
"""Milliseconds that a unit of work waits for readers, to empty the log of what it deleted."""

TRIES = 20
"""How often a unit is repeated after a write conflict (PostgreSQL only; SQLite has one writer)."""

CONFLICTS = ("40001", "40P01", "23505")
"""PostgreSQL's codes for write conflicts: a serialization failure, a deadlock, the same row inserted by both."""

log = logging.getLogger(__name__)


_left_open: list[Engine] = []
"""Engines whose connections stay open until the process ends."""


class NeedsSavepoints(BaseException):
    """Something failed in a simulated savepoint. Only the storage catches this, and repeats the unit."""


class NothingSaved(Unavailable):
    """This could not be saved just now. Please press again in a moment."""


# One statement, compiled once: it runs before every round of the loop.
_NEXT_AT: Query[tuple[datetime | None, ...]] = Query(
    select(*(query.scalar_subquery() for query in (*inbox.NEXT_AT, *schedule.NEXT_AT, *outbox.NEXT_AT)))
)


def _met_another(error: DBAPIError) -> bool:
    """Whether a write conflict was the cause, so that a repetition helps."""
    return getattr(error.orig, "sqlstate", None) in CONFLICTS


def _changes(connection: Connection) -> int:
    """The number of rows a SQLite connection has changed so far; PostgreSQL counts none."""
    return getattr(connection.connection.driver_connection, "total_changes", 0)


class SqlUnit:
    """The `Unit` of bot/runtime/ports.py over one session. Its savepoints are real ones if it is `careful`."""

    def __init__(
        self,
        session: Session,
        now: datetime,
        stores: Mapping[str, StoreFactory],
        page_sessions: PageSessionFactory = SqlPageSessions,
        careful: bool = True,
    ) -> None:
        self._careful = careful
        self._make_page_sessions = page_sessions
        self._session = session
        self._now = now
        self._factories = stores
        self._stores: dict[str, Any] = {}

    @cached_property
    def people(self) -> SqlPeople:
        return SqlPeople(self._session, self._now)

    @cached_property
    def page_sessions(self) -> SqlPageSessions:
        return self._make_page_sessions(self._session, self._now)

    @cached_property
    def inbox(self) -> SqlInbox:
        return SqlInbox(self._session, self._now)

    @cached_property
    def outbox(self) -> SqlOutbox:
        return SqlOutbox(self._session, self._now)

    @cached_property
    def files(self) -> SqlFiles:
        return SqlFiles(self._session, self._now)

    @cached_property
    def schedule(self) -> SqlSchedule:
        return SqlSchedule(self._session, self._now)

    @property
    def known(self) -> dict[Any, Any]:
        return known(self._session)

    def personal(self, kept: Sequence[KeptTable]) -> SqlPersonalData:
        return SqlPersonalData(self._session, kept)

    def next_at(self) -> datetime | None:
        instants = _NEXT_AT.one(self._session)
        return min((at for at in instants if at is not None), default=None)

    def store(self, feature: str) -> Any:
        if feature not in self._stores:
            self._stores[feature] = self._factories[feature](self._session, self._now)
        return self._stores[feature]

    def log(self, person: int | None, cohort: int | None, act: str) -> None:
        self.people.log(person, cohort, act)

    def move(self, place: Place, to: Place) -> None:
        for table in SQLModel.metadata.sorted_tables:
            if {"workspace", "channel"} <= set(table.columns.keys()):
                rows = update(table).where(table.c.workspace == place.workspace, table.c.channel == place.channel)
                self._session.execute(rows.values(channel=to.channel))
        self.outbox.move(place, to)
        forget_known(self._session)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        try:
            if self._careful:
                with self._session.begin_nested():
                    # Otherwise it begins with the session's first own statement, which fast statements bypass.
                    self._session.connection()
                    yield
            else:
                yield
                self._session.flush()
        except Exception as e:
            # Changes of people that were read inside may have been undone.
            forget_known(self._session)
            # Not the handler's fault: the whole unit is repeated or refused, never half of it.
            if isinstance(e, DBAPIError) and (isinstance(e, OperationalError) or _met_another(e)):
                raise NothingSaved from e
            if not self._careful and not isinstance(e, Unavailable):
                raise NeedsSavepoints from e
            raise


class SqlStorage:
    """The `Storage` of bot/runtime/ports.py. SQLite gets one thread, since it has one writer."""

    def __init__(
        self,
        url: str,
        clock: Clock,
        stores: Mapping[str, StoreFactory],
        page_sessions: PageSessionFactory = SqlPageSessions,
    ) -> None:
        self._page_sessions = page_sessions
        self.engine = open_engine(url)
        self._clock = clock
        self._stores = stores
        self._log = log_of(self.engine)
        self._disk = ThreadPoolExecutor(1, thread_name_prefix="disk")
        one_writer = self.engine.dialect.name == "sqlite"
        self._threads = ThreadPoolExecutor(1 if one_writer else 8, thread_name_prefix="storage")
        self._first = ThreadPoolExecutor(1, thread_name_prefix="arrivals")
        self._writing = Writing() if one_writer else None
        # What arrives is only added, so it needs no serializable transaction, which others could make fail.
        self._adding = self.engine if one_writer else self.engine.execution_options(isolation_level="READ COMMITTED")
        self._on_loop = False
        self._lease: Lease | None = None
        self._log_holds = False
        """Whether the log holds what is promised to be gone."""
        self.on_failed_sync: Callable[[], object] = lambda: None
        """Called from any thread when a sync has failed. From then on every unit of work is refused."""

    async def run(self, work: Callable[[SqlUnit], T]) -> T:
        """Returns once the work is committed and on the disk. Raises Unavailable if nothing was saved."""
        if self._on_loop:
            return self._do(work)
        loop = asyncio.get_running_loop()
        result = await loop.run_in_executor(self._threads, self._do, work)
        # Also for work that only read: it may have read another's commit that is not on the disk yet.
        if self._log is not None and not self._log.synced:
            await loop.run_in_executor(self._disk, self._sync)
        return result

    async def run_first(self, work: Callable[[SqlUnit], T]) -> T:
        """See the port. Commit and sync are one step off the loop: whatever arrives meanwhile shares the next one."""
        if self._on_loop:
            return self._do(work)
        return await asyncio.get_running_loop().run_in_executor(self._first, self._do_first, work)

    def _do_first(self, work: Callable[[SqlUnit], T]) -> T:
        result = self._do(work, first=True)
        if self._log is not None and not self._log.synced:
            self._sync()
        return result

    @property
    def is_wanted(self) -> bool:
        return self._writing is not None and self._writing.is_wanted

    def throw_away(self) -> None:
        """For a temporary database on an event loop that serves nobody else: commits wait for no disk, and units of
        work run on the loop itself."""
        throw_away(self.engine)
        self.never_sync()
        self._on_loop = True

    def never_sync(self) -> None:
        """For a database that need not survive a power cut (tests)."""
        self._log = None

    def _sync(self) -> None:
        if self._log is None:
            return
        try:
            self._log.sync()
        except OSError as e:
            log.error("The disk could not be synced; nothing is saved until a new start: %s", reason(e))
            self.on_failed_sync()
            raise NothingSaved from e

    def run_now(self, work: Callable[[SqlUnit], T]) -> T:
        """The same on the calling thread (command line, tests)."""
        result = self._do(work)
        self._sync()
        return result

    def _do(self, work: Callable[[SqlUnit], T], first: bool = False) -> T:
        """Commits the work; on SQLite it is not on the disk yet.

        A savepoint costs more than most of the work in it, and hardly anything fails. So the work runs without any
        first, and again with them if it needs one. It must be repeatable anyway, because of write conflicts.
        """
        if self._log is not None and self._log.failed:
            raise NothingSaved
        with self._writing.turn(first) if self._writing is not None else nullcontext():
            try:
                return self._work(work, careful=False, first=first)
            except NeedsSavepoints:
                return self._work(work, careful=True, first=first)

    def _work(self, work: Callable[[SqlUnit], T], careful: bool, first: bool) -> T:
        engine = self._adding if first else self.engine
        for attempt in range(TRIES):
            try:
                with engine.begin() as connection, session_over(connection) as session:
                    before = _changes(connection)
                    renewed = self._lease.renew(session) if self._lease is not None else None
                    result = work(SqlUnit(session, self._clock.now(), self._stores, self._page_sessions, careful))
                    session.flush()
                    changed, gone = _changes(connection) != before, is_for_good(session)
                if changed and self._log is not None:
                    self._log.committed()
                if renewed is not None and self._lease is not None:
                    self._lease.renewed(renewed)
                self._log_holds |= gone
                if changed and self._log_holds:
                    self._let_go(PATIENCE if gone else 0)
                return result
            except (DBAPIError, NothingSaved) as e:
                cause = e.__cause__ if isinstance(e, NothingSaved) else e
                assert isinstance(cause, DBAPIError)
                if _met_another(cause) and attempt < TRIES - 1:
                    # A random pause, so that the two do not meet again.
                    sleep(uniform(0, 0.002 * 2 ** min(attempt, 6)))
                    continue
                if not isinstance(cause, OperationalError):
                    raise
                # Full disk, locked file, server away: the person reads 'not saved', the log says why.
                log.error("Nothing was saved: %s", reason(cause))
                raise NothingSaved from e
        raise AssertionError("unreachable")

    def now(self) -> datetime:
        """The present instant by this storage's clock."""
        return self._clock.now()

    def _let_go(self, patience: int) -> None:
        """Empties the log of what is promised to be gone; if somebody reads meanwhile, after the next commit. The work
        is committed, so this never fails it."""
        try:
            self._log_holds = not empty_log(self.engine, patience)
        except sqlite3.Error as e:
            log.warning("The database's log still holds what was deleted: %s", reason(e))

    async def hold(self, lease: Lease) -> LeaseRow | None:
        """Takes the database for this process; None once it has it: see `Lease.take`."""
        begun = elapsed()
        other = await self.run(lambda unit: lease.take(unit._session, SystemClock().now()))
        if other is None:
            empty_log(self.engine)
            lease.renewed(begun)
            self._lease = lease
        return other

    @property
    def held(self) -> bool:
        """Whether this process may act: nobody else can have taken its place."""
        return self._lease is None or self._lease.held

    def close(self) -> None:
        lease, self._lease = self._lease, None
        if lease is not None:
            try:
                self.run_now(lambda unit: lease.release(unit._session))
            except (DBAPIError, Unavailable) as e:
                log.warning("The database could not be given back, and is free in a while: %s", reason(e))
        self._first.shutdown()
        self._threads.shutdown()
        self._disk.shutdown()
        if self._log is not None and self._log.failed:
            # Closing would checkpoint the log into the database file unchecked. The next process checks it first.
            _left_open.append(self.engine)
        else:
            self.engine.dispose()
