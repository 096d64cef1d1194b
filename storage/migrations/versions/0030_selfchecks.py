"""Who tried which self-check."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "selfchecks",
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("seen", sa.String(), nullable=False),
        sa.Column("had_it", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_selfchecks_cohort_cohorts")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_selfchecks_person_people")),
        sa.PrimaryKeyConstraint("cohort", "key", "person", name=op.f("pk_selfchecks")),
    )
    with op.batch_alter_table("selfchecks", schema=None) as batch_op:
        batch_op.create_index("ix_selfchecks_person", ["person", "cohort"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("selfchecks", schema=None) as batch_op:
        batch_op.drop_index("ix_selfchecks_person")

    op.drop_table("selfchecks")
