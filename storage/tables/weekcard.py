"""Week cards that were handed out."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.sql.schema import instant


class WeekcardRow(SQLModel, table=True):
    """The card of a week for one learner, or (person 0) the post for the cohort; `shown_at` is when it was last handed
    out."""

    __tablename__ = "weekcards"
    cohort: int = Field(foreign_key="cohorts.id", primary_key=True)
    week: int = Field(primary_key=True)
    person: int = Field(primary_key=True)
    shown_at: datetime = instant()
    fingerprint: str
