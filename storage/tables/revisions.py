"""Versions of a cohort's course, and proposed changes."""

from datetime import date, datetime

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.sql.schema import instant, maybe_instant, number


class CourseVersionRow(SQLModel, table=True):
    """The course of a cohort from `at` on; `holidays` is JSON, day -> name."""

    __tablename__ = "course_versions"
    __table_args__ = (UniqueConstraint("cohort", "number"),)
    id: int = number()
    cohort: int = Field(foreign_key="cohorts.id")
    number: int
    text: str = Field(sa_type=Text)
    starts_on: date
    zone: str
    holidays: str = Field(default="{}", sa_type=Text)
    country: str = ""
    by: int | None = Field(default=None, foreign_key="people.id")
    at: datetime | None = maybe_instant()


class ProposalRow(SQLModel, table=True):
    """A proposed change, compared with the version `base`. State: waiting, asked, used or discarded."""

    __tablename__ = "course_proposals"
    id: int = number()
    cohort: int = Field(foreign_key="cohorts.id", index=True)
    base: int
    text: str = Field(sa_type=Text)
    starts_on: date
    zone: str
    holidays: str = Field(default="{}", sa_type=Text)
    country: str = ""
    by: int | None = Field(default=None, foreign_key="people.id")
    at: datetime = instant()
    state: str = "waiting"
