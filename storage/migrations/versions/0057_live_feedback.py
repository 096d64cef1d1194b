"""When learners asked for feedback in private in place of a sensitive live session.

Revision ID: 0057
"""

import sqlalchemy as sa
from alembic import op

from storage.sql.schema import Utc

revision = "0057"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("live_people") as batch_op:
        batch_op.add_column(sa.Column("asked_at", Utc(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("live_people") as batch_op:
        batch_op.drop_column("asked_at")
