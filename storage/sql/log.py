"""Commits that survive a power cut: one sync of a SQLite file's write-ahead log serves every waiting commit.

With synchronous=FULL each commit would wait for the disk, and everybody else with it, since SQLite has one writer. So
commits are made with synchronous=NORMAL, which leaves them in the log unsynced, and `sync` runs before anybody is told
that something was saved. One sync covers every commit made before it began, and others commit while it runs.

A checkpoint syncs the log before it moves anything into the database file, with NORMAL too, so order is never lost.
"""

import os
from pathlib import Path
from threading import Lock

_flush = getattr(os, "fdatasync", os.fsync)


class Log:
    """The write-ahead log of one database file. Safe to use from several threads."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._counting = Lock()
        self._syncing = Lock()
        # An earlier run may have died between a commit and its sync: the first sync here covers that as well.
        self._commits, self._synced = 1, 0
        self._entry: int | None = None
        self._failure: tuple[int | None, str] | None = None

    def committed(self) -> None:
        """Notes a commit that changed something."""
        with self._counting:
            self._commits += 1

    @property
    def synced(self) -> bool:
        """Whether every commit so far is on the disk."""
        return self._synced >= self._commits

    @property
    def failed(self) -> bool:
        """Whether a sync has failed. This process must not read or write anything after that."""
        return self._failure is not None

    def sync(self) -> None:
        """Returns once every commit made before the call is on the disk.

        Raises OSError if the disk refuses, and from then on: after a failed sync the system may drop the pages that it
        could not write, and report success the next time. Only a new process, which checks the log, can tell what is
        there.
        """
        wanted = self._commits
        with self._syncing:
            if self._failure is not None:
                # A new instance each time: raising the same one again would extend its traceback.
                raise OSError(*self._failure)
            begun = self._commits
            if self._synced >= wanted:
                return
            try:
                self._sync_file()
            except OSError as e:
                self._failure = e.errno, e.strerror or type(e).__name__
                raise
            self._synced = begun

    def _sync_file(self) -> None:
        try:
            file = os.open(f"{self._database}-wal", os.O_RDONLY)
        except FileNotFoundError:
            # Another process closed the database last: SQLite has then moved everything into it, and synced that.
            return
        try:
            _flush(file)
            entry = os.fstat(file).st_ino
        finally:
            os.close(file)
        if entry != self._entry:
            sync_folder(self._database.parent)
            self._entry = entry


def sync_folder(folder: Path) -> None:
    """Makes the creation, renaming and removal of files in a folder survive a power cut."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def make_folder(folder: Path) -> None:
    """Makes a folder and its parents so that they survive a power cut."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    sync_folder(folder.parent)
