"""Live sessions, and what people have to do with them."""

from datetime import datetime

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.sql.schema import instant, maybe_instant, number


class LiveSessionRow(SQLModel, table=True):
    """See `Session`. `times` is JSON: slots, slots that are known, what was promised, what a downtime made
    longer, and slots at night. `outcome` is JSON, too."""

    __tablename__ = "live_sessions"
    __table_args__ = (UniqueConstraint("cohort", "name"),)
    id: int = number()
    cohort: int = Field(foreign_key="cohorts.id")
    name: str
    week: int
    title: str = Field(sa_type=Text)
    minutes: int
    state: str
    since: datetime = instant()
    times: str = Field(sa_type=Text)
    changed: int
    told_at: datetime | None = maybe_instant()
    why: str
    agreed: str = Field(sa_type=Text)
    by: int | None = Field(default=None, foreign_key="people.id", index=True)
    recording: str = Field(default="", sa_type=Text)
    transcript: str = Field(default="", sa_type=Text)
    recorded_at: datetime | None = maybe_instant()
    heads: int | None = None
    word: str = ""
    counted_at: datetime | None = maybe_instant()
    outcome: str = Field(default="null", sa_type=Text)


class LivePersonRow(SQLModel, table=True):
    """See `Taking`; `answers` and `told` are JSON lists."""

    __tablename__ = "live_people"
    session: int = Field(foreign_key="live_sessions.id", primary_key=True)
    person: int = Field(foreign_key="people.id", primary_key=True, index=True)
    slot: int
    here_at: datetime | None = maybe_instant()
    by_word: bool = False
    reflected_at: datetime | None = maybe_instant()
    answers: str = Field(default="[]", sa_type=Text)
    counted: bool = False
    asked_at: datetime | None = maybe_instant()
    told: str = Field(default="[]", sa_type=Text)
    files: int = 0
