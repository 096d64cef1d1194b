"""People who want no reminders, and what reminders named."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.sql.schema import instant


class NoRemindersRow(SQLModel, table=True):
    """Somebody wants no reminders, from `since` on."""

    __tablename__ = "no_reminders"
    person: int = Field(foreign_key="people.id", primary_key=True)
    since: datetime = instant()


class RemindedRow(SQLModel, table=True):
    """The reminder at `anchor` named an item (`Item.name`) at `at`."""

    __tablename__ = "reminded"
    anchor: str = Field(primary_key=True)
    item: str = Field(primary_key=True)
    person: int = Field(foreign_key="people.id", index=True)
    at: datetime = instant()
