"""Received events, drafts of forms, and how far channels were read."""

from datetime import datetime

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from storage.sql.schema import instant, number


class InboxRow(SQLModel, table=True):
    """State: waiting, done, or aside (three tries failed)."""

    __tablename__ = "inbox"
    __table_args__ = (Index("ix_inbox_waiting", "state", "id"), Index("ix_inbox_lane", "lane", "state"))
    id: int = number()
    key: str = Field(unique=True)
    lane: str
    body: str = Field(sa_type=Text)
    received_at: datetime = instant()
    state: str = "waiting"
    tries: int = 0
    not_before: datetime = instant()
    error: str = ""


class CursorRow(SQLModel, table=True):
    """The newest stored message of a conversation."""

    __tablename__ = "cursors"
    workspace: str = Field(primary_key=True)
    channel: str = Field(primary_key=True)
    message: str
    direct: bool = False


class InteractionRow(SQLModel, table=True):
    __tablename__ = "interactions"
    key: str = Field(primary_key=True)
    answer: str = Field(sa_type=Text)
    at: datetime = instant(index=True)


class DraftRow(SQLModel, table=True):
    __tablename__ = "drafts"
    id: str = Field(primary_key=True)
    person: int = Field(foreign_key="people.id", index=True)
    form: str = Field(sa_type=Text)
    values_json: str = Field(sa_type=Text)
    at: datetime = instant(index=True)
