"""`pacekeeper backup` and `pacekeeper restore`."""

from pathlib import Path
from typing import Annotated

import typer

from bot.app.cli.opening import load_settings
from bot.app.cli.output import Json, counted, screen, show_json
from bot.core.errors import Malformed
from bot.core.time import SystemClock


def backup(
    file: Annotated[Path, typer.Argument(help="The archive to write, .tar or .tar.gz; it must not exist yet.")],
    as_json: Json = False,
) -> None:
    """Write the whole data folder into one file, while the bot runs. With PostgreSQL use pg_dump."""
    from bot.app.backup import take

    made = take(load_settings(), file, SystemClock().now())
    size = file.stat().st_size
    if as_json:
        show_json(
            {"file": str(file), "bytes": size, "taken_at": made.taken_at, "schema": made.schema, "files": made.files}
        )
        return
    screen.print(
        f"{file} holds {counted(len(made.files), 'file')} ({size / 1e6:.1f} MB), and was read back.", markup=False
    )


def restore(
    file: Annotated[Path | None, typer.Argument(help="An archive that `pacekeeper backup` wrote.")] = None,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Say that the bot which the backup was taken of runs no more.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Bring a backup into the empty data folder. It connects to platforms only after --confirm."""
    from bot.app import backup as backups

    settings = load_settings()
    if file is None and not confirm:
        raise Malformed("Name the archive: `pacekeeper restore FILE`; or confirm a restored copy with --confirm.")
    made = backups.restore(settings, file, SystemClock().now()) if file is not None else None
    confirmed = backups.confirm(settings) if confirm else False
    if as_json:
        taken, files = (made.taken_at, made.files) if made else (None, {})
        show_json({"folder": str(settings.data_dir), "taken_at": taken, "confirmed": confirmed, "files": files})
        return
    if made is not None:
        screen.print(f"{settings.data_dir} is as it was at {made.taken_at}.", markup=False)
    if confirmed:
        screen.print("It may connect: `pacekeeper run`.", markup=False)
    elif made is not None:
        screen.print(
            "If the bot that it was taken of still runs, stop that one: both would answer everybody. Then run "
            "`pacekeeper restore --confirm`, and start.",
            markup=False,
        )
    else:
        screen.print("This is no restored copy that waits for anything.")
