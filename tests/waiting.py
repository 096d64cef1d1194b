"""Waiting for other processes and for platforms, by the real clock.

`LONG` is only a bound after which a test fails: a busy machine takes half a minute to start the bot.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

LONG = 120.0
"""Seconds."""


def until(look: Callable[[], T | None], seen: Callable[[], object] = lambda: "") -> T:
    """Polls `look` until it returns something truthy. `seen` explains a failure."""
    end = time.monotonic() + LONG
    while not (found := look()):
        assert time.monotonic() < end, f"Nothing came within {LONG:.0f} s. {seen()}"
        time.sleep(0.02)
    return found


async def eventually(look: Callable[[], Awaitable[T | None]]) -> T:
    """The same on the event loop."""
    end = time.monotonic() + LONG
    while not (found := await look()):
        assert time.monotonic() < end, f"Nothing came within {LONG:.0f} s; the last look gave {found!r}."
        await asyncio.sleep(0.02)
    return found
