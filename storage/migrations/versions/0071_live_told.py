"""What those who said yes to a live session were told of it, and how many calendar files they got."""

import sqlalchemy as sa
from alembic import op

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("live_people", sa.Column("told", sa.Text(), server_default="[]", nullable=False))
    op.add_column("live_people", sa.Column("files", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    for name in ("files", "told"):
        op.drop_column("live_people", name)
