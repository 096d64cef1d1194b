"""Pods, who is in them, and how people introduced themselves."""

from datetime import datetime

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from storage.sql.schema import instant, maybe_instant, number


class PodRow(SQLModel, table=True):
    """See `Pod`."""

    __tablename__ = "pods"
    id: int = number()
    cohort: int = Field(foreign_key="cohorts.id", index=True)
    number: int
    workspace: str
    formed_at: datetime = instant()
    channel: str
    opened: int
    why: str = Field(sa_type=Text)
    closed_at: datetime | None = maybe_instant()
    over: bool


class PodMemberRow(SQLModel, table=True):
    """See `Member`."""

    __tablename__ = "pod_members"
    __table_args__ = (Index("ix_pod_members_person", "person"),)
    cohort: int = Field(foreign_key="cohorts.id", primary_key=True)
    person: int = Field(foreign_key="people.id", primary_key=True)
    wants: bool
    asked_at: datetime = instant()
    pod: int | None = Field(default=None, foreign_key="pods.id", index=True)
    since: datetime | None = maybe_instant()


class PodIntroductionRow(SQLModel, table=True):
    """See `Introduction`. The answers are JSON."""

    __tablename__ = "pod_introductions"
    __table_args__ = (Index("ix_pod_introductions_person", "person"),)
    cohort: int = Field(foreign_key="cohorts.id", primary_key=True)
    person: int = Field(foreign_key="people.id", primary_key=True)
    answers: str = Field(sa_type=Text)
    changed_at: datetime = instant()
