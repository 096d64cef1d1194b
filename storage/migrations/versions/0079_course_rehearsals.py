"""A course that is laid out on a page is rehearsed from there."""

import sqlalchemy as sa
from alembic import op

import storage.sql.schema

revision = "0079"
down_revision = "0078"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "course_rehearsals",
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("stamp", sa.String(), nullable=False),
        sa.Column("began_at", storage.sql.schema.Utc(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_course_rehearsals_person_people")),
        sa.PrimaryKeyConstraint("person", "cohort", name=op.f("pk_course_rehearsals")),
    )


def downgrade() -> None:
    op.drop_table("course_rehearsals")
