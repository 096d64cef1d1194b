"""Questions, their replies and earlier texts, and who marked what."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.sql.schema import instant, maybe_instant, number


class QuestionRow(SQLModel, table=True):
    """See `Question`. `asker` may act on it; if it is `anonymous`, nothing may show who that is."""

    __tablename__ = "questions"
    __table_args__ = (
        UniqueConstraint("workspace", "channel", "message"),
        Index("ix_questions_waiting", "cohort", "state", "asked_at"),
        Index("ix_questions_asker", "asker", "state", "asked_at"),
    )
    id: int = number()
    cohort: int = Field(foreign_key="cohorts.id")
    asker: int = Field(foreign_key="people.id")
    text: str = Field(sa_type=Text)
    kind: str
    state: str
    plain: bool
    anonymous: bool
    workspace: str | None = None
    channel: str | None = None
    message: str | None = None
    asked_at: datetime = instant()
    first_answer_at: datetime | None = maybe_instant()
    solved_at: datetime | None = maybe_instant()
    answer: int | None = None
    taken_by: int | None = Field(default=None, foreign_key="people.id")
    replies: int = 0
    revision: str = ""
    guess: str = Field(default="", sa_column_kwargs={"server_default": ""})
    known: int | None = None
    source: str = Field(default="", sa_column_kwargs={"server_default": ""})
    unseen: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    by_team: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})


class ReplyRow(SQLModel, table=True):
    """See `Response`."""

    __tablename__ = "question_replies"
    __table_args__ = (UniqueConstraint("workspace", "channel", "message"),)
    id: int = number()
    question: int = Field(foreign_key="questions.id", index=True)
    author: int | None = Field(default=None, foreign_key="people.id")
    own: bool
    text: str = Field(sa_type=Text)
    at: datetime = instant()
    workspace: str | None = None
    channel: str | None = None
    message: str | None = None
    revision: str = ""
    deleted: bool = False
    entry: int | None = None
    post: str = Field(default="", sa_column_kwargs={"server_default": ""})


class RevisionRow(SQLModel, table=True):
    """An earlier text of a question (`reply` is None) or of one of its replies."""

    __tablename__ = "question_revisions"
    id: int = number()
    question: int = Field(foreign_key="questions.id", index=True)
    reply: int | None = Field(default=None, foreign_key="question_replies.id", index=True)
    text: str = Field(sa_type=Text)
    until: datetime = instant()


class MarkRow(SQLModel, table=True):
    """Somebody with the right to do so marked a reply as the answer."""

    __tablename__ = "question_marks"
    __table_args__ = (UniqueConstraint("reply", "person"),)
    id: int = number()
    question: int = Field(foreign_key="questions.id", index=True)
    reply: int = Field(foreign_key="question_replies.id")
    person: int = Field(foreign_key="people.id")


class DeletionRow(SQLModel, table=True):
    """A message that was deleted before we saw it."""

    __tablename__ = "question_deletions"
    workspace: str = Field(primary_key=True)
    channel: str = Field(primary_key=True)
    message: str = Field(primary_key=True)
    at: datetime = instant()


class TalkRow(SQLModel, table=True):
    """Somebody wrote in a channel that is not for questions only."""

    __tablename__ = "question_talk"
    __table_args__ = (Index("ix_question_talk_at", "workspace", "channel", "at"),)
    workspace: str = Field(primary_key=True)
    channel: str = Field(primary_key=True)
    message: str = Field(primary_key=True)
    person: int = Field(foreign_key="people.id")
    at: datetime = instant()
