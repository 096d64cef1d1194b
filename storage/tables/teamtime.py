"""How long weeks took instructors."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.sql.schema import instant


class TeamMinutesRow(SQLModel, table=True):
    __tablename__ = "team_minutes"
    cohort: int = Field(foreign_key="cohorts.id", primary_key=True)
    person: int = Field(foreign_key="people.id", primary_key=True, index=True)
    week: int = Field(primary_key=True)
    minutes: int
    at: datetime = instant()
