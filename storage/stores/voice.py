"""What was handed in to be said to a person unasked, and what was said when."""

from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import delete
from sqlmodel import Session, col

from bot.core.codec import dump_message, dump_text, load_message, load_text
from bot.core.people import Role
from bot.core.voice import Card, Line
from bot.runtime.ports import Unsaid
from storage.sql import bulk
from storage.sql.schema import Utc
from storage.sql.statements import Statement
from storage.tables.absence import AbsenceRow, SilenceRow
from storage.tables.schedule import DueRow
from storage.tables.voice import RemarkRow, SpokenRow

KEPT = timedelta(days=60)
"""How long it is remembered who was written to: the budget counts weeks."""


# Built once: these run for every batch of people.
_rows = bulk.table(RemarkRow)
_remark, _said, _due = (bulk.table(model).c for model in (RemarkRow, SpokenRow, DueRow))
_PLANNED = bulk.in_state(_due.state, "planned")
_at = sa.bindparam("at", type_=Utc)
_end = sa.bindparam("end", type_=Utc)
_SAME = Statement(sa.select(_remark.id, _remark.person, _remark.key).where(bulk.among(_remark.key, "keys", str)))
_KEEP, _NOTE = bulk.insert(RemarkRow), bulk.insert(SpokenRow)
_DROP = Statement(sa.delete(_rows).where(bulk.among(_remark.id, "ids", int)))
_HUSH = Statement(sa.delete(_rows).where(bulk.among(_remark.key, "keys", str)))
_UNSAID = Statement(sa.select(_rows).where(bulk.among(_remark.person, "people", int)).order_by(_remark.id))
_SPOKEN = Statement(
    sa.select(_said.person, _said.role, _said.at).where(bulk.among(_said.person, "people", int), _said.at >= _at)
)
_AHEAD = Statement(
    sa.union_all(
        sa.select(_remark.person, _remark.at).where(
            bulk.among(_remark.person, "people", int), _remark.is_card, _remark.at > _at, _remark.at <= _end
        ),
        sa.select(_due.person, _due.at).where(
            bulk.among(_due.person, "people", int), _PLANNED, _due.at > _at, _due.at <= _end
        ),
    )
)
_EXPECTING = Statement(
    sa.select(_due.person).where(bulk.among(_due.person, "people", int), _PLANNED, _due.at <= _at).distinct()
)
# What speaks to many names nobody: it may bring something for its whole cohort.
_FOR_ALL = Statement(
    sa.select(_due.cohort).where(_due.person.is_(None), _PLANNED, _due.at <= _at, _due.kind != "voice.speak").distinct()
)
_away, _quiet = bulk.table(AbsenceRow).c, bulk.table(SilenceRow).c
_SILENT = Statement(
    sa.union(
        sa.select(_away.cohort, _away.person).where(
            bulk.among(_away.person, "people", int),
            _away.starts_at <= _at,
            sa.or_(_away.ends_at.is_(None), _away.ends_at > _at),
        ),
        sa.select(_quiet.cohort, _quiet.person).where(bulk.among(_quiet.person, "people", int)),
    )
)


class SqlVoice:
    """The `VoiceStore` of bot/runtime/ports.py, over tables."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session = session

    def keep(self, remarks: Sequence[Card | Line], now: datetime) -> Sequence[int]:
        named = {(r.person, _key(r)): r for r in remarks}
        keys = {key for _, key in named}
        self.drop([id for id, person, key in self._rows(_SAME, keys=keys) if (person, key) in named])
        if named:
            _KEEP.run_all(self._session, [_row(r, now) for r in named.values()])
        # Asked for afterwards: SQLite gives numbers back in no certain order, but for one row at a time.
        numbers = {(person, key): int(id) for id, person, key in self._rows(_SAME, keys=keys)}
        return [numbers[r.person, _key(r)] for r in remarks]

    def cards_ahead(self, people: Collection[int], after: datetime, end: datetime) -> Mapping[int, Sequence[datetime]]:
        found: dict[int, list[datetime]] = {}
        for person, at in self._rows(_AHEAD, people=people, at=after, end=end):
            found.setdefault(person, []).append(at)
        return {person: sorted(instants) for person, instants in found.items()}

    def expecting(self, people: Collection[int], now: datetime) -> tuple[Set[int], Set[int]]:
        cohorts = {cohort for (cohort,) in _FOR_ALL.rows(self._session, at=now)}
        return {row[0] for row in self._rows(_EXPECTING, people=people, at=now)}, cohorts

    def silent(self, people: Collection[int], now: datetime) -> Set[tuple[int, int]]:
        return {(cohort, person) for cohort, person in self._rows(_SILENT, people=people, at=now)}

    def hush(self, keys: Collection[str]) -> None:
        for some in bulk.parts(keys):
            _HUSH.run(self._session, keys=some)

    def hush_person(self, person: int, cohort: int) -> None:
        self._session.exec(delete(RemarkRow).where(col(RemarkRow.person) == person, col(RemarkRow.cohort) == cohort))

    def hush_cohort(self, cohort: int) -> None:
        self._session.exec(delete(RemarkRow).where(col(RemarkRow.cohort) == cohort))

    def unsaid(self, people: Collection[int]) -> Mapping[int, Sequence[Unsaid]]:
        found: dict[int, list[Unsaid]] = {}
        for some in bulk.parts(people):
            for row in _UNSAID.named(self._session, people=some):
                found.setdefault(row.person, []).append(Unsaid(row.id, _read(row)))
        return found

    def drop(self, ids: Sequence[int]) -> None:
        for some in bulk.parts(ids):
            _DROP.run(self._session, ids=some)

    def note(self, spoken: Sequence[tuple[int, Role]], now: datetime) -> None:
        if spoken:
            _NOTE.run_all(self._session, [{"person": p, "role": role.value, "at": now} for p, role in spoken])

    def spoken(self, people: Collection[int], since: datetime) -> Mapping[tuple[int, Role], Sequence[datetime]]:
        found: dict[tuple[int, Role], list[datetime]] = {}
        for person, role, at in self._rows(_SPOKEN, people=people, at=since):
            found.setdefault((person, Role(role)), []).append(at)
        return found

    def forget(self, now: datetime) -> None:
        self._session.exec(delete(SpokenRow).where(col(SpokenRow.at) < now - KEPT))

    def _rows(
        self,
        query: Statement,
        at: datetime | None = None,
        end: datetime | None = None,
        **many: Collection[object],
    ) -> Iterator[Any]:
        """Rows of a query about many people or keys, asked for in parts that fit."""
        ((name, values),) = many.items()
        for some in bulk.parts(values):
            yield from query.rows(self._session, **{name: some}, at=at, end=end)


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
