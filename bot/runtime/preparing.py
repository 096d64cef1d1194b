"""Work that takes long, such as looking into a file: done outside of a unit of work, so that nobody waits for it.

Its due row is put off while it is done, and settled with its result in one unit. So a process that dies leaves the row,
and the next one does the work anew.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from inspect import iscoroutinefunction
from typing import Any

from bot.core.due import Due
from bot.core.errors import Unavailable
from bot.core.failures import log_failure
from bot.core.turn import Turn
from bot.runtime.ports import Storage, Unit
from bot.runtime.registry import Preparing, Registry
from bot.runtime.turns import blank_turn, finish

log = logging.getLogger(__name__)

AGAIN = timedelta(minutes=1)
"""How long a row is put off. One whose work still goes on then is put off again."""


class Preparations:
    def __init__(self, storage: Storage, registry: Registry, now: Callable[[], datetime]) -> None:
        self._storage, self._registry, self._now = storage, registry, now
        self._tasks: dict[tuple[str, str, str], asyncio.Task[None]] = {}
        # One after another: each may take much memory.
        self._one = asyncio.Semaphore(1)
        # What another process does may take minutes, for which the rest does not wait.
        self._apart = asyncio.Semaphore(1)

    def begin(self, rows: Sequence[Due]) -> None:
        for due in rows:
            key = (due.kind, due.subject, due.occurrence)
            if key not in self._tasks:
                self._tasks[key] = asyncio.create_task(self._do(due))
                self._tasks[key].add_done_callback(partial(self._forget, key))

    def _forget(self, key: tuple[str, str, str], task: asyncio.Task[None]) -> None:
        del self._tasks[key]

    async def finish(self) -> bool:
        """Waits for all that was begun. Returns whether there was anything."""
        tasks = list(self._tasks.values())
        if tasks:
            await asyncio.wait(tasks)
        return bool(tasks)

    def stop(self) -> None:
        for task in self._tasks.values():
            task.cancel()

    async def _do(self, due: Due) -> None:
        handler = self._registry.preparing(due.kind)
        if handler is None:
            return
        try:
            result = None
            async with self._one:
                work = await self._storage.run(lambda unit: handler.prepare(self._turn(unit, handler, due), due))
                if work is not None and not iscoroutinefunction(work):
                    result = await asyncio.to_thread(work)
            if iscoroutinefunction(work):
                async with self._apart:
                    result = await work()
            await self._storage.run(lambda unit: self._keep(unit, handler, due, result, work is not None))
        except Unavailable:
            log.warning("%s for %s is tried again", due.kind, due.subject)
        except Exception:
            log_failure(log, "%s for %s failed", due.kind, due.subject)
            await self._storage.run(lambda unit: unit.schedule.fail(due))

    def _keep(self, unit: Unit, handler: Preparing, due: Due, result: Any, done: bool) -> None:
        unit.schedule.settle(due)
        if done:
            turn = self._turn(unit, handler, due)
            handler.keep(turn, due, result)
            finish(self._registry, unit, turn)

    def _turn(self, unit: Unit, handler: Preparing, due: Due) -> Turn[Any]:
        home = unit.people.cohort(due.cohort) if due.cohort else None
        return replace(blank_turn(self._registry, unit, handler.feature, self._now()), cohort=home)
