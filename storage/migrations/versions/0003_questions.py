"""Questions."""

import sqlalchemy as sa
from alembic import op

import storage.sql.schema

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "question_deletions",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("at", storage.sql.schema.Utc(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "channel", "message", name=op.f("pk_question_deletions")),
    )
    op.create_table(
        "questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("asker", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("plain", sa.Boolean(), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("workspace", sa.String(), nullable=True),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("message", sa.String(), nullable=True),
        sa.Column("asked_at", storage.sql.schema.Utc(), nullable=False),
        sa.Column("first_answer_at", storage.sql.schema.Utc(), nullable=True),
        sa.Column("solved_at", storage.sql.schema.Utc(), nullable=True),
        sa.Column("answer", sa.Integer(), nullable=True),
        sa.Column("taken_by", sa.Integer(), nullable=True),
        sa.Column("replies", sa.Integer(), nullable=False),
        sa.Column("revision", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["asker"], ["people.id"], name=op.f("fk_questions_asker_people")),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_questions_cohort_cohorts")),
        sa.ForeignKeyConstraint(["taken_by"], ["people.id"], name=op.f("fk_questions_taken_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
        sa.UniqueConstraint("workspace", "channel", "message", name=op.f("uq_questions_workspace_channel_message")),
    )
    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.create_index("ix_questions_asker", ["asker", "state", "asked_at"], unique=False)
        batch_op.create_index("ix_questions_waiting", ["cohort", "state", "asked_at"], unique=False)

    op.create_table(
        "question_replies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question", sa.Integer(), nullable=False),
        sa.Column("author", sa.Integer(), nullable=True),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", storage.sql.schema.Utc(), nullable=False),
        sa.Column("workspace", sa.String(), nullable=True),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("message", sa.String(), nullable=True),
        sa.Column("revision", sa.String(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["author"], ["people.id"], name=op.f("fk_question_replies_author_people")),
        sa.ForeignKeyConstraint(["question"], ["questions.id"], name=op.f("fk_question_replies_question_questions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_replies")),
        sa.UniqueConstraint(
            "workspace", "channel", "message", name=op.f("uq_question_replies_workspace_channel_message")
        ),
    )
    with op.batch_alter_table("question_replies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_replies_question"), ["question"], unique=False)

    op.create_table(
        "question_marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question", sa.Integer(), nullable=False),
        sa.Column("reply", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_question_marks_person_people")),
        sa.ForeignKeyConstraint(["question"], ["questions.id"], name=op.f("fk_question_marks_question_questions")),
        sa.ForeignKeyConstraint(
            ["reply"], ["question_replies.id"], name=op.f("fk_question_marks_reply_question_replies")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_marks")),
        sa.UniqueConstraint("reply", "person", name=op.f("uq_question_marks_reply_person")),
    )
    with op.batch_alter_table("question_marks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_marks_question"), ["question"], unique=False)

    op.create_table(
        "question_revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question", sa.Integer(), nullable=False),
        sa.Column("reply", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("until", storage.sql.schema.Utc(), nullable=False),
        sa.ForeignKeyConstraint(["question"], ["questions.id"], name=op.f("fk_question_revisions_question_questions")),
        sa.ForeignKeyConstraint(
            ["reply"], ["question_replies.id"], name=op.f("fk_question_revisions_reply_question_replies")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_revisions")),
    )
    with op.batch_alter_table("question_revisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_revisions_question"), ["question"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_revisions_reply"), ["reply"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("question_revisions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_revisions_reply"))
        batch_op.drop_index(batch_op.f("ix_question_revisions_question"))

    op.drop_table("question_revisions")
    with op.batch_alter_table("question_marks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_marks_question"))

    op.drop_table("question_marks")
    with op.batch_alter_table("question_replies", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_replies_question"))

    op.drop_table("question_replies")
    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.drop_index("ix_questions_waiting")
        batch_op.drop_index("ix_questions_asker")

    op.drop_table("questions")
    op.drop_table("question_deletions")
