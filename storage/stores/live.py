"""Live sessions, and what people have to do with them."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from bot.core.time import parse_instant, write_instant
from bot.features.live.store import Session, Taking
from storage.sql.mapper import Mapper
from storage.sql.store import Store
from storage.tables.live import LivePersonRow, LiveSessionRow


def _times(row: Any, which: int) -> tuple[datetime, ...]:
    return tuple(map(parse_instant, json.loads(row.times)[which]))


def _answers(row: Any) -> tuple[str, ...]:
    said = json.loads(row.answers)
    return (said["about"],) if isinstance(said, dict) else tuple(said)


def _asked_at(row: Any) -> datetime | None:
    said = json.loads(row.answers)
    return parse_instant(said["asked_at"]) if isinstance(said, dict) else None


_TAKING = Mapper(Taking, LivePersonRow, answers=_answers, asked_at=_asked_at)
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

    def taking(self, cohort: int, person: int) -> Mapping[int, Taking]:
        query = (
            select(LivePersonRow)
            .join(LiveSessionRow, col(LiveSessionRow.id) == col(LivePersonRow.session))
            .where(LivePersonRow.person == person, LiveSessionRow.cohort == cohort)
        )
        return {one.session: one for one in self._values(_TAKING, query)}

    def takings(self, sessions: Collection[int]) -> Sequence[Taking]:
        query = select(LivePersonRow).where(col(LivePersonRow.session).in_(sessions))
        return self._values(_TAKING, query.order_by(col(LivePersonRow.person))) if sessions else []

    def take(self, taking: Taking) -> None:
        said: Any = taking.answers
        if taking.asked_at is not None:
            said = {"about": "".join(taking.answers), "asked_at": write_instant(taking.asked_at)}
        self._put(LivePersonRow(**{**_TAKING.columns(taking), "answers": json.dumps(said)}))

    def count(self, session: int, people: Collection[int]) -> None:
        known = {one.person: one for one in self.takings([session])}
        for person in sorted(people):
            self.take(replace(known.get(person, Taking(session, person)), counted=True))

    def last(self, cohort: int, since: datetime, until: datetime) -> dict[int, datetime]:
        found: dict[int, datetime] = {}
        for column in (col(LivePersonRow.here_at), col(LivePersonRow.reflected_at)):
            query = (
                select(LivePersonRow.person, func.max(column))
                .join(LiveSessionRow, col(LiveSessionRow.id) == col(LivePersonRow.session))
                .where(LiveSessionRow.cohort == cohort, column >= since, column < until)
                .group_by(col(LivePersonRow.person))
            )
            for person, at in self._pairs(query).items():
                found[person] = max(at, found.get(person, at))
        return found


def _columns(session: Session) -> dict[str, Any]:
    times = [[write_instant(at) for at in some] for some in (session.slots, session.known)]
    return {**_SESSION.columns(session), "times": json.dumps(times)}
