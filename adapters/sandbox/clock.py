"""Who winds the clock: the sandbox asks, the program that runs the bot does it."""

from datetime import datetime
from typing import Protocol


class Driver(Protocol):
    """Moves time forward and waits until the bot is idle."""

    @property
    def still(self) -> bool:
        """Whether time passes only when it is wound."""
        ...

    def now(self) -> datetime: ...

    async def advance(self, until: datetime) -> None:
        """Plays everything that falls due until then, each at its own instant."""
        ...

    async def jump(self, until: datetime) -> None:
        """Time passes while nobody is there; then what was missed is caught up with."""
        ...

    async def settle(self) -> object:
        """Returns once all that was received is handled and all that is to be sent is sent."""
        ...
