"""Answers to somebody overtake what is for many."""

import sqlalchemy as sa
from alembic import op

revision = "0081"
down_revision = "0080"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("answers", sa.Boolean(), server_default=sa.false(), nullable=False))
    waiting = sa.text("state = 'waiting'")
    op.create_index(
        "ix_outbox_lane",
        "outbox",
        ["workspace", "lane", "id", "not_before", "answers"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_lane", "outbox")
    op.drop_column("outbox", "answers")
