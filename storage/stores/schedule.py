"""The schedule: one row for each planned instant of each subject."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Integer, bindparam, delete, func, update
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from bot.core.due import Due, Plan, Unplan
from bot.core.uptime import Outage
from storage.sql.clauses import among, given, in_state
from storage.sql.mapper import Mapper
from storage.sql.statements import Change, Put, Query
from storage.sql.store import Store
from storage.tables.people import CohortRow
from storage.tables.schedule import DueRow, LastRunRow, OutageRow

KEPT = timedelta(days=60)
"""How long rows of an ended cohort are kept after they happened."""

REMEMBERED = timedelta(days=366)
"""How long it is known that the bot was down."""


# Compiled once: these run at every tick.
_PLANNED = in_state(DueRow.state, "planned")
_DUE, _PLANS = Mapper(Due, DueRow), Mapper(Plan, DueRow)
_TAKE = Query(
    sa.select(col(DueRow.id), *_DUE.selected)
    .where(_PLANNED, col(DueRow.at) <= bindparam("now"))
    .order_by(col(DueRow.at), col(DueRow.id))
    .limit(bindparam("limit", type_=Integer))
    .with_for_update(skip_locked=True)
)
_FIRST = Query(sa.select(col(DueRow.at)).where(_PLANNED).order_by(col(DueRow.at)).limit(1))
_LAST_RUN = Query(sa.select(col(LastRunRow.at)).where(col(LastRunRow.id) == 1))
_DONE = Change(update(DueRow).where(among(DueRow.id, "ids")).values(state="done"))
_newer = aliased(DueRow)
_LEFT_OUT = _DUE.query(
    *given(DueRow.cohort),
    in_state(DueRow.state, "left out"),
    ~sa.exists().where(
        among(DueRow.kind, "folded"),
        col(_newer.kind) == col(DueRow.kind),
        col(_newer.subject) == col(DueRow.subject),
        in_state(_newer.state, "done"),
        col(_newer.at) > col(DueRow.at),
    ),
    order_by=(col(DueRow.at), col(DueRow.id)),
)
_OUTAGES = Mapper(Outage, OutageRow).query(
    col(OutageRow.until) > bindparam("since"), order_by=(col(OutageRow.until), col(OutageRow.id))
)
# What has happened stays as it was.
_PLAN = Put(DueRow, ("kind", "subject", "occurrence"), ("at", "person", "cohort"), "state", only=_PLANNED)
_of_kind = delete(DueRow).where(*given(DueRow.kind), _PLANNED)
# A person has few rows, and a cohort many: the sum stops a database from searching by the cohort.
_of_cohort = _of_kind.where(col(DueRow.cohort) + 0 == bindparam("cohort", type_=Integer))
_UNPLAN = {
    (False, False): Change(_of_kind.where(*given(DueRow.cohort))),
    (True, False): Change(_of_cohort.where(*given(DueRow.subject))),
    (False, True): Change(_of_cohort.where(*given(DueRow.person))),
    (True, True): Change(_of_cohort.where(*given(DueRow.subject, DueRow.person))),
}
"""By whether the subject and the person are given."""

NEXT_AT = (select(func.min(DueRow.at)).where(_PLANNED),)


class SqlSchedule(Store):
    """The `Schedule` of bot/runtime/ports.py, over a table."""

    def put(self, plans: Sequence[Plan | Unplan]) -> None:
        # The order counts: a feature may unplan, and plan again.
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
        rows = _TAKE.all(self._session, now=now, limit=limit)
        if rows:
            _DONE.run(self._session, ids=[row[0] for row in rows])
        return [Due(*row[1:]) for row in rows]

    def next_at(self) -> datetime | None:
        first = _FIRST.first(self._session)
        return first[0] if first is not None else None

    def put_off(self, claimed: Sequence[Due], until: datetime) -> None:
        for due in claimed:
            self._update(DueRow, *_this(due), state="planned", at=until)

    def settle(self, due: Due) -> None:
        self._delete(DueRow, *_this(due))

    def fail(self, due: Due) -> None:
        self._update(DueRow, *_this(due), state="failed")

    def failed(self) -> int:
        return self._count(DueRow.state == "failed")

    def retry(self) -> int:
        return self._update(DueRow, DueRow.state == "failed", state="planned")

    def leave_out(self, due: Due) -> None:
        self._update(DueRow, *_this(due), state="left out")

    def left_out(self, cohort: int, folded: Sequence[str]) -> Sequence[Due]:
        return _LEFT_OUT.all(self._session, cohort=cohort, folded=folded)

    def settle_left_out(self, due: Due, at: datetime | None) -> None:
        change = {"state": "done"} if at is None else {"state": "planned", "at": at}
        self._update(DueRow, *_this(due), DueRow.state == "left out", **change)

    def ran(self, at: datetime) -> None:
        if not self._update(LastRunRow, LastRunRow.id == 1, at=at):
            self._add(LastRunRow(id=1, at=at))

    def last_run(self) -> datetime | None:
        row = _LAST_RUN.first(self._session)
        return row[0] if row is not None else None

    def was_down(self, outage: Outage) -> None:
        self._add(OutageRow(since=outage.since, until=outage.until))

    def outages(self) -> Sequence[Outage]:
        return _OUTAGES.all(self._session, since=self._now - REMEMBERED)

    def forget(self, now: datetime) -> None:
        # Done rows prevent a repetition when the same is planned again: they go only where nothing is planned.
        ended = select(CohortRow.id).where(col(CohortRow.ended_at) < now - KEPT)
        of_nothing = sa.or_(col(DueRow.kind) == "voice.speak", col(DueRow.cohort) == 0, col(DueRow.cohort).in_(ended))
        old = delete(DueRow).where(col(DueRow.state).in_(("done", "left out")), col(DueRow.at) < now - KEPT, of_nothing)
        self._session.execute(old, execution_options={"synchronize_session": False})
        self._delete(OutageRow, col(OutageRow.until) < now - REMEMBERED)

    def _plan(self, plans: Sequence[Plan]) -> None:
        newest = {(p.kind, p.subject, p.occurrence): p for p in plans}
        _PLAN.rows(self._session, ({**_PLANS.columns(plan), "state": "planned"} for plan in newest.values()))

    def _unplan(self, plan: Unplan) -> None:
        _UNPLAN[plan.subject is not None, plan.person is not None].run(
            self._session,
            kind=plan.kind,
            cohort=plan.cohort,
            subject=plan.subject,
            person=plan.person,
        )


def _this(due: Due) -> tuple[Any, ...]:
    return DueRow.kind == due.kind, DueRow.subject == due.subject, DueRow.occurrence == due.occurrence
