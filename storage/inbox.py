"""What came in: chat events until they are handled, interactions with their answers, drafts of forms."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count

from sqlalchemy import Index, Integer, Text, and_, bindparam, delete, exists, func, insert, update
from sqlalchemy.orm import aliased
from sqlmodel import Field, Session, SQLModel, col, select

from bot.core.codec import dump_answer, dump_event, dump_form, load_answer, load_event, load_form
from bot.core.events import Chat
from bot.core.forms import Form, Values
from bot.core.ports import Answer
from bot.runtime.ports import Draft, Received
from storage.schema import Utc, instant

KEPT = timedelta(days=14)
"""How long keys are remembered: longer than any platform delivers again."""

DRAFTS_KEPT = timedelta(days=7)
KNOWN_BY = 20
"""Characters by which a long text is known where it was cut."""


class InboxRow(SQLModel, table=True):
    """State: waiting, done, or aside (three tries failed)."""

    __tablename__ = "inbox"
    __table_args__ = (Index("ix_inbox_waiting", "state", "id"), Index("ix_inbox_lane", "lane", "state"))
    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    lane: str
    body: str = Field(sa_type=Text)
    received_at: datetime = instant()
    state: str = "waiting"
    tries: int = 0
    not_before: datetime = instant()
    error: str = ""


class InteractionRow(SQLModel, table=True):
    __tablename__ = "interactions"
    key: str = Field(primary_key=True)
    answer: str = Field(sa_type=Text)
    at: datetime = instant(index=True)


class DraftRow(SQLModel, table=True):
    __tablename__ = "drafts"
    id: str = Field(primary_key=True)
    person: int = Field(foreign_key="people.id", index=True)
    form: str = Field(sa_type=Text)
    values_json: str = Field(sa_type=Text)
    at: datetime = instant(index=True)


_earlier = aliased(InboxRow)
_behind = and_(
    col(_earlier.lane) == col(InboxRow.lane),
    col(_earlier.state) == "waiting",
    col(_earlier.id) < col(InboxRow.id),
)
# Built once: these two run at every tick, and building a statement costs more than running it.
_TAKE = (
    select(InboxRow)
    .where(
        InboxRow.state == "waiting",
        col(InboxRow.not_before) <= bindparam("now", type_=Utc),
        ~exists().where(and_(_behind, col(_earlier.not_before) > bindparam("now", type_=Utc))),
    )
    .order_by(col(InboxRow.id))
    .limit(bindparam("limit", type_=Integer))
)
NEXT_AT = (select(func.min(InboxRow.not_before)).where(InboxRow.state == "waiting", ~exists().where(_behind)),)


class InboxTable:
    """The `Inbox` of bot/runtime/ports.py, over tables."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, events: Sequence[Chat], now: datetime) -> int:
        fresh = {e.key: e for e in events}
        known = set(self._session.exec(select(InboxRow.key).where(col(InboxRow.key).in_(fresh))))
        rows = [
            {
                "key": key,
                "lane": event.lane,
                "body": dump_event(event),
                "received_at": now,
                "state": "waiting",
                "tries": 0,
                "not_before": now,
                "error": "",
            }
            for key, event in fresh.items()
            if key not in known
        ]
        if rows:
            self._session.execute(insert(InboxRow), rows)
        return len(rows)

    def take(self, now: datetime, limit: int) -> Sequence[Received]:
        found = []
        for row in self._session.exec(_TAKE, params={"now": now, "limit": limit}):
            assert row.id is not None
            event = load_event(row.body)
            assert isinstance(event, Chat)
            found.append(Received(row.id, event, row.tries))
        return found

    def done(self, ids: Sequence[int]) -> None:
        # What was said is kept by the features that need it; here only the key stays, to know it again.
        self._session.exec(update(InboxRow).where(col(InboxRow.id).in_(ids)).values(state="done", body=""))

    def postpone(self, received: Received, until: datetime, error: str = "") -> None:
        tries = received.tries + (1 if error else 0)
        self._session.exec(
            update(InboxRow).where(col(InboxRow.id) == received.id).values(not_before=until, tries=tries, error=error)
        )

    def set_aside(self, received: Received, error: str) -> None:
        self._session.exec(update(InboxRow).where(col(InboxRow.id) == received.id).values(state="aside", error=error))

    def aside(self) -> int:
        return self._session.exec(select(func.count()).where(InboxRow.state == "aside")).one()

    def answer(self, key: str) -> Answer | None:
        row = self._session.get(InteractionRow, key)
        return load_answer(row.answer) if row else None

    def keep_answer(self, key: str, answer: Answer, now: datetime) -> None:
        self._session.add(InteractionRow(key=key, answer=dump_answer(answer), at=now))

    def open_draft(self, person: int, form: Form, now: datetime) -> str:
        draft = self._new_id(person, form, now)
        self._session.add(DraftRow(id=draft, person=person, form=dump_form(form), values_json="{}", at=now))
        self._session.flush()
        return draft

    def _new_id(self, person: int, form: Form, now: datetime) -> str:
        """The same in every run of the same acts. It need not be secret: a draft answers to its person alone."""
        about = f"{person}/{form.action}/{now.isoformat()}"
        ids = (hashlib.sha256(f"{about}/{n}".encode()).hexdigest()[:12] for n in count())
        return next(id for id in ids if self._session.get(DraftRow, id) is None)

    def draft(self, draft: str, person: int) -> Draft | None:
        row = self._session.get(DraftRow, draft)
        if row is None or row.person != person:
            return None
        return Draft(row.id, row.person, load_form(row.form), json.loads(row.values_json))

    def fill_draft(self, draft: str, values: Values, now: datetime) -> None:
        row = self._session.get_one(DraftRow, draft)
        row.values_json, row.at = json.dumps(dict(values)), now

    def close_draft(self, draft: str) -> None:
        self._session.exec(delete(DraftRow).where(col(DraftRow.id) == draft))

    def forget_texts(self, person: int, texts: Sequence[str]) -> None:
        wanted = [t for t in texts if t.strip()]
        for row in self._session.exec(select(DraftRow).where(DraftRow.person == person)).all():
            said = [*json.loads(row.values_json).values(), *(f.value for f in load_form(row.form).fields)]
            if any(t in s for t in wanted for s in said):
                self._session.delete(row)
        for text in {part for t in wanted for part in _parts(t)}:
            # As the text stands within JSON.
            inside = json.dumps(text, ensure_ascii=False)[1:-1]
            change = update(InteractionRow).where(col(InteractionRow.answer).contains(inside, autoescape=True))
            self._session.execute(
                change.values(answer=dump_answer(Answer())), execution_options={"synchronize_session": False}
            )
        self._session.flush()

    def forget(self, now: datetime) -> None:
        self._session.exec(
            delete(InboxRow).where(col(InboxRow.state) == "done", col(InboxRow.received_at) < now - KEPT)
        )
        self._session.exec(delete(InteractionRow).where(col(InteractionRow.at) < now - KEPT))
        self._session.exec(delete(DraftRow).where(col(DraftRow.at) < now - DRAFTS_KEPT))


def _parts(text: str) -> set[str]:
    """What a text is known by: a long one is also quoted on one line, and cut."""
    if len(text) <= KNOWN_BY:
        return {text}
    return {text, text[:KNOWN_BY], " ".join(text.split())[:KNOWN_BY]}
