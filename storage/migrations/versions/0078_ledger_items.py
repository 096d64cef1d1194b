"""Who reports what took longer names an item, and not its title."""

import sqlalchemy as sa
from alembic import op

revision = "0078"
down_revision = "0077"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("ledger_reports", schema=None) as batch_op:
        batch_op.add_column(sa.Column("name", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("ledger_reports", schema=None) as batch_op:
        batch_op.drop_column("name")
