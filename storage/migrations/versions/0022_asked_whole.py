"""What a person was asked in private is stored whole: with the words for 'stop' and the buttons."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The author of the next message is asked what it is, so no answer is lost.
    op.execute("DELETE FROM talk_awaited")
    with op.batch_alter_table("talk_awaited") as batch:
        batch.drop_column("subject")
        batch.drop_column("text")
        batch.drop_column("card")
        batch.add_column(sa.Column("asked", sa.Text(), nullable=False))


def downgrade() -> None:
    op.execute("DELETE FROM talk_awaited")
    with op.batch_alter_table("talk_awaited") as batch:
        batch.drop_column("asked")
        batch.add_column(sa.Column("subject", sa.String(), nullable=False))
        batch.add_column(sa.Column("text", sa.Text(), nullable=False))
        batch.add_column(sa.Column("card", sa.String(), nullable=False, server_default=""))
