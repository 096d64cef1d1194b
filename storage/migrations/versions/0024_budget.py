"""What is awaited is counted apart, what the budget drops is kept, and channels have a budget."""

import sqlalchemy as sa
from alembic import op

import storage.sql.schema

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("remarks", sa.Column("joins", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("remarks", sa.Column("about", sa.String(), nullable=False, server_default=""))
    op.add_column("spoken", sa.Column("awaited", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "dropped_remarks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("at", storage.sql.schema.Utc(), nullable=False),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_dropped_remarks_cohort_cohorts")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_dropped_remarks_person_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dropped_remarks")),
    )
    op.create_index("ix_dropped_remarks_cohort", "dropped_remarks", ["cohort", "at"])
    op.create_index(op.f("ix_dropped_remarks_person"), "dropped_remarks", ["person"])
    op.create_table(
        "shared_parts",
        sa.Column("anchor", sa.String(), nullable=False),
        sa.Column("lead", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_shared_parts_person_people")),
        sa.PrimaryKeyConstraint("anchor", name=op.f("pk_shared_parts")),
    )
    op.create_index("ix_shared_parts_lead", "shared_parts", ["lead"])
    op.create_index(op.f("ix_shared_parts_person"), "shared_parts", ["person"])
    op.create_table(
        "channel_posts",
        sa.Column("anchor", sa.String(), nullable=False),
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("at", storage.sql.schema.Utc(), nullable=False),
        sa.Column("below", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("anchor", name=op.f("pk_channel_posts")),
    )
    op.create_index("ix_channel_posts_place", "channel_posts", ["workspace", "channel", "at"])


def downgrade() -> None:
    op.drop_table("channel_posts")
    op.drop_table("shared_parts")
    op.drop_table("dropped_remarks")
    op.drop_column("spoken", "awaited")
    op.drop_column("remarks", "about")
    op.drop_column("remarks", "joins")
