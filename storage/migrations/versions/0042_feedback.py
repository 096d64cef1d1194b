"""Feedback on work. Work that was marked as seen on the desk was seen."""

import sqlalchemy as sa
from alembic import op

from storage.sql.schema import Utc

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("work", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("version", Utc(), nullable=False),
        sa.Column("waited_from", Utc(), nullable=True),
        sa.Column("edited_at", Utc(), nullable=True),
        sa.Column("read_at", Utc(), nullable=True),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("reply_at", Utc(), nullable=True),
        sa.Column("removed_at", Utc(), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["people.id"], name=op.f("fk_feedback_by_people")),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_feedback_cohort_cohorts")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_feedback_person_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
    )
    with op.batch_alter_table("feedback", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_feedback_by"), ["by"], unique=False)
        batch_op.create_index("ix_feedback_cohort", ["cohort", "person"], unique=False)
        batch_op.create_index(batch_op.f("ix_feedback_person"), ["person"], unique=False)

    op.create_table(
        "feedback_drafts",
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("work", sa.String(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["people.id"], name=op.f("fk_feedback_drafts_by_people")),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_feedback_drafts_cohort_cohorts")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_feedback_drafts_person_people")),
        sa.PrimaryKeyConstraint("cohort", "work", "by", name=op.f("pk_feedback_drafts")),
    )
    with op.batch_alter_table("feedback_drafts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_feedback_drafts_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_feedback_drafts_person"), ["person"], unique=False)

    op.create_table(
        "feedback_seen",
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("work", sa.String(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("at", Utc(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["people.id"], name=op.f("fk_feedback_seen_by_people")),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_feedback_seen_cohort_cohorts")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_feedback_seen_person_people")),
        sa.PrimaryKeyConstraint("cohort", "work", name=op.f("pk_feedback_seen")),
    )
    with op.batch_alter_table("feedback_seen", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_feedback_seen_by"), ["by"], unique=False)
        batch_op.create_index("ix_feedback_seen_person", ["person", "cohort"], unique=False)
    _take_over_what_was_seen()


def _take_over_what_was_seen() -> None:
    work = sa.table("submissions", sa.column("id"), sa.column("cohort"), sa.column("person"))
    on_desk = sa.table("desk_seen", sa.column("cohort"), sa.column("name"), sa.column("at"))
    seen = sa.table("feedback_seen", *(sa.column(name) for name in ("cohort", "work", "person", "at")))
    name = sa.literal("milestones/").concat(sa.cast(work.c.id, sa.String))
    known = sa.select(on_desk.c.cohort, on_desk.c.name, work.c.person, on_desk.c.at).join(
        work, sa.and_(on_desk.c.name == name, on_desk.c.cohort == work.c.cohort)
    )
    op.execute(seen.insert().from_select(["cohort", "work", "person", "at"], known))


def downgrade() -> None:
    with op.batch_alter_table("feedback_seen", schema=None) as batch_op:
        batch_op.drop_index("ix_feedback_seen_person")
        batch_op.drop_index(batch_op.f("ix_feedback_seen_by"))

    op.drop_table("feedback_seen")
    with op.batch_alter_table("feedback_drafts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_feedback_drafts_person"))
        batch_op.drop_index(batch_op.f("ix_feedback_drafts_by"))

    op.drop_table("feedback_drafts")
    with op.batch_alter_table("feedback", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_feedback_person"))
        batch_op.drop_index("ix_feedback_cohort")
        batch_op.drop_index(batch_op.f("ix_feedback_by"))

    op.drop_table("feedback")
