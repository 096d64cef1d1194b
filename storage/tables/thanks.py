"""Thanks, and who may be named."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.sql.schema import instant, number


class ThanksRow(SQLModel, table=True):
    __tablename__ = "thanks"
    id: int = number()
    cohort: int = Field(foreign_key="cohorts.id", index=True)
    giver: int = Field(foreign_key="people.id", index=True)
    receiver: int = Field(foreign_key="people.id", index=True)
    workspace: str
    channel: str
    message: str
    at: datetime = instant()


class NamingRow(SQLModel, table=True):
    """Whether somebody may be named among those who were thanked; None until they say."""

    __tablename__ = "thanks_naming"
    cohort: int = Field(foreign_key="cohorts.id", primary_key=True)
    person: int = Field(foreign_key="people.id", primary_key=True, index=True)
    agreed: bool | None = None
