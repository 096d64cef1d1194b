"""Whether the features know that a post waits, and which replies are not posted."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("outbox") as batch_op:
        batch_op.add_column(sa.Column("told", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("question_replies") as batch_op:
        batch_op.add_column(sa.Column("post", sa.String(), nullable=False, server_default=""))
    op.execute("UPDATE outbox SET told = blocked WHERE actor IS NOT NULL")


def downgrade() -> None:
    with op.batch_alter_table("question_replies") as batch_op:
        batch_op.drop_column("post")
    with op.batch_alter_table("outbox") as batch_op:
        batch_op.drop_column("told")
