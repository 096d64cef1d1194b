"""The week card: the cards that were handed out, and their contents."""

from collections.abc import Collection, Mapping, Sequence

import sqlalchemy as sa
from sqlmodel import select

from storage.sql.clauses import among, given
from storage.sql.statements import Change, Put, Query
from storage.sql.store import Store
from storage.tables.weekcard import WeekcardRow

# Compiled once: a card is drawn again whenever its learner does something.
_PRINTS = Query(
    select(WeekcardRow.person, WeekcardRow.fingerprint).where(*given(WeekcardRow.cohort, WeekcardRow.week)),
    person=WeekcardRow.person,
)
_HAD = Query(
    select(WeekcardRow.week, WeekcardRow.person).where(*given(WeekcardRow.cohort), among(WeekcardRow.week, "weeks")),
    person=WeekcardRow.person,
)
_FORGET = Change(
    sa.delete(WeekcardRow).where(*given(WeekcardRow.cohort, WeekcardRow.week), among(WeekcardRow.person, "people"))
)
_KEEP = Put(WeekcardRow, ("cohort", "week", "person"), ("shown_at", "fingerprint"))


class SqlWeekcards(Store):
    """The `WeekcardStore` of bot/features/weekcard, over tables."""

    def prints(self, cohort: int, week: int, people: Collection[int] | None = None) -> Mapping[int, str]:
        return dict(_PRINTS.about(self._session, people, cohort=cohort, week=week))

    def had(self, cohort: int, weeks: Collection[int], people: Collection[int] | None = None) -> set[tuple[int, int]]:
        return set(_HAD.about(self._session, people, cohort=cohort, weeks=weeks))

    def weeks(self, cohort: int) -> Sequence[int]:
        query = select(WeekcardRow.week).where(WeekcardRow.cohort == cohort).distinct()
        return sorted(self._session.exec(query))

    def keep(self, cohort: int, week: int, prints: Mapping[int, str]) -> None:
        rows = (
            {"cohort": cohort, "week": week, "person": person, "shown_at": self._now, "fingerprint": fingerprint}
            for person, fingerprint in prints.items()
        )
        _KEEP.rows(self._session, rows)

    def forget(self, cohort: int, week: int, people: Collection[int]) -> None:
        _FORGET.run(self._session, cohort=cohort, week=week, people=people)

    def had_one(self, cohort: int, before: int, people: Collection[int]) -> set[int]:
        query = select(WeekcardRow.person).where(WeekcardRow.cohort == cohort, WeekcardRow.week < before)
        theirs = query.where(among(WeekcardRow.person, "people"))
        return set(self._session.exec(theirs, params={"people": people}))
