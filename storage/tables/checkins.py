"""What people say in check-ins."""

from datetime import datetime

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.sql.schema import instant, maybe_instant, number


class CheckinRow(SQLModel, table=True):
    """What a learner said in a round."""

    __tablename__ = "checkin_updates"
    __table_args__ = (UniqueConstraint("cohort", "key", "person"),)
    id: int = number()
    cohort: int = Field(foreign_key="cohorts.id")
    key: str
    person: int = Field(foreign_key="people.id", index=True)
    done: str
    next: str
    stuck: str
    shown: bool
    first_at: datetime = instant()
    changed_at: datetime = instant()
    late: bool
    pod: str = Field(default="", sa_column_kwargs={"server_default": ""})


class CheckinRoundRow(SQLModel, table=True):
    """See `KnownRound`. `planned_by` and `planned_at`: see `storage/sql/planned.py`."""

    __tablename__ = "checkin_rounds"
    cohort: int = Field(foreign_key="cohorts.id", primary_key=True)
    key: str = Field(primary_key=True)
    checkin: str
    place: str
    day: str
    week: int
    title: str
    opens_at: datetime = instant()
    planned_by: str = Field(default="", sa_type=Text)
    planned_at: datetime | None = maybe_instant()
