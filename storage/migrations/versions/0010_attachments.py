"""Work can be handed in as a file."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("submission_revisions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("file", sa.String(), server_default="", nullable=False))

    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("file", sa.String(), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.drop_column("file")

    with op.batch_alter_table("submission_revisions", schema=None) as batch_op:
        batch_op.drop_column("file")
