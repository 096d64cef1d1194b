"""Answers that were read out of a thread, and who spoke in a channel at last."""

import sqlalchemy as sa
from alembic import op

import storage.sql.schema

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "question_talk",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("at", storage.sql.schema.Utc(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_question_talk_person_people")),
        sa.PrimaryKeyConstraint("workspace", "channel", "message", name=op.f("pk_question_talk")),
    )
    with op.batch_alter_table("question_talk", schema=None) as batch_op:
        batch_op.create_index("ix_question_talk_at", ["workspace", "channel", "at"], unique=False)
    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("guess", sa.String(), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.drop_column("guess")
    with op.batch_alter_table("question_talk", schema=None) as batch_op:
        batch_op.drop_index("ix_question_talk_at")
    op.drop_table("question_talk")
