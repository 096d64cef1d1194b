"""Since when, and why, no message reaches an account. One that was closed before counts as noticed now."""

import sqlalchemy as sa
from alembic import op

from bot.core.time import SystemClock
from storage.sql.schema import Utc

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

_accounts = sa.table(
    "accounts", sa.column("active", sa.Boolean), sa.column("lost_at", Utc), sa.column("lost_why", sa.String)
)


def upgrade() -> None:
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lost_at", Utc(), nullable=True))
        batch_op.add_column(sa.Column("lost_why", sa.String(), server_default="", nullable=False))
    closed = sa.update(_accounts).where(~_accounts.c.active)
    op.execute(closed.values(lost_at=SystemClock().now(), lost_why="left"))


def downgrade() -> None:
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.drop_column("lost_why")
        batch_op.drop_column("lost_at")
