"""Courses that people lay out on a page."""

from datetime import date, datetime

from sqlalchemy import Text
from sqlmodel import Field, SQLModel

from storage.sql.schema import instant


class CourseDraftRow(SQLModel, table=True):
    """A course that a person lays out, for a cohort or (0) for none yet. `before`: its text before the last change.
    `base`: the cohort's course file that it was last level with, and `base_before` the one of `before`."""

    __tablename__ = "course_drafts"
    person: int = Field(foreign_key="people.id", primary_key=True)
    cohort: int = Field(primary_key=True)
    text: str = Field(sa_type=Text)
    before: str = Field(default="", sa_type=Text)
    starts_on: date
    changed_at: datetime = instant()
    base: str = Field(default="", sa_type=Text)
    base_before: str = Field(default="", sa_type=Text)


class CourseRehearsalRow(SQLModel, table=True):
    """The last rehearsal of a course that a person lays out: `stamp` is of its text, and `outcome` is empty while it
    goes on. `found` and `notes` have one a line."""

    __tablename__ = "course_rehearsals"
    person: int = Field(foreign_key="people.id", primary_key=True)
    cohort: int = Field(primary_key=True)
    stamp: str
    began_at: datetime = instant()
    outcome: str = ""
    found: str = Field(default="", sa_type=Text)
    notes: str = Field(default="", sa_type=Text)
