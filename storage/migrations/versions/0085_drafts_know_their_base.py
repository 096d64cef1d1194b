"""A course that is laid out knows the cohort's course that it began from."""

import sqlalchemy as sa
from alembic import op

revision = "0085"
down_revision = "0084"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("course_drafts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("base", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("base_before", sa.Text(), server_default="", nullable=False))
    # Which version an older draft began from is not known. With the first, what others changed is never taken back.
    first = "SELECT v.text FROM course_versions v WHERE v.cohort = course_drafts.cohort ORDER BY v.number LIMIT 1"
    known = f"UPDATE course_drafts SET base = COALESCE(({first}), ''), base_before = COALESCE(({first}), '')"
    op.execute(f"{known} WHERE cohort <> 0")


def downgrade() -> None:
    with op.batch_alter_table("course_drafts", schema=None) as batch_op:
        batch_op.drop_column("base_before")
        batch_op.drop_column("base")
