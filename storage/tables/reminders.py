"""People who want no reminders."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.sql.schema import instant


class NoRemindersRow(SQLModel, table=True):
    """Somebody wants no reminders, from `since` on."""

    __tablename__ = "no_reminders"
    person: int = Field(foreign_key="people.id", primary_key=True)
    since: datetime = instant()
