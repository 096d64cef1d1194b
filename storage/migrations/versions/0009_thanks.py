"""Thanks."""

import sqlalchemy as sa
from alembic import op

import storage.sql.schema

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "thanks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("giver", sa.Integer(), nullable=False),
        sa.Column("receiver", sa.Integer(), nullable=False),
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("at", storage.sql.schema.Utc(), nullable=False),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_thanks_cohort_cohorts")),
        sa.ForeignKeyConstraint(["giver"], ["people.id"], name=op.f("fk_thanks_giver_people")),
        sa.ForeignKeyConstraint(["receiver"], ["people.id"], name=op.f("fk_thanks_receiver_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thanks")),
    )
    with op.batch_alter_table("thanks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_thanks_cohort"), ["cohort"], unique=False)
        batch_op.create_index(batch_op.f("ix_thanks_giver"), ["giver"], unique=False)
        batch_op.create_index(batch_op.f("ix_thanks_receiver"), ["receiver"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("thanks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_thanks_receiver"))
        batch_op.drop_index(batch_op.f("ix_thanks_giver"))
        batch_op.drop_index(batch_op.f("ix_thanks_cohort"))

    op.drop_table("thanks")
