"""Which entry of the FAQ was sent as a reply."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("question_replies", schema=None) as batch_op:
        batch_op.add_column(sa.Column("entry", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("question_replies", schema=None) as batch_op:
        batch_op.drop_column("entry")
