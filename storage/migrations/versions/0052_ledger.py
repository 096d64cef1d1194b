"""The time ledger: minutes in and out of weeks, and how long weeks took people.

Running cohorts are planned again, so that their ledger begins.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from storage.sql.schema import Utc

revision = "0052"
down_revision = "0051"
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
    op.create_table(
        "ledger_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("week", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("at", Utc(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["people.id"], name=op.f("fk_ledger_entries_by_people")),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_ledger_entries_cohort_cohorts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entries")),
    )
    with op.batch_alter_table("ledger_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_entries_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_ledger_entries_cohort"), ["cohort"], unique=False)

    op.create_table(
        "ledger_reports",
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("week", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_ledger_reports_cohort_cohorts")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_ledger_reports_person_people")),
        sa.PrimaryKeyConstraint("cohort", "person", "week", name=op.f("pk_ledger_reports")),
    )
    with op.batch_alter_table("ledger_reports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_reports_person"), ["person"], unique=False)

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
    with op.batch_alter_table("ledger_reports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ledger_reports_person"))

    op.drop_table("ledger_reports")
    with op.batch_alter_table("ledger_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ledger_entries_cohort"))
        batch_op.drop_index(batch_op.f("ix_ledger_entries_by"))

    op.drop_table("ledger_entries")
