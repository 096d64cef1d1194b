"""People lay out courses on a page."""

import sqlalchemy as sa
from alembic import op

import storage.sql.schema

revision = "0074"
down_revision = "0073"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "course_drafts",
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("changed_at", storage.sql.schema.Utc(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_course_drafts_person_people")),
        sa.PrimaryKeyConstraint("person", "cohort", name=op.f("pk_course_drafts")),
    )


def downgrade() -> None:
    op.drop_table("course_drafts")
