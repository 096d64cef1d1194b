"""Nothing of a course comes before its first day any more: running cohorts are planned again."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from storage.sql.schema import Utc

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_due = sa.table(
    "due",
    sa.column("kind", sa.String),
    sa.column("subject", sa.String),
    sa.column("occurrence", sa.String),
    sa.column("at", Utc),
    sa.column("cohort", sa.Integer),
    sa.column("state", sa.String),
)
_cohorts = sa.table("cohorts", sa.column("id", sa.Integer), sa.column("ended_at", Utc))


def upgrade() -> None:
    # In the past, so that it happens first.
    long_ago = sa.literal(datetime(2000, 1, 1, tzinfo=UTC), Utc)
    running = sa.select(
        sa.literal("enrolment.plan_anew"),
        sa.cast(_cohorts.c.id, sa.String),
        sa.literal(revision),
        long_ago,
        _cohorts.c.id,
        sa.literal("planned"),
    ).where(_cohorts.c.ended_at.is_(None))
    op.execute(_due.insert().from_select(["kind", "subject", "occurrence", "at", "cohort", "state"], running))


def downgrade() -> None:
    op.execute(_due.delete().where(_due.c.kind == "enrolment.plan_anew", _due.c.occurrence == revision))
