"""Rounds of a prompt, their windows, answers and parts."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.sql.schema import instant, maybe_instant, number


class RoundRow(SQLModel, table=True):
    """One prompt in one week of a cohort. State: planned, open or closed."""

    __tablename__ = "wrapup_rounds"
    __table_args__ = (UniqueConstraint("cohort", "prompt", "week"),)
    id: int = number()
    cohort: int = Field(foreign_key="cohorts.id")
    prompt: str
    week: int
    title: str
    questions: str = Field(sa_type=Text)
    opens_at: datetime = instant()
    closes_at: datetime = instant()
    state: str = "planned"
    by_hand_at: datetime | None = maybe_instant()
    posted: bool = False
    pages: str = "[]"


class WindowRow(SQLModel, table=True):
    """When a round is open for one learner."""

    __tablename__ = "wrapup_windows"
    __table_args__ = (Index("ix_wrapup_windows_person", "person"),)
    round: int = Field(foreign_key="wrapup_rounds.id", primary_key=True)
    person: int = Field(foreign_key="people.id", primary_key=True)
    opens_at: datetime = instant()
    closes_at: datetime = instant()
    asked_at: datetime | None = maybe_instant()


class AnswerRow(SQLModel, table=True):
    """The current answer; `deleted_at` and an empty body if it was deleted."""

    __tablename__ = "wrapup_answers"
    __table_args__ = (UniqueConstraint("round", "person"), Index("ix_wrapup_answers_person", "person"))
    id: int = number()
    round: int = Field(foreign_key="wrapup_rounds.id")
    person: int = Field(foreign_key="people.id")
    body: str = Field(sa_type=Text)
    quote: bool = False
    first_at: datetime = instant()
    changed_at: datetime = instant()
    late: bool = False
    changed_late: bool = False
    begun: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    deleted_at: datetime | None = maybe_instant()


class RevisionRow(SQLModel, table=True):
    """The content of an answer from `at` on, and how it came in (form, thread or direct)."""

    __tablename__ = "wrapup_revisions"
    id: int = number()
    answer: int = Field(foreign_key="wrapup_answers.id", index=True)
    body: str = Field(sa_type=Text)
    quote: bool = False
    way: str
    at: datetime = instant()


class PartRow(SQLModel, table=True):
    """A chat message that is (part of) an answer."""

    __tablename__ = "wrapup_parts"
    __table_args__ = (UniqueConstraint("workspace", "channel", "message"),)
    id: int = number()
    person: int = Field(foreign_key="people.id")
    workspace: str
    channel: str
    message: str
    text: str = Field(sa_type=Text)
    way: str
    answer: int | None = Field(default=None, foreign_key="wrapup_answers.id", index=True)
    question: str = ""
    earlier: str = Field(default="[]", sa_type=Text)


class PauseRow(SQLModel, table=True):
    """A cohort whose prompts are paused."""

    __tablename__ = "wrapup_pauses"
    cohort: int = Field(foreign_key="cohorts.id", primary_key=True)
    at: datetime = instant()
