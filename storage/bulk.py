"""Many rows at once: statements over plain tables, without an object for each row."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

T = TypeVar("T")

AT_ONCE = 5000
"""Values in one query: databases limit how many it may hold."""


def parts(values: Iterable[T]) -> Iterator[list[T]]:
    """The values in lists that fit into a query."""
    left = iter(values)
    while some := list(islice(left, AT_ONCE)):
        yield some


def table(model: type[SQLModel]) -> Table:
    """The table of a model: what is written through it makes no objects."""
    found = inspect(model).local_table
    assert isinstance(found, Table)
    return found


def connection(session: Session) -> Connection:
    """The session's connection, for statements over tables. What the session still held is written first: it would
    not see to that itself."""
    session.flush()
    return session.connection()


def put(
    session: Session,
    model: type[SQLModel],
    rows: Sequence[Mapping[str, object]],
    key: Sequence[str],
    change: Sequence[str],
    only: Any = None,
) -> None:
    """Inserts rows; of those whose `key` is there already, the columns of `change` take the new values (where
    `only` holds for the old row)."""
    if not rows:
        return
    open_connection = connection(session)
    into = postgresql.insert if open_connection.dialect.name == "postgresql" else sqlite.insert
    insert = into(table(model))
    changed = {name: insert.excluded[name] for name in change}
    open_connection.execute(insert.on_conflict_do_update(index_elements=key, set_=changed, where=only), list(rows))
