"""A copy of a file for reviewers says whether an address, an account or a phone number stands in it."""

import sqlalchemy as sa
from alembic import op

revision = "0083"
down_revision = "0082"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("review_copies", schema=None) as batch_op:
        batch_op.add_column(sa.Column("contact", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("review_copies", schema=None) as batch_op:
        batch_op.drop_column("contact")
