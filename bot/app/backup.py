"""Backs up the whole data folder into one archive while the bot runs. An archive is complete or does not exist.

The database is copied before the adapters' files: these may already record messages sent in between, so a restored bot
does not send them again.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import tarfile
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from bot.app import condition, erasures
from bot.app.folder import LOCK, lock_folder
from bot.app.settings import Settings
from bot.core.errors import PacekeeperError, Refused, reason
from storage.sql.log import sync_folder

MANIFEST = "backup.json"
DATABASE = "pacekeeper.db"
STAGE = condition.RESTORING
LEFT_OUT = (LOCK, condition.RESTORED)
LEFT_OUT_ENDS = ("-wal", "-shm", "-journal", ".new")
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Backup:
    """The contents of an archive. `files`: name -> SHA-256; `database` is the name of the bot's own."""

    taken_at: str
    version: str
    schema: str | None
    database: str
    files: dict[str, str]


def take(settings: Settings, to: Path, now: datetime) -> Backup:
    """Writes the new archive `to` and verifies it. Raises PacekeeperError and leaves no archive on failure."""
    file = _database(settings)
    if to.exists():
        raise Refused(f"{to} is there already. Name a new file.")
    if not file.exists():
        raise Refused(f"There is no database at {file} yet.")
    folder = settings.data_dir.resolve()
    if to.resolve().is_relative_to(folder):
        raise Refused(f"{to} lies in the data folder, and would be lost with it. Name a place outside.")
    try:
        to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=f".{to.name}.", dir=to.parent) as temporary:
            stage = Path(temporary)
            made = _stage(file.resolve(), folder, stage / "files", now)
            archive = stage / to.name
            _write(made, stage / "files", archive)
            _read(archive)
            erasures.keep_beside(to, stage / "files" / made.database)
            # A link, because a rename would replace a file created there meanwhile.
            os.link(archive, to)
        sync_folder(to.parent)
    except (OSError, sqlite3.Error) as e:
        raise PacekeeperError(f"The backup could not be written: {reason(e)}. {to} was not made.") from e
    return made


def restore(settings: Settings, archive: Path, now: datetime) -> Backup:
    """Restores a backup into the empty data folder. Raises PacekeeperError. An interrupted restore can be repeated."""
    from storage.sql.condition import schema
    from storage.sql.migrate import is_known, newest
    from storage.stores.outbox import doubt

    folder, file = settings.data_dir, _database(settings)
    with lock_folder(folder):
        stage = folder / STAGE
        if stage.exists():
            # Everything here is from an interrupted restore.
            _clear(folder, file)
        there = [p.name for p in folder.iterdir() if p.name not in LEFT_OUT]
        if there or file.exists():
            where = folder if there else file
            raise Refused(
                f"{where} holds data already. Move it away, or name an empty folder with PACEKEEPER_DATA_DIR."
            )
        try:
            stage.mkdir(mode=0o700)
            made = _read(archive, stage)
            if made.schema is not None and not is_known(made.schema):
                raise Refused(
                    f"The backup was made by Pacekeeper {made.version} with schema {made.schema}; this one knows up to "
                    f"{newest()}. Restore it with that version or a newer one."
                )
            restored = stage / made.database
            if (wrong := condition.damaged(restored)) or schema(f"sqlite:///{restored}")[0] != made.schema:
                raise Refused(f"The database in {archive} is damaged{f': {wrong}' if wrong else ''}.")
            doubt(restored)
            mark = {"taken_at": made.taken_at, "restored_at": f"{now:%Y-%m-%d %H:%M} UTC"}
            condition.write_json(folder / condition.RESTORED, mark)
            for name in made.files:
                if name != made.database:
                    (folder / name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                    os.replace(stage / name, folder / name)
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.move(restored, file)
            sync_folder(folder)
            shutil.rmtree(stage)
        except Refused:
            _clear(folder, file)
            raise
        except (OSError, sqlite3.Error) as e:
            _clear(folder, file)
            raise PacekeeperError(f"The backup could not be restored: {reason(e)}. {folder} is empty again.") from e
    return made


def confirm(settings: Settings) -> bool:
    """Allows a restored copy to connect, because its original no longer runs. False if this is not a restored copy."""
    note = settings.data_dir / condition.RESTORED
    there = note.exists()
    note.unlink(missing_ok=True)
    return there


def copy_database(file: Path, to: Path) -> None:
    """Copies a consistent snapshot of a SQLite database, which others may write to meanwhile."""
    source = sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True, timeout=15)
    with closing(source), closing(sqlite3.connect(to)) as target:
        source.backup(target)
    to.chmod(0o600)
    if wrong := condition.damaged(to):
        raise PacekeeperError(f"The copy of {file} is damaged: {wrong}. `pacekeeper doctor` looks at the original.")


def _database(settings: Settings) -> Path:
    from storage.sql.condition import file_of

    file = file_of(settings.database)
    if file is None:
        raise Refused("This is for SQLite. Back PostgreSQL up with pg_dump, and copy the data folder beside it.")
    return file


def _stage(file: Path, folder: Path, stage: Path, now: datetime) -> Backup:
    """Copies everything into `stage`."""
    from storage.sql.condition import files, schema

    name = file.relative_to(folder).as_posix() if file.is_relative_to(folder) else DATABASE
    databases = {p.resolve() for p in files(folder)} - {file}
    order = [(file, name), *((p, p.relative_to(folder).as_posix()) for p in sorted(databases))]
    order += [(p, p.relative_to(folder).as_posix()) for p in sorted(folder.rglob("*")) if _is_plain(p, databases, file)]
    sums = {}
    for source, kept in order:
        copy = stage / kept
        copy.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if source == file or source in databases:
            copy_database(source, copy)
        else:
            shutil.copyfile(source, copy)
        with copy.open("rb") as opened:
            sums[kept] = hashlib.file_digest(opened, "sha256").hexdigest()
    current = schema(f"sqlite:///{stage / name}")[0]
    return Backup(f"{now:%Y-%m-%d %H:%M} UTC", version("pacekeeper"), current, name, sums)


def _is_plain(path: Path, databases: set[Path], file: Path) -> bool:
    """Whether a file is copied as it is. Copies that an upgrade made are skipped, being older than the backup."""
    if path.is_symlink() or not path.is_file() or path in databases or path == file:
        return False
    return path.name not in LEFT_OUT and not path.name.endswith(LEFT_OUT_ENDS) and ".before-" not in path.name


def _write(made: Backup, stage: Path, archive: Path) -> None:
    described = {name: getattr(made, name) for name in Backup.__dataclass_fields__}
    (stage / MANIFEST).write_text(json.dumps(described, indent=2), encoding="utf-8")
    mode: Any = "w:gz" if archive.suffix in (".gz", ".tgz") else "w"
    with tarfile.open(archive, mode) as tar:
        for name in (MANIFEST, *made.files):
            tar.add(stage / name, name, recursive=False, filter=_for_nobody_else)
    archive.chmod(0o600)
    with archive.open("rb") as opened:
        os.fsync(opened.fileno())


def _for_nobody_else(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.mode, entry.uid, entry.gid, entry.uname, entry.gname = 0o600, 0, 0, "", ""
    return entry


def _read(archive: Path, into: Path | None = None) -> Backup:
    """Reads a whole archive, verifies every checksum, and writes its files to `into`: only files in the archive's own
    list, and none outside the folder. Raises Refused if it is damaged."""
    try:
        with tarfile.open(archive) as tar:
            made = _manifest(tar)
            missing = set(made.files)
            for entry in tar:
                if entry.name == MANIFEST:
                    continue
                content = tar.extractfile(entry) if entry.isreg() else None
                if content is None or entry.name not in missing:
                    raise Refused(f"{archive} holds something that no backup holds.")
                missing.remove(entry.name)
                found = hashlib.sha256()
                out = None
                if into is not None:
                    (into / entry.name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                    out = os.fdopen(os.open(into / entry.name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb")
                with out or open(os.devnull, "wb") as writing:
                    while piece := content.read(CHUNK):
                        found.update(piece)
                        writing.write(piece)
                    if out is not None:
                        writing.flush()
                        os.fsync(writing.fileno())
                if found.hexdigest() != made.files[entry.name]:
                    raise Refused(f"{archive} is damaged: {entry.name} is not as it was written.")
    except (tarfile.TarError, EOFError, ValueError, KeyError, TypeError, OSError) as e:
        if isinstance(e, OSError) and e.errno is not None:
            raise PacekeeperError(f"{archive} cannot be used: {reason(e)}.") from e
        raise Refused(f"{archive} is no backup, or is damaged.") from e
    if missing:
        raise Refused(f"{archive} is damaged: {min(missing)} is missing.")
    return made


def _manifest(tar: tarfile.TarFile) -> Backup:
    first = tar.next()
    content = tar.extractfile(first) if first is not None and first.name == MANIFEST else None
    if content is None:
        raise ValueError
    made = Backup(**json.loads(content.read(CHUNK)))
    for name in made.files:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or path.parts[:1] in ((STAGE,), ()):
            raise ValueError
    if made.database not in made.files:
        raise ValueError
    return made


def _clear(folder: Path, file: Path) -> None:
    """Deletes everything that a restore wrote. Only called in a folder that was empty before."""
    stage = folder / STAGE
    for path in folder.iterdir():
        if path.is_dir() and path != stage:
            shutil.rmtree(path)
        elif path.name != LOCK and path != stage:
            path.unlink()
    if not file.resolve().is_relative_to(folder.resolve()):
        file.unlink(missing_ok=True)
    # Last, because this file marks an unfinished restore.
    with suppress(FileNotFoundError):
        shutil.rmtree(stage)
