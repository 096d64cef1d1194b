"""The pieces of each review with how often they were reviewed. They are filled when a review is next used."""

import sqlalchemy as sa
from alembic import op

import storage.sql.schema

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "review_pieces",
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("review", sa.String(), nullable=False),
        sa.Column("work", sa.String(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("first_at", storage.sql.schema.Utc(), nullable=False),
        sa.Column("version", storage.sql.schema.Utc(), nullable=False),
        sa.Column("pod", sa.String(), nullable=False),
        sa.Column("reviews", sa.Integer(), nullable=False),
        sa.Column("gave", sa.Integer(), nullable=False),
        sa.Column("until", storage.sql.schema.Utc(), nullable=True),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_review_pieces_cohort_cohorts")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_review_pieces_person_people")),
        sa.PrimaryKeyConstraint("cohort", "review", "work", name=op.f("pk_review_pieces")),
    )
    with op.batch_alter_table("review_pieces", schema=None) as batch_op:
        batch_op.create_index("ix_review_pieces_gave", ["cohort", "review", "gave"], unique=False)
        batch_op.create_index(
            "ix_review_pieces_next", ["cohort", "review", "reviews", "first_at", "work"], unique=False
        )
        batch_op.create_index("ix_review_pieces_person", ["person", "cohort", "review"], unique=False)
        batch_op.create_index("ix_review_pieces_pod", ["cohort", "review", "pod", "version"], unique=False)
        batch_op.create_index(
            "ix_review_pieces_until",
            ["cohort", "review", "until"],
            unique=False,
            sqlite_where=sa.text("until IS NOT NULL"),
            postgresql_where=sa.text("until IS NOT NULL"),
        )

    with op.batch_alter_table("reviews", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reviews_author"))
        batch_op.create_index("ix_reviews_author", ["author", "cohort", "review"], unique=False)
        batch_op.drop_index(batch_op.f("ix_reviews_reviewer"))
        batch_op.create_index("ix_reviews_reviewer", ["reviewer", "cohort", "review"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("reviews", schema=None) as batch_op:
        batch_op.drop_index("ix_reviews_reviewer")
        batch_op.create_index(batch_op.f("ix_reviews_reviewer"), ["reviewer", "cohort"], unique=False)
        batch_op.drop_index("ix_reviews_author")
        batch_op.create_index(batch_op.f("ix_reviews_author"), ["author", "cohort"], unique=False)

    with op.batch_alter_table("review_pieces", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_review_pieces_until",
            sqlite_where=sa.text("until IS NOT NULL"),
            postgresql_where=sa.text("until IS NOT NULL"),
        )
        batch_op.drop_index("ix_review_pieces_pod")
        batch_op.drop_index("ix_review_pieces_person")
        batch_op.drop_index("ix_review_pieces_next")
        batch_op.drop_index("ix_review_pieces_gave")

    op.drop_table("review_pieces")
