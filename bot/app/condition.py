"""Checks the data: `doctor` reports every finding, and commands refuse to run on the serious ones.

A note in the data folder records the database in use and the program's version. So an empty or missing database is not
mistaken for a first start, and an older program can name the version that is needed.
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
"""Marks a folder while a backup is being restored into it."""

RESTORED = "restored.json"
"""Marks a restored folder until an operator confirms that the original no longer runs."""

AT_START = 5.0
AT_LEISURE = 60.0
"""Seconds for checking one file, at the start and in `doctor`."""


def check(settings: Settings) -> None:
    """Runs before the data is used. Makes the folder private. Raises NeedsOperator, without touching the data, if it is
    damaged or was written by a newer version."""
    make_private(settings.data_dir)
    wrong = next((f for f in findings(settings) if f.fix), None)
    if wrong is not None:
        raise NeedsOperator(f"{wrong.what}: {wrong.state}. Nothing was touched.\n{wrong.fix}")


def check_copy(settings: Settings) -> None:
    """Runs before the platforms are connected. Raises NeedsOperator for a restored copy that is not confirmed."""
    if found := restored(settings):
        raise NeedsOperator(f"{found.what}: {found.state}. Nothing was sent.\n{found.fix}")


def restored(settings: Settings) -> Finding | None:
    """The finding for a restored folder that is not confirmed."""
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
    """Problems of the files and the schema; empty if there are none or no data yet. `thorough` takes up to a minute for
    each file."""
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
        fix = (
            f"{condition.RESTORE} (If you have just written these tables, draft their migration: "
            "`.venv/bin/python -m storage.sql.draft NAME`.)"
        )
        return [Finding("Database", f"tables are missing: {', '.join(absent[:3])}{more}", fix)]
    return []


def _copy(file: Path | None) -> str:
    copies = sorted(file.parent.glob(f"{file.name}.before-*")) if file else []
    return f" ({copies[-1]} is one)" if copies else ""


def damaged(file: Path) -> str:
    """Checks a SQLite file completely; returns its problem, or ''."""
    from storage.sql import condition

    found = condition.damage(file, float("inf"))
    return found.state if found else ""


def note_use(settings: Settings, schema: str | None) -> None:
    """Records the database in use and the program's version."""
    note = {"database": _name(settings), "schema": schema, "version": version("pacekeeper")}
    file = settings.data_dir / NOTE
    if _read(file) == note:
        return
    # A command may lack write access to the folder; the bot writes the note when it starts.
    with suppress(OSError):
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_json(file, note)


def write_json(file: Path, content: dict[str, Any]) -> None:
    """Writes a file atomically."""
    fresh = file.with_name(f"{file.name}.new")
    fresh.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    fresh.chmod(0o600)
    os.replace(fresh, file)


def read_json(file: Path) -> dict[str, Any]:
    """{} if the file does not exist. Raises PacekeeperError if it cannot be read."""
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
        # A damaged note still shows that there was one.
        return {"taken_at": "an unknown time"} if file.name == RESTORED else {}


def _name(settings: Settings) -> str:
    """Names the database: its file relative to the data folder, or its server, without a password."""
    from storage.sql.condition import file_of

    file = file_of(settings.database)
    if file is None and "://" not in settings.database:
        return ""
    if file is not None:
        return os.path.relpath(file.resolve(), settings.data_dir.resolve())
    url = make_url(settings.database)
    return f"{url.get_backend_name()}://{url.host or ''}:{url.port or ''}/{url.database or ''}"
