"""The timetable by which each round of a discussion and a check-in is planned, so that what is over keeps its dates.

Rounds that are there were planned by their cohort's present timetable, long ago.
"""

import json
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from storage.sql.schema import Utc

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

_TABLES = ("discussion_rounds", "checkin_rounds")

_cohorts = sa.table(
    "cohorts", sa.column("id", sa.Integer), sa.column("zone", sa.String), sa.column("starts_on", sa.Date)
)
_holidays = sa.table("holidays", sa.column("cohort", sa.Integer), sa.column("day", sa.Date))
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def upgrade() -> None:
    for name in _TABLES:
        with op.batch_alter_table(name, schema=None) as batch_op:
            batch_op.add_column(sa.Column("planned_by", sa.Text(), nullable=False, server_default=""))
            batch_op.add_column(sa.Column("planned_at", Utc(), nullable=True))
        with op.batch_alter_table(name, schema=None) as batch_op:
            batch_op.alter_column("planned_by", server_default=None)

    bind = op.get_bind()
    for id, zone, starts_on in bind.execute(sa.select(_cohorts)).all():
        days = bind.execute(sa.select(_holidays.c.day).where(_holidays.c.cohort == id).order_by(_holidays.c.day))
        planned = json.dumps([starts_on.isoformat(), zone, *(day.isoformat() for day in days.scalars())])
        for name in _TABLES:
            rounds = sa.table(
                name,
                sa.column("cohort", sa.Integer),
                sa.column("planned_by", sa.Text),
                sa.column("planned_at", Utc),
            )
            op.execute(sa.update(rounds).where(rounds.c.cohort == id).values(planned_by=planned, planned_at=_LONG_AGO))


def downgrade() -> None:
    for name in reversed(_TABLES):
        with op.batch_alter_table(name, schema=None) as batch_op:
            batch_op.drop_column("planned_at")
            batch_op.drop_column("planned_by")
