"""Live sessions that the gate holds or lets through, and who said yes."""

import sqlalchemy as sa
from alembic import op

from storage.sql.schema import Utc

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "live_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("week", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("since", Utc(), nullable=False),
        sa.Column("times", sa.Text(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("told_at", Utc(), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("agreed", sa.Text(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["people.id"], name=op.f("fk_live_sessions_by_people")),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_live_sessions_cohort_cohorts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_live_sessions")),
        sa.UniqueConstraint("cohort", "name", name=op.f("uq_live_sessions_cohort_name")),
    )
    with op.batch_alter_table("live_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_live_sessions_by"), ["by"], unique=False)

    op.create_table(
        "live_people",
        sa.Column("session", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_live_people_person_people")),
        sa.ForeignKeyConstraint(["session"], ["live_sessions.id"], name=op.f("fk_live_people_session_live_sessions")),
        sa.PrimaryKeyConstraint("session", "person", name=op.f("pk_live_people")),
    )
    with op.batch_alter_table("live_people", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_live_people_person"), ["person"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("live_people", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_live_people_person"))

    op.drop_table("live_people")
    with op.batch_alter_table("live_sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_live_sessions_by"))

    op.drop_table("live_sessions")
