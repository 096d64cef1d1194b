"""Peer review: what was taken and said, when a review opened early, and consents."""

import sqlalchemy as sa
from alembic import op

import storage.sql.schema

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "review_consents",
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("work", sa.String(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("version", storage.sql.schema.Utc(), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_review_consents_cohort_cohorts")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_review_consents_person_people")),
        sa.PrimaryKeyConstraint("cohort", "work", name=op.f("pk_review_consents")),
    )
    with op.batch_alter_table("review_consents", schema=None) as batch_op:
        batch_op.create_index("ix_review_consents_person", ["person", "cohort"], unique=False)

    op.create_table(
        "review_openings",
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("review", sa.String(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("opened_at", storage.sql.schema.Utc(), nullable=True),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_review_openings_cohort_cohorts")),
        sa.PrimaryKeyConstraint("cohort", "review", name=op.f("pk_review_openings")),
    )
    op.create_table(
        "reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("review", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("reviewer", sa.Integer(), nullable=False),
        sa.Column("work", sa.String(), nullable=False),
        sa.Column("author", sa.Integer(), nullable=False),
        sa.Column("version", storage.sql.schema.Utc(), nullable=False),
        sa.Column("taken_at", storage.sql.schema.Utc(), nullable=False),
        sa.Column("held_until", storage.sql.schema.Utc(), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("file", sa.String(), server_default="", nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("sent_at", storage.sql.schema.Utc(), nullable=True),
        sa.Column("changed_at", storage.sql.schema.Utc(), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("enough", sa.Boolean(), nullable=False),
        sa.Column("told", sa.String(), nullable=False),
        sa.Column("read_at", storage.sql.schema.Utc(), nullable=True),
        sa.Column("useful", sa.String(), nullable=False),
        sa.Column("useful_at", storage.sql.schema.Utc(), nullable=True),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("reply_at", storage.sql.schema.Utc(), nullable=True),
        sa.Column("out_at", storage.sql.schema.Utc(), nullable=True),
        sa.Column("out_by", sa.Integer(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("removed_at", storage.sql.schema.Utc(), nullable=True),
        sa.ForeignKeyConstraint(["author"], ["people.id"], name=op.f("fk_reviews_author_people")),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_reviews_cohort_cohorts")),
        sa.ForeignKeyConstraint(["out_by"], ["people.id"], name=op.f("fk_reviews_out_by_people")),
        sa.ForeignKeyConstraint(["reviewer"], ["people.id"], name=op.f("fk_reviews_reviewer_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
    )
    with op.batch_alter_table("reviews", schema=None) as batch_op:
        batch_op.create_index("ix_reviews_author", ["author", "cohort"], unique=False)
        batch_op.create_index("ix_reviews_cohort", ["cohort", "review"], unique=False)
        batch_op.create_index(
            "ix_reviews_file",
            ["file"],
            unique=False,
            sqlite_where=sa.text("file <> ''"),
            postgresql_where=sa.text("file <> ''"),
        )
        batch_op.create_index(batch_op.f("ix_reviews_out_by"), ["out_by"], unique=False)
        batch_op.create_index("ix_reviews_reviewer", ["reviewer", "cohort"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("reviews", schema=None) as batch_op:
        batch_op.drop_index("ix_reviews_reviewer")
        batch_op.drop_index(batch_op.f("ix_reviews_out_by"))
        batch_op.drop_index(
            "ix_reviews_file", sqlite_where=sa.text("file <> ''"), postgresql_where=sa.text("file <> ''")
        )
        batch_op.drop_index("ix_reviews_cohort")
        batch_op.drop_index("ix_reviews_author")

    op.drop_table("reviews")
    op.drop_table("review_openings")
    with op.batch_alter_table("review_consents", schema=None) as batch_op:
        batch_op.drop_index("ix_review_consents_person")

    op.drop_table("review_consents")
