"""Faults on request, so that the bot's reaction to a failing platform can be tested."""

import asyncio
from datetime import timedelta
from typing import Literal, get_args

from adapters.sandbox.refusals import BadAct
from bot.core.errors import Blocked, PlaceGone, RateLimited, TargetGone, Unavailable, Unclear

Kind = Literal[
    "429",
    "sent-but-timeout",
    "gone",
    "refused",
    "quarantined",
    "unseen",
    "forbidden",
    "locked",
    "filtered",
    "500",
    "cut",
    "slow",
]

WAIT = timedelta(seconds=1)
"""The wait that a simulated rate limit asks for."""

SLOWLY = 2.0
"""How many real seconds a slow chat takes for a message."""


class Faults:
    """How often each fault will still happen. Faults affect posts, edits and whispers."""

    def __init__(self) -> None:
        self._left: dict[str, int] = {}

    def plan(self, kind: str, times: int) -> None:
        """Makes the bot's next `times` messages fail in this way; 0 ends it. Raises BadAct for an unknown kind."""
        if kind not in get_args(Kind):
            raise BadAct(f"There is no fault '{kind}'. Use one of: {', '.join(get_args(Kind))}.")
        if not 0 <= times <= 1_000_000:
            raise BadAct("'times' is a number from 0 to 1,000,000.")
        self._left[kind] = times

    def left(self) -> dict[str, int]:
        return {k: n for k, n in self._left.items() if n}

    async def before(self) -> None:
        """Raises the faults that happen before the chat takes the message."""
        if self._take("slow"):
            await asyncio.sleep(SLOWLY)
        if self._take("429"):
            raise RateLimited(WAIT)
        if self._take("gone"):
            raise PlaceGone
        if self._take("refused"):
            raise TargetGone("The sandbox was told to refuse this message.", why="")
        if self._take("quarantined"):
            raise Blocked("The sandbox was told to quarantine the bot.", why="quarantined")
        if self._take("unseen"):
            raise Blocked("The sandbox was told to hide this place.", why="gone")
        if self._take("forbidden"):
            raise Blocked("The sandbox was told to forbid this.", needs="Send Messages")
        if self._take("locked"):
            raise TargetGone("The sandbox was told to lock this thread.", why="locked")
        if self._take("filtered"):
            raise Unavailable("The sandbox was told to filter these words.", why="filtered")
        if self._take("500"):
            raise Unclear("The sandbox answered with 500.")
        if self._take("cut"):
            raise Unavailable("The line to the sandbox was cut.")

    def after(self) -> None:
        """Raises the faults that happen after the chat took the message: its answer is lost."""
        if self._take("sent-but-timeout"):
            raise Unclear

    def _take(self, kind: Kind) -> bool:
        left = self._left.get(kind, 0)
        if left:
            self._left[kind] = left - 1
        return left > 0
