"""The store of digests: what course teams have taken off their desks."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlmodel import col, select

from storage.sql.statements import Put
from storage.sql.store import Store
from storage.tables.digests import DeskSeenRow

KEPT = timedelta(days=90)
"""Longer than anything stays on a desk."""

_SEE = Put(DeskSeenRow, ("cohort", "name"), ("at",))


class SqlDigests(Store):
    """The `DigestStore` of bot/features/digests, over a table."""

    def seen(self, cohort: int) -> Mapping[str, datetime]:
        query = select(DeskSeenRow.name, DeskSeenRow.at).where(DeskSeenRow.cohort == cohort)
        return self._pairs(query)

    def see(self, cohort: int, names: Collection[str]) -> None:
        self._delete(DeskSeenRow, col(DeskSeenRow.cohort) == cohort, col(DeskSeenRow.at) < self._now - KEPT)
        _SEE.rows(self._session, [{"cohort": cohort, "name": name, "at": self._now} for name in names])
