"""Work that one hands in for their pod: for which pod, and who did."""

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("pod", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("by", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_submissions_by"), ["by"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_submissions_by_people"), "people", ["by"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_submissions_by_people"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_submissions_by"))
        batch_op.drop_column("by")
        batch_op.drop_column("pod")
