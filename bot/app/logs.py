"""Logs to standard error: one line per failure, nothing that people wrote, and no floods of repeated lines.

Every record is processed in three ways, also those of libraries:

- An exception is printed as its kind and origin. Its text is left out, because libraries quote the values that they
  met. A platform or database that does not answer gets no traceback.
- A library's message is printed as it is written in the library's source; interpolated values are left out.
- A repeated message is printed once, then counted, and printed again at most once per interval.
"""

import asyncio
import linecache
import logging
import re
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TextIO

from bot.core.errors import reason
from bot.core.failures import is_outage, trace

INTERVAL = 600.0
"""Seconds between two lines about a continuing problem."""

LOOK = 30.0
"""Seconds between checks for problems that have stopped."""

OURS = ("bot", "adapters", "storage")
QUIET = ("alembic", "apscheduler", "discord", "httpx", "slack_bolt", "slack_sdk", "uvicorn")
"""Libraries of which only warnings are logged."""

_PLACEHOLDER = re.compile(r"%(?:\((?P<name>\w++)\))?[-#0 +]*+\d*+(?:\.\d++)?[a-zA-Z]")


def set_up(out: TextIO | None = None) -> "Repeats":
    """Routes all logging through this module to `out` (default: standard error)."""
    handler = Repeats(Stream(out or sys.stderr))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for name in QUIET:
        library = logging.getLogger(name)
        library.setLevel(logging.WARNING)
        library.propagate = True
        library.handlers.clear()
    return handler


class Stream(logging.StreamHandler[TextIO]):
    """Writes lines in our format."""

    def __init__(self, out: TextIO) -> None:
        super().__init__(out)
        self.setFormatter(Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))


class Formatter(logging.Formatter):
    """Prints exceptions as their kind and origin."""

    def formatException(self, ei: Any) -> str:
        error = ei[1]
        return "" if error is None or is_outage(error) else trace(error)

    def format(self, record: logging.LogRecord) -> str:
        # Another handler may have kept the exception's own text.
        record.exc_text = None
        line = super().format(record).rstrip("\n")
        error = record.exc_info[1] if record.exc_info else None
        return f"{line}: {reason(error)}" if error is not None and is_outage(error) else line


class _Plain(logging.Filter):
    """Removes from a record what a person may have written."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.partition(".")[0] in OURS:
            record.args = _each(record.args, lambda v: reason(v) if isinstance(v, BaseException) else v)
        else:
            record.msg, record.args = self._words(record), None
        record.exc_text = None
        return True

    @staticmethod
    def _words(record: logging.LogRecord) -> str:
        """The library's own words. A message formatted before it was logged is not in the source."""
        words = str(record.msg)
        stem = _letters(words)
        if not stem or stem not in _source(record.pathname):
            if record.exc_info and record.exc_info[1] is not None and is_outage(record.exc_info[1]):
                return "a connection failed"
            return f"something went wrong in {record.module}.{record.funcName}, line {record.lineno}"
        if not record.args:
            return words
        values: Any = record.args
        numbers = iter(values if isinstance(values, tuple) else ())

        def value(found: re.Match[str]) -> str:
            name = found["name"]
            given = values.get(name) if name and isinstance(values, Mapping) else next(numbers, None)
            if isinstance(given, BaseException):
                return reason(given)
            return f"{given:g}" if isinstance(given, int | float) else "…"

        return _PLACEHOLDER.sub(value, words)


@lru_cache(maxsize=64)
def _source(path: str) -> str:
    return _letters("".join(linecache.getlines(path)))


def _letters(text: str) -> str:
    """A text without quotes, line ends and spaces, which differ between a message and its source."""
    return re.sub(r"\W+|\\n", "", text)


def _each(args: Any, change: Callable[[object], object]) -> Any:
    if isinstance(args, Mapping):
        return {name: change(value) for name, value in args.items()}
    return tuple(change(value) for value in args) if isinstance(args, tuple) else args


@dataclass
class _Going:
    """A continuing problem. `first` and `told`: when it began and when it was last printed."""

    record: logging.LogRecord
    first: float
    told: float
    last: float
    untold: int = 0
    all: int = 1


class Repeats(logging.Handler):
    """Prints a warning or an error at once; repetitions are counted and reported at most once per interval. After an
    interval without repetition a line says that it has stopped."""

    def __init__(
        self, to: logging.Handler, interval: float = INTERVAL, now: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__()
        self.addFilter(_Plain())
        self._to = to
        self._interval = interval
        self._now = now
        self._going: dict[tuple[object, ...], _Going] = {}

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno < logging.WARNING:
            # A library may give its own loggers a level again.
            if record.name.partition(".")[0] not in QUIET:
                self._to.handle(record)
            return
        now, name = self._now(), _same(record)
        going = self._going.get(name)
        if going is None:
            self._going[name] = _Going(record, now, now, now)
            self._to.handle(record)
            return
        going.record, going.last = record, now
        going.untold += 1
        going.all += 1
        if now - going.told >= self._interval:
            self._tell_again(going, now)

    def look(self) -> None:
        """Reports continuing problems and those that have stopped. Must be called regularly."""
        self.acquire()
        try:
            now = self._now()
            for name, going in list(self._going.items()):
                if now - going.last >= self._interval:
                    del self._going[name]
                    if going.all > 1:
                        self._say(going.record, f"well again: this came {going.all} times, and not since")
                elif going.untold and now - going.told >= self._interval:
                    self._tell_again(going, now)
        finally:
            self.release()

    def flush(self) -> None:
        """Reports the remaining counts at the end of the program."""
        self.acquire()
        try:
            for going in self._going.values():
                if going.untold:
                    self._tell_again(going, self._now())
        finally:
            self.release()

    def _tell_again(self, going: _Going, now: float) -> None:
        minutes = max(1, round((now - going.told) / 60))
        times = "once" if going.untold == 1 else f"{going.untold} times"
        going.told, going.untold = now, 0
        self._say(going.record, f"again {times} in {minutes} min")

    def _say(self, about: logging.LogRecord, words: str) -> None:
        text = about.getMessage()
        error = about.exc_info[1] if about.exc_info else None
        if error is not None:
            text = f"{text}: {reason(error)}"
        said = logging.makeLogRecord({"name": about.name, "levelno": about.levelno, "levelname": about.levelname})
        said.msg, said.args = "%s (%s)", (text, words)
        self._to.handle(said)


def _same(record: logging.LogRecord) -> tuple[object, ...]:
    """A key for repetitions: records with the same key differ at most in numbers and ids."""
    words = str(record.msg)
    if not re.search(r"[A-Za-z]{3}", _PLACEHOLDER.sub("", words)):
        words = record.getMessage()
    words = re.sub(r"\d[\d.]*", "#", words)
    error = record.exc_info[1] if record.exc_info else None
    return record.name, record.levelno, words, type(error)


async def watch() -> None:
    """Reports stopped problems until it is cancelled, and sends the event loop's own reports to the log."""
    asyncio.get_running_loop().set_exception_handler(_unhandled)
    while True:
        await asyncio.sleep(LOOK)
        for handler in logging.getLogger().handlers:
            if isinstance(handler, Repeats):
                handler.look()


def _unhandled(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Logs an exception that the event loop reports, without the values that the loop would print."""
    error = context.get("exception")
    info = (type(error), error, error.__traceback__) if error is not None else None
    logging.getLogger("bot.app").error("Something failed in the background", exc_info=info)
