"""What all tables share: names for constraints, and instants that are UTC on every database."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import DateTime, Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

from bot.core.time import as_utc

# Set before any model is defined: SQLite can only change a constraint that has a name.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Utc(TypeDecorator[datetime]):
    """An aware instant: `timestamptz` on PostgreSQL, text in UTC on SQLite (which would drop the zone).

    A naive datetime is refused with ValueError.
    """

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else as_utc(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        return super().bind_processor(dialect) if dialect.name == "postgresql" else _write

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        return super().result_processor(dialect, coltype) if dialect.name == "postgresql" else _read


# Many rows share few instants, and formatting an instant takes longer than writing it.
@lru_cache(maxsize=8192)
def _write(moment: datetime | None) -> str | None:
    return None if moment is None else as_utc(moment).replace(tzinfo=None).isoformat(" ", "microseconds")


@lru_cache(maxsize=8192)
def _read(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)


def number() -> Any:
    """A primary key that the database numbers; it is set once the row is flushed."""
    return Field(default=None, primary_key=True)


def instant(*, index: bool = False) -> Any:
    """A column for an instant."""
    return Field(sa_type=Utc, index=index)


def maybe_instant() -> Any:
    """A column for an instant or null."""
    return Field(default=None, sa_type=Utc, nullable=True)
