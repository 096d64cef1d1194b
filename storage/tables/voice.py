"""Messages that wait, when each person was written to, and when channels got posts."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from storage.sql.schema import instant, number


class RemarkRow(SQLModel, table=True):
    """A card or a line that waits. `key` is the card's anchor or the line's own key."""

    __tablename__ = "remarks"
    __table_args__ = (
        Index("ix_remarks_key", "key"),
        Index("ix_remarks_cohort", "cohort"),
        # Numbers are never reused: planned messages refer to them.
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
    """The rank of a card. An awaited line has the rank 'awaited'."""
    joins: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    about: str = Field(default="", sa_column_kwargs={"server_default": ""})
    lists_all: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    personal: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    change: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """What a line about a change says it was before and after: two dates, or the name of the course that was known."""


class SpokenRow(SQLModel, table=True):
    """One unasked message went to a person; the budget counts these rows. `awaited`: it held nothing but awaited
    lines."""

    __tablename__ = "spoken"
    __table_args__ = (Index("ix_spoken_person", "person", "role", "at"),)
    id: int = number()
    person: int = Field(foreign_key="people.id")
    role: str
    at: datetime = instant()
    awaited: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})


class DroppedRow(SQLModel, table=True):
    """A notice that the budget dropped. `what` is its first line as plain text."""

    __tablename__ = "dropped_remarks"
    __table_args__ = (Index("ix_dropped_remarks_cohort", "cohort", "at"),)
    id: int | None = Field(default=None, primary_key=True)
    person: int = Field(foreign_key="people.id", index=True)
    cohort: int = Field(foreign_key="cohorts.id")
    key: str
    what: str = Field(sa_type=Text)
    why: str
    at: datetime = instant()


class PartRow(SQLModel, table=True):
    """A part of a shared message. `lead` is the anchor at which that is posted."""

    __tablename__ = "shared_parts"
    __table_args__ = (Index("ix_shared_parts_lead", "lead"),)
    anchor: str = Field(primary_key=True)
    lead: str
    number: int
    person: int = Field(foreign_key="people.id", index=True)
    body: str = Field(sa_type=Text)


class PostRow(SQLModel, table=True):
    """A post of the bot in a channel. `below`: the anchor of the week's thread that it was put into."""

    __tablename__ = "channel_posts"
    __table_args__ = (Index("ix_channel_posts_place", "workspace", "channel", "at"),)
    anchor: str = Field(primary_key=True)
    workspace: str
    channel: str
    at: datetime = instant()
    below: str = ""
