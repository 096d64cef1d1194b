"""Private messages, and what people were asked in private."""

from datetime import datetime

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.sql.schema import instant, number


class SaidRow(SQLModel, table=True):
    """A private message; `text` is empty once the author has decided. State: open, taken, dropped or deleted."""

    __tablename__ = "talk_said"
    __table_args__ = (UniqueConstraint("workspace", "channel", "message"),)
    id: int = number()
    person: int = Field(foreign_key="people.id")
    workspace: str
    channel: str
    message: str
    text: str = Field(sa_type=Text)
    medium: str
    state: str
    at: datetime = instant()


class AwaitedRow(SQLModel, table=True):
    """The last question that a person was asked in private. `asked` is an `Asked` as JSON."""

    __tablename__ = "talk_awaited"
    person: int = Field(foreign_key="people.id", primary_key=True)
    kind: str
    cohort: int = Field(foreign_key="cohorts.id")
    asked: str = Field(sa_type=Text)
    anchor: str
    at: datetime = instant()
    state: str = Field(default="open", sa_column_kwargs={"server_default": "open"})
