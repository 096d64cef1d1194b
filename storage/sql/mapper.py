"""Converts rows to values and back: a field of the value is stored in the column with its name."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from operator import attrgetter
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlmodel import SQLModel, select

from bot.core.people import MessageRef
from storage.sql.statements import Query, table

V = TypeVar("V")

REF = ("workspace", "channel", "message")
"""The columns that hold the reference of a message."""


class Mapper(Generic[V]):
    """Maps the rows of a model to a dataclass.

    A field `ref` is stored in the columns `REF`. `reads` make other fields from a row, such as those stored as JSON.
    """

    def __init__(self, value: type[V], row: type[SQLModel], **reads: Callable[[Any], Any]) -> None:
        self.row = row
        names = [f.name for f in fields(value)]  # type: ignore[arg-type]
        columns = table(row).c
        if "ref" in names:
            reads = {"ref": read_ref, **reads}
        self._value = value
        self._reads = reads
        self._plain = [name for name in names if name not in reads]
        self.selected = [columns[name] for name in self._plain]
        """The columns of the fields, for a query that selects them."""
        self._stored = [name for name in self._plain if name != "id"]
        self._get = attrgetter(*self._plain)

    def read(self, row: Any) -> V:
        """The value in a row of the model, or in a row of a query for the model."""
        given = dict(zip(self._plain, self._get(row), strict=True))
        for name, read in self._reads.items():
            given[name] = read(row)
        return self._value(**given)

    def columns(self, value: V, *names: str) -> dict[str, Any]:
        """What is stored of these fields; without names, of all fields but the number and those made by `reads`."""
        return {name: getattr(value, name) for name in names or self._stored}

    def query(self, *where: Any, order_by: Any = (), person: Any = None) -> Query[V]:
        """A compiled query for values; see `Query`."""
        if self._reads:
            return Query(select(self.row).where(*where).order_by(*order_by), person=person).each(self.read)
        return Query(sa.select(*self.selected).where(*where).order_by(*order_by), person=person).into(self._value)


def read_ref(row: Any) -> Any:
    """The reference in a row; None if the row has none."""
    return None if row.message is None else MessageRef(row.workspace, row.channel, row.message)


def ref_columns(ref: MessageRef | None) -> Mapping[str, Any]:
    """The columns of a reference."""
    return dict(zip(REF, (ref.workspace, ref.channel, ref.id) if ref else (None, None, None), strict=True))
