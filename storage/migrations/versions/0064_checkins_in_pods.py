"""Check-ins: for which pod somebody said something."""

import sqlalchemy as sa
from alembic import op

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("checkin_updates", schema=None) as batch_op:
        batch_op.add_column(sa.Column("pod", sa.String(), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("checkin_updates", schema=None) as batch_op:
        batch_op.drop_column("pod")
