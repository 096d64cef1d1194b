"""Live sessions, and who comes."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from bot.core.time import parse_instant, write_instant
from bot.features.live.store import Session
from storage.sql.mapper import Mapper
from storage.sql.store import Store
from storage.tables.live import LivePersonRow, LiveSessionRow


def _times(row: Any, which: int) -> tuple[datetime, ...]:
    return tuple(map(parse_instant, json.loads(row.times)[which]))


_SESSION = Mapper(Session, LiveSessionRow, slots=lambda row: _times(row, 0), known=lambda row: _times(row, 1))


class SqlLive(Store):
    """The `LiveStore` of bot/features/live, over tables."""

    def of(self, cohort: int) -> Sequence[Session]:
        query = select(LiveSessionRow).where(LiveSessionRow.cohort == cohort)
        return self._values(_SESSION, query.order_by(col(LiveSessionRow.week), col(LiveSessionRow.id)))

    def get(self, cohort: int, session: int) -> Session | None:
        query = select(LiveSessionRow).where(LiveSessionRow.id == session, LiveSessionRow.cohort == cohort)
        return self._first(_SESSION, query)

    def add(self, session: Session) -> Session:
        return _SESSION.read(self._add(LiveSessionRow(**_columns(session))))

    def keep(self, session: Session) -> None:
        self._change(LiveSessionRow, session.id, **_columns(session))

    def drop(self, session: int) -> None:
        self._delete(LivePersonRow, LivePersonRow.session == session)
        self._delete(LiveSessionRow, LiveSessionRow.id == session)

    def coming(self, sessions: Collection[int]) -> Mapping[tuple[int, int], int]:
        query = select(LivePersonRow).where(col(LivePersonRow.session).in_(sessions), LivePersonRow.slot > 0)
        return {(row.session, row.person): row.slot for row in self._session.exec(query)} if sessions else {}

    def coming_of(self, cohort: int, person: int) -> Mapping[int, int]:
        query = (
            select(LivePersonRow.session, LivePersonRow.slot)
            .join(LiveSessionRow, col(LiveSessionRow.id) == col(LivePersonRow.session))
            .where(LivePersonRow.person == person, LiveSessionRow.cohort == cohort, LivePersonRow.slot > 0)
        )
        return self._pairs(query)

    def say(self, session: int, person: int, slot: int) -> None:
        self._put(LivePersonRow(session=session, person=person, slot=slot))


def _columns(session: Session) -> dict[str, Any]:
    times = [[write_instant(at) for at in some] for some in (session.slots, session.known)]
    return {**_SESSION.columns(session), "times": json.dumps(times)}
