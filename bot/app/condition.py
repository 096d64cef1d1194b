"""The condition of the data: what `doctor` names, and what no command may go on with.

A note in the data folder says which database was in use, by which version. So an empty or missing database is not taken
for a first start, and an older program can say which version it takes.
"""

import json
import os
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from bot.app.permissions import make_private
from bot.app.settings import Settings
from bot.core.errors import NeedsOperator, PacekeeperError, reason
from bot.core.ports import Finding

NOTE = "used.json"
RESTORING = ".restoring"
"""Stands in a folder while a backup is brought into it."""

RESTORED = "restored.json"
"""Stands in a folder that was restored from a backup, until somebody has said that the original runs no more."""

AT_START = 5.0
AT_LEISURE = 60.0
"""Seconds for looking at one file, before a start and in `doctor`."""


def check(settings: Settings) -> None:
    """Before the data is used: takes the folder away from other users. Raises NeedsOperator where the data is not
    whole, or was made by a newer version; it is not touched then."""
    make_private(settings.data_dir)
    wrong = next((f for f in findings(settings) if f.fix), None)
    if wrong is not None:
        raise NeedsOperator(f"{wrong.what}: {wrong.state}. Nothing was touched.\n{wrong.fix}")


def check_copy(settings: Settings) -> None:
    """Before the platforms are connected. Raises NeedsOperator where this is a copy that nobody has spoken for."""
    if found := restored(settings):
        raise NeedsOperator(f"{found.what}: {found.state}. Nothing was sent.\n{found.fix}")


def restored(settings: Settings) -> Finding | None:
    """What there is to say about a folder that was restored and not confirmed."""
    note = _read(settings.data_dir / RESTORED)
    if not note:
        return None
    state = f"this data was restored from a backup of {note.get('taken_at')}, and may be a second copy"
    fix = (
        "If the bot that it was copied from still runs, stop that one: both would answer everybody. "
        "Then run `pacekeeper restore --confirm`, and start."
    )
    return Finding("Restored copy", state, fix)


def findings(settings: Settings, thorough: bool = False) -> list[Finding]:
    """What is wrong with the files and the schema; empty where all is well or there is nothing yet. `thorough` takes up
    to a minute for each file."""
    from storage.sql import condition

    note = _read(settings.data_dir / NOTE)
    expected = note.get("database") == _name(settings)
    if (settings.data_dir / RESTORING).exists():
        fix = "Run `pacekeeper restore FILE` again: it starts over."
        return [Finding("Database", f"a restore into {settings.data_dir} was cut off", fix)]
    file = condition.file_of(settings.database)
    if file is not None and (found := condition.missing(file, expected or condition.in_use(settings.data_dir))):
        return [found]
    seconds = AT_LEISURE if thorough else AT_START
    all_files = dict.fromkeys([*([file] if file and file.exists() else []), *condition.files(settings.data_dir)])
    damaged = [d for f in all_files if (d := condition.damage(f, seconds, thorough))]
    return damaged or _schema(settings, file, note, expected)


def _schema(settings: Settings, file: Path | None, note: dict[str, Any], expected: bool) -> list[Finding]:
    from storage.sql import condition, migrate

    if file is not None and not file.exists():
        return []
    current, absent = condition.schema(settings.database)
    newest = migrate.newest()
    if current is None:
        if not expected:
            return []
        what = file or "The database"
        return [Finding("Database", f"{what} holds no data, and there was some in use here", condition.RESTORE)]
    if not migrate.is_known(current):
        by = f" It was last used by Pacekeeper {note['version']}." if expected and note.get("version") else ""
        fix = (
            "Start that version or a newer one again, or restore a backup from before the upgrade"
            f"{_copy(file)} with this one.{by}"
        )
        state = f"schema {current} is of a newer version; this one ({version('pacekeeper')}) knows up to {newest}"
        return [Finding("Database", state, fix)]
    if absent and current == newest:
        more = f" and {len(absent) - 3} more" if len(absent) > 3 else ""
        return [Finding("Database", f"tables are missing: {', '.join(absent[:3])}{more}", condition.RESTORE)]
    return []


def _copy(file: Path | None) -> str:
    copies = sorted(file.parent.glob(f"{file.name}.before-*")) if file else []
    return f" ({copies[-1]} is one)" if copies else ""


def damaged(file: Path) -> str:
    """What is wrong with one SQLite file, looked at with all the time it takes; '' where it is whole."""
    from storage.sql import condition

    found = condition.damage(file, float("inf"))
    return found.state if found else ""


def note_use(settings: Settings, schema: str | None) -> None:
    """Notes which database is in use from now on, and by which version."""
    note = {"database": _name(settings), "schema": schema, "version": version("pacekeeper")}
    file = settings.data_dir / NOTE
    if _read(file) == note:
        return
    # A command may run where the folder is not its own; the bot itself writes the note at its start.
    with suppress(OSError):
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_json(file, note)


def write_json(file: Path, content: dict[str, Any]) -> None:
    """Complete or not at all."""
    fresh = file.with_name(f"{file.name}.new")
    fresh.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    fresh.chmod(0o600)
    os.replace(fresh, file)


def read_json(file: Path) -> dict[str, Any]:
    """Raises PacekeeperError where it cannot be read; {} where it is not there."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        return found if isinstance(found, dict) else {}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as e:
        raise PacekeeperError(f"{file} cannot be read: {reason(e)}.") from None


def _read(file: Path) -> dict[str, Any]:
    try:
        return read_json(file)
    except PacekeeperError:
        # A note that is damaged says at least that something was here.
        return {"taken_at": "an unknown time"} if file.name == RESTORED else {}


def _name(settings: Settings) -> str:
    """Which database: its file, as seen from the data folder, or its server. No password."""
    from storage.sql.condition import file_of

    file = file_of(settings.database)
    if file is None and "://" not in settings.database:
        return ""
    if file is not None:
        return os.path.relpath(file.resolve(), settings.data_dir.resolve())
    url = make_url(settings.database)
    return f"{url.get_backend_name()}://{url.host or ''}:{url.port or ''}/{url.database or ''}"
