"""Tries of self-checks."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from storage.sql.schema import maybe_instant


class SelfcheckRow(SQLModel, table=True):
    """A learner's try of a self-check."""

    __tablename__ = "selfchecks"
    __table_args__ = (Index("ix_selfchecks_person", "person", "cohort"),)
    cohort: int = Field(foreign_key="cohorts.id", primary_key=True)
    key: str = Field(primary_key=True)
    person: int = Field(foreign_key="people.id", primary_key=True)
    seen: str
    had_it: bool | None = None
    at: datetime | None = maybe_instant()
