"""Thanks: who thanked whom, for which message."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from bot.features.thanks.store import Thanks
from storage.sql.mapper import Mapper, read_ref, ref_columns
from storage.sql.store import Store
from storage.tables.thanks import ThanksRow

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

    def _since(self, cohort: int, since: datetime, whose: Any) -> list[Thanks]:
        query = select(ThanksRow).where(ThanksRow.cohort == cohort, whose, col(ThanksRow.at) >= since)
        return self._values(_THANKS, query.order_by(col(ThanksRow.id)))
