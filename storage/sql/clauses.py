"""Conditions that SQLite and PostgreSQL write differently, and partial indexes."""

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Dialect, Index, Integer, String, Text, bindparam, literal_column, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType, TypeDecorator
from sqlmodel import col


class Many(TypeDecorator[Collection[Any]]):
    """Many values as one parameter: an array on PostgreSQL, JSON on SQLite. `of` is int or str."""

    impl = Text
    cache_ok = True

    def __init__(self, of: type) -> None:
        super().__init__()
        self.of = of

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        item = Integer() if self.of is int else String()
        return dialect.type_descriptor(ARRAY(item) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Collection[Any] | None, dialect: Dialect) -> Any:
        values = list(value or ())
        if dialect.name == "postgresql":
            return values
        # `json.dumps` of a list would create an encoder each time, which costs more than the encoding.
        return f"[{','.join(map(str if self.of is int else json.dumps, values))}]"


class _Among(FunctionElement[Any]):
    # Not Boolean: a database without that type would get '= 1' appended, and use no index.
    type = NullType()
    inherit_cache = True


@compiles(_Among, "postgresql")
def _among_array(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} = ANY ({values})"


@compiles(_Among, "sqlite")
def _among_json(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"


def among(column: Any, name: str) -> ColumnElement[bool]:
    """The column has one of the values of the parameter `name`.

    The SQL is the same for any number of values, so neither SQLAlchemy nor the database parses it again.
    """
    return _Among(column, bindparam(name, type_=Many(column.type.python_type)))


def given(*columns: Any) -> list[ColumnElement[bool]]:
    """Each column equals the parameter with its name."""
    return [column == bindparam(column.key) for column in columns]


def in_state(column: Any, *states: str) -> ColumnElement[bool]:
    """The column has one of these states. They are literals in the SQL, so that a database can use an index made by
    `while_in`."""
    words: list[ColumnElement[str]] = [literal_column(f"'{state}'") for state in states]
    return col(column) == words[0] if len(words) == 1 else col(column).in_(words)


def while_in(name: str, *columns: str, state: str) -> Index:
    """A partial index of the rows in a state (`state` is SQL, such as "state = 'planned'"). Rows that leave the state
    leave the index."""
    return Index(name, *columns, sqlite_where=text(state), postgresql_where=text(state))
