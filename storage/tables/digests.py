"""Digests: what course teams have taken off their desks, and what their posted desks showed."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.sql.schema import instant


class DeskSeenRow(SQLModel, table=True):
    """A thing on a cohort's desk was marked as seen; `name` is that of `DeskItem`."""

    __tablename__ = "desk_seen"
    cohort: int = Field(foreign_key="cohorts.id", primary_key=True)
    name: str = Field(primary_key=True)
    at: datetime = instant()


class DeskLineRow(SQLModel, table=True):
    """A desk that was posted to `person` at `at` showed a thing for the first time, or again because it had changed.

    `number` is its number there, 0 if it had no line of its own. `done`: somebody dealt with it since; `done_by` is who
    of the course team did."""

    __tablename__ = "desk_lines"
    person: int = Field(foreign_key="people.id", primary_key=True)
    cohort: int = Field(foreign_key="cohorts.id", primary_key=True, index=True)
    name: str = Field(primary_key=True)
    at: datetime = instant()
    number: int
    done: bool = False
    done_by: int | None = Field(default=None, foreign_key="people.id")
