"""What waits to be said to people, and when each person was written to."""

from collections.abc import Collection, Mapping, Sequence, Set
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import delete
from sqlmodel import Session, col, select

from bot.core.codec import dump_message, dump_text, load_message, load_text
from bot.core.people import Role
from bot.core.voice import Card, Line
from bot.runtime.ports import Unsaid
from storage.sql.clauses import among, in_state
from storage.sql.schema import Utc
from storage.sql.statements import Change, Insert, Query
from storage.tables.absence import AbsenceRow, SilenceRow
from storage.tables.schedule import DueRow
from storage.tables.voice import RemarkRow, SpokenRow

KEPT = timedelta(days=60)
"""How long it is remembered who was written to: the budget counts weeks."""


# Compiled once: these run for every batch of people.
_PLANNED = in_state(DueRow.state, "planned")
_whose = sa.type_coerce(DueRow.person, sa.Integer)
_at, _end = sa.bindparam("at", type_=Utc), sa.bindparam("end", type_=Utc)
_SAME = Query(select(RemarkRow.id, RemarkRow.person, RemarkRow.key).where(among(RemarkRow.key, "keys")))
_KEEP, _NOTE = Insert(RemarkRow), Insert(SpokenRow)
_DROP = Change(delete(RemarkRow).where(among(RemarkRow.id, "ids")))
_HUSH = Change(delete(RemarkRow).where(among(RemarkRow.key, "keys")))
_UNSAID = Query(select(RemarkRow).where(among(RemarkRow.person, "people")).order_by(col(RemarkRow.id)))
_SPOKEN = Query(
    select(SpokenRow.person, SpokenRow.role, SpokenRow.at).where(among(SpokenRow.person, "people"), SpokenRow.at >= _at)
)
_AHEAD = Query(
    sa.union_all(
        sa.select(col(RemarkRow.person), col(RemarkRow.at)).where(
            among(RemarkRow.person, "people"),
            col(RemarkRow.is_card),
            col(RemarkRow.at) > _at,
            col(RemarkRow.at) <= _end,
        ),
        sa.select(_whose, col(DueRow.at)).where(
            among(DueRow.person, "people"), _PLANNED, col(DueRow.at) > _at, col(DueRow.at) <= _end
        ),
    )
)
_EXPECTING = Query(select(_whose).where(among(DueRow.person, "people"), _PLANNED, DueRow.at <= _at).distinct())
# What speaks to many names nobody: it may bring something for its whole cohort.
_FOR_ALL = Query(
    select(DueRow.cohort)
    .where(col(DueRow.person).is_(None), _PLANNED, DueRow.at <= _at, DueRow.kind != "voice.speak")
    .distinct()
)
_SILENT = Query(
    sa.union(
        select(AbsenceRow.cohort, AbsenceRow.person).where(
            among(AbsenceRow.person, "people"),
            AbsenceRow.starts_at <= _at,
            sa.or_(col(AbsenceRow.ends_at).is_(None), col(AbsenceRow.ends_at) > _at),
        ),
        select(SilenceRow.cohort, SilenceRow.person).where(among(SilenceRow.person, "people")),
    )
)


class SqlVoice:
    """The `VoiceStore` of bot/runtime/ports.py, over tables."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session = session

    def keep(self, remarks: Sequence[Card | Line], now: datetime) -> Sequence[int]:
        named = {(r.person, _key(r)): r for r in remarks}
        keys = {key for _, key in named}
        self.drop([id for id, person, key in _SAME.all(self._session, keys=keys) if (person, key) in named])
        if named:
            _KEEP.run_all(self._session, [_row(r, now) for r in named.values()])
        # Asked for afterwards: SQLite gives numbers back in no certain order, but for one row at a time.
        numbers = {(person, key): id for id, person, key in _SAME.all(self._session, keys=keys)}
        return [numbers[r.person, _key(r)] for r in remarks]

    def cards_ahead(self, people: Collection[int], after: datetime, end: datetime) -> Mapping[int, Sequence[datetime]]:
        found: dict[int, list[datetime]] = {}
        for person, at in _AHEAD.all(self._session, people=people, at=after, end=end):
            found.setdefault(person, []).append(at)
        return {person: sorted(instants) for person, instants in found.items()}

    def expecting(self, people: Collection[int], now: datetime) -> tuple[Set[int], Set[int]]:
        cohorts = set(_FOR_ALL.all(self._session, at=now))
        return set(_EXPECTING.all(self._session, people=people, at=now)), cohorts

    def silent(self, people: Collection[int], now: datetime) -> Set[tuple[int, int]]:
        return set(_SILENT.all(self._session, people=people, at=now))

    def hush(self, keys: Collection[str]) -> None:
        _HUSH.run(self._session, keys=keys)

    def hush_person(self, person: int, cohort: int) -> None:
        self._session.exec(delete(RemarkRow).where(col(RemarkRow.person) == person, col(RemarkRow.cohort) == cohort))

    def hush_cohort(self, cohort: int) -> None:
        self._session.exec(delete(RemarkRow).where(col(RemarkRow.cohort) == cohort))

    def unsaid(self, people: Collection[int]) -> Mapping[int, Sequence[Unsaid]]:
        found: dict[int, list[Unsaid]] = {}
        for row in _UNSAID.all(self._session, people=people):
            found.setdefault(row.person, []).append(Unsaid(row.id, _read(row)))
        return found

    def drop(self, ids: Sequence[int]) -> None:
        if ids:
            _DROP.run(self._session, ids=ids)

    def note(self, spoken: Sequence[tuple[int, Role]], now: datetime) -> None:
        if spoken:
            _NOTE.run_all(self._session, [{"person": p, "role": role.value, "at": now} for p, role in spoken])

    def spoken(self, people: Collection[int], since: datetime) -> Mapping[tuple[int, Role], Sequence[datetime]]:
        found: dict[tuple[int, Role], list[datetime]] = {}
        for person, role, at in _SPOKEN.all(self._session, people=people, at=since):
            found.setdefault((person, Role(role)), []).append(at)
        return found

    def forget(self, now: datetime) -> None:
        self._session.exec(delete(SpokenRow).where(col(SpokenRow.at) < now - KEPT))


def _key(remark: Card | Line) -> str:
    return remark.anchor if isinstance(remark, Card) else remark.key


def _row(remark: Card | Line, now: datetime) -> dict[str, Any]:
    is_card = isinstance(remark, Card)
    return {
        "person": remark.person,
        "cohort": remark.cohort,
        "key": _key(remark),
        "is_card": is_card,
        "body": dump_message(remark.message) if isinstance(remark, Card) else dump_text(remark.text),
        "at": remark.at if isinstance(remark, Card) else now,
        "until": remark.until,
        "role": remark.role.value,
        "urgent": isinstance(remark, Line) and remark.urgent,
        "rank": remark.rank if isinstance(remark, Card) else "usual",
    }


def _read(row: Any) -> Card | Line:
    if row.is_card:
        message = load_message(row.body)
        return Card(row.person, row.cohort, row.key, message, row.at, row.until, Role(row.role), row.rank)
    return Line(row.person, row.cohort, row.key, load_text(row.body), row.until, Role(row.role), row.urgent)
