"""The week card: which card was handed out to whom, and what it says."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, select

from storage.sql import bulk
from storage.sql.schema import Utc
from storage.sql.statements import Statement
from storage.tables.outbox import IS_OPEN, OutboxRow, RefRow
from storage.tables.people import MembershipRow
from storage.tables.voice import RemarkRow
from storage.tables.weekcard import WeekcardRow

# Built once: a card is drawn anew whenever its learner does something.
_cards, _members, _letters, _refs = (bulk.table(model).c for model in (WeekcardRow, MembershipRow, OutboxRow, RefRow))
_PRINTS = bulk.About(
    sa.select(_cards.person, _cards.fingerprint).where(
        _cards.cohort == sa.bindparam("cohort"), _cards.week == sa.bindparam("week")
    ),
    _cards.person,
)
_HAD = bulk.About(
    sa.select(_cards.week, _cards.person).where(
        _cards.cohort == sa.bindparam("cohort"), bulk.among(_cards.week, "weeks", int)
    ),
    _cards.person,
)
_FORGET = Statement(
    sa.delete(bulk.table(WeekcardRow)).where(
        _cards.cohort == sa.bindparam("of_cohort"),
        _cards.week == sa.bindparam("of_week"),
        bulk.among(_cards.person, "people", int),
    )
)
# What was posted, and what is on the way.
_SAID = Statement(
    sa.union(
        sa.select(_refs.anchor).where(bulk.among(_refs.anchor, "anchors", str)),
        sa.select(_letters.anchor).where(
            bulk.among(_letters.anchor, "anchors", str), IS_OPEN, _letters.state != "dead"
        ),
    )
)
_unsaid = bulk.table(RemarkRow).c
_WAITING = Statement(sa.select(_unsaid.key).where(bulk.among(_unsaid.key, "anchors", str)))
_JOINED = bulk.About(
    sa.select(_members.person, _members.joined_at).where(
        _members.cohort == sa.bindparam("cohort"),
        _members.role == "learner",
        _members.left_at.is_(None),
        _members.joined_at > sa.bindparam("after", type_=Utc),
    ),
    _members.person,
)
_names, _state = ("cohort", "week", "person"), ("shown_at", "fingerprint")
_KEEP = bulk.Put(WeekcardRow, (*_names, *_state), _names, _state)


class SqlWeekcards:
    """The `WeekcardStore` of bot/features/weekcard, over tables."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session = session
        self._now = now

    def prints(self, cohort: int, week: int, people: Collection[int] | None = None) -> Mapping[int, str]:
        return dict(_PRINTS.rows(self._session, people, cohort=cohort, week=week))

    def had(self, cohort: int, weeks: Collection[int], people: Collection[int] | None = None) -> set[tuple[int, int]]:
        return {(week, person) for week, person in _HAD.rows(self._session, people, cohort=cohort, weeks=weeks)}

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
        for some in bulk.parts(people):
            _FORGET.run(self._session, of_cohort=cohort, of_week=week, people=some)

    def had_one(self, cohort: int, before: int, people: Collection[int]) -> set[int]:
        query = select(WeekcardRow.person).where(WeekcardRow.cohort == cohort, WeekcardRow.week < before)
        return set(bulk.about(self._session, query, WeekcardRow, people))

    def said(self, anchors: Collection[str]) -> set[str]:
        return self._those(_SAID, anchors)

    def waiting(self, anchors: Collection[str]) -> set[str]:
        return self._those(_WAITING, anchors)

    def _those(self, query: Statement, anchors: Collection[str]) -> set[str]:
        parts = bulk.parts(anchors)
        return {anchor for some in parts for (anchor,) in query.rows(self._session, anchors=some)}

    def joined(self, cohort: int, after: datetime, people: Collection[int] | None = None) -> Mapping[int, datetime]:
        return dict(_JOINED.rows(self._session, people, cohort=cohort, after=after))
