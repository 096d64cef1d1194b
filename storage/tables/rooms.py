"""Quiet rooms, and who is in them."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from storage.sql.schema import instant, maybe_instant, number


class RoomRow(SQLModel, table=True):
    """A quiet room that was opened."""

    __tablename__ = "rooms"
    __table_args__ = (Index("ix_rooms_cohort", "cohort", "closed_at"),)
    id: int = number()
    cohort: int = Field(foreign_key="cohorts.id")
    week: int
    title: str
    opened_at: datetime = instant()
    ends_at: datetime = instant()
    stays: bool
    closed_at: datetime | None = maybe_instant()


class SeatRow(SQLModel, table=True):
    """Somebody in a quiet room."""

    __tablename__ = "room_seats"
    room: int = Field(foreign_key="rooms.id", primary_key=True)
    person: int = Field(foreign_key="people.id", primary_key=True, index=True)
    about: str
    nameless: bool
    done: str
    left: bool
    at: datetime = instant()
