"""How long weeks took instructors, as they say it."""

import sqlalchemy as sa
from alembic import op

import storage.sql.schema

revision = "0076"
down_revision = "0075"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "team_minutes",
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("week", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("at", storage.sql.schema.Utc(), nullable=False),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_team_minutes_cohort_cohorts")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_team_minutes_person_people")),
        sa.PrimaryKeyConstraint("cohort", "person", "week", name=op.f("pk_team_minutes")),
    )
    with op.batch_alter_table("team_minutes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_team_minutes_person"), ["person"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("team_minutes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_team_minutes_person"))

    op.drop_table("team_minutes")
