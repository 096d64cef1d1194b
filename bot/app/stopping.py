"""Stops the bot in an orderly way on SIGINT and SIGTERM."""

import asyncio
import logging
import os
import signal
from collections.abc import Callable, Coroutine
from threading import Timer
from typing import Any

LONGEST = 9.0
"""Seconds after which the process ends even if something hangs. Container engines kill it after ten."""

log = logging.getLogger(__name__)


def _fast_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop's, where it is installed (`pacekeeper[fast]`)."""
    try:
        from uvloop import new_event_loop
    except ImportError:
        return None
    return new_event_loop


def run_until_stopped(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Runs `work` until it ends or a signal cancels it, once, so that it can clean up. Further signals have no
    effect."""
    told = done = False
    cancel: Callable[[], object] | None = None

    def leave() -> None:
        if not done:
            log.error("Something did not end within %.0f s, and is cut off. Nothing that was saved is lost.", LONGEST)
        os._exit(0 if done else 1)

    def tell(*_: object) -> None:
        nonlocal told
        if told:
            return
        told = True
        # A thread that hangs, for example in a DNS lookup, would keep the process alive.
        timer = Timer(LONGEST, leave)
        timer.daemon = True
        timer.start()
        if cancel is None:
            raise SystemExit(0)
        cancel()

    async def main() -> None:
        nonlocal cancel, done
        loop, task = asyncio.get_running_loop(), asyncio.create_task(work())
        cancel = lambda: loop.call_soon_threadsafe(task.cancel)  # noqa: E731
        try:
            await task
        except asyncio.CancelledError:
            if not told:
                raise
        done = True

    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, tell)
    with asyncio.Runner(loop_factory=_fast_loop()) as runner:
        runner.run(main())
