"""What came in: chat events until they are handled, interactions with their answers, drafts of forms."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count

import sqlalchemy as sa
from sqlalchemy import Integer, bindparam, delete, func, update
from sqlmodel import Session, col, select

from bot.core.codec import dump_answer, dump_event, dump_form, load_answer, load_event, load_form
from bot.core.events import Chat, MessagePosted
from bot.core.forms import Form, Values
from bot.core.ports import Answer
from bot.runtime.ports import Draft, Received
from storage.sql import bulk
from storage.sql.schema import Utc
from storage.sql.statements import Statement
from storage.tables.inbox import CursorRow, DraftRow, InboxRow, InteractionRow

KEPT = timedelta(days=14)
"""How long keys are remembered: longer than any platform delivers again."""

DRAFTS_KEPT = timedelta(days=7)
KNOWN_BY = 20
"""Characters by which a long text is known where it was cut."""


# Built once: these run at every tick or for every event.
_events, _answers, _drafts = (bulk.table(model) for model in (InboxRow, InteractionRow, DraftRow))
_event, _earlier, _answer, _draft = _events.c, _events.alias().c, _answers.c, _drafts.c
_behind = sa.and_(_earlier.lane == _event.lane, _earlier.state == "waiting", _earlier.id < _event.id)
_TAKE = Statement(
    sa.select(_event.id, _event.body, _event.tries)
    .where(
        _event.state == "waiting",
        _event.not_before <= bindparam("now", type_=Utc),
        ~sa.exists().where(_behind, _earlier.not_before > bindparam("now", type_=Utc)),
    )
    .order_by(_event.id)
    .limit(bindparam("limit", type_=Integer))
)
NEXT_AT = (sa.select(func.min(_event.not_before)).where(_event.state == "waiting", ~sa.exists().where(_behind)),)
_cursor = bulk.table(CursorRow).c
_CURSORS = Statement(
    sa.select(_cursor.workspace, _cursor.channel, _cursor.message).where(bulk.among(_cursor.channel, "channels", str))
)
_MOVE_CURSOR = bulk.Put(
    CursorRow, ("workspace", "channel", "message", "direct"), ("workspace", "channel"), ("message", "direct")
)
_KNOWN = Statement(sa.select(_event.key).where(bulk.among(_event.key, "keys", str)))
_ADD, _KEEP, _OPEN = (bulk.insert(model) for model in (InboxRow, InteractionRow, DraftRow))
_DONE = Statement(sa.update(_events).where(bulk.among(_event.id, "ids", int)).values(state="done", body=""))
_ANSWER = Statement(sa.select(_answer.answer).where(_answer.key == bindparam("key")))
_DRAFT = Statement(sa.select(_drafts).where(_draft.id == bindparam("draft")))
_DRAFTS_OF = Statement(sa.select(_drafts).where(_draft.person == bindparam("person")))
_FILL = Statement(
    sa.update(_drafts)
    .where(_draft.id == bindparam("draft"))
    .values(values_json=bindparam("said"), at=bindparam("now", type_=Utc))
)
_CHANGE = Statement(sa.update(_drafts).where(_draft.id == bindparam("draft")).values(form=bindparam("changed")))
_CLOSE = Statement(sa.delete(_drafts).where(_draft.id == bindparam("draft")))


class SqlInbox:
    """The `Inbox` of bot/runtime/ports.py, over tables."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, events: Sequence[Chat], now: datetime) -> int:
        fresh = {e.key: e for e in events}
        known = {key for (key,) in _KNOWN.rows(self._session, keys=list(fresh))}
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
            _ADD.run_all(self._session, rows)
            self._move_cursors([e for key, e in fresh.items() if key not in known and isinstance(e, MessagePosted)])
        return len(rows)

    def _move_cursors(self, posted: Sequence[MessagePosted]) -> None:
        """Messages are not stored in their order alone: what is older than the newest moves nothing."""
        if not posted:
            return
        channels = list({e.place.channel for e in posted})
        newest: dict[tuple[str, str], str] = {
            (row.workspace, row.channel): row.message for row in _CURSORS.named(self._session, channels=channels)
        }
        moved: dict[tuple[str, str], dict[str, object]] = {}
        for event in posted:
            place = event.place.workspace, event.place.channel
            if _age(event.id) > _age(newest.get(place, "")):
                newest[place] = event.id
                row = {"message": event.id, "direct": event.place.direct}
                moved[place] = {"workspace": place[0], "channel": place[1], **row}
        _MOVE_CURSOR.rows(self._session, moved.values())

    def take(self, now: datetime, limit: int) -> Sequence[Received]:
        found = []
        for row in _TAKE.named(self._session, now=now, limit=limit):
            event = load_event(row.body)
            assert isinstance(event, Chat)
            found.append(Received(row.id, event, row.tries))
        return found

    def done(self, ids: Sequence[int]) -> None:
        # What was said is kept by the features that need it; here only the key stays, to know it again.
        _DONE.run(self._session, ids=ids)

    def call_in(self, latest: datetime) -> None:
        ahead = update(InboxRow).where(col(InboxRow.state) == "waiting", col(InboxRow.not_before) > latest)
        self._session.exec(ahead.values(not_before=latest))

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
        found = _ANSWER.scalar(self._session, key=key)
        return load_answer(found) if found else None

    def keep_answer(self, key: str, answer: Answer, now: datetime) -> None:
        _KEEP.run(self._session, key=key, answer=dump_answer(answer), at=now)

    def open_draft(self, person: int, form: Form, now: datetime) -> str:
        draft = self._new_id(person, form, now)
        _OPEN.run(self._session, id=draft, person=person, form=dump_form(form), values_json="{}", at=now)
        return draft

    def _new_id(self, person: int, form: Form, now: datetime) -> str:
        """The same in every run of the same acts. It need not be secret: a draft answers to its person alone."""
        about = f"{person}/{form.action}/{now.isoformat()}"
        ids = (hashlib.sha256(f"{about}/{n}".encode()).hexdigest()[:12] for n in count())
        return next(id for id in ids if _DRAFT.first(self._session, draft=id) is None)

    def draft(self, draft: str, person: int) -> Draft | None:
        row = _DRAFT.first(self._session, draft=draft)
        if row is None or row.person != person:
            return None
        return Draft(row.id, row.person, load_form(row.form), json.loads(row.values_json))

    def fill_draft(self, draft: str, values: Values, now: datetime) -> None:
        _FILL.run(self._session, draft=draft, said=json.dumps(dict(values)), now=now)

    def change_draft(self, draft: str, form: Form) -> None:
        _CHANGE.run(self._session, draft=draft, changed=dump_form(form))

    def close_draft(self, draft: str) -> None:
        _CLOSE.run(self._session, draft=draft)

    def forget_texts(self, person: int, texts: Sequence[str]) -> None:
        wanted = [t for t in texts if t.strip()]
        for row in _DRAFTS_OF.named(self._session, person=person):
            said = [*json.loads(row.values_json).values(), *(f.value for f in load_form(row.form).fields)]
            if any(t in s for t in wanted for s in said):
                self.close_draft(row.id)
        for text in {part for t in wanted for part in _parts(t)}:
            # As the text stands within JSON.
            inside = json.dumps(text, ensure_ascii=False)[1:-1]
            change = update(InteractionRow).where(col(InteractionRow.answer).contains(inside, autoescape=True))
            self._session.execute(
                change.values(answer=dump_answer(Answer())), execution_options={"synchronize_session": False}
            )

    def forget(self, now: datetime) -> None:
        self._session.exec(
            delete(InboxRow).where(col(InboxRow.state) == "done", col(InboxRow.received_at) < now - KEPT)
        )
        self._session.exec(delete(InteractionRow).where(col(InteractionRow.at) < now - KEPT))
        self._session.exec(delete(DraftRow).where(col(DraftRow.at) < now - DRAFTS_KEPT))


def _age(message: str) -> tuple[int, str]:
    """Ids of messages grow: as numbers, which have no leading zeros. A thread's own id may stand before a slash."""
    number = message.rpartition("/")[2]
    return len(number), number


def _parts(text: str) -> set[str]:
    """What a text is known by: a long one is also quoted on one line, and cut."""
    if len(text) <= KNOWN_BY:
        return {text}
    return {text, text[:KNOWN_BY], " ".join(text.split())[:KNOWN_BY]}
