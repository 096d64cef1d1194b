"""Absence: who is away, and who has fallen silent. The voice reads both: it says nothing unasked to either."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from storage.schema import instant, maybe_instant


class AbsenceRow(SQLModel, table=True):
    """A learner is away from `starts_at` until `ends_at` (null: until they say so)."""

    __tablename__ = "absences"
    __table_args__ = (Index("ix_absences_person", "person", "cohort"),)
    id: int | None = Field(default=None, primary_key=True)
    cohort: int = Field(foreign_key="cohorts.id")
    person: int = Field(foreign_key="people.id")
    starts_at: datetime = instant()
    ends_at: datetime | None = maybe_instant()


class SilenceRow(SQLModel, table=True):
    """A learner has not been heard for long and got the one card about it at `since`: until they are heard again,
    nothing unasked is said to them."""

    __tablename__ = "silences"
    cohort: int = Field(foreign_key="cohorts.id", primary_key=True)
    person: int = Field(foreign_key="people.id", primary_key=True)
    since: datetime = instant()
