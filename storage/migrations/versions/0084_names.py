"""Names of people are looked up: which of them stand in a message."""

from alembic import op

revision = "0084"
down_revision = "0083"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_people_name"), "people", ["name"])


def downgrade() -> None:
    op.drop_index(op.f("ix_people_name"), table_name="people")
