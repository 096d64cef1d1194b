"""Peer review: what was taken and said, openings, and consents."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from storage.sql.clauses import while_in
from storage.sql.schema import instant, maybe_instant, number


class ReviewRow(SQLModel, table=True):
    """See `Assignment`; empty, with `removed_at`, if its words were deleted. `answers` is JSON."""

    __tablename__ = "reviews"
    __table_args__ = (
        Index("ix_reviews_cohort", "cohort", "review"),
        Index("ix_reviews_reviewer", "reviewer", "cohort", "review"),
        Index("ix_reviews_author", "author", "cohort", "review"),
        Index("ix_reviews_pod", "pod", "cohort"),
        while_in("ix_reviews_file", "file", state="file <> ''"),
    )
    id: int = number()
    cohort: int = Field(foreign_key="cohorts.id")
    review: str
    title: str
    reviewer: int = Field(foreign_key="people.id")
    work: str
    author: int = Field(foreign_key="people.id")
    version: datetime = instant()
    taken_at: datetime = instant()
    held_until: datetime = instant()
    anonymous: bool = False
    file: str = Field(default="", sa_column_kwargs={"server_default": ""})
    answers: str = Field(default="", sa_type=Text)
    points: int | None = None
    sent_at: datetime | None = maybe_instant()
    changed_at: datetime | None = maybe_instant()
    late: bool = False
    enough: bool = False
    told: str = ""
    read_at: datetime | None = maybe_instant()
    useful: str = ""
    useful_at: datetime | None = maybe_instant()
    reply: str = Field(default="", sa_type=Text)
    reply_at: datetime | None = maybe_instant()
    out_at: datetime | None = maybe_instant()
    out_by: int | None = Field(default=None, foreign_key="people.id", index=True)
    why: str = Field(default="", sa_type=Text)
    removed_at: datetime | None = maybe_instant()
    pod: str = Field(default="", sa_column_kwargs={"server_default": ""})
    said_by: int | None = Field(default=None, foreign_key="people.id", index=True)


class ReviewPieceRow(SQLModel, table=True):
    """A piece of a review (see `Listed`), with what its `reviews` and its author's are, done or under way: `gave`. Both
    hold until `until`, when the first of those under way goes back; null: nothing is under way."""

    __tablename__ = "review_pieces"
    __table_args__ = (
        Index("ix_review_pieces_next", "cohort", "review", "reviews", "first_at", "work"),
        Index("ix_review_pieces_gave", "cohort", "review", "gave"),
        while_in("ix_review_pieces_until", "cohort", "review", "until", state="until IS NOT NULL"),
        Index("ix_review_pieces_person", "person", "cohort", "review"),
        Index("ix_review_pieces_pod", "cohort", "review", "pod", "version"),
    )
    cohort: int = Field(foreign_key="cohorts.id", primary_key=True)
    review: str = Field(primary_key=True)
    work: str = Field(primary_key=True)
    person: int = Field(foreign_key="people.id")
    first_at: datetime = instant()
    version: datetime = instant()
    pod: str = ""
    reviews: int = 0
    gave: int = 0
    until: datetime | None = maybe_instant()


class ReviewOpeningRow(SQLModel, table=True):
    """How many pieces of a review are in, and since when it is open because enough of them are."""

    __tablename__ = "review_openings"
    cohort: int = Field(foreign_key="cohorts.id", primary_key=True)
    review: str = Field(primary_key=True)
    pieces: int
    opened_at: datetime | None = maybe_instant()


class ReviewConsentRow(SQLModel, table=True):
    """Whether somebody agrees that a piece is handed out that may show their name; null: they were asked."""

    __tablename__ = "review_consents"
    __table_args__ = (Index("ix_review_consents_person", "person", "cohort"),)
    cohort: int = Field(foreign_key="cohorts.id", primary_key=True)
    work: str = Field(primary_key=True)
    person: int = Field(foreign_key="people.id", primary_key=True)
    version: datetime = instant()
    agreed: bool | None = None


class ReviewCopyRow(SQLModel, table=True):
    """What was found in the file of a piece that is reviewed without names. `file`: the copy that is handed out.
    `named`: numbers with a comma between them."""

    __tablename__ = "review_copies"
    __table_args__ = (
        Index("ix_review_copies_person", "person", "cohort"),
        while_in("ix_review_copies_file", "file", state="file <> ''"),
    )
    cohort: int = Field(foreign_key="cohorts.id", primary_key=True)
    work: str = Field(primary_key=True)
    person: int = Field(foreign_key="people.id")
    original: int
    file: str = ""
    why: str = ""
    visible: bool = False
    named: str = Field(default="", sa_column_kwargs={"server_default": ""})
    contact: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
