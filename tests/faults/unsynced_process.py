"""The command line over a disk that refuses to sync the database's log as long as the file ./full is there."""

import errno
import os
from pathlib import Path

import storage.sql.log
from bot.app.cli import main

flush = storage.sql.log._flush


def refuse(file: int) -> None:
    if Path("full").exists():
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    flush(file)


storage.sql.log._flush = refuse
main()
