"""Statements that are built and compiled once, and then run on the database's driver itself.

SQLAlchemy writes them, for either database; but finding a statement in its cache, and wrapping what comes back, takes
ten times as long as SQLite takes to answer. What runs for nearly everything that people do goes this way.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Dialect
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

Turned = Callable[[Any], Any]
"""From a value of ours to one of the driver's, or back."""

Built = sa.Select[Any] | sa.CompoundSelect[Any] | sa.TextualSelect | sa.UpdateBase

DRIVER = "driver"
"""Where a session keeps the dialect and the driver's own connection, so that nobody need ask for them."""


def session_over(connection: Connection) -> Session:
    """A session within the transaction of a connection. The caller that began the transaction ends it."""
    return Session(connection, expire_on_commit=False, info={DRIVER: _driver(connection)})


def _driver(connection: Connection) -> tuple[Dialect, Any]:
    return connection.dialect, connection.connection.driver_connection


class Statement:
    """`built` with its parameters by name; `columns` are those of an insert whose values come with each row.

    What the session still holds is written first: the driver would not see to that.
    """

    def __init__(self, built: Built, *columns: str) -> None:
        self._built = built
        self._columns = columns
        self._compiled: dict[str, _Compiled] = {}

    def rows(self, session: Session, **values: object) -> Sequence[Sequence[Any]]:
        compiled, driver = self._on(session)
        return compiled.read(compiled.execute(driver.execute, values).fetchall())

    def named(self, session: Session, **values: object) -> list[Any]:
        """The rows as named tuples."""
        compiled, driver = self._on(session)
        return [compiled.make(r) for r in compiled.read(compiled.execute(driver.execute, values).fetchall())]

    def first(self, session: Session, **values: object) -> Any:
        """The first row as a named tuple, None where there is none."""
        return next(iter(self.named(session, **values)), None)

    def scalar(self, session: Session, **values: object) -> Any:
        """The first row's first value, None where there is none."""
        row = self.first(session, **values)
        return row[0] if row is not None else None

    def run(self, session: Session, **values: object) -> int:
        """Returns how many rows it concerned."""
        compiled, driver = self._on(session)
        return int(compiled.execute(driver.execute, values).rowcount)

    def run_all(self, session: Session, rows: Iterable[Mapping[str, object]]) -> None:
        """Runs it for each row of values."""
        compiled, driver = self._on(session)
        compiled.execute_all(driver.cursor(), rows)

    def _on(self, session: Session) -> tuple["_Compiled", Any]:
        session.flush()
        # A session that begins its own transaction is asked each time: it may have begun another one.
        dialect, driver = session.info.get(DRIVER) or _driver(session.connection())
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            compiled = self._compiled[dialect.name] = _Compiled(self._built, self._columns, dialect)
        return compiled, driver


class _Compiled:
    """A statement as one database takes it."""

    def __init__(self, built: Any, columns: Sequence[str], dialect: Dialect) -> None:
        compiled = built.compile(dialect=dialect, column_keys=list(columns) or None)
        if compiled.post_compile_params:
            raise TypeError("Lists of values come through `among`: a statement has the same words always.")
        assert dialect.dbapi is not None
        self._dialect, self._error = dialect, dialect.dbapi.Error
        self._sql = compiled.string
        given = compiled.construct_params(_check=False)
        self._positional = compiled.positional
        self._slots: list[tuple[str, Turned | None]] = []
        """What goes into the statement, by name, and how it is written."""
        self._fixed: dict[str, object] = {}
        for name in compiled.positiontup if compiled.positional else given:
            bind = compiled.binds[name]
            write = bind.type.dialect_impl(dialect).bind_processor(dialect)
            if not bind.required:
                self._fixed[name] = write(given[name]) if write else given[name]
                write = None
            self._slots.append((name, write))
        found = built.exported_columns
        self._readers = [
            (n, read)
            for n, column in enumerate(found)
            # Bytes come as bytes from either driver: a search that reads a thousand vectors need not copy each.
            if not isinstance(column.type, sa.LargeBinary)
            and (read := column.type.dialect_impl(dialect).result_processor(dialect, None))
        ]
        self.make = _named(found.keys())

    def execute(self, execute: Callable[..., Any], values: Mapping[str, object]) -> Any:
        try:
            return execute(self._sql, self._bound(values))
        except self._error as e:
            raise wrapped(self._sql, e, self._dialect) from e

    def execute_all(self, cursor: Any, rows: Iterable[Mapping[str, object]]) -> None:
        try:
            cursor.executemany(self._sql, [self._bound(row) for row in rows])
        except self._error as e:
            raise wrapped(self._sql, e, self._dialect) from e
        finally:
            cursor.close()

    def read(self, rows: list[tuple[Any, ...]]) -> Sequence[Sequence[Any]]:
        if not self._readers:
            return rows
        found = [list(row) for row in rows]
        for n, read in self._readers:
            for values in found:
                values[n] = read(values[n])
        return found

    def _bound(self, values: Mapping[str, object]) -> list[object] | dict[str, object]:
        if self._fixed:
            values = {**values, **self._fixed}
        if self._positional:
            return [write(values[name]) if write else values[name] for name, write in self._slots]
        return {name: write(values[name]) if write else values[name] for name, write in self._slots}


def wrapped(sql: str, error: Exception, dialect: Dialect) -> DBAPIError:
    """A driver's error as SQLAlchemy raises it; what people typed stands in the parameters, so they are left out."""
    assert dialect.dbapi is not None
    found = DBAPIError.instance(sql, None, error, dialect.dbapi.Error, hide_parameters=True, dialect=dialect)
    assert isinstance(found, DBAPIError)
    return found


def _named(columns: Iterable[str]) -> Callable[[Iterable[Any]], Any]:
    """Makes rows whose values have the names of their columns."""
    made: Callable[..., Any] = namedtuple
    row = made("Row", columns, rename=True)
    make: Callable[[Iterable[Any]], Any] = row._make
    return make
