"""How many learners of a cohort are at each point of its course."""

import sqlalchemy as sa
from alembic import op

from storage.sql.schema import Utc

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "progress_points",
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("point", sa.Integer(), nullable=False),
        sa.Column("learners", sa.Integer(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_progress_points_cohort_cohorts")),
        sa.PrimaryKeyConstraint("cohort", "point", name=op.f("pk_progress_points")),
    )


def downgrade() -> None:
    op.drop_table("progress_points")
