"""The port through which the sandbox moves time; the program that runs the bot implements it."""

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
        """Runs everything that is due until then, each at its own instant."""
        ...

    async def jump(self, until: datetime) -> None:
        """Lets time pass as if the bot were down, and then catches up with what it missed."""
        ...

    async def settle(self) -> object:
        """Returns when every received event is handled and every waiting message is sent."""
        ...
