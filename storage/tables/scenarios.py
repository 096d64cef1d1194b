"""Learners' ways through scenarios."""

from datetime import datetime

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from storage.sql.schema import maybe_instant


class ScenarioWayRow(SQLModel, table=True):
    """See `Way`. What it has several of is separated by spaces."""

    __tablename__ = "scenario_ways"
    __table_args__ = (Index("ix_scenario_ways_person", "person", "cohort"),)
    cohort: int = Field(foreign_key="cohorts.id", primary_key=True)
    scenario: str = Field(primary_key=True)
    person: int = Field(foreign_key="people.id", primary_key=True)
    node: str
    steps: str = Field(sa_type=Text)
    dropped: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    turn: int
    sitting: int
    seen: str
    chosen: str = Field(sa_type=Text)
    endings: str = Field(sa_type=Text)
    ended_at: datetime | None = maybe_instant()
    at: datetime | None = maybe_instant()
