"""Upgrades a database to the newest schema: one history for SQLite and PostgreSQL.

Alembic is imported only if there is something to upgrade: it takes 11 MB, and reads every migration.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, inspect, text
from sqlmodel import SQLModel

from bot.core.errors import NeedsOperator
from storage.sql.log import sync_folder

if TYPE_CHECKING:
    from alembic.config import Config

HERE = Path(__file__).parents[1] / "migrations"
VERSIONS = "alembic_version"
"""The table of the schema's version."""


def upgrade(engine: Engine) -> None:
    """Applies missing migrations in one transaction. A SQLite file with data in it is copied first. Raises
    NeedsOperator if no migration makes what the program's tables need."""
    migrate(engine)
    if absent := lacking(engine):
        raise NeedsOperator(
            f"No migration makes {', '.join(absent)}, which this program uses. If you are changing the program, draft "
            "it: .venv/bin/python -m storage.sql.draft NAME. Otherwise install a complete version."
        )


def lacking(engine: Engine) -> list[str]:
    """Tables, and columns as `table.column`, that the models have and the database has not."""
    import_module("storage.tables")  # every model is known
    there = {
        table: {column["name"] for column in columns}
        for (_, table), columns in inspect(engine).get_multi_columns().items()
    }
    wanted = {table.name: table.c.keys() for table in SQLModel.metadata.sorted_tables}
    absent = [table for table in wanted if table not in there]
    return absent + [f"{t}.{c}" for t in wanted if t in there for c in wanted[t] if c not in there[t]]


def migrate(engine: Engine) -> None:
    """Applies missing migrations, without asking whether they make all that the program uses."""
    current, head = versions(engine)
    if current == head:
        return
    if current is not None and not is_known(current):
        raise NeedsOperator(
            f"The database has schema {current}, which a newer version made; this one knows up to {head}. "
            "Nothing was touched. Start the newer version again, or restore a backup from before the upgrade."
        )
    if current is not None and engine.dialect.name == "sqlite":
        _copy(engine, f"{engine.url.database}.before-{head}")
    from alembic import command

    config = configuration()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def versions(engine: Engine) -> tuple[str | None, str]:
    """(the database's version, the newest one)."""
    with engine.connect() as connection:
        if not inspect(connection).has_table(VERSIONS):
            return None, newest()
        return connection.scalar(text(f"SELECT version_num FROM {VERSIONS}")), newest()


def newest() -> str:
    """The newest schema that this program knows."""
    return max(_history())


def is_known(version: str) -> bool:
    """Whether this program knows a schema. It does not know those of newer versions."""
    return version in _history()


def _history() -> set[str]:
    """All schemas that this program knows: each migration's file begins with its own."""
    return {path.name[:4] for path in HERE.glob("versions/[0-9]*.py")}


def _copy(engine: Engine, to: str) -> None:
    """Makes a copy to return to if the new version fails. A file with the final name is always complete."""
    unfinished = Path(f"{to}.unfinished")
    unfinished.unlink(missing_ok=True)
    source, target = sqlite3.connect(str(engine.url.database)), sqlite3.connect(unfinished)
    with closing(source), closing(target):
        source.backup(target)
    unfinished.replace(to)
    sync_folder(unfinished.parent)


def configuration() -> Config:
    """Alembic's configuration: where the history is."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(HERE))
    return config
