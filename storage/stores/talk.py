"""Private messages until their authors have said what they are, and what people were asked in private."""

from datetime import datetime
from typing import cast

import sqlalchemy as sa
from sqlmodel import Session, select

from bot.core.codec import dump_asked, load_asked
from bot.core.events import Medium
from bot.core.people import MessageRef
from bot.core.private import Said
from bot.features.talk.store import Awaited, PrivateMessage, State, Waiting
from storage.sql.clauses import given
from storage.sql.statements import Change, Put, Query
from storage.tables.talk import AwaitedRow, SaidRow
from storage.tables.voice import SpokenRow

_FIND = Query(select(SaidRow).where(*given(SaidRow.workspace, SaidRow.channel, SaidRow.message)))
_AWAITED = Query(select(AwaitedRow).where(*given(AwaitedRow.person)))
_columns = ("kind", "cohort", "asked", "anchor", "at", "state")
_WAIT = Put(AwaitedRow, ("person",), _columns)
_STOP = Change(sa.delete(AwaitedRow).where(*given(AwaitedRow.person)))


class SqlTalk:
    """The `TalkStore` of bot/features/talk, over tables."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session = session

    def keep(self, said: Said, medium: Medium) -> PrivateMessage:
        found = self.find(said.ref)
        row = SaidRow(
            person=said.person, workspace="", channel="", message="", text="", medium="", state="", at=said.at
        )
        if found is not None:
            row = self._session.get_one(SaidRow, found.id)
        row.workspace, row.channel, row.message = said.ref.workspace, said.ref.channel, said.ref.id
        row.text, row.medium, row.state, row.at = said.text, medium, "open", said.at
        self._session.add(row)
        self._session.flush()
        return _kept(row)

    def find(self, ref: MessageRef) -> PrivateMessage | None:
        row = _FIND.first(self._session, workspace=ref.workspace, channel=ref.channel, message=ref.id)
        return _kept(row) if row is not None else None

    def get(self, id: int) -> PrivateMessage | None:
        row = self._session.get(SaidRow, id)
        return _kept(row) if row is not None else None

    def settle(self, id: int, state: State) -> None:
        row = self._session.get_one(SaidRow, id)
        row.state, row.text = state, ""
        self._session.flush()

    def awaited(self, person: int) -> Awaited | None:
        row = _AWAITED.first(self._session, person=person)
        if row is None:
            return None
        return Awaited(row.kind, row.cohort, load_asked(row.asked), row.anchor, row.at, cast(Waiting, row.state))

    def wait(self, person: int, awaited: Awaited) -> None:
        values = {name: getattr(awaited, name) for name in _columns}
        _WAIT.rows(self._session, [{"person": person, **values, "asked": dump_asked(awaited.asked)}])

    def stop_waiting(self, person: int) -> None:
        _STOP.run(self._session, person=person)

    def spoken_since(self, person: int, at: datetime) -> bool:
        query = select(SpokenRow.id).where(SpokenRow.person == person, SpokenRow.at > at).limit(1)
        return self._session.exec(query).first() is not None


def _kept(row: SaidRow) -> PrivateMessage:
    ref = MessageRef(row.workspace, row.channel, row.message)
    return PrivateMessage(
        row.id, Said(row.person, ref, row.text, row.at), cast(Medium, row.medium), cast(State, row.state)
    )
