"""What people say in check-ins."""

import sqlalchemy as sa
from alembic import op

from storage.sql.schema import Utc

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "checkin_updates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("done", sa.String(), nullable=False),
        sa.Column("next", sa.String(), nullable=False),
        sa.Column("stuck", sa.String(), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("first_at", Utc(), nullable=False),
        sa.Column("changed_at", Utc(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_checkin_updates_cohort_cohorts")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_checkin_updates_person_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkin_updates")),
        sa.UniqueConstraint("cohort", "key", "person", name=op.f("uq_checkin_updates_cohort_key_person")),
    )
    with op.batch_alter_table("checkin_updates", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_checkin_updates_person"), ["person"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("checkin_updates", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_checkin_updates_person"))

    op.drop_table("checkin_updates")
