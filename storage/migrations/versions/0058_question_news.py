"""Whether an asker has looked at the replies to a question, and whether somebody else has dropped it."""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A table that is made anew would give numbers of deleted rows again.
    for name in ("unseen", "by_team"):
        op.add_column("questions", sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    for name in ("by_team", "unseen"):
        op.drop_column("questions", name)
