"""When the bot last ran, so that a downtime begins where it stopped."""

import sqlalchemy as sa
from alembic import op

from storage.sql.schema import Utc

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "last_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_last_run")),
    )


def downgrade() -> None:
    op.drop_table("last_run")
