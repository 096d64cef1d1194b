"""The data folder: created at the first start, and used by one running bot at a time."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.core.errors import PacekeeperError
from storage.sql.log import make_folder

LOCK = "running.lock"
"""The file that a running bot holds a lock on. Its content is irrelevant."""


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
