"""Many rows at once: statements over plain tables, without an object for each row."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    inspect,
)
from sqlalchemy import insert as sa_insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

from storage.sql import clauses
from storage.sql.statements import Statement

T = TypeVar("T")

AT_ONCE = 5000
"""Values in one query: databases limit how many it may hold."""


def parts(values: Iterable[T]) -> Iterator[list[T]]:
    """The values in lists that fit into a query."""
    left = iter(values)
    while some := list(islice(left, AT_ONCE)):
        yield some


def among(column: Any, name: str, of: type[T]) -> ColumnElement[bool]:
    return clauses.among(column, name)


in_state, while_in, Many = clauses.in_state, clauses.while_in, clauses.Many


class About:
    """A query over a table with a column `person`, built once: for all people in it, or for some of them."""

    def __init__(self, query: Select[Any], person: ColumnElement[Any]) -> None:
        self._all = Statement(query)
        self._some = Statement(query.where(among(person, "people", int)))

    def rows(self, session: Session, people: Collection[int] | None, **values: object) -> Iterator[Any]:
        """The rows that are about these people; None: all rows. `values` are the query's own parameters."""
        if people is None:
            yield from self._all.rows(session, **values)
            return
        for some in parts(people):
            yield from self._some.rows(session, **values, people=some)


def about(session: Session, query: Any, model: type[SQLModel], people: Collection[int] | None) -> Iterator[Any]:
    """The rows of a query over `model` whose `person` is one of these; None: all of them."""
    if people is None:
        yield from session.exec(query)
        return
    theirs = query.where(among(table(model).c.person, "people", int))
    for some in parts(people):
        yield from session.exec(theirs, params={"people": some})


def table(model: type[SQLModel]) -> Table:
    """The table of a model: what is written through it makes no objects."""
    found = inspect(model).local_table
    assert isinstance(found, Table)
    return found


class Put:
    """Inserts rows; of those whose `key` is there already, the columns of `change` take the new values (where `only`
    holds for the old row). Built once, as a `Statement` is."""

    def __init__(
        self, model: type[SQLModel], columns: Sequence[str], key: Sequence[str], change: Sequence[str], only: Any = None
    ) -> None:
        self._statements: dict[str, Statement] = {}
        for dialect in (sqlite, postgresql):
            insert = dialect.insert(table(model)).inline()
            changed = {name: insert.excluded[name] for name in change}
            built = insert.on_conflict_do_update(index_elements=key, set_=changed, where=only)
            self._statements[dialect.dialect.name] = Statement(built, *columns)

    def rows(self, session: Session, rows: Iterable[Mapping[str, object]]) -> None:
        statement = self._statements[session.get_bind().dialect.name]
        for some in parts(rows):
            statement.run_all(session, some)


def insert(model: type[SQLModel]) -> Statement:
    """An insert of whole rows; the database itself counts them."""
    return Statement(sa_insert(table(model)).inline(), *_given(table(model)))


def insert_one(model: type[SQLModel]) -> Statement:
    """An insert of one whole row; its `scalar` is the number that the database gave it."""
    return Statement(sa_insert(table(model)).returning(table(model).c.id), *_given(table(model)))


def _given(rows: Table) -> list[str]:
    return [c.name for c in rows.c if c is not rows.autoincrement_column]
