"""When learners last played a scenario or tried a self-check, and how many choices of a run are not kept."""

import sqlalchemy as sa
from alembic import op

from storage.sql.schema import Utc

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("scenario_ways", schema=None) as batch_op:
        batch_op.add_column(sa.Column("dropped", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("at", Utc(), nullable=True))

    with op.batch_alter_table("selfchecks", schema=None) as batch_op:
        batch_op.add_column(sa.Column("at", Utc(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("selfchecks", schema=None) as batch_op:
        batch_op.drop_column("at")

    with op.batch_alter_table("scenario_ways", schema=None) as batch_op:
        batch_op.drop_column("at")
        batch_op.drop_column("dropped")
