"""The way in for chat events of every platform: stored first, handled later.

Events that arrive while a commit is under way share the next one, and each is acknowledged once that is on the disk.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from bot.core.errors import Unavailable
from bot.core.events import Chat
from bot.core.failures import log_failure
from bot.runtime.chat import Said, concerns_us
from bot.runtime.ports import Storage, Unit

log = logging.getLogger(__name__)


class Arrivals:
    def __init__(self, storage: Storage, now: Callable[[], datetime]) -> None:
        self._storage = storage
        self._now = now
        self._waiting: list[tuple[Chat, asyncio.Future[None]]] = []
        self._storing: asyncio.Task[None] | None = None

    async def store(self, event: Chat) -> None:
        """Returns once the event is on the disk. Raises Unavailable if it could not be stored."""
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((event, stored))
        if self._storing is None or self._storing.done():
            self._storing = asyncio.create_task(self._store())
        await stored

    async def _store(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            failure: Unavailable | None = None
            try:
                await self._storage.run_first(partial(_add, events=[event for event, _ in batch], now=self._now()))
            except Unavailable as e:
                failure = e
            except Exception:
                log_failure(log, "Events could not be stored")
                failure = Unavailable()
            for _, stored in batch:
                if stored.done():
                    continue  # nobody waits for it any more
                if failure is None:
                    stored.set_result(None)
                else:
                    stored.set_exception(failure)


def _add(unit: Unit, events: Sequence[Chat], now: datetime) -> int:
    concerned: dict[tuple[str, str, bool], bool] = {}
    ours: list[Chat] = []
    for event in events:
        if not isinstance(event, Said):
            ours.append(event)
            continue
        # Many that arrive together are about one channel.
        where = event.place.workspace, event.place.channel, event.place.direct
        if where not in concerned:
            concerned[where] = concerns_us(unit.people, event)
        if concerned[where]:
            ours.append(event)
    return unit.inbox.add(ours, now)
