"""Recaps of weeks."""

from datetime import datetime

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.sql.schema import maybe_instant, number


class RecapRow(SQLModel, table=True):
    """The instructor's recap of a week. State: draft, posted or left_out."""

    __tablename__ = "recaps"
    __table_args__ = (UniqueConstraint("cohort", "week"),)
    id: int = number()
    cohort: int = Field(foreign_key="cohorts.id")
    week: int
    script: str = Field(sa_type=Text)
    base: str = Field(sa_type=Text)
    url: str
    state: str
    posted_at: datetime | None = maybe_instant()
    by: int | None = Field(default=None, foreign_key="people.id", index=True)
    taken_out_at: datetime | None = maybe_instant()
    taken_out: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
