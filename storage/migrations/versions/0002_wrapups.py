"""Wrap-ups."""

import sqlalchemy as sa
from alembic import op

import storage.sql.schema

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wrapup_hints",
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_wrapup_hints_person_people")),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_wrapup_hints")),
    )
    op.create_table(
        "wrapup_pauses",
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("at", storage.sql.schema.Utc(), nullable=False),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_wrapup_pauses_cohort_cohorts")),
        sa.PrimaryKeyConstraint("cohort", name=op.f("pk_wrapup_pauses")),
    )
    op.create_table(
        "wrapup_rounds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("prompt", sa.String(), nullable=False),
        sa.Column("week", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("questions", sa.Text(), nullable=False),
        sa.Column("opens_at", storage.sql.schema.Utc(), nullable=False),
        sa.Column("closes_at", storage.sql.schema.Utc(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("by_hand_at", storage.sql.schema.Utc(), nullable=True),
        sa.Column("posted", sa.Boolean(), nullable=False),
        sa.Column("recording", sa.String(), nullable=False),
        sa.Column("pages", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_wrapup_rounds_cohort_cohorts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wrapup_rounds")),
        sa.UniqueConstraint("cohort", "prompt", "week", name=op.f("uq_wrapup_rounds_cohort_prompt_week")),
    )
    op.create_table(
        "wrapup_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("quote", sa.Boolean(), nullable=False),
        sa.Column("first_at", storage.sql.schema.Utc(), nullable=False),
        sa.Column("changed_at", storage.sql.schema.Utc(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("changed_late", sa.Boolean(), nullable=False),
        sa.Column("deleted_at", storage.sql.schema.Utc(), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_wrapup_answers_person_people")),
        sa.ForeignKeyConstraint(["round"], ["wrapup_rounds.id"], name=op.f("fk_wrapup_answers_round_wrapup_rounds")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wrapup_answers")),
        sa.UniqueConstraint("round", "person", name=op.f("uq_wrapup_answers_round_person")),
    )
    with op.batch_alter_table("wrapup_answers", schema=None) as batch_op:
        batch_op.create_index("ix_wrapup_answers_person", ["person"], unique=False)

    op.create_table(
        "wrapup_windows",
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("opens_at", storage.sql.schema.Utc(), nullable=False),
        sa.Column("closes_at", storage.sql.schema.Utc(), nullable=False),
        sa.Column("asked_at", storage.sql.schema.Utc(), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_wrapup_windows_person_people")),
        sa.ForeignKeyConstraint(["round"], ["wrapup_rounds.id"], name=op.f("fk_wrapup_windows_round_wrapup_rounds")),
        sa.PrimaryKeyConstraint("round", "person", name=op.f("pk_wrapup_windows")),
    )
    with op.batch_alter_table("wrapup_windows", schema=None) as batch_op:
        batch_op.create_index("ix_wrapup_windows_person", ["person"], unique=False)

    op.create_table(
        "wrapup_parts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("answer", sa.Integer(), nullable=True),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("earlier", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["answer"], ["wrapup_answers.id"], name=op.f("fk_wrapup_parts_answer_wrapup_answers")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_wrapup_parts_person_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wrapup_parts")),
        sa.UniqueConstraint("workspace", "channel", "message", name=op.f("uq_wrapup_parts_workspace_channel_message")),
    )
    with op.batch_alter_table("wrapup_parts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_wrapup_parts_answer"), ["answer"], unique=False)

    op.create_table(
        "wrapup_revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("quote", sa.Boolean(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("at", storage.sql.schema.Utc(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer"], ["wrapup_answers.id"], name=op.f("fk_wrapup_revisions_answer_wrapup_answers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wrapup_revisions")),
    )
    with op.batch_alter_table("wrapup_revisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_wrapup_revisions_answer"), ["answer"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("wrapup_revisions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_wrapup_revisions_answer"))

    op.drop_table("wrapup_revisions")
    with op.batch_alter_table("wrapup_parts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_wrapup_parts_answer"))

    op.drop_table("wrapup_parts")
    with op.batch_alter_table("wrapup_windows", schema=None) as batch_op:
        batch_op.drop_index("ix_wrapup_windows_person")

    op.drop_table("wrapup_windows")
    with op.batch_alter_table("wrapup_answers", schema=None) as batch_op:
        batch_op.drop_index("ix_wrapup_answers_person")

    op.drop_table("wrapup_answers")
    op.drop_table("wrapup_rounds")
    op.drop_table("wrapup_pauses")
    op.drop_table("wrapup_hints")
