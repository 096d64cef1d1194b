"""The words in a discussion's thread about which their author was asked, and for which round."""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("discussion_talk", schema=None) as batch_op:
        batch_op.add_column(sa.Column("offered", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("words", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("discussion_talk", schema=None) as batch_op:
        batch_op.drop_column("words")
        batch_op.drop_column("offered")
