"""What a waiting line says that something was before and after has a column of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_remarks = sa.table(
    "remarks", sa.column("is_card", sa.Boolean), sa.column("about", sa.String), sa.column("change", sa.String)
)


def upgrade() -> None:
    op.add_column("remarks", sa.Column("change", sa.String(), server_default="", nullable=False))
    op.execute(_remarks.update().where(~_remarks.c.is_card).values(change=_remarks.c.about, about=""))


def downgrade() -> None:
    op.execute(_remarks.update().where(~_remarks.c.is_card).values(about=_remarks.c.change))
    with op.batch_alter_table("remarks", schema=None) as batch_op:
        batch_op.drop_column("change")
