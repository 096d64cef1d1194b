"""Keeps the connection. A fault that only the operator can fix is reported once, with its fix."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress

import aiohttp
import discord

from adapters.shared.background import cancel
from bot.core.errors import reason
from bot.core.failures import log_failure

log = logging.getLogger(__name__)

FIRST_PAUSE = 5.0
LONGEST_PAUSE = 300.0
REFUSED_PAUSE = 60.0
"""Seconds after which a refused bot is tried again at first. Discord counts the tries of a day."""
LONGEST_REFUSED_PAUSE = 900.0

NO_ANSWER = "Discord has not answered yet, and is tried again."

BAD_TOKEN = (
    "Discord does not know the bot's token. Copy it again from the Developer Portal (your application, 'Bot', "
    "'Reset Token') into PACEKEEPER_DISCORD_TOKEN, and start again."
)
NO_CONTENT = (
    "Discord does not let the bot read messages: switch on 'Message Content Intent' in the Developer Portal (your "
    "application, 'Bot', 'Privileged Gateway Intents'), and start again. Until then commands, buttons, forms and "
    "direct messages work; what people write in channels is not seen."
)
FATAL = {
    4004: BAD_TOKEN,
    4010: "Discord does not accept the number of shards. Set `shards` as Discord recommends (see `pacekeeper doctor`).",
    4011: "The bot is in too many guilds for one connection. Set `shards` as Discord recommends "
    "(see `pacekeeper doctor`).",
    4012: "Discord does not speak this version of its interface any more. Upgrade Pacekeeper.",
    4013: "Discord does not accept what the bot wants to hear. Upgrade Pacekeeper.",
}


class Connection:
    """Runs one client after the other until it is stopped. A fault that only an operator fixes is tried again, too, but
    seldom: it may be fixed at Discord."""

    def __init__(self, token: str, make: Callable[[bool], discord.Client]) -> None:
        """`make` is called with whether to request message contents."""
        self._token = token
        self._make = make
        self._up = asyncio.Event()
        self._answered = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.client: discord.Client | None = None
        self.problem = NO_ANSWER
        """What the operator has to know or fix."""
        self._refusals = 0

    async def start(self, patience: float) -> None:
        """Returns once connected, refused, or after `patience` seconds."""
        self._task = asyncio.create_task(self._run())
        answered = asyncio.create_task(self._answered.wait())
        await asyncio.wait({answered, self._task}, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
        answered.cancel()

    async def stop(self) -> None:
        await cancel(self._task)
        await self._close()

    @property
    def is_up(self) -> bool:
        """Whether it was ever connected."""
        return self._up.is_set()

    def ready(self) -> None:
        self._up.set()
        self._answered.set()
        self._refusals = 0
        if self.problem != NO_CONTENT:
            self.problem = ""

    async def _run(self) -> None:
        content, pause = True, FIRST_PAUSE
        while True:
            self.client = self._make(content)
            try:
                await self.client.start(self._token)
                pause = FIRST_PAUSE
            except discord.PrivilegedIntentsRequired:
                if content:
                    content, self.problem = False, NO_CONTENT
                    log.error(NO_CONTENT)
                    await self._close()
                    continue
                pause = self._refused(FATAL[4013])
            except discord.LoginFailure:
                pause = self._refused(BAD_TOKEN)
            except discord.ConnectionClosed as e:
                if e.code in FATAL:
                    pause = self._refused(FATAL[e.code])
                else:
                    log.warning("Discord closed the line (code %s)", e.code)
            except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as e:
                log.warning("Discord could not be reached, and is tried again in %.0f s: %s", pause, reason(e))
            except Exception:
                log_failure(log, "The line to Discord failed, and is tried again in %.0f s", pause)
            await self._close()
            await asyncio.sleep(pause)
            pause = FIRST_PAUSE if self._refusals else min(2 * pause, LONGEST_PAUSE)

    def _refused(self, problem: str) -> float:
        """Keeps and logs what the operator has to fix. Returns the pause before the next try."""
        pause: float = min(REFUSED_PAUSE * 2**self._refusals, LONGEST_REFUSED_PAUSE)
        self._refusals += 1
        self.problem = problem
        log.error("%s It is tried again in %.0f s.", problem, pause)
        self._answered.set()
        return pause

    async def _close(self) -> None:
        client, self.client = self.client, None
        if client is not None:
            with suppress(Exception):
                await client.close()
