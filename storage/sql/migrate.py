"""Upgrades a database to the newest schema: one history for SQLite and PostgreSQL."""

import sqlite3
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect
from sqlmodel import SQLModel

from bot.core.errors import NeedsOperator
from storage.sql.log import sync_folder

HERE = Path(__file__).parents[1] / "migrations"


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
    there = {
        table: {column["name"] for column in columns}
        for (_, table), columns in inspect(engine).get_multi_columns().items()
    }
    wanted = {table.name: table.c.keys() for table in SQLModel.metadata.sorted_tables}
    absent = [table for table in wanted if table not in there]
    return absent + [f"{t}.{c}" for t in wanted if t in there for c in wanted[t] if c not in there[t]]


def migrate(engine: Engine) -> None:
    """Applies missing migrations, without asking whether they make all that the program uses."""
    config = configuration()
    current, head = versions(engine)
    if current is not None and not is_known(current):
        raise NeedsOperator(
            f"The database has schema {current}, which a newer version made; this one knows up to {head}. "
            "Nothing was touched. Start the newer version again, or restore a backup from before the upgrade."
        )
    if current not in (None, head) and engine.dialect.name == "sqlite":
        _copy(engine, f"{engine.url.database}.before-{head}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def versions(engine: Engine) -> tuple[str | None, str | None]:
    """(the database's version, the newest one)."""
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    return current, newest()


def newest() -> str | None:
    """The newest schema that this program knows."""
    return ScriptDirectory.from_config(configuration()).get_current_head()


def is_known(version: str) -> bool:
    """Whether this program knows a schema. It does not know those of newer versions."""
    return version in {s.revision for s in ScriptDirectory.from_config(configuration()).walk_revisions()}


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
    config = Config()
    config.set_main_option("script_location", str(HERE))
    return config
