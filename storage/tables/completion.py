"""Certificates, tried codes and final cards."""

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.sql.schema import instant, maybe_instant, number


class CertificateRow(SQLModel, table=True):
    """See `Certificate`. It stays as it was issued."""

    __tablename__ = "certificates"
    __table_args__ = (UniqueConstraint("cohort", "person"), Index("ix_certificates_person", "person"))
    code: str = Field(primary_key=True)
    cohort: int = Field(foreign_key="cohorts.id")
    person: int = Field(foreign_key="people.id")
    name: str
    course: str
    issued_at: datetime = instant()
    started_on: date
    ended_on: date
    shown_at: datetime | None = maybe_instant()


class CodeTryRow(SQLModel, table=True):
    """Somebody tried a certificate code that does not exist."""

    __tablename__ = "code_tries"
    id: int = number()
    person: int = Field(foreign_key="people.id", index=True)
    at: datetime = instant()


class FinalCardRow(SQLModel, table=True):
    """A learner's final card was shown, or handed to the voice."""

    __tablename__ = "final_cards"
    cohort: int = Field(foreign_key="cohorts.id", primary_key=True)
    person: int = Field(foreign_key="people.id", primary_key=True)
    at: datetime = instant()


class ProgressPointRow(SQLModel, table=True):
    """How many learners of a cohort were at a point of the course when they were counted last."""

    __tablename__ = "progress_points"
    cohort: int = Field(foreign_key="cohorts.id", primary_key=True)
    point: int = Field(primary_key=True)
    learners: int
    at: datetime = instant()
