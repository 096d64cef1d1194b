"""The survey: answers that name nobody, and elsewhere who has answered."""

from datetime import datetime

from sqlalchemy import Text
from sqlmodel import Field, SQLModel

from storage.sql.schema import instant, maybe_instant


class SurveyRow(SQLModel, table=True):
    __tablename__ = "surveys"
    cohort: int = Field(foreign_key="cohorts.id", primary_key=True)
    opened_at: datetime = instant()
    closed_at: datetime | None = maybe_instant()
    settled_at: datetime | None = maybe_instant()
    smallest: int = 0


class SurveyAnswerRow(SQLModel, table=True):
    """Nothing here tells whose answer it is or when it came: the key is random, there is no rowid and no instant."""

    __tablename__ = "survey_answers"
    __table_args__ = ({"sqlite_with_rowid": False},)
    key: str = Field(primary_key=True)
    cohort: int = Field(foreign_key="cohorts.id", index=True)
    element: str
    came: str
    why: str
    worth: str
    words: str = Field(sa_type=Text)


class SurveyPersonRow(SQLModel, table=True):
    __tablename__ = "survey_people"
    __table_args__ = ({"sqlite_with_rowid": False},)
    cohort: int = Field(foreign_key="cohorts.id", primary_key=True)
    person: int = Field(foreign_key="people.id", primary_key=True, index=True)
    element: str = Field(primary_key=True)


class SurveyResultRow(SQLModel, table=True):
    """See `Result`; `figures` is JSON."""

    __tablename__ = "survey_results"
    cohort: int = Field(foreign_key="cohorts.id", primary_key=True)
    element: str = Field(primary_key=True)
    place: int
    title: str = Field(sa_type=Text)
    answered: int
    asked: int
    advice: str
    figures: str = Field(sa_type=Text)
    decided: bool = False
