"""Private messages until their authors have said what they are, and what people were asked in private."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import select

from bot.core.codec import dump_asked, load_asked
from bot.core.events import Medium
from bot.core.people import MessageRef
from bot.core.private import Said
from bot.features.talk.store import Awaited, PrivateMessage, State
from storage.sql.clauses import given
from storage.sql.mapper import Mapper, read_ref, ref_columns
from storage.sql.statements import Change, Put
from storage.sql.store import Store
from storage.tables.talk import AwaitedRow, SaidRow
from storage.tables.voice import SpokenRow

_MESSAGE = Mapper(PrivateMessage, SaidRow, said=lambda row: Said(row.person, read_ref(row), row.text, row.at))
_FIND = _MESSAGE.query(*given(SaidRow.workspace, SaidRow.channel, SaidRow.message))
_OPEN = _MESSAGE.query(*given(SaidRow.workspace, SaidRow.channel, SaidRow.state))
_ASKED = Mapper(Awaited, AwaitedRow, asked=lambda row: load_asked(row.asked))
_AWAITED = _ASKED.query(*given(AwaitedRow.person))
_WAIT = Put(AwaitedRow, ("person",), ("kind", "cohort", "asked", "anchor", "at", "state"))
_STOP = Change(sa.delete(AwaitedRow).where(*given(AwaitedRow.person)))


class SqlTalk(Store):
    """The `TalkStore` of bot/features/talk, over tables."""

    def keep(self, said: Said, medium: Medium) -> PrivateMessage:
        found = self.find(said.ref)
        kept = {"text": said.text, "medium": medium, "state": "open", "at": said.at, **ref_columns(said.ref)}
        if found is not None:
            return _MESSAGE.read(self._change(SaidRow, found.id, **kept))
        return _MESSAGE.read(self._add(SaidRow(person=said.person, **kept)))

    def find(self, ref: MessageRef) -> PrivateMessage | None:
        return _FIND.first(self._session, **ref_columns(ref))

    def get(self, id: int) -> PrivateMessage | None:
        return self._get(_MESSAGE, id)

    def open_in(self, workspace: str, channel: str) -> Sequence[PrivateMessage]:
        return _OPEN.all(self._session, workspace=workspace, channel=channel, state="open")

    def settle(self, id: int, state: State) -> None:
        self._change(SaidRow, id, state=state, text="")

    def awaited(self, person: int) -> Awaited | None:
        return _AWAITED.first(self._session, person=person)

    def wait(self, person: int, awaited: Awaited) -> None:
        row = {"person": person, **_ASKED.columns(awaited), "asked": dump_asked(awaited.asked)}
        _WAIT.rows(self._session, [row])

    def stop_waiting(self, person: int) -> None:
        _STOP.run(self._session, person=person)

    def spoken_since(self, person: int, at: datetime) -> bool:
        query = select(SpokenRow.id).where(SpokenRow.person == person, SpokenRow.at > at).limit(1)
        return self._session.exec(query).first() is not None
