"""Posts wait for channels that take nothing, and the people whose posts wait are told."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("actor", sa.Integer(), nullable=True))
    op.add_column("outbox", sa.Column("blocked", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("channels", sa.Column("lost_why", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("channels", "lost_why")
    op.drop_column("outbox", "blocked")
    op.drop_column("outbox", "actor")
