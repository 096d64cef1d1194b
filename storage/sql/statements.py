"""Statements that are compiled once and run directly on the database's driver.

SQLAlchemy writes the SQL for either database. Finding a statement in its cache and wrapping the rows takes ten times as
long as SQLite's answer, so what nearly every action of a person needs runs this way. A statement is built from the
models, as for the ORM, and mypy knows the types of its columns.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice, starmap
from typing import Any, Generic, TypeVar, TypeVarTuple, cast, overload

import sqlalchemy as sa
from sqlalchemy import Connection, Dialect, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import ORMExecuteState
from sqlmodel import Session, SQLModel
from sqlmodel.sql.expression import SelectOfScalar

from storage.sql.clauses import among, given

R = TypeVar("R")
V = TypeVar("V")
Ts = TypeVarTuple("Ts")

Turned = Callable[[Any], Any]
"""Converts one of our values to one of the driver's, or back."""

AT_ONCE = 5000
"""Rows passed to the driver in one call."""

DRIVER = "driver"
"""The session's key for the dialect and the driver's own connection."""

KNOWN = "found out"
"""The session's key for what was found out since it last wrote."""


def session_over(connection: Connection) -> Session:
    """A session within the transaction of a connection. The caller that began the transaction ends it.

    Within it nobody else's writes are seen, so a query that is asked again has the same rows, until the session itself
    writes: a page asks for the same work for each of its figures.
    """
    return Session(connection, expire_on_commit=False, info={DRIVER: _driver(connection), KNOWN: {}})


def _driver(connection: Connection) -> tuple[Dialect, Any]:
    return connection.dialect, connection.connection.driver_connection


def known(session: Session) -> dict[Any, Any]:
    """What was read, or made of it, within this unit of work since it last wrote something."""
    session.flush()
    found: dict[Any, Any] = session.info.get(KNOWN, {})
    return found


def _forget(session: Session, *_of_event: object) -> None:
    session.info.get(KNOWN, {}).clear()


event.listen(Session, "after_flush", _forget)
event.listen(Session, "after_soft_rollback", _forget)


@event.listens_for(Session, "do_orm_execute")
def _executed(state: ORMExecuteState) -> None:
    if not state.is_select:
        _forget(cast(Session, state.session))


class _Statement:
    """`built` with its parameters by name. `columns` are those of an insert whose values come with each row."""

    def __init__(self, built: Any, columns: Sequence[str] = ()) -> None:
        self.built = built
        self.columns = list(columns) or None
        self._compiled: dict[str, _Compiled] = {}

    def on(self, session: Session) -> tuple["_Compiled", Any]:
        """The statement compiled for the session's database, and the driver. Flushes the session."""
        session.flush()
        # A session that begins its own transaction is asked each time: it may have begun another one.
        dialect, driver = session.info.get(DRIVER) or _driver(session.connection())
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            compiled = self._compiled[dialect.name] = _Compiled(self.built, self.columns, dialect)
        return compiled, driver


class Query(Generic[R]):
    """A query with rows of type `R`: the value if one column is selected, and a tuple of the columns otherwise. A query
    for a model returns named tuples with the model's columns, which are typed as the model.

    `person` is the column that `about` filters by.
    """

    @overload
    def __init__(self: "Query[V]", built: SelectOfScalar[V], *, person: Any = None) -> None: ...
    @overload
    def __init__(
        self: "Query[tuple[*Ts]]",
        built: sa.Select[*Ts] | sa.CompoundSelect[*Ts],
        *,
        person: Any = None,
    ) -> None: ...
    @overload
    def __init__(self, built: sa.TextualSelect) -> None: ...
    def __init__(self, built: Any, *, person: Any = None) -> None:
        self._all = _Statement(built)
        self._some = _Statement(built.where(among(person, "people"))) if person is not None else None
        self._read = _reader(built)

    def into(self: "Query[tuple[*Ts]]", make: Callable[[*Ts], V]) -> "Query[V]":
        """The same query, with each row converted by `make` from its columns."""
        return self._reading(lambda rows: list(starmap(make, rows)))

    def each(self, make: Callable[[R], V]) -> "Query[V]":
        """The same query, with each row converted by `make`."""
        return self._reading(lambda rows: list(map(make, self._read(rows))))

    def _reading(self, read: Callable[[Any], Any]) -> "Query[V]":
        made: Query[V] = Query.__new__(Query)
        made._all, made._some, made._read = self._all, self._some, read
        return made

    def all(self, session: Session, **values: object) -> Sequence[R]:
        return self._rows(self._all, session, values)

    def about(self, session: Session, people: Iterable[int] | None, **values: object) -> Sequence[R]:
        """The rows about these people; None: all rows."""
        if people is None:
            return self.all(session, **values)
        assert self._some is not None
        return self._rows(self._some, session, {**values, "people": people})

    def first(self, session: Session, **values: object) -> R | None:
        return next(iter(self.all(session, **values)), None)

    def one(self, session: Session, **values: object) -> R:
        """The only row. Raises ValueError if there is none."""
        (row,) = self.all(session, **values)
        return row

    def _rows(self, statement: _Statement, session: Session, values: Mapping[str, object]) -> Sequence[R]:
        compiled, driver = statement.on(session)
        bound, read = compiled.bound(values), session.info.get(KNOWN, {})
        key = (self, statement, *(tuple(v) if isinstance(v, list) else v for v in _values(bound)))
        if key not in read:
            read[key] = self._read(compiled.read(compiled.execute(driver.execute, bound).fetchall()))
        found: Sequence[R] = read[key]
        return found


class Change:
    """An insert, update or delete."""

    def __init__(self, built: sa.UpdateBase, *columns: str) -> None:
        self._statement = _Statement(built, columns)

    def run(self, session: Session, **values: object) -> int:
        """Returns the number of changed rows."""
        compiled, driver = self._statement.on(session)
        _forget(session)
        return int(compiled.execute(driver.execute, compiled.bound(values)).rowcount)

    def run_all(self, session: Session, rows: Iterable[Mapping[str, object]]) -> None:
        """Runs it for each row of values."""
        compiled, driver = self._statement.on(session)
        _forget(session)
        left = iter(rows)
        while some := list(islice(left, AT_ONCE)):
            compiled.execute_all(driver.cursor(), some)


class Insert(Change):
    """Inserts whole rows of a model. The database numbers them."""

    def __init__(self, model: type[SQLModel]) -> None:
        rows = table(model)
        columns = [c.name for c in rows.c if c is not rows.autoincrement_column]
        super().__init__(sa.insert(rows).inline(), *columns)
        returning = sa.insert(rows).returning(*rows.primary_key)
        self._returning = _Statement(returning, columns)

    def number(self, session: Session, **values: object) -> int:
        """Inserts one row and returns its number."""
        compiled, driver = self._returning.on(session)
        _forget(session)
        return int(compiled.execute(driver.execute, compiled.bound(values)).fetchone()[0])


class Update(Change):
    """Updates columns of one row."""

    def __init__(self, model: type[SQLModel], *columns: str) -> None:
        rows = table(model)
        values = {name: sa.bindparam(f"new_{name}", type_=rows.c[name].type) for name in columns}
        super().__init__(sa.update(rows).where(*given(rows.c.id)).values(values))

    def row(self, session: Session, id: int | str, **values: object) -> None:
        self.run(session, id=id, **{f"new_{name}": value for name, value in values.items()})


class Put:
    """Inserts rows. If there is a row with the same `key`, its columns `change` get the new values (if `only` holds for
    the old row)."""

    def __init__(
        self, model: type[SQLModel], key: Sequence[str], change: Sequence[str], *also: str, only: Any = None
    ) -> None:
        self._changes: dict[str, Change] = {}
        for dialect in (sqlite, postgresql):
            insert = dialect.insert(table(model)).inline()
            changed = {name: insert.excluded[name] for name in change}
            built = insert.on_conflict_do_update(index_elements=key, set_=changed, where=only)
            self._changes[dialect.dialect.name] = Change(built, *key, *change, *also)

    def rows(self, session: Session, rows: Iterable[Mapping[str, object]]) -> None:
        self._changes[session.get_bind().dialect.name].run_all(session, rows)


def table(model: type[SQLModel]) -> sa.Table:
    """The table of a model."""
    found = sa.inspect(model).local_table
    assert isinstance(found, sa.Table)
    return found


def _reader(built: Any) -> Callable[[Any], Any]:
    """The function that converts the driver's rows."""
    if not isinstance(built, SelectOfScalar):
        return lambda rows: rows
    if not isinstance(built.column_descriptions[0]["expr"], type):
        return lambda rows: [value for (value,) in rows]
    make = _named(built.exported_columns.keys())
    return lambda rows: list(map(make, rows))


_Bound = list[object] | dict[str, object]


def _values(bound: _Bound) -> Iterable[object]:
    return bound.values() if isinstance(bound, dict) else bound


class _Compiled:
    """A statement compiled for one database."""

    def __init__(self, built: Any, columns: Sequence[str] | None, dialect: Dialect) -> None:
        compiled = built.compile(dialect=dialect, column_keys=columns)
        if compiled.post_compile_params:
            raise TypeError("Lists of values come through `among`: a statement has the same words always.")
        assert dialect.dbapi is not None
        self._dialect, self._error = dialect, dialect.dbapi.Error
        self._sql = compiled.string
        given = compiled.construct_params(_check=False)
        self._positional = compiled.positional
        self._slots: list[tuple[str, Turned | None]] = []
        """The names of the statement's values in order, and their converters."""
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
            # Either driver returns bytes: a search that reads a thousand vectors need not copy each.
            if not isinstance(column.type, sa.LargeBinary)
            and (read := column.type.dialect_impl(dialect).result_processor(dialect, None))
        ]

    def execute(self, execute: Callable[..., Any], bound: _Bound) -> Any:
        try:
            return execute(self._sql, bound)
        except self._error as e:
            raise wrapped(self._sql, e, self._dialect) from e

    def execute_all(self, cursor: Any, rows: Iterable[Mapping[str, object]]) -> None:
        try:
            cursor.executemany(self._sql, [self.bound(row) for row in rows])
        except self._error as e:
            raise wrapped(self._sql, e, self._dialect) from e
        finally:
            cursor.close()

    def read(self, rows: list[tuple[Any, ...]]) -> Sequence[tuple[Any, ...]]:
        if not self._readers:
            return rows
        columns: list[Iterable[Any]] = list(zip(*rows, strict=True))
        for n, read in self._readers if rows else ():
            columns[n] = map(read, columns[n])
        return list(zip(*columns, strict=True))

    def bound(self, values: Mapping[str, object]) -> _Bound:
        """The values as the driver takes them."""
        if self._fixed:
            values = {**values, **self._fixed}
        if self._positional:
            return [write(values[name]) if write else values[name] for name, write in self._slots]
        return {name: write(values[name]) if write else values[name] for name, write in self._slots}


def wrapped(sql: str, error: Exception, dialect: Dialect) -> DBAPIError:
    """A driver's error as SQLAlchemy raises it, without the parameters, which contain what people typed."""
    assert dialect.dbapi is not None
    found = DBAPIError.instance(sql, None, error, dialect.dbapi.Error, hide_parameters=True, dialect=dialect)
    assert isinstance(found, DBAPIError)
    return found


def _named(columns: Iterable[str]) -> Callable[[Iterable[Any]], Any]:
    """Converts rows to named tuples with the names of their columns."""
    made: Callable[..., Any] = namedtuple
    row = made("Row", columns, rename=True)
    make: Callable[[Iterable[Any]], Any] = row._make
    return make
