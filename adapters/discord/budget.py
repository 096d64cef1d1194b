"""IDENTIFYs, of which Discord allows 1,000 a day; whoever needs more gets a new token. A bot that crashes and restarts
in a loop would use them up in an hour, so they are counted where a restart finds them."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from adapters.discord.state import Store
from bot.core.time import Clock

HOUR = timedelta(hours=1)
AN_HOUR = 40
"""24 times this is less than Discord allows in a day."""


class IdentifyBudget:
    """Lets an IDENTIFY through at once as long as there were fewer than `AN_HOUR` within the last hour."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        shards: int = 1,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._store = store
        self._clock = clock
        self._most = max(AN_HOUR, 2 * shards)
        self._sleep = sleep

    async def take(self) -> None:
        """Returns once one may be sent, and counts it."""
        while (pause := self.pause()) > 0:
            await self._sleep(pause)
        self._store.note_identify(self._clock.now())

    def pause(self) -> float:
        """Seconds until the next may be sent."""
        now = self._clock.now()
        recent = self._store.identifies(now - HOUR)
        if len(recent) < self._most:
            return 0.0
        return max(1.0, (recent[-self._most] + HOUR - now).total_seconds())
