"""Digests: what course teams have taken off their desks."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.sql.schema import instant


class DeskSeenRow(SQLModel, table=True):
    """A thing on a cohort's desk was marked as seen; `name` is that of `DeskItem`."""

    __tablename__ = "desk_seen"
    cohort: int = Field(foreign_key="cohorts.id", primary_key=True)
    name: str = Field(primary_key=True)
    at: datetime = instant()
