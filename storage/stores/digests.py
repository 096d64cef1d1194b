"""The store of digests: what course teams have taken off their desks, and what their posted desks showed."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlmodel import col, select

from bot.features.digests.store import Line
from storage.sql.clauses import given
from storage.sql.mapper import Mapper
from storage.sql.statements import Put, Query
from storage.sql.store import Store
from storage.tables.digests import DeskLineRow, DeskSeenRow

KEPT = timedelta(days=90)
"""Longer than anything stays on a desk."""

# Compiled once: these run whenever a desk follows what was done.
_SEEN = Query(select(DeskSeenRow.name, DeskSeenRow.at).where(*given(DeskSeenRow.cohort)))
_SEE = Put(DeskSeenRow, ("cohort", "name"), ("at",))
_LINES = Mapper(Line, DeskLineRow)
_LINES_OF = _LINES.query(*given(DeskLineRow.person))
_LINE = ("person", "cohort", "name")
_SHOW = Put(DeskLineRow, _LINE, ("at", "number", "done", "done_by"))
_FINISH = Put(DeskLineRow, _LINE, ("done", "done_by"), "at", "number")


class SqlDigests(Store):
    """The `DigestStore` of bot/features/digests, over tables."""

    def seen(self, cohort: int) -> Mapping[str, datetime]:
        return dict(_SEEN.all(self._session, cohort=cohort))

    def see(self, cohort: int, names: Collection[str]) -> None:
        self._delete(DeskSeenRow, col(DeskSeenRow.cohort) == cohort, col(DeskSeenRow.at) < self._now - KEPT)
        _SEE.rows(self._session, [{"cohort": cohort, "name": name, "at": self._now} for name in names])

    def lines(self, person: int) -> Sequence[Line]:
        return _LINES_OF.all(self._session, person=person)

    def show(self, person: int, lines: Collection[Line]) -> None:
        self._delete(DeskLineRow, col(DeskLineRow.person) == person, col(DeskLineRow.at) < self._now - KEPT)
        _SHOW.rows(self._session, [{"person": person, **_LINES.columns(line)} for line in lines])

    def shown_to(self, cohort: int, names: Collection[str]) -> Collection[int]:
        there = (DeskLineRow.cohort == cohort, col(DeskLineRow.name).in_(names), DeskLineRow.number > 0)
        return set(self._session.exec(select(DeskLineRow.person).where(*there)))

    def finish(self, cohort: int, names: Collection[str], people: Collection[int], by: int | None) -> None:
        lines = [_LINES.columns(Line(cohort, name, self._now, 0, True, by)) for name in names]
        _FINISH.rows(self._session, [{"person": person, **line} for person in people for line in lines])

    def reopen(self, cohort: int, names: Collection[str]) -> None:
        there = (DeskLineRow.cohort == cohort, col(DeskLineRow.name).in_(names))
        self._update(DeskLineRow, *there, done=False, done_by=None)
