"""Windows of milestones, submissions, and moved dates."""

from datetime import datetime

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.sql.clauses import while_in
from storage.sql.schema import instant, maybe_instant, number


class MoveRow(SQLModel, table=True):
    """The days by which a milestone's date was moved: for one person, or (person 0) for everybody. An empty `milestone`
    stands for all of a person's milestones."""

    __tablename__ = "milestone_moves"
    cohort: int = Field(foreign_key="cohorts.id", primary_key=True)
    milestone: str = Field(primary_key=True)
    person: int = Field(primary_key=True)
    days: int
    by: int | None = Field(default=None, foreign_key="people.id")
    at: datetime = instant()


class MilestoneWindowRow(SQLModel, table=True):
    """One milestone for one learner. `closes_at` is the end of late work, null if there is none. `asked_until`: until
    then it is in time, since they asked for more time."""

    __tablename__ = "milestone_windows"
    __table_args__ = (Index("ix_milestone_windows_person", "person", "cohort"),)
    cohort: int = Field(foreign_key="cohorts.id", primary_key=True)
    milestone: str = Field(primary_key=True)
    person: int = Field(foreign_key="people.id", primary_key=True)
    opens_at: datetime = instant()
    due_at: datetime = instant()
    closes_at: datetime | None = maybe_instant()
    optional: bool = False
    asked_until: datetime | None = maybe_instant()


class RequestRow(SQLModel, table=True):
    """A learner's request for more time. `answered_by` is null while it waits, and where the policy granted it."""

    __tablename__ = "time_requests"
    __table_args__ = (
        Index("ix_time_requests_cohort", "cohort", "person"),
        Index("ix_time_requests_person", "person"),
    )
    id: int = number()
    cohort: int = Field(foreign_key="cohorts.id")
    milestone: str
    person: int = Field(foreign_key="people.id")
    until: datetime = instant()
    days: int
    reason: str = Field(default="", sa_type=Text)
    asked_at: datetime = instant()
    changed_at: datetime = instant()
    state: str
    given: datetime | None = maybe_instant()
    answer: str = Field(default="", sa_type=Text)
    answered_by: int | None = Field(default=None, foreign_key="people.id")
    answered_at: datetime | None = maybe_instant()


class SubmissionRow(SQLModel, table=True):
    """A learner's current submission; empty, with `deleted_at`, if they took it back."""

    __tablename__ = "submissions"
    __table_args__ = (
        UniqueConstraint("cohort", "milestone", "person"),
        Index("ix_submissions_person", "person", "cohort"),
        while_in("ix_submissions_file", "file", state="file <> ''"),
    )
    id: int = number()
    cohort: int = Field(foreign_key="cohorts.id")
    milestone: str
    person: int = Field(foreign_key="people.id")
    link: str = ""
    text: str = Field(default="", sa_type=Text)
    first_at: datetime = instant()
    changed_at: datetime = instant()
    late: bool = False
    file: str = Field(default="", sa_column_kwargs={"server_default": ""})
    deleted_at: datetime | None = maybe_instant()
    pod: str = Field(default="", sa_column_kwargs={"server_default": ""})
    by: int | None = Field(default=None, foreign_key="people.id", index=True)


class SubmissionRevisionRow(SQLModel, table=True):
    """The content of a submission from `at` on."""

    __tablename__ = "submission_revisions"
    __table_args__ = (while_in("ix_submission_revisions_file", "file", state="file <> ''"),)
    id: int = number()
    submission: int = Field(foreign_key="submissions.id", index=True)
    link: str = ""
    text: str = Field(default="", sa_type=Text)
    file: str = Field(default="", sa_column_kwargs={"server_default": ""})
    at: datetime = instant()
