"""When somebody joined a cohort first, also after they left it and joined again."""

import sqlalchemy as sa
from alembic import op

import storage.sql.schema

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.add_column(sa.Column("first_joined_at", storage.sql.schema.Utc(), nullable=True))
    op.execute("UPDATE memberships SET first_joined_at = joined_at")
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.alter_column("first_joined_at", existing_type=storage.sql.schema.Utc(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.drop_column("first_joined_at")
