"""Logs a failure: its kind and where it came from, without anything that a person wrote."""

import logging
import sys
import traceback

from bot.core.errors import Unavailable, reason

_NETWORK = ("aiohttp", "httpcore", "httpx", "websockets")


def log_failure(log: logging.Logger, words: str, *args: object, error: BaseException | None = None) -> None:
    """Logs an error; by default the one being handled. Replaces `log.exception`, which prints the error's own text."""
    cause = error or sys.exc_info()[1]
    if cause is None:
        log.error(words, *args)
    elif is_outage(cause):
        log.error(f"{words}: %s", *args, reason(cause))
    else:
        log.error(f"{words}\n%s", *args, trace(cause))


def is_outage(error: BaseException) -> bool:
    """Whether something outside did not answer: one line is enough then."""
    outside = type(error).__module__.partition(".")[0] in _NETWORK
    known = (OSError, TimeoutError, Unavailable)
    return isinstance(error, known) or outside or type(error).__name__ in ("OperationalError", "ConnectionClosed")


def trace(error: BaseException) -> str:
    """A traceback without the exceptions' texts, in which libraries quote what people wrote."""
    lines: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        frames = "".join(traceback.format_tb(current.__traceback__)).rstrip("\n")
        lines[:0] = [*([frames] if frames else []), f"{type(current).__module__}.{_kind(current)}"]
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "\n".join(lines)


def _kind(error: BaseException) -> str:
    name, why = type(error).__qualname__, reason(error)
    return name if why == type(error).__name__ else f"{name}: {why}"
