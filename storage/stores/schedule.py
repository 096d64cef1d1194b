"""What is planned: one row for each instant of each subject."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Integer, bindparam, func, update
from sqlmodel import Session, col, select

from bot.core.due import Due, Plan, Unplan
from storage.sql import bulk
from storage.sql.schema import Utc
from storage.sql.statements import Statement
from storage.tables.people import CohortRow
from storage.tables.schedule import DueRow

KEPT = timedelta(days=60)
"""How long it is remembered what happened in a cohort that has ended."""


# Built once: these run at every tick.
_due = bulk.table(DueRow).c
_PLANNED = bulk.in_state(_due.state, "planned")
_TAKE = Statement(
    sa.select(_due.id, _due.kind, _due.subject, _due.occurrence, _due.at, _due.cohort, _due.person)
    .where(_PLANNED, _due.at <= bindparam("now", type_=Utc))
    .order_by(_due.at, _due.id)
    .limit(bindparam("limit", type_=Integer))
    .with_for_update(skip_locked=True)
)
_DONE = Statement(update(bulk.table(DueRow)).where(bulk.among(_due.id, "ids", int)).values(state="done"))
_NAMES, _TERMS = ("kind", "subject", "occurrence"), ("at", "person", "cohort")
# What has happened stays as it was.
_PLAN = bulk.Put(DueRow, (*_NAMES, *_TERMS, "state"), _NAMES, _TERMS, only=_PLANNED)
_of_kind = sa.delete(bulk.table(DueRow)).where(_due.kind == bindparam("of_kind"), _PLANNED)
_of_subject, _of_person = _due.subject == bindparam("of_subject"), _due.person == bindparam("of_person")
# Somebody's own rows are few, and those of a cohort many: the sum keeps a database from going by the cohort.
_theirs = _of_kind.where(_due.cohort + 0 == bindparam("of_cohort", type_=Integer))
_UNPLAN = {
    (False, False): Statement(_of_kind.where(_due.cohort == bindparam("of_cohort"))),
    (True, False): Statement(_theirs.where(_of_subject)),
    (False, True): Statement(_theirs.where(_of_person)),
    (True, True): Statement(_theirs.where(_of_subject, _of_person)),
}
"""By whether the subject and the person are given."""

NEXT_AT = (sa.select(func.min(_due.at)).where(_PLANNED),)


class SqlSchedule:
    """The `Schedule` of bot/runtime/ports.py, over a table."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, plans: Sequence[Plan | Unplan]) -> None:
        # In the order given: a feature that unplans and plans anew means exactly that.
        batch: list[Plan] = []
        for plan in plans:
            if isinstance(plan, Plan):
                batch.append(plan)
                continue
            self._plan(batch)
            batch = []
            self._unplan(plan)
        self._plan(batch)

    def take(self, now: datetime, limit: int) -> Sequence[Due]:
        rows = _TAKE.rows(self._session, now=now, limit=limit)
        for some in bulk.parts(row[0] for row in rows):
            _DONE.run(self._session, ids=some)
        return [Due(*row[1:]) for row in rows]

    def fail(self, due: Due) -> None:
        self._session.exec(
            update(DueRow)
            .where(
                col(DueRow.kind) == due.kind,
                col(DueRow.subject) == due.subject,
                col(DueRow.occurrence) == due.occurrence,
            )
            .values(state="failed")
        )

    def failed(self) -> int:
        return self._session.exec(select(func.count()).where(DueRow.state == "failed")).one()

    def retry(self) -> int:
        count = self.failed()
        self._session.exec(update(DueRow).where(col(DueRow.state) == "failed").values(state="planned"))
        return count

    def forget(self, now: datetime) -> None:
        # Done rows keep a thing from happening twice when it is planned again: they go where nothing is.
        ended = sa.select(bulk.table(CohortRow).c.id).where(bulk.table(CohortRow).c.ended_at < now - KEPT)
        of_nothing = sa.or_(_due.kind == "voice.speak", _due.cohort == 0, _due.cohort.in_(ended))
        old = sa.delete(bulk.table(DueRow)).where(_due.state == "done", _due.at < now - KEPT, of_nothing)
        self._session.execute(old)

    def _plan(self, plans: Sequence[Plan]) -> None:
        newest = {(p.kind, p.subject, p.occurrence): p for p in plans}
        rows = (
            {
                "kind": plan.kind,
                "subject": plan.subject,
                "occurrence": plan.occurrence,
                "at": plan.at,
                "cohort": plan.cohort,
                "person": plan.person,
                "state": "planned",
            }
            for plan in newest.values()
        )
        _PLAN.rows(self._session, rows)

    def _unplan(self, plan: Unplan) -> None:
        _UNPLAN[plan.subject is not None, plan.person is not None].run(
            self._session,
            of_kind=plan.kind,
            of_cohort=plan.cohort,
            of_subject=plan.subject,
            of_person=plan.person,
        )
