"""`pacekeeper backup` and `pacekeeper restore`."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.app.cli.opening import load_settings, opened
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
    from bot.app import erasures

    settings = load_settings()
    if file is None and not confirm:
        raise Malformed("Name the archive: `pacekeeper restore FILE`; or confirm a restored copy with --confirm.")
    made, erased = None, 0
    if file is not None:
        # Read first: nothing is restored beside a list that cannot be read.
        listed = erasures.beside(file)
        made = backups.restore(settings, file, SystemClock().now())
        erased = _erase_again(listed) if listed else 0
    confirmed = backups.confirm(settings) if confirm else False
    if as_json:
        taken, files = (made.taken_at, made.files) if made else (None, {})
        said = {"taken_at": taken, "confirmed": confirmed, "files": files, "erased_again": erased}
        show_json({"folder": str(settings.data_dir), **said})
        return
    if made is not None:
        screen.print(f"{settings.data_dir} is as it was at {made.taken_at}.", markup=False)
    if erased:
        screen.print(f"People who were erased since, and are erased again: {erased}")
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


def _erase_again(listed: Mapping[str, datetime]) -> int:
    from bot.app import erasures
    from bot.app.features import make_registry

    registry = make_registry()
    with opened() as storage:
        return storage.run_now(lambda unit: erasures.erase_again(registry, unit, listed, storage.now()))
