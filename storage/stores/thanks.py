"""Thanks: who thanked whom, for which message."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from bot.features.thanks.store import Thanks
from storage.sql.mapper import Mapper, read_ref, ref_columns
from storage.sql.store import Store
from storage.tables.thanks import NamingRow, ThanksRow

_THANKS = Mapper(Thanks, ThanksRow, message=read_ref)


class SqlThanks(Store):
    """The `ThanksStore` of bot/features/thanks, over a table."""

    def add(self, thanks: Thanks) -> None:
        self._add(ThanksRow(**_THANKS.columns(thanks), **ref_columns(thanks.message)))

    def given(self, cohort: int, person: int, since: datetime) -> Sequence[Thanks]:
        return self._since(cohort, since, ThanksRow.giver == person)

    def received(self, cohort: int, person: int, since: datetime) -> Sequence[Thanks]:
        return self._since(cohort, since, ThanksRow.receiver == person)

    def count(self, cohort: int, since: datetime, until: datetime) -> int:
        return self._count(ThanksRow.cohort == cohort, ThanksRow.at >= since, ThanksRow.at < until)

    def thanked(self, cohort: int, since: datetime, until: datetime) -> Collection[int]:
        span = (ThanksRow.cohort == cohort, col(ThanksRow.at) >= since, col(ThanksRow.at) < until)
        return set(self._session.exec(select(ThanksRow.receiver).where(*span).distinct()))

    def naming(self, cohort: int) -> Mapping[int, bool | None]:
        return self._pairs(select(NamingRow.person, NamingRow.agreed).where(NamingRow.cohort == cohort))

    def set_naming(self, cohort: int, person: int, agreed: bool | None) -> None:
        self._put(NamingRow(cohort=cohort, person=person, agreed=agreed))

    def _since(self, cohort: int, since: datetime, whose: Any) -> list[Thanks]:
        query = select(ThanksRow).where(ThanksRow.cohort == cohort, whose, col(ThanksRow.at) >= since)
        return self._values(_THANKS, query.order_by(col(ThanksRow.id)))
