"""Feedback on work, what was seen, and drafts."""

from datetime import datetime

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from storage.sql.schema import instant, maybe_instant, number


class FeedbackRow(SQLModel, table=True):
    """Feedback on a learner's work, and their reply; empty, with `removed_at`, if it was taken back."""

    __tablename__ = "feedback"
    __table_args__ = (Index("ix_feedback_cohort", "cohort", "person"),)
    id: int = number()
    cohort: int = Field(foreign_key="cohorts.id")
    work: str
    title: str
    person: int = Field(foreign_key="people.id", index=True)
    by: int = Field(foreign_key="people.id", index=True)
    text: str = Field(sa_type=Text)
    link: str
    at: datetime = instant()
    version: datetime = instant()
    waited_from: datetime | None = maybe_instant()
    edited_at: datetime | None = maybe_instant()
    read_at: datetime | None = maybe_instant()
    reply: str = Field(sa_type=Text)
    reply_at: datetime | None = maybe_instant()
    removed_at: datetime | None = maybe_instant()


class SeenRow(SQLModel, table=True):
    """When the course team last marked somebody's work as seen."""

    __tablename__ = "feedback_seen"
    __table_args__ = (Index("ix_feedback_seen_person", "person", "cohort"),)
    cohort: int = Field(foreign_key="cohorts.id", primary_key=True)
    work: str = Field(primary_key=True)
    person: int = Field(foreign_key="people.id")
    by: int | None = Field(default=None, foreign_key="people.id", index=True)
    at: datetime = instant()


class DraftRow(SQLModel, table=True):
    """Feedback that somebody began, for a piece of work of `person`."""

    __tablename__ = "feedback_drafts"
    cohort: int = Field(foreign_key="cohorts.id", primary_key=True)
    work: str = Field(primary_key=True)
    by: int = Field(foreign_key="people.id", primary_key=True, index=True)
    person: int = Field(foreign_key="people.id", index=True)
    text: str = Field(sa_type=Text)
    link: str
