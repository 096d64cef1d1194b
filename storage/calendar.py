"""What is planned: one row for each instant of each subject."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Index, Integer, UniqueConstraint, bindparam, delete, func, insert, update
from sqlmodel import Field, Session, SQLModel, col, select

from bot.core.due import Due, Plan, Unplan
from storage.schema import Utc, instant

AT_ONCE = 5000
"""Plans in one query: databases limit how many values one may hold."""


class DueRow(SQLModel, table=True):
    """State: planned, failed, or done (kept, so that planning it again changes nothing)."""

    __tablename__ = "due"
    __table_args__ = (
        UniqueConstraint("kind", "subject", "occurrence"),
        Index("ix_due_planned", "state", "at"),
        Index("ix_due_cohort", "cohort", "kind", "state"),
        Index("ix_due_person", "person", "state", "at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    kind: str
    subject: str
    occurrence: str
    at: datetime = instant()
    cohort: int = 0
    person: int | None = None
    state: str = "planned"


# Built once: these two run at every tick, and building a statement costs more than running it.
_TAKE = (
    select(DueRow)
    .where(DueRow.state == "planned", col(DueRow.at) <= bindparam("now", type_=Utc))
    .order_by(col(DueRow.at), col(DueRow.id))
    .limit(bindparam("limit", type_=Integer))
    .with_for_update(skip_locked=True)
)
NEXT_AT = (select(func.min(DueRow.at)).where(DueRow.state == "planned"),)


class CalendarTable:
    """The `Calendar` of bot/runtime/ports.py, over a table."""

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
        rows = list(self._session.exec(_TAKE, params={"now": now, "limit": limit}))
        if rows:
            ids = [r.id for r in rows]
            found = [Due(r.kind, r.subject, r.occurrence, r.at, r.cohort, r.person) for r in rows]
            self._session.exec(update(DueRow).where(col(DueRow.id).in_(ids)).values(state="done"))
            return found
        return []

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

    def _plan(self, plans: Sequence[Plan]) -> None:
        if not plans:
            return
        newest = {(p.kind, p.subject, p.occurrence): p for p in plans}
        rows: dict[tuple[str, str, str], DueRow] = {}
        for kind in {p.kind for p in plans}:
            alike = [p for p in plans if p.kind == kind]
            for start in range(0, len(alike), AT_ONCE):
                some = alike[start : start + AT_ONCE]
                # By occurrence too: what has happened to a subject stays here for good.
                query = select(DueRow).where(
                    DueRow.kind == kind,
                    col(DueRow.subject).in_({p.subject for p in some}),
                    col(DueRow.occurrence).in_({p.occurrence for p in some}),
                )
                rows.update({(r.kind, r.subject, r.occurrence): r for r in self._session.exec(query)})
        fresh = []
        for key, plan in newest.items():
            row = rows.get(key)
            if row is None:
                fresh.append(
                    {
                        "kind": plan.kind,
                        "subject": plan.subject,
                        "occurrence": plan.occurrence,
                        "at": plan.at,
                        "cohort": plan.cohort,
                        "person": plan.person,
                        "state": "planned",
                    }
                )
            elif row.state == "planned":
                row.at, row.person, row.cohort = plan.at, plan.person, plan.cohort
        if fresh:
            self._session.execute(insert(DueRow), fresh)
        self._session.flush()

    def _unplan(self, plan: Unplan) -> None:
        change = delete(DueRow).where(
            col(DueRow.kind) == plan.kind, col(DueRow.cohort) == plan.cohort, col(DueRow.state) == "planned"
        )
        if plan.subject is not None:
            change = change.where(col(DueRow.subject) == plan.subject)
        if plan.person is not None:
            change = change.where(col(DueRow.person) == plan.person)
        self._session.exec(change)
