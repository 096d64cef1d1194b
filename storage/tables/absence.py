"""Who is away, who has fallen silent, and when people were last heard from.

The voice reads `absences` and `silences`, since neither gets unasked messages. Other features also read them.
"""

from datetime import date, datetime

from sqlalchemy import Index, bindparam, select, union_all
from sqlmodel import Field, Session, SQLModel, col

from storage.sql.clauses import given
from storage.sql.schema import instant, maybe_instant, number
from storage.sql.statements import Query


class AbsenceRow(SQLModel, table=True):
    """A learner is away from `starts_at` until `ends_at` (null: until they return). The days are by their own clock, so
    that a change of zone moves the instants; see `Absence`."""

    __tablename__ = "absences"
    __table_args__ = (
        Index("ix_absences_person", "person", "cohort"),
        # Numbers are never reused: plans for an absence refer to its number.
        {"sqlite_autoincrement": True},
    )
    id: int = number()
    cohort: int = Field(foreign_key="cohorts.id", index=True)
    person: int = Field(foreign_key="people.id")
    starts_at: datetime = instant()
    ends_at: datetime | None = maybe_instant()
    first_day: date | None = None
    last_day: date | None = None
    back_at: datetime | None = maybe_instant()


class SilenceRow(SQLModel, table=True):
    """A learner has not been heard from for long and got the one card about it at `since`. Until they are heard from
    again, they get no unasked messages."""

    __tablename__ = "silences"
    __table_args__ = (Index("ix_silences_person", "person"),)
    cohort: int = Field(foreign_key="cohorts.id", primary_key=True)
    person: int = Field(foreign_key="people.id", primary_key=True)
    since: datetime = instant()


class HeardRow(SQLModel, table=True):
    """Somebody was last heard from on the day (UTC) that ends at `until`, and last wrote in a channel on the one that
    ends at `public_until`; one write a day is enough."""

    __tablename__ = "heard"
    person: int = Field(foreign_key="people.id", primary_key=True)
    until: datetime = instant()
    public_until: datetime | None = maybe_instant()


class InterestRow(SQLModel, table=True):
    """A learner wants to hear about the next run of the course."""

    __tablename__ = "next_run_interest"
    cohort: int = Field(foreign_key="cohorts.id", primary_key=True)
    person: int = Field(foreign_key="people.id", primary_key=True)
    at: datetime = instant()


_GONE: Query[tuple[int]] = Query(
    union_all(
        select(col(AbsenceRow.person)).where(
            *given(AbsenceRow.cohort),
            col(AbsenceRow.starts_at) <= bindparam("now"),
            col(AbsenceRow.ends_at).is_(None) | (col(AbsenceRow.ends_at) > bindparam("now")),
        ),
        select(col(SilenceRow.person)).where(*given(SilenceRow.cohort)),
    )
)


def gone(session: Session, cohort: int, now: datetime) -> frozenset[int]:
    """The members of a cohort who are away or silent."""
    return frozenset(person for (person,) in _GONE.all(session, cohort=cohort, now=now))
