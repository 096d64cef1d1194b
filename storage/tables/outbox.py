"""Effects on their way to the platforms, and where the messages of an anchor are."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from storage.sql.clauses import in_state, while_in
from storage.sql.schema import instant, maybe_instant, number


class OutboxRow(SQLModel, table=True):
    """State: waiting, held (for `held_on`'s message to be posted), sending, sent, dropped or dead."""

    __tablename__ = "outbox"
    __table_args__ = (
        while_in("ix_outbox_waiting", "not_before", "id", state="state = 'waiting'"),
        while_in("ix_outbox_lane", "workspace", "lane", "id", "not_before", "answers", state="state = 'waiting'"),
        while_in("ix_outbox_sending", "lease_until", state="state = 'sending'"),
        while_in("ix_outbox_held", "held_on", state="state = 'held'"),
        while_in("ix_outbox_anchor", "anchor", state="state IN ('waiting', 'held', 'sending', 'dead')"),
    )
    id: int = number()
    key: str
    anchor: str
    held_on: str | None = None
    lane: str
    workspace: str
    person: int | None = None
    cohort: int | None = None
    body: str = Field(sa_type=Text)
    state: str = "waiting"
    tries: int = 0
    unclear: bool = False
    not_before: datetime = instant()
    lease_until: datetime | None = maybe_instant()
    created_at: datetime = instant()
    error: str = ""
    actor: int | None = None
    blocked: bool = False
    told: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    """Whether the features know that it waits."""
    answers: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    """Whether its reader did something and waits for it."""


class RefRow(SQLModel, table=True):
    """Where the message of an anchor is; several parts if it was split."""

    __tablename__ = "refs"
    __table_args__ = (Index("ix_refs_message", "workspace", "channel", "message"),)
    anchor: str = Field(primary_key=True)
    part: int = Field(primary_key=True)
    workspace: str
    channel: str
    message: str


IS_OPEN = in_state(OutboxRow.state, "waiting", "held", "sending", "dead")
"""Not sent yet, and not dropped."""
