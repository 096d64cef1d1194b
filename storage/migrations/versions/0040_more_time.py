"""Requests for more time."""

import sqlalchemy as sa
from alembic import op

import storage.sql.schema

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "time_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("milestone", sa.String(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("until", storage.sql.schema.Utc(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", storage.sql.schema.Utc(), nullable=False),
        sa.Column("changed_at", storage.sql.schema.Utc(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("given", storage.sql.schema.Utc(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", storage.sql.schema.Utc(), nullable=True),
        sa.ForeignKeyConstraint(["answered_by"], ["people.id"], name=op.f("fk_time_requests_answered_by_people")),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_time_requests_cohort_cohorts")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_time_requests_person_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_requests")),
    )
    with op.batch_alter_table("time_requests", schema=None) as batch_op:
        batch_op.create_index("ix_time_requests_cohort", ["cohort", "person"], unique=False)
        batch_op.create_index("ix_time_requests_person", ["person"], unique=False)

    with op.batch_alter_table("milestone_windows", schema=None) as batch_op:
        batch_op.add_column(sa.Column("asked_until", storage.sql.schema.Utc(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("milestone_windows", schema=None) as batch_op:
        batch_op.drop_column("asked_until")

    with op.batch_alter_table("time_requests", schema=None) as batch_op:
        batch_op.drop_index("ix_time_requests_person")
        batch_op.drop_index("ix_time_requests_cohort")

    op.drop_table("time_requests")
