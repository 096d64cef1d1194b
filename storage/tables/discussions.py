"""Rounds of discussions, posts, replies, groups, and talk in the threads."""

from datetime import datetime

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from storage.sql.schema import instant, maybe_instant, number


class DiscussionRoundRow(SQLModel, table=True):
    """See `KnownRound`. `planned_by` and `planned_at`: see `storage/sql/planned.py`."""

    __tablename__ = "discussion_rounds"
    cohort: int = Field(foreign_key="cohorts.id", primary_key=True)
    discussion: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    position: int | None = None
    opens: str
    fields: str
    planned_by: str = Field(default="", sa_type=Text)
    planned_at: datetime | None = maybe_instant()


class DiscussionPostRow(SQLModel, table=True):
    """A post in a round; an empty body, with `deleted_at`, if it was taken back."""

    __tablename__ = "discussion_posts"
    __table_args__ = (
        Index("ix_discussion_posts_cohort", "cohort", "discussion"),
        Index("ix_discussion_posts_person", "person", "cohort"),
    )
    id: int = number()
    cohort: int = Field(foreign_key="cohorts.id")
    discussion: str
    round: int
    person: int = Field(foreign_key="people.id")
    body: str = Field(sa_type=Text)
    quote: bool
    late: bool
    at: datetime = instant()
    changed_at: datetime = instant()
    raised: bool = False
    deleted_at: datetime | None = maybe_instant()


class DiscussionReplyRow(SQLModel, table=True):
    """A reply to a post; no text, with `deleted_at`, if it was taken back. `own`: the author of the post wrote it."""

    __tablename__ = "discussion_replies"
    __table_args__ = (
        Index("ix_discussion_replies_post", "post"),
        Index("ix_discussion_replies_person", "person", "cohort"),
        Index("ix_discussion_replies_cohort", "cohort", "at"),
    )
    id: int = number()
    cohort: int = Field(foreign_key="cohorts.id")
    discussion: str
    post: int = Field(foreign_key="discussion_posts.id")
    person: int = Field(foreign_key="people.id")
    own: bool
    text: str = Field(sa_type=Text)
    at: datetime = instant()
    deleted_at: datetime | None = maybe_instant()


class DiscussionGroupRow(SQLModel, table=True):
    """A person's group in a discussion."""

    __tablename__ = "discussion_groups"
    __table_args__ = (Index("ix_discussion_groups_person", "person", "cohort"),)
    cohort: int = Field(foreign_key="cohorts.id", primary_key=True)
    discussion: str = Field(primary_key=True)
    person: int = Field(foreign_key="people.id", primary_key=True)
    number: int


class DiscussionTalkRow(SQLModel, table=True):
    """A message that somebody wrote in a discussion's thread. `offered`: its author was asked whether it is their post
    in the round with this number; `words`: its text, while it may become that."""

    __tablename__ = "discussion_talk"
    __table_args__ = (
        Index("ix_discussion_talk_cohort", "cohort", "discussion"),
        Index("ix_discussion_talk_person", "person"),
    )
    workspace: str = Field(primary_key=True)
    channel: str = Field(primary_key=True)
    message: str = Field(primary_key=True)
    cohort: int = Field(foreign_key="cohorts.id")
    discussion: str
    person: int = Field(foreign_key="people.id")
    at: datetime = instant()
    offered: int | None = None
    words: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
