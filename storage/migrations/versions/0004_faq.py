"""FAQ."""

import sqlalchemy as sa
from alembic import op

import storage.sql.schema

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "faq_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("source", sa.Integer(), nullable=False),
        sa.Column("source_stamp", sa.String(), nullable=False),
        sa.Column("created_at", storage.sql.schema.Utc(), nullable=False),
        sa.Column("verified_at", storage.sql.schema.Utc(), nullable=True),
        sa.Column("flag", sa.String(), nullable=False),
        sa.Column("news_question", sa.Text(), nullable=False),
        sa.Column("news_answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_faq_entries_cohort_cohorts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_faq_entries")),
        sa.UniqueConstraint("source", name=op.f("uq_faq_entries_source")),
    )
    with op.batch_alter_table("faq_entries", schema=None) as batch_op:
        batch_op.create_index("ix_faq_entries_course", ["course", "state", "id"], unique=False)
        batch_op.create_index("ix_faq_entries_review", ["cohort", "state", "id"], unique=False)

    op.create_table(
        "faq_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("at", storage.sql.schema.Utc(), nullable=False),
        sa.ForeignKeyConstraint(["entry"], ["faq_entries.id"], name=op.f("fk_faq_versions_entry_faq_entries")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_faq_versions_person_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_faq_versions")),
    )
    with op.batch_alter_table("faq_versions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_faq_versions_entry"), ["entry"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("faq_versions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_faq_versions_entry"))

    op.drop_table("faq_versions")
    with op.batch_alter_table("faq_entries", schema=None) as batch_op:
        batch_op.drop_index("ix_faq_entries_review")
        batch_op.drop_index("ix_faq_entries_course")

    op.drop_table("faq_entries")
