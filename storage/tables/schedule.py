"""The schedule: due rows, and when nothing could happen."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import SQLModel

from storage.sql.clauses import while_in
from storage.sql.schema import instant, number


class DueRow(SQLModel, table=True):
    """State: planned, failed, left out (too late after a downtime, until somebody decides), or done (kept, so that
    planning it again changes nothing)."""

    __tablename__ = "due"
    __table_args__ = (
        UniqueConstraint("kind", "subject", "occurrence"),
        while_in("ix_due_planned", "at", state="state = 'planned'"),
        while_in("ix_due_person", "person", "at", state="state = 'planned'"),
        Index("ix_due_cohort", "cohort", "kind"),
    )
    id: int = number()
    kind: str
    subject: str
    occurrence: str
    at: datetime = instant()
    cohort: int = 0
    person: int | None = None
    state: str = "planned"


class LastRunRow(SQLModel, table=True):
    """When the loop last ran; one row."""

    __tablename__ = "last_run"
    id: int = number()
    at: datetime = instant()


class OutageRow(SQLModel, table=True):
    """The bot did not run from `since` until `until`."""

    __tablename__ = "outages"
    __table_args__ = (Index("ix_outages_until", "until"),)
    id: int = number()
    since: datetime = instant()
    until: datetime = instant()
