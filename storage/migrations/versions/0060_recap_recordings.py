"""What was taken out of a recap while its recording still has it: whom, and since when."""

import sqlalchemy as sa
from alembic import op

import storage.sql.schema

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("recaps", schema=None) as batch_op:
        batch_op.add_column(sa.Column("taken_out_at", storage.sql.schema.Utc(), nullable=True))
        batch_op.add_column(sa.Column("taken_out", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("recaps", schema=None) as batch_op:
        batch_op.drop_column("taken_out")
        batch_op.drop_column("taken_out_at")
