"""What a person was asked last in private is remembered after something else came in between."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("talk_awaited", sa.Column("card", sa.String(), nullable=False, server_default=""))
    op.add_column("talk_awaited", sa.Column("state", sa.String(), nullable=False, server_default="open"))


def downgrade() -> None:
    op.drop_column("talk_awaited", "state")
    op.drop_column("talk_awaited", "card")
