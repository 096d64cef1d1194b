"""Winds the clock, for the JSON interface and for the clock bar of the pages."""

import asyncio
import json
from datetime import datetime, time, timedelta
from typing import Literal

from adapters.sandbox.clock import Driver
from adapters.sandbox.platform import Platform
from adapters.sandbox.records import BOT
from adapters.sandbox.refusals import BadAct
from bot.core.errors import PacekeeperError
from bot.core.time import at_wall, local_day, resolve, write_instant
from bot.core.translation import _

FARTHEST = timedelta(days=3 * 366)
"""How far the clock can be wound at once."""


class Busy(PacekeeperError):
    """The clock is being wound already. Wait until that is done."""


class Winding:
    """Winds the clock, one request at a time, and stores where it stands for the next start."""

    def __init__(self, platform: Platform, driver: Driver) -> None:
        self._platform = platform
        self._driver = driver
        self._lock = asyncio.Lock()

    @property
    def going(self) -> bool:
        return self._lock.locked()

    @property
    def still(self) -> bool:
        return self._driver.still

    def now(self) -> datetime:
        return self._driver.now()

    async def settle(self) -> None:
        await self._driver.settle()

    async def wind(self, how: Literal["advance", "jump"], until: datetime) -> datetime:
        """Returns when the bot is idle, with the instant that it is then. Raises BadAct for the past or what is
        years away, Busy while another winding goes on."""
        now = self._driver.now()
        if until < now:
            raise BadAct(_("The clock goes forward alone, and it is {now} already.", now=write_instant(now)))
        if until - now > FARTHEST:
            raise BadAct(_("That is more than three years away. Go there in steps."))
        if self._lock.locked():
            raise Busy
        try:
            async with self._lock:
                self._platform.notify()
                await (self._driver.advance(until) if how == "advance" else self._driver.jump(until))
                await self._driver.settle()
                self._platform.save_clock(self._driver.now())
                return self._driver.now()
        finally:
            self._platform.notify()

    async def wind_and_tell(self, until: datetime) -> str:
        """Winds the clock, and summarises what the bot did meanwhile."""
        before = self._platform.transcript.last()
        await self.wind("advance", until)
        channels = directly = changed = 0
        for line in self._platform.transcript.read(before):
            entry = json.loads(line)
            if entry["by"] == BOT and entry["kind"] in ("posted", "whispered"):
                private = bool(entry["to"] or entry["place"].startswith("dm:"))
                directly, channels = directly + private, channels + (not private)
            changed += entry["kind"] == "updated"
        parts = [
            _("{n} in channels", n=channels) if channels else "",
            _("{n} to people directly", n=directly) if directly else "",
            _("{n} edited", n=changed) if changed else "",
        ]
        told = ", ".join(filter(None, parts))
        return _("Messages meanwhile: {told}.", told=told) if told else _("Nothing was due.")


def until(to: str, now: datetime, zone: str) -> datetime:
    """The instant that somebody in `zone` means: 'hour', 'day' (tomorrow 09:00), 'week', or a wall time there.

    Raises BadAct for anything else.
    """
    if to == "hour":
        return now + timedelta(hours=1)
    if to == "day":
        return at_wall(local_day(now, zone) + timedelta(days=1), time(9), zone)
    if to == "week":
        return now + timedelta(days=7)
    try:
        return resolve(datetime.fromisoformat(to).replace(tzinfo=None), zone)
    except (ValueError, OverflowError):
        raise BadAct(_("Give a day and a time.")) from None
