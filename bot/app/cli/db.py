"""`pacekeeper db`: the schema, and a backup of the database."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from bot.app.cli.opening import load_settings
from bot.app.cli.output import FINDINGS, Json, screen, show_json
from bot.core.errors import Refused

app = typer.Typer(help="The database: its schema, and a backup of it.", no_args_is_help=True)


@app.command(epilog="Example: pacekeeper db upgrade")
def upgrade() -> None:
    """Bring the schema to the newest version. `run` does this by itself."""
    from bot.app import condition
    from storage.sql.engine import open_engine
    from storage.sql.migrate import upgrade, versions

    settings = load_settings()
    condition.check(settings)
    engine = open_engine(settings.database)
    before, newest = versions(engine)
    upgrade(engine)
    condition.note_use(settings, newest)
    engine.dispose()
    screen.print(f"The schema is at {newest}." if before == newest else f"The schema went from {before} to {newest}.")


@app.command(epilog="Example: pacekeeper db status")
def status(as_json: Json = False) -> None:
    """Which schema the database has. Exit code 3 where it is not the newest."""
    from storage.sql.engine import open_engine
    from storage.sql.migrate import versions

    engine = open_engine(load_settings().database)
    current, newest = versions(engine)
    engine.dispose()
    if as_json:
        show_json({"database": engine.dialect.name, "schema": current, "newest": newest})
    else:
        screen.print(f"{engine.dialect.name}, schema {current or 'none'}, newest {newest}.")
    if current != newest:
        raise typer.Exit(FINDINGS)


@app.command(epilog="Example: pacekeeper db backup /backups/pacekeeper.db")
def backup(to: Annotated[Path, typer.Argument(help="The file to write; it must not exist yet.")]) -> None:
    """Copy the SQLite database alone while the bot runs. `pacekeeper backup` takes the whole data folder."""
    from bot.app.backup import copy_database
    from storage.sql.condition import file_of

    file = file_of(load_settings().database)
    if file is None:
        raise Refused("This is for SQLite. Back PostgreSQL up with pg_dump.")
    if to.exists():
        raise Refused(f"{to} is there already. Name a new file.")
    if not file.exists():
        raise Refused(f"There is no database at {file} yet.")
    to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f".{to.name}.", dir=to.parent) as folder:
        copy_database(file, Path(folder) / to.name)
        os.link(Path(folder) / to.name, to)
    screen.print(f"Copied to {to}.")
