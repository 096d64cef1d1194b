"""Who was at a live session, by a press or a code word, what they took from it, and its recording.

Running cohorts are planned again, so that their sessions are asked for the proof.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from storage.sql.schema import Utc

revision = "0048"
down_revision = "0047"
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
    with op.batch_alter_table("live_people", schema=None) as batch_op:
        batch_op.add_column(sa.Column("here_at", Utc(), nullable=True))
        batch_op.add_column(sa.Column("by_word", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("reflected_at", Utc(), nullable=True))
        batch_op.add_column(sa.Column("answers", sa.Text(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("counted", sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table("live_sessions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("recording", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("transcript", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("recorded_at", Utc(), nullable=True))
        batch_op.add_column(sa.Column("heads", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("word", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("counted_at", Utc(), nullable=True))

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
    with op.batch_alter_table("live_sessions", schema=None) as batch_op:
        batch_op.drop_column("counted_at")
        batch_op.drop_column("word")
        batch_op.drop_column("heads")
        batch_op.drop_column("recorded_at")
        batch_op.drop_column("transcript")
        batch_op.drop_column("recording")

    with op.batch_alter_table("live_people", schema=None) as batch_op:
        batch_op.drop_column("counted")
        batch_op.drop_column("answers")
        batch_op.drop_column("reflected_at")
        batch_op.drop_column("by_word")
        batch_op.drop_column("here_at")
