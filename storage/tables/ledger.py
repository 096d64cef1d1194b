"""The time ledger: minutes in and out of weeks, and how long weeks took people."""

from datetime import datetime

from sqlalchemy import Text, text
from sqlmodel import Field, SQLModel

from storage.sql.schema import instant, number


class LedgerEntryRow(SQLModel, table=True):
    __tablename__ = "ledger_entries"
    id: int = number()
    cohort: int = Field(foreign_key="cohorts.id", index=True)
    week: int
    name: str
    title: str = Field(sa_type=Text)
    minutes: int
    by: int | None = Field(default=None, foreign_key="people.id", index=True)
    at: datetime = instant()
    by_operator: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})


class LedgerReportRow(SQLModel, table=True):
    __tablename__ = "ledger_reports"
    cohort: int = Field(foreign_key="cohorts.id", primary_key=True)
    person: int = Field(foreign_key="people.id", primary_key=True, index=True)
    week: int = Field(primary_key=True)
    minutes: int
    at: datetime = instant()
    item: str = Field(default="", sa_type=Text)
    name: str = Field(default="", sa_type=Text)
