"""Alembic's entry: runs on the connection that `storage.migrate` hands in."""

from alembic import context
from sqlmodel import SQLModel

import storage.tables  # noqa: F401  (every table is known)

connection = context.config.attributes["connection"]


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """The full-text index of SQLite keeps its own tables, which no model describes."""
    return kind != "table" or not (name or "").startswith("search_fts")


context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    compare_type=True,
    include_name=is_ours,
)
with context.begin_transaction():
    context.run_migrations()
