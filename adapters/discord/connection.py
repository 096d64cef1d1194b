"""Keeps the connection. A fault that only the operator can fix is reported once, with its fix."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress

import aiohttp
import discord

from adapters.shared.background import cancel
from bot.core.errors import reason
from bot.core.reporting import log_failure

log = logging.getLogger(__name__)

FIRST_PAUSE = 5.0
LONGEST_PAUSE = 300.0

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
    """Runs one client after the other until it is stopped or hits a fault that waiting does not fix."""

    def __init__(self, token: str, make: Callable[[bool], discord.Client]) -> None:
        """`make` is called with whether to request message contents."""
        self._token = token
        self._make = make
        self._up = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.client: discord.Client | None = None
        self.problem = ""
        """What the operator has to fix."""

    async def start(self, patience: float) -> None:
        """Returns once connected, after `patience` seconds, or at a permanent failure."""
        self._task = asyncio.create_task(self._run())
        up = asyncio.create_task(self._up.wait())
        await asyncio.wait({up, self._task}, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
        up.cancel()

    async def stop(self) -> None:
        await cancel(self._task)
        await self._close()

    @property
    def is_up(self) -> bool:
        """Whether it was ever connected."""
        return self._up.is_set()

    def ready(self) -> None:
        self._up.set()

    async def _run(self) -> None:
        content, pause = True, FIRST_PAUSE
        while True:
            self.client = self._make(content)
            try:
                await self.client.start(self._token)
                pause = FIRST_PAUSE
            except discord.PrivilegedIntentsRequired:
                if not content:
                    return await self._give_up(FATAL[4013])
                content, self.problem = False, NO_CONTENT
                log.error(NO_CONTENT)
                await self._close()
                continue
            except discord.LoginFailure:
                return await self._give_up(BAD_TOKEN)
            except discord.ConnectionClosed as e:
                if e.code in FATAL:
                    return await self._give_up(FATAL[e.code])
                log.warning("Discord closed the line (code %s)", e.code)
            except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as e:
                log.warning("Discord could not be reached, and is tried again in %.0f s: %s", pause, reason(e))
            except Exception:
                log_failure(log, "The line to Discord failed, and is tried again in %.0f s", pause)
            await self._close()
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    async def _give_up(self, problem: str) -> None:
        self.problem = problem
        log.error(problem)
        await self._close()

    async def _close(self) -> None:
        client, self.client = self.client, None
        if client is not None:
            with suppress(Exception):
                await client.close()
