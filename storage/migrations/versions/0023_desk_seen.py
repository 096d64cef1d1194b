"""What course teams have taken off their desks."""

import sqlalchemy as sa
from alembic import op

import storage.sql.schema

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "desk_seen",
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", storage.sql.schema.Utc(), nullable=False),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_desk_seen_cohort_cohorts")),
        sa.PrimaryKeyConstraint("cohort", "name", name=op.f("pk_desk_seen")),
    )


def downgrade() -> None:
    op.drop_table("desk_seen")
