"""Self-checks: who tried which."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select

from bot.features.selfchecks.store import Try
from storage.sql.mapper import Mapper
from storage.sql.store import Store
from storage.tables.selfchecks import SelfcheckRow

_TRY = Mapper(Try, SelfcheckRow)


class SqlSelfchecks(Store):
    """The `SelfcheckStore` of bot/features/selfchecks, over a table."""

    def of(self, cohort: int, person: int) -> Mapping[str, Try]:
        query = select(SelfcheckRow).where(SelfcheckRow.cohort == cohort, SelfcheckRow.person == person)
        return {own.key: own for own in self._values(_TRY, query)}

    def among(self, cohort: int, keys: Collection[str]) -> Sequence[Try]:
        query = select(SelfcheckRow).where(SelfcheckRow.cohort == cohort, col(SelfcheckRow.key).in_(keys))
        return self._values(_TRY, query.order_by(col(SelfcheckRow.key), col(SelfcheckRow.person)))

    def without(self, cohort: int, keys: Collection[str]) -> Sequence[Try]:
        query = select(SelfcheckRow).where(SelfcheckRow.cohort == cohort, col(SelfcheckRow.key).not_in(keys))
        return self._values(_TRY, query.order_by(col(SelfcheckRow.key), col(SelfcheckRow.person)))

    def seen(self, cohort: int) -> set[tuple[str, str]]:
        looked = (SelfcheckRow.cohort == cohort, SelfcheckRow.seen != "")
        return set(self._session.exec(select(SelfcheckRow.key, SelfcheckRow.seen).where(*looked).distinct()))

    def last(self, cohort: int, since: datetime, until: datetime) -> dict[int, datetime]:
        at = col(SelfcheckRow.at)
        query = select(SelfcheckRow.person, func.max(at)).where(SelfcheckRow.cohort == cohort, at >= since, at < until)
        return self._pairs(query.group_by(col(SelfcheckRow.person)))

    def keep(self, cohort: int, own: Try) -> None:
        self._put(SelfcheckRow(cohort=cohort, at=self._now, **_TRY.columns(own)))

    def change(self, cohort: int, key: str, seen: str) -> None:
        looked = (SelfcheckRow.cohort == cohort, SelfcheckRow.key == key, SelfcheckRow.seen != "")
        self._update(SelfcheckRow, *looked, seen=seen)
