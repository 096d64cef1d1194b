"""The copies of files that reviewers without names get, with what was found in them."""

import sqlalchemy as sa
from alembic import op

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "review_copies",
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("work", sa.String(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("original", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("visible", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_review_copies_cohort_cohorts")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_review_copies_person_people")),
        sa.PrimaryKeyConstraint("cohort", "work", name=op.f("pk_review_copies")),
    )
    with op.batch_alter_table("review_copies", schema=None) as batch_op:
        batch_op.create_index(
            "ix_review_copies_file",
            ["file"],
            unique=False,
            sqlite_where=sa.text("file <> ''"),
            postgresql_where=sa.text("file <> ''"),
        )
        batch_op.create_index("ix_review_copies_person", ["person", "cohort"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("review_copies", schema=None) as batch_op:
        batch_op.drop_index("ix_review_copies_person")
        batch_op.drop_index(
            "ix_review_copies_file",
            sqlite_where=sa.text("file <> ''"),
            postgresql_where=sa.text("file <> ''"),
        )

    op.drop_table("review_copies")
