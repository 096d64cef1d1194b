"""Learners' ways through scenarios."""

import sqlalchemy as sa
from alembic import op

from storage.sql.schema import Utc

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "scenario_ways",
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("scenario", sa.String(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("node", sa.String(), nullable=False),
        sa.Column("steps", sa.Text(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("sitting", sa.Integer(), nullable=False),
        sa.Column("seen", sa.String(), nullable=False),
        sa.Column("chosen", sa.Text(), nullable=False),
        sa.Column("endings", sa.Text(), nullable=False),
        sa.Column("ended_at", Utc(), nullable=True),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_scenario_ways_cohort_cohorts")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_scenario_ways_person_people")),
        sa.PrimaryKeyConstraint("cohort", "scenario", "person", name=op.f("pk_scenario_ways")),
    )
    with op.batch_alter_table("scenario_ways", schema=None) as batch_op:
        batch_op.create_index("ix_scenario_ways_person", ["person", "cohort"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("scenario_ways", schema=None) as batch_op:
        batch_op.drop_index("ix_scenario_ways_person")

    op.drop_table("scenario_ways")
