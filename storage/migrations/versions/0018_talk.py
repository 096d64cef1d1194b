"""Private messages wait until their authors have said what they are; an answer may be begun and not handed in."""

import sqlalchemy as sa
from alembic import op

import storage.sql.schema

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "talk_awaited",
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("anchor", sa.String(), nullable=False),
        sa.Column("at", storage.sql.schema.Utc(), nullable=False),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_talk_awaited_cohort_cohorts")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_talk_awaited_person_people")),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_talk_awaited")),
    )
    op.create_table(
        "talk_said",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("medium", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", storage.sql.schema.Utc(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_talk_said_person_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talk_said")),
        sa.UniqueConstraint("workspace", "channel", "message", name=op.f("uq_talk_said_workspace_channel_message")),
    )
    op.drop_table("wrapup_hints")
    # Messages that nobody said a round for: their buttons are gone.
    op.execute("DELETE FROM wrapup_parts WHERE answer IS NULL")
    with op.batch_alter_table("wrapup_answers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("begun", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("wrapup_answers", schema=None) as batch_op:
        batch_op.drop_column("begun")

    op.create_table(
        "wrapup_hints",
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_wrapup_hints_person_people")),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_wrapup_hints")),
    )
    op.drop_table("talk_said")
    op.drop_table("talk_awaited")
