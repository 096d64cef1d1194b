"""Messages that wait for their hour, and when each person was written to."""

from datetime import datetime

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from storage.sql.schema import instant, number


class RemarkRow(SQLModel, table=True):
    """A card or a line that waits. `key` is the card's anchor or the line's own key."""

    __tablename__ = "remarks"
    __table_args__ = (
        Index("ix_remarks_key", "key"),
        Index("ix_remarks_cohort", "cohort"),
        # A number is never used twice: what was planned to be said goes by it.
        {"sqlite_autoincrement": True},
    )
    id: int = number()
    person: int = Field(foreign_key="people.id", index=True)
    cohort: int = Field(foreign_key="cohorts.id")
    key: str
    is_card: bool
    body: str = Field(sa_type=Text)
    at: datetime = instant()
    until: datetime = instant()
    role: str
    urgent: bool = False
    rank: str = Field(default="usual", sa_column_kwargs={"server_default": "usual"})


class SpokenRow(SQLModel, table=True):
    """That one unasked message went to a person: what the budget is counted from."""

    __tablename__ = "spoken"
    __table_args__ = (Index("ix_spoken_person", "person", "role", "at"),)
    id: int = number()
    person: int = Field(foreign_key="people.id")
    role: str
    at: datetime = instant()
