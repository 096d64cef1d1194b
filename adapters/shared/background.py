"""Work beside the conversation, such as fetching what was missed."""

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from bot.core.errors import Loggable, reason
from bot.core.failures import log_failure

log = logging.getLogger(__name__)


class Background:
    """Tasks that run until they are done or stopped. Failures are logged."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(_logged(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        # Work that is stopped before its first step would never be awaited.
        task.add_done_callback(lambda _: work.close())

    async def stop(self) -> None:
        for task in list(self._tasks):
            await cancel(task)


async def cancel(task: "asyncio.Task[None] | None") -> None:
    """Cancels a task and waits for its end."""
    if task is not None:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _logged(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except Loggable as e:
        log.warning("%s", reason(e))
    except Exception:
        log_failure(log, "Something failed beside the conversation")
