"""Limits IDENTIFYs. Discord allows 1,000 a day and resets the token of a bot that exceeds that. A crash loop would use
them up in an hour, so the count is kept over restarts."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from adapters.discord.state import Store
from bot.core.ports import Finding
from bot.core.time import Clock

log = logging.getLogger(__name__)

A_DAY = 1000
"""IDENTIFYs that Discord allows in 24 hours."""

FEW = 100
"""IDENTIFYs left at which `doctor` warns the operator."""

LOOK = "Something restarts again and again: look into the log."
HOUR = timedelta(hours=1)
AN_HOUR = 40
"""IDENTIFYs per hour, so that a day stays below Discord's limit."""


class IdentifyBudget:
    """Permits an IDENTIFY at once while there were fewer than `AN_HOUR` in the last hour."""

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
        """Waits until an IDENTIFY may be sent, and counts it."""
        while (pause := self.pause()) > 0:
            log.warning(
                "The bot has connected to Discord %d times within the hour, and waits %.0f s so that "
                "Discord's %d a day last. %s",
                *(self._most, pause, A_DAY, LOOK),
            )
            await self._sleep(pause)
        self._store.note_identify(self._clock.now())
        left = self.left()
        level = logging.WARNING if left < FEW else logging.INFO
        log.log(level, "A session with Discord begins; %d of %d starts in 24 hours are left", left, A_DAY)

    def left(self) -> int:
        """How many remain for the last 24 hours, by our own count."""
        return max(0, A_DAY - len(self._store.identifies(self._clock.now() - timedelta(days=1))))

    def finding(self) -> Finding:
        """The line for `doctor`."""
        left = self.left()
        state = f"{A_DAY - left} used in 24 hours, {left} left"
        return Finding("Discord: session starts", state, LOOK if left < FEW else "")

    def pause(self) -> float:
        """Seconds until the next IDENTIFY may be sent."""
        now = self._clock.now()
        recent = self._store.identifies(now - HOUR)
        if len(recent) < self._most:
            return 0.0
        return max(1.0, (recent[-self._most] + HOUR - now).total_seconds())
