"""The FAQ's sources and askers, what was merged or put off, and the runs for which it is verified."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

import storage.sql.schema

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

RUN = ("cohort", "course", "opened_at")


def upgrade() -> None:
    op.create_table(
        "faq_runs",
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(), nullable=False),
        sa.Column("opened_at", storage.sql.schema.Utc(), nullable=False),
        sa.Column("posted", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_faq_runs_cohort_cohorts")),
        sa.PrimaryKeyConstraint("cohort", name=op.f("pk_faq_runs")),
    )
    with op.batch_alter_table("faq_runs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_faq_runs_course"), ["course"], unique=False)

    op.create_table(
        "faq_sources",
        sa.Column("question", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("came_with", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["came_with"], ["faq_entries.id"], name=op.f("fk_faq_sources_came_with_faq_entries")),
        sa.ForeignKeyConstraint(["entry"], ["faq_entries.id"], name=op.f("fk_faq_sources_entry_faq_entries")),
        sa.PrimaryKeyConstraint("question", name=op.f("pk_faq_sources")),
    )
    with op.batch_alter_table("faq_sources", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_faq_sources_entry"), ["entry"], unique=False)

    with op.batch_alter_table("faq_entries", schema=None) as batch_op:
        batch_op.add_column(sa.Column("askers", sa.Integer(), server_default=sa.text("0"), nullable=False))
        batch_op.add_column(sa.Column("first_asked", storage.sql.schema.Utc(), nullable=True))
        batch_op.add_column(sa.Column("last_asked", storage.sql.schema.Utc(), nullable=True))
        batch_op.add_column(sa.Column("into", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("later_until", storage.sql.schema.Utc(), nullable=True))
        batch_op.alter_column("source", existing_type=sa.INTEGER(), nullable=True)
        batch_op.create_index(batch_op.f("ix_faq_entries_into"), ["into"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_faq_entries_into_faq_entries"), "faq_entries", ["into"], ["id"])
    # Runs that have begun verify nothing again; which course it is, is said at their next change.
    long_ago = sa.literal(datetime(2000, 1, 1, tzinfo=UTC), storage.sql.schema.Utc)
    cohorts, runs = sa.table("cohorts", sa.column("id")), sa.table("faq_runs", *map(sa.column, RUN))
    op.execute(runs.insert().from_select(RUN, sa.select(cohorts.c.id, sa.literal(""), long_ago)))
    # What each entry was made from is its first source.
    op.execute("INSERT INTO faq_sources (question, entry) SELECT source, id FROM faq_entries WHERE state <> 'dropped'")
    asked = "SELECT asked_at FROM questions WHERE questions.id = faq_entries.source"
    op.execute(
        f"UPDATE faq_entries SET askers = 1, first_asked = ({asked}), last_asked = ({asked}) "
        "WHERE source IN (SELECT id FROM questions)"
    )


def downgrade() -> None:
    with op.batch_alter_table("faq_entries", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_faq_entries_into_faq_entries"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_faq_entries_into"))
        batch_op.alter_column("source", existing_type=sa.INTEGER(), nullable=False)
        batch_op.drop_column("later_until")
        batch_op.drop_column("into")
        batch_op.drop_column("last_asked")
        batch_op.drop_column("first_asked")
        batch_op.drop_column("askers")

    with op.batch_alter_table("faq_sources", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_faq_sources_entry"))

    op.drop_table("faq_sources")
    with op.batch_alter_table("faq_runs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_faq_runs_course"))

    op.drop_table("faq_runs")
