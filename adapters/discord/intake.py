"""Hands gateway events to the bot in order.

At the start of a session events wait until missed ones were fetched (`history.py`).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from adapters.shared.background import cancel
from bot.core.errors import DeliveryError, Unavailable, reason
from bot.core.events import Chat
from bot.core.failures import log_failure
from bot.core.ports import Bot

log = logging.getLogger(__name__)

AT_ONCE = 64
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0

Heard = tuple[str, tuple[Any, ...], str]
Read = Callable[[str, tuple[Any, ...], str], Awaitable[Sequence[Chat]]]


class Intake:
    """A queue with a gate. Nothing is dropped: events that the bot cannot save yet are retried."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._heard: asyncio.Queue[Heard] = asyncio.Queue()
        self._open = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._bot: Bot | None = None

    def start(self, bot: Bot) -> None:
        self._bot = bot
        self._task = asyncio.create_task(self._work())

    async def stop(self) -> None:
        await cancel(self._task)

    def put(self, event: str, arguments: tuple[Any, ...], turn: str) -> None:
        self._heard.put_nowait((event, arguments, turn))

    def hold(self) -> None:
        self._open.clear()

    def release(self) -> None:
        self._open.set()

    async def hand_over(self, events: Sequence[Chat]) -> None:
        """Returns once all events are stored; events that arrive together share a commit."""
        assert self._bot is not None
        pause = FIRST_PAUSE
        while events:
            done = await asyncio.gather(*(self._bot.receive(e) for e in events), return_exceptions=True)
            failed = [(e, d) for e, d in zip(events, done, strict=True) if isinstance(d, BaseException)]
            for event, error in failed:
                if not isinstance(error, Unavailable):
                    log_failure(log, "The bot failed over %s; it is not handed over again", event.key, error=error)
            events = [e for e, error in failed if isinstance(error, Unavailable)]
            if events:
                log.warning("The bot could not save %d events; they are handed over again", len(events))
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)

    async def _work(self) -> None:
        while True:
            await self._open.wait()
            batch = [await self._heard.get()]
            while not self._heard.empty() and len(batch) < AT_ONCE:
                batch.append(self._heard.get_nowait())
            await self._open.wait()
            events: list[Chat] = []
            for heard in batch:
                events += await self._understand(heard)
            await self.hand_over(events)

    async def _understand(self, heard: Heard) -> Sequence[Chat]:
        for pause in (1.0, 5.0, 0.0):
            try:
                return await self._read(*heard)
            except DeliveryError as e:
                # Resolving a place may need a request to Discord, which may be down or slow.
                if not isinstance(e, Unavailable) or not pause:
                    log.info("%s was left out: %s", heard[0], reason(e))
                    return ()
                await asyncio.sleep(pause)
            except Exception:
                log_failure(log, "%s could not be read", heard[0])
                return ()
        return ()
