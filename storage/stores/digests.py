"""The store of digests: what course teams have taken off their desks."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Session, col, select

from storage.sql.statements import Put
from storage.tables.digests import DeskSeenRow

KEPT = timedelta(days=90)
"""Longer than anything stays on a desk."""

_SEE = Put(DeskSeenRow, ("cohort", "name"), ("at",))


class SqlDigests:
    """The `DigestStore` of bot/features/digests, over a table."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session = session
        self._now = now

    def seen(self, cohort: int) -> Mapping[str, datetime]:
        query = select(DeskSeenRow.name, DeskSeenRow.at).where(DeskSeenRow.cohort == cohort)
        return dict(self._session.exec(query).all())

    def see(self, cohort: int, names: Collection[str]) -> None:
        old = (col(DeskSeenRow.cohort) == cohort, col(DeskSeenRow.at) < self._now - KEPT)
        self._session.exec(delete(DeskSeenRow).where(*old))
        _SEE.rows(self._session, [{"cohort": cohort, "name": name, "at": self._now} for name in names])
