"""What was promised outlives the end of a cohort; certificates can have a page."""

import sqlalchemy as sa
from alembic import op

import storage.sql.schema

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_cohorts = sa.table("cohorts", sa.column("ended_at", sa.DateTime), sa.column("cut_short", sa.Boolean))


def upgrade() -> None:
    op.add_column("cohorts", sa.Column("cut_short", sa.Boolean(), nullable=False, server_default=sa.false()))
    # Whoever was in a cohort that has ended by now has read that nothing more is taken.
    op.execute(sa.update(_cohorts).where(_cohorts.c.ended_at.is_not(None)).values(cut_short=True))
    op.add_column("certificates", sa.Column("shown_at", storage.sql.schema.Utc(), nullable=True))
    op.create_table(
        "code_tries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("at", storage.sql.schema.Utc(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_code_tries_person_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_tries")),
    )
    with op.batch_alter_table("code_tries") as batch:
        batch.create_index(batch.f("ix_code_tries_person"), ["person"])


def downgrade() -> None:
    op.drop_table("code_tries")
    op.drop_column("certificates", "shown_at")
    op.drop_column("cohorts", "cut_short")
