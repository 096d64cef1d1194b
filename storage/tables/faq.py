"""Entries of the FAQ, their sources and versions, and searches without a result."""

from datetime import datetime

from sqlalchemy import Index, Text, text
from sqlmodel import Field, SQLModel

from storage.sql.schema import instant, maybe_instant, number


class EntryRow(SQLModel, table=True):
    """See `Entry`. `source` is a question of storage/tables/questions.py; the askers are counted from `faq_sources`."""

    __tablename__ = "faq_entries"
    __table_args__ = (
        Index("ix_faq_entries_review", "cohort", "state", "id"),
        Index("ix_faq_entries_course", "course", "state", "id"),
    )
    id: int = number()
    cohort: int = Field(foreign_key="cohorts.id")
    course: str
    question: str = Field(sa_type=Text)
    answer: str = Field(sa_type=Text)
    state: str
    source: int | None = Field(default=None, unique=True)
    source_stamp: str
    created_at: datetime = instant()
    verified_at: datetime | None = maybe_instant()
    flag: str = ""
    news_question: str = Field(default="", sa_type=Text)
    news_answer: str = Field(default="", sa_type=Text)
    run_only: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    askers: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    first_asked: datetime | None = maybe_instant()
    last_asked: datetime | None = maybe_instant()
    into: int | None = Field(default=None, foreign_key="faq_entries.id", index=True)
    later_until: datetime | None = maybe_instant()
    left_out: str | None = Field(default=None, sa_type=Text)
    """What was left out of the text and what was put back, as JSON; None if the text was never checked."""


class SourceRow(SQLModel, table=True):
    """A question that an entry answers; `came_with` is the entry that was merged into this one."""

    __tablename__ = "faq_sources"
    question: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    entry: int = Field(foreign_key="faq_entries.id", index=True)
    came_with: int | None = Field(default=None, foreign_key="faq_entries.id")


class VersionRow(SQLModel, table=True):
    """A text of an entry, with who approved it and when."""

    __tablename__ = "faq_versions"
    id: int = number()
    entry: int = Field(foreign_key="faq_entries.id", index=True)
    question: str = Field(sa_type=Text)
    answer: str = Field(sa_type=Text)
    person: int = Field(foreign_key="people.id")
    act: str
    at: datetime = instant()


class RunRow(SQLModel, table=True):
    """A run of a course, and since when: entries approved earlier are reviewed again for it. `posted`: its channel has
    the FAQ as a post that is updated. `shares`: other runs of the course also find its drafts. `workspace`: where it
    ran, once it has ended; its channels may belong to another run by then."""

    __tablename__ = "faq_runs"
    cohort: int = Field(foreign_key="cohorts.id", primary_key=True)
    course: str = Field(index=True)
    opened_at: datetime = instant()
    posted: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    shares: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    workspace: str | None = None


class MissRow(SQLModel, table=True):
    """See `Miss`: a search without results. `person` is for counting, and is shown to nobody."""

    __tablename__ = "faq_misses"
    __table_args__ = (Index("ix_faq_misses_course", "course", "at"),)
    id: int = number()
    course: str
    cohort: int = Field(foreign_key="cohorts.id")
    person: int = Field(foreign_key="people.id", index=True)
    words: str = Field(sa_type=Text)
    wrong: str = ""
    at: datetime = instant()
