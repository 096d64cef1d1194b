"""Posts of discussions, replies to them, groups, and talk in the threads."""

import sqlalchemy as sa
from alembic import op

import storage.sql.schema

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "discussion_groups",
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("discussion", sa.String(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_discussion_groups_cohort_cohorts")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_discussion_groups_person_people")),
        sa.PrimaryKeyConstraint("cohort", "discussion", "person", name=op.f("pk_discussion_groups")),
    )
    with op.batch_alter_table("discussion_groups", schema=None) as batch_op:
        batch_op.create_index("ix_discussion_groups_person", ["person", "cohort"], unique=False)

    op.create_table(
        "discussion_posts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("discussion", sa.String(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("quote", sa.Boolean(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("at", storage.sql.schema.Utc(), nullable=False),
        sa.Column("changed_at", storage.sql.schema.Utc(), nullable=False),
        sa.Column("raised", sa.Boolean(), nullable=False),
        sa.Column("deleted_at", storage.sql.schema.Utc(), nullable=True),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_discussion_posts_cohort_cohorts")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_discussion_posts_person_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discussion_posts")),
    )
    with op.batch_alter_table("discussion_posts", schema=None) as batch_op:
        batch_op.create_index("ix_discussion_posts_cohort", ["cohort", "discussion"], unique=False)
        batch_op.create_index("ix_discussion_posts_person", ["person", "cohort"], unique=False)

    op.create_table(
        "discussion_talk",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("discussion", sa.String(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("at", storage.sql.schema.Utc(), nullable=False),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_discussion_talk_cohort_cohorts")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_discussion_talk_person_people")),
        sa.PrimaryKeyConstraint("workspace", "channel", "message", name=op.f("pk_discussion_talk")),
    )
    with op.batch_alter_table("discussion_talk", schema=None) as batch_op:
        batch_op.create_index("ix_discussion_talk_cohort", ["cohort", "discussion"], unique=False)
        batch_op.create_index("ix_discussion_talk_person", ["person"], unique=False)

    op.create_table(
        "discussion_replies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("discussion", sa.String(), nullable=False),
        sa.Column("post", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", storage.sql.schema.Utc(), nullable=False),
        sa.Column("deleted_at", storage.sql.schema.Utc(), nullable=True),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_discussion_replies_cohort_cohorts")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_discussion_replies_person_people")),
        sa.ForeignKeyConstraint(
            ["post"], ["discussion_posts.id"], name=op.f("fk_discussion_replies_post_discussion_posts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discussion_replies")),
    )
    with op.batch_alter_table("discussion_replies", schema=None) as batch_op:
        batch_op.create_index("ix_discussion_replies_cohort", ["cohort", "at"], unique=False)
        batch_op.create_index("ix_discussion_replies_person", ["person", "cohort"], unique=False)
        batch_op.create_index("ix_discussion_replies_post", ["post"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("discussion_replies", schema=None) as batch_op:
        batch_op.drop_index("ix_discussion_replies_post")
        batch_op.drop_index("ix_discussion_replies_person")
        batch_op.drop_index("ix_discussion_replies_cohort")

    op.drop_table("discussion_replies")
    with op.batch_alter_table("discussion_talk", schema=None) as batch_op:
        batch_op.drop_index("ix_discussion_talk_person")
        batch_op.drop_index("ix_discussion_talk_cohort")

    op.drop_table("discussion_talk")
    with op.batch_alter_table("discussion_posts", schema=None) as batch_op:
        batch_op.drop_index("ix_discussion_posts_person")
        batch_op.drop_index("ix_discussion_posts_cohort")

    op.drop_table("discussion_posts")
    with op.batch_alter_table("discussion_groups", schema=None) as batch_op:
        batch_op.drop_index("ix_discussion_groups_person")

    op.drop_table("discussion_groups")
