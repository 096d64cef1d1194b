"""Indexes that find uploaded files which nothing names."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

NAMED = sa.text("file <> ''")


def upgrade() -> None:
    op.create_index("ix_files_at", "files", ["at"], unique=False)
    for table in ("submissions", "submission_revisions"):
        op.create_index(f"ix_{table}_file", table, ["file"], sqlite_where=NAMED, postgresql_where=NAMED)


def downgrade() -> None:
    for table in ("submissions", "submission_revisions"):
        op.drop_index(f"ix_{table}_file", table_name=table)
    op.drop_index("ix_files_at", table_name="files")
