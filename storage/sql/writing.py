"""Who writes next. SQLite has one writer, and those who wait for its lock poll, so that somebody can miss each gap."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition


class Writing:
    """One writer at a time among threads; who comes `first` goes before all others that wait."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._busy = False
        self._wanted = 0

    @property
    def is_wanted(self) -> bool:
        """Whether somebody who goes first waits."""
        return self._wanted > 0

    @contextmanager
    def turn(self, first: bool) -> Iterator[None]:
        with self._changed:
            self._wanted += first
            self._changed.wait_for(lambda: not self._busy and (first or not self._wanted))
            self._wanted -= first
            self._busy = True
        try:
            yield
        finally:
            with self._changed:
                self._busy = False
                self._changed.notify_all()
