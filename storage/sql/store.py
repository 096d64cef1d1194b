"""The base of the stores: one session at one instant, and how rows are read and written through it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import delete, func, update
from sqlmodel import Session, SQLModel, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.sql.mapper import Mapper

M = TypeVar("M", bound=SQLModel)
V = TypeVar("V")


class Store:
    """A store over a session. The unit of work that made the session commits."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session = session
        self._now = now

    def _add(self, row: M) -> M:
        """Inserts a row and returns it with its number."""
        self._session.add(row)
        self._session.flush()
        return row

    def _put(self, row: SQLModel) -> None:
        """Inserts a row, or replaces the one with the same primary key."""
        self._session.merge(row)
        self._session.flush()

    def _get(self, mapper: Mapper[V], key: Any) -> V | None:
        """The value with this primary key."""
        row = self._session.get(mapper.row, key)
        return mapper.read(row) if row is not None else None

    def _values(self, mapper: Mapper[V], query: SelectOfScalar[Any]) -> list[V]:
        return [mapper.read(row) for row in self._session.exec(query)]

    def _all(self, query: SelectOfScalar[V]) -> Sequence[V]:
        return self._session.exec(query).all()

    def _first(self, mapper: Mapper[V], query: SelectOfScalar[Any]) -> V | None:
        row = self._session.exec(query).first()
        return mapper.read(row) if row is not None else None

    def _pairs(self, query: Any) -> dict[Any, Any]:
        """A mapping from a query for two columns."""
        return dict(self._session.execute(query).all())

    def _count(self, *where: Any) -> int:
        return self._session.exec(select(func.count()).where(*where)).one()

    def _delete(self, model: type[SQLModel], *where: Any) -> int:
        """Deletes rows; returns their number."""
        return self._session.exec(delete(model).where(*where)).rowcount

    def _update(self, model: type[SQLModel], *where: Any, **values: object) -> int:
        """Updates rows; returns their number."""
        return self._session.exec(update(model).where(*where).values(values)).rowcount

    def _change(self, model: type[M], key: Any, **values: object) -> M:
        """Updates the row with this primary key, which must exist."""
        row = self._session.get_one(model, key)
        for name, value in values.items():
            setattr(row, name, value)
        self._session.flush()
        return row


def emptied(row: type[SQLModel], names: Collection[str]) -> dict[str, Any]:
    """What these columns have when nothing is in them."""
    columns = SQLModel.metadata.tables[str(row.__tablename__)].c
    kinds: Any = {name: row.model_fields[name].annotation for name in names}
    return {name: None if columns[name].nullable else kinds[name]() for name in names}
