"""Addresses of people's calendar feeds."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.sql.schema import instant


class CalendarFeedRow(SQLModel, table=True):
    """The calendar feed of a person. `hash` is that of the secret in its address."""

    __tablename__ = "calendar_feeds"
    person: int = Field(foreign_key="people.id", primary_key=True)
    hash: str = Field(unique=True)
    made_at: datetime = instant()
