"""Check-ins: what people said."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select

from bot.features.checkins.store import KnownRound, Update
from storage.sql.mapper import Mapper
from storage.sql.planned import planned_columns, read_planned
from storage.sql.store import Store
from storage.tables.checkins import CheckinRoundRow, CheckinRow

FEW = 200
"""Up to so many people are named in a query; otherwise it reads everybody."""

_UPDATE = Mapper(Update, CheckinRow)
_KNOWN = Mapper(KnownRound, CheckinRoundRow, planned=read_planned)


class SqlCheckins(Store):
    """The `CheckinStore` of bot/features/checkins, over a table."""

    def known(self, cohort: int) -> Sequence[KnownRound]:
        query = select(CheckinRoundRow).where(CheckinRoundRow.cohort == cohort)
        return self._values(_KNOWN, query.order_by(col(CheckinRoundRow.key)))

    def know(self, cohort: int, rounds: Iterable[KnownRound]) -> None:
        for one in rounds:
            self._put(CheckinRoundRow(cohort=cohort, **_KNOWN.columns(one), **planned_columns(one.planned)))

    def mine(self, cohort: int, key: str, person: int) -> Update | None:
        whose = (CheckinRow.cohort == cohort, CheckinRow.key == key, CheckinRow.person == person)
        return self._first(_UPDATE, select(CheckinRow).where(*whose))

    def of(self, cohort: int, key: str) -> Sequence[Update]:
        query = select(CheckinRow).where(CheckinRow.cohort == cohort, CheckinRow.key == key)
        return self._values(_UPDATE, query.order_by(col(CheckinRow.id)))

    def said(self, cohort: int, people: Collection[int] | None = None) -> Mapping[tuple[str, int], bool]:
        query = select(CheckinRow.key, CheckinRow.person, CheckinRow.late).where(CheckinRow.cohort == cohort)
        if people is not None and len(people) < FEW:
            query = query.where(col(CheckinRow.person).in_(people))
        rows = self._session.exec(query)
        return {(key, person): late for key, person, late in rows if people is None or person in people}

    def stuck(self, cohort: int, since: datetime) -> Sequence[Update]:
        recent = (CheckinRow.cohort == cohort, CheckinRow.stuck != "", col(CheckinRow.changed_at) > since)
        return self._values(_UPDATE, select(CheckinRow).where(*recent).order_by(col(CheckinRow.changed_at)))

    def last(self, cohort: int, since: datetime, until: datetime) -> dict[int, datetime]:
        changed = col(CheckinRow.changed_at)
        query = select(CheckinRow.person, func.max(changed)).where(
            CheckinRow.cohort == cohort, changed >= since, changed < until
        )
        return self._pairs(query.group_by(col(CheckinRow.person)))

    def by(self, person: int) -> Sequence[tuple[int, Update]]:
        query = select(CheckinRow).where(CheckinRow.person == person).order_by(col(CheckinRow.id))
        return [(row.cohort, _UPDATE.read(row)) for row in self._session.exec(query)]

    def save(
        self,
        cohort: int,
        key: str,
        person: int,
        done: str,
        next: str,
        stuck: str,
        shown: bool,
        late: bool,
        pod: str = "",
    ) -> Update:
        before = self.mine(cohort, key, person)
        if before is not None:
            said = {"done": done, "next": next, "stuck": stuck, "shown": shown, "pod": pod}
            return _UPDATE.read(self._change(CheckinRow, before.id, **said, changed_at=self._now))
        row = CheckinRow(
            cohort=cohort,
            key=key,
            person=person,
            done=done,
            next=next,
            stuck=stuck,
            shown=shown,
            first_at=self._now,
            changed_at=self._now,
            late=late,
            pod=pod,
        )
        return _UPDATE.read(self._add(row))

    def forgive(self, update: int) -> None:
        self._change(CheckinRow, update, late=False)

    def delete(self, update: int) -> None:
        self._delete(CheckinRow, CheckinRow.id == update)
