"""Recaps: the script and the recording of each week."""

from collections.abc import Sequence

from sqlmodel import col, select

from bot.features.recaps.store import Recap
from storage.sql.mapper import Mapper
from storage.sql.store import Store
from storage.tables.recaps import RecapRow

_RECAP = Mapper(Recap, RecapRow)


class SqlRecaps(Store):
    """The `RecapStore` of bot/features/recaps, over a table."""

    def of(self, cohort: int) -> Sequence[Recap]:
        query = select(RecapRow).where(RecapRow.cohort == cohort).order_by(col(RecapRow.week))
        return self._values(_RECAP, query)

    def keep(self, recap: Recap) -> None:
        where = (RecapRow.cohort == recap.cohort, RecapRow.week == recap.week)
        if not self._update(RecapRow, *where, **_RECAP.columns(recap)):
            self._add(RecapRow(**_RECAP.columns(recap)))
