"""The inbox: chat events until they are handled, interactions with their answers, drafts of forms."""

import json
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count

import sqlalchemy as sa
from sqlalchemy import Integer, bindparam, delete, func, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from bot.core.codec import dump_answer, dump_event, dump_form, load_answer, load_event, load_form
from bot.core.events import Chat, MessagePosted
from bot.core.fingerprints import fingerprint
from bot.core.forms import Form, Values
from bot.core.people import Account
from bot.core.ports import Answer
from bot.core.quoting import quotes
from bot.runtime.delivery import WHISPER, whisper_key
from bot.runtime.ports import Draft, Received
from storage.sql.clauses import among, given
from storage.sql.gone import for_good
from storage.sql.quoted import inside, parts_of
from storage.sql.schema import Utc
from storage.sql.statements import Change, Insert, Put, Query, Update
from storage.sql.store import Store
from storage.tables.inbox import CursorRow, DraftRow, InboxRow, InteractionRow
from storage.tables.people import FORMER_FOR, FormerNameRow

KEPT = timedelta(days=14)
"""How long keys are remembered: longer than any platform repeats a delivery."""

DRAFTS_KEPT = timedelta(days=7)

# Compiled once: these run at every tick or for every event.
_earlier = aliased(InboxRow)
_behind = sa.and_(col(_earlier.lane) == InboxRow.lane, col(_earlier.state) == "waiting", col(_earlier.id) < InboxRow.id)
_TAKE = Query(
    select(InboxRow.id, InboxRow.body, InboxRow.tries, InboxRow.received_at)
    .where(
        InboxRow.state == "waiting",
        InboxRow.not_before <= bindparam("now", type_=Utc),
        ~sa.exists().where(_behind, col(_earlier.not_before) > bindparam("now", type_=Utc)),
    )
    .order_by(col(InboxRow.id))
    .limit(bindparam("limit", type_=Integer))
)
_WAITS = Query(select(InboxRow.id).where(*given(InboxRow.key), InboxRow.state == "waiting"))
NEXT_AT = (select(func.min(InboxRow.not_before)).where(InboxRow.state == "waiting", ~sa.exists().where(_behind)),)
_CURSORS = Query(
    select(CursorRow.workspace, CursorRow.channel, CursorRow.message).where(among(CursorRow.channel, "channels"))
)
_MOVE_CURSOR = Put(CursorRow, ("workspace", "channel"), ("message", "direct"))
_KNOWN = Query(select(InboxRow.key).where(among(InboxRow.key, "keys")))
_ADD, _KEEP, _OPEN = Insert(InboxRow), Insert(InteractionRow), Insert(DraftRow)
_DONE = Change(update(InboxRow).where(among(InboxRow.id, "ids")).values(state="done", body=""))
_ANSWER = Query(select(InteractionRow.answer).where(*given(InteractionRow.key)))
_DRAFT = Query(select(DraftRow).where(*given(DraftRow.id)))
_TYPED = Query(
    select(DraftRow)
    .where(*given(DraftRow.person), DraftRow.values_json != "{}")
    .order_by(col(DraftRow.at).desc(), col(DraftRow.id))
)
_FILL, _CHANGE = Update(DraftRow, "values_json", "at"), Update(DraftRow, "form")
_OPENED = select(DraftRow.id, DraftRow.form, DraftRow.values_json)
_REFILL = Update(DraftRow, "values_json")
_CLOSE = Change(delete(DraftRow).where(*given(DraftRow.id)))


def _draft(row: DraftRow) -> Draft:
    return Draft(row.id, row.person, load_form(row.form), json.loads(row.values_json))


class SqlInbox(Store):
    """The `Inbox` of bot/runtime/ports.py, over tables."""

    def add(self, events: Sequence[Chat], now: datetime) -> int:
        fresh = {e.key: e for e in events}
        known = set(_KNOWN.all(self._session, keys=fresh))
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
        """Messages may be stored out of order: one older than the newest does not move the cursor."""
        if not posted:
            return
        channels = list({e.place.channel for e in posted})
        cursors = _CURSORS.all(self._session, channels=channels)
        newest = {(workspace, channel): message for workspace, channel, message in cursors}
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
        for id, body, tries, at in _TAKE.all(self._session, now=now, limit=limit):
            event = load_event(body)
            assert isinstance(event, Chat)
            found.append(Received(id, event, tries, at))
        return found

    def waits(self, key: str) -> bool:
        return _WAITS.first(self._session, key=key) is not None

    def done(self, ids: Sequence[int]) -> None:
        # Features store the text that they need. Only the key stays here, to recognise a repeated event.
        _DONE.run(self._session, ids=ids)

    def call_in(self, latest: datetime) -> None:
        self._update(InboxRow, InboxRow.state == "waiting", InboxRow.not_before > latest, not_before=latest)

    def postpone(self, received: Received, until: datetime, error: str = "") -> None:
        tries = received.tries + (1 if error else 0)
        self._update(InboxRow, InboxRow.id == received.id, not_before=until, tries=tries, error=error)

    def wake(self, now: datetime) -> None:
        postponed = (InboxRow.state == "waiting", InboxRow.not_before > now, InboxRow.error == "")
        self._update(InboxRow, *postponed, not_before=now)

    def set_aside(self, received: Received, error: str) -> None:
        self._update(InboxRow, InboxRow.id == received.id, state="aside", error=error)

    def aside(self) -> int:
        return self._count(InboxRow.state == "aside")

    def answer(self, key: str) -> Answer | None:
        found = _ANSWER.first(self._session, key=key)
        return load_answer(found) if found else None

    def keep_answer(self, key: str, answer: Answer, now: datetime) -> None:
        _KEEP.run(self._session, key=key, answer=dump_answer(answer), at=now)

    def open_draft(self, person: int, form: Form, now: datetime) -> str:
        draft = self._new_id(person, form, now)
        _OPEN.run(self._session, id=draft, person=person, form=dump_form(form), values_json="{}", at=now)
        return draft

    def _new_id(self, person: int, form: Form, now: datetime) -> str:
        """The same in every run of the same actions. It need not be secret: only its person can open a draft."""
        about = f"{person}/{form.action}/{now.isoformat()}"
        ids = (fingerprint(f"{about}/{n}") for n in count())
        return next(id for id in ids if _DRAFT.first(self._session, id=id) is None)

    def draft(self, draft: str, person: int) -> Draft | None:
        row = _DRAFT.first(self._session, id=draft)
        return _draft(row) if row is not None and row.person == person else None

    def typed(self, person: int) -> Sequence[Draft]:
        return [_draft(row) for row in _TYPED.all(self._session, person=person)]

    def fill_draft(self, draft: str, values: Values, now: datetime) -> None:
        _FILL.row(self._session, draft, values_json=json.dumps(dict(values)), at=now)

    def change_draft(self, draft: str, form: Form) -> None:
        _CHANGE.row(self._session, draft, form=dump_form(form))

    def close_draft(self, draft: str) -> None:
        row = _DRAFT.first(self._session, id=draft)
        _CLOSE.run(self._session, id=draft)
        while row is not None and (before := load_form(row.form).goes_on):
            # It may still be open elsewhere, so it is not deleted.
            _REFILL.row(self._session, before, values_json="{}")
            row = _DRAFT.first(self._session, id=before)

    def forget_texts(self, texts: Sequence[str], own: Callable[[Draft], Collection[str]]) -> None:
        for_good(self._session)
        texts = sorted({t for t in texts if t.strip()})
        parts = [part for text in texts for part in parts_of(text)]
        for part in parts:
            self._empty_answers(part)
        quoting = or_(sa.false(), *(self._form_has(part) for part in parts))
        for row in self._session.exec(select(DraftRow).where(quoting)).all():
            draft = _draft(row)
            if (emptied := _without(draft, texts, own(draft))) != draft:
                self.change_draft(draft.id, emptied.form)
                _REFILL.row(self._session, draft.id, values_json=json.dumps(dict(emptied.values)))

    def forget_person(self, person: int, name: str) -> None:
        for_good(self._session)
        self._delete(InteractionRow, col(InteractionRow.key).startswith(whisper_key(person, "")))
        self._empty(~col(InteractionRow.key).startswith(WHISPER))
        if not name.strip():
            return
        self._empty_answers(name)
        known = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
        for id, form, _typed in self._session.exec(_OPENED.where(self._form_has(name))).all():
            self.change_draft(id, load_form(form).rewritten(partial(known.sub, "…")))

    def _form_has(self, text: str) -> sa.ColumnElement[bool]:
        return col(DraftRow.form).contains(inside(text), autoescape=True)

    def _empty_answers(self, text: str) -> None:
        self._empty(col(InteractionRow.answer).contains(inside(text), autoescape=True))

    def _empty(self, which: sa.ColumnElement[bool]) -> None:
        change = update(InteractionRow).where(which).values(answer=dump_answer(Answer()))
        self._session.execute(change, execution_options={"synchronize_session": False})

    def forget_author(self, account: Account) -> None:
        workspace, user = (json.dumps(part, ensure_ascii=False) for part in (account.workspace, account.user))
        said = f'"account":{{"workspace":{workspace},"user":{user}}}'
        failed = select(InboxRow.id).where(
            InboxRow.state == "aside", col(InboxRow.body).contains(said, autoescape=True)
        )
        self._delete(InboxRow, col(InboxRow.id).in_(self._all(failed)))

    def forget(self, now: datetime) -> None:
        # Daily, so what any other unit deleted stays in the log for a day at most.
        for_good(self._session)
        self._delete(InboxRow, InboxRow.state == "done", InboxRow.received_at < now - KEPT)
        self._delete(InteractionRow, InteractionRow.at < now - KEPT)
        self._delete(DraftRow, DraftRow.at < now - DRAFTS_KEPT)
        self._delete(FormerNameRow, FormerNameRow.until < now - FORMER_FOR)


def _age(message: str) -> tuple[int, str]:
    """Message ids increase: they are compared as numbers without leading zeros. A thread's own id may precede a
    slash."""
    number = message.rpartition("/")[2]
    return len(number), number


def _without(draft: Draft, texts: Sequence[str], own: Collection[str]) -> Draft:
    """A form without what it quotes of these texts. What its person typed stays, unless it goes on from the quote: a
    short text stands in anybody's words. The form's `seen` stays: without it the form would replace what is newer."""
    form, typed = draft.form, dict(draft.values)
    for text in texts:
        whole = re.compile(rf"(?<!\w){re.escape(text.strip())}(?!\w)")
        for field in form.fields:
            if field.name not in own and quotes(field.value, text):
                form = form.filled({field.name: ""})
                if quotes(said := typed.get(field.name, ""), text) or whole.search(said):
                    del typed[field.name]
        intro, title = ("…" if quotes(said, text) else said for said in (form.intro, form.title))
        form = replace(form, intro=intro, title=title)
    return replace(draft, form=form, values=typed)
