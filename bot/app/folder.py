"""The data folder: created at the first start, and used by one running bot at a time."""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile

from bot.core.errors import PacekeeperError, reason
from bot.core.ports import Finding
from storage.sql.log import make_folder

LOCK = "running.lock"
"""The file that a running bot holds a lock on. Its content is irrelevant."""

CHOOSE = "Choose another folder with the setting PACEKEEPER_DATA_DIR, or make this one usable."


@contextmanager
def lock_folder(folder: Path) -> Iterator[None]:
    """Locks the folder while the bot runs; the lock ends with the process, however that ends.

    Raises PacekeeperError if the folder is not writable or another bot runs there.
    """
    try:
        make_folder(folder)
        lock = (folder / LOCK).open("w")
    except OSError as e:
        raise PacekeeperError(
            f"The data folder {folder} cannot be written to: {e.strerror}. "
            "Fix that, or choose another with the setting PACEKEEPER_DATA_DIR."
        ) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise PacekeeperError(
                f"Pacekeeper runs in the data folder {folder} already. "
                "Stop that one, or choose another folder with the setting PACEKEEPER_DATA_DIR."
            ) from None
        yield


def nearest(folder: Path) -> Path:
    """The folder itself, or the nearest one above it that exists."""
    return next(p for p in (folder.absolute(), *folder.absolute().parents) if os.path.exists(p))


def findings(folder: Path) -> list[Finding]:
    """Whether the data folder can be used, tried by writing in it; or in the nearest one above it, where it would be
    made."""
    where = nearest(folder)
    if not where.is_dir():
        return [Finding("Data folder", f"{where} is a file", CHOOSE)]
    try:
        with TemporaryFile(dir=where) as file:
            file.write(bytes(8192))
            file.flush()
    except OSError as e:
        full = e.errno in (errno.ENOSPC, errno.EDQUOT)
        fix = "Make room on this disk." if full else f"Look at its owner and permissions: ls -ld {where}. {CHOOSE}"
        return [Finding("Data folder", f"{where} cannot be written to: {reason(e)}", fix)]
    return (
        []
        if folder.exists()
        else [Finding("Data folder", f"{folder} is not there yet; the first start makes it", sure=False)]
    )
