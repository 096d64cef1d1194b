"""Recaps of weeks, which take over the recordings of wrap-up rounds; who may be named among those who are thanked."""

import sqlalchemy as sa
from alembic import op

from storage.sql.schema import Utc

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recaps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("week", sa.Integer(), nullable=False),
        sa.Column("script", sa.Text(), nullable=False),
        sa.Column("base", sa.Text(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("posted_at", Utc(), nullable=True),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["people.id"], name=op.f("fk_recaps_by_people")),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_recaps_cohort_cohorts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recaps")),
        sa.UniqueConstraint("cohort", "week", name=op.f("uq_recaps_cohort_week")),
    )
    with op.batch_alter_table("recaps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recaps_by"), ["by"], unique=False)

    op.create_table(
        "thanks_naming",
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_thanks_naming_cohort_cohorts")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_thanks_naming_person_people")),
        sa.PrimaryKeyConstraint("cohort", "person", name=op.f("pk_thanks_naming")),
    )
    with op.batch_alter_table("thanks_naming", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_thanks_naming_person"), ["person"], unique=False)

    op.execute(
        "INSERT INTO recaps (cohort, week, script, base, url, state, posted_at) "
        "SELECT cohort, week, '', '', MAX(recording), 'posted', MIN(closes_at) "
        "FROM wrapup_rounds WHERE recording <> '' GROUP BY cohort, week"
    )
    with op.batch_alter_table("wrapup_rounds", schema=None) as batch_op:
        batch_op.drop_column("recording")


def downgrade() -> None:
    with op.batch_alter_table("wrapup_rounds", schema=None) as batch_op:
        batch_op.add_column(sa.Column("recording", sa.String(), nullable=False, server_default=""))
    op.execute(
        "UPDATE wrapup_rounds SET recording = COALESCE((SELECT recaps.url FROM recaps WHERE "
        "recaps.cohort = wrapup_rounds.cohort AND recaps.week = wrapup_rounds.week AND recaps.state = 'posted'), '')"
    )

    with op.batch_alter_table("thanks_naming", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_thanks_naming_person"))

    op.drop_table("thanks_naming")
    with op.batch_alter_table("recaps", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recaps_by"))

    op.drop_table("recaps")
