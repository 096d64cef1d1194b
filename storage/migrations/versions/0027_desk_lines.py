"""What posted desks showed, so that only what is new or changed comes again."""

import sqlalchemy as sa
from alembic import op

import storage.sql.schema

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "desk_lines",
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", storage.sql.schema.Utc(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("done_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_desk_lines_cohort_cohorts")),
        sa.ForeignKeyConstraint(["done_by"], ["people.id"], name=op.f("fk_desk_lines_done_by_people")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_desk_lines_person_people")),
        sa.PrimaryKeyConstraint("person", "cohort", "name", name=op.f("pk_desk_lines")),
    )
    with op.batch_alter_table("desk_lines", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_desk_lines_cohort"), ["cohort"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("desk_lines", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_desk_lines_cohort"))

    op.drop_table("desk_lines")
