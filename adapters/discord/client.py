"""discord.py's client with our addresses, intents and timeouts."""

import logging
from collections.abc import Callable
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Protocol

import aiohttp
import discord
from discord.gateway import DiscordWebSocket
from discord.http import HTTPClient, Route
from yarl import URL

from adapters.discord.budget import IdentifyBudget
from adapters.discord.config import API_URL, DiscordBot
from adapters.discord.failures import no_repetition
from bot.core.errors import Unavailable, reason
from bot.core.failures import log_failure
from bot.core.incoming import Unreadable, cleaned, read_json

log = logging.getLogger(__name__)

# The bot does not use voice; discord.py's warning would confuse operators.
discord.VoiceClient.warn_nacl = False
discord.VoiceClient.warn_dave = False

LONGEST_SLEEP = 2.0
"""Seconds that a call waits for a rate limit; after a longer wait the outbox tries again."""

GUILDS_WITHIN = 0.5
"""A session counts as begun when no further guild arrives for this many seconds; later guilds catch up on arrival."""


class Ears(Protocol):
    """Receives gateway events, in order."""

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None: ...

    async def interact(self, interaction: discord.Interaction) -> None: ...

    async def before_identify(self) -> None: ...


class Http(HTTPClient):
    """discord.py's HTTP client at the configured address."""

    def __init__(self, base: str, gateway: str) -> None:
        super().__init__(discord.utils.MISSING, http_trace=no_repetition(self._look))
        self.max_ratelimit_timeout = LONGEST_SLEEP
        self._base = base
        self._gateway = gateway
        self._me: Any = {}
        self.said_at: datetime | None = None
        """Discord's time at its last response."""

    def _look(self, response: aiohttp.ClientResponse) -> None:
        if date := response.headers.get("Date"):
            self.said_at = parsedate_to_datetime(date)

    async def request(self, route: Route, **kwargs: Any) -> Any:
        if self._base != API_URL and route.url.startswith(Route.BASE):
            route.url = self._base + route.url.removeprefix(Route.BASE)
        found = await super().request(route, **kwargs)
        # discord.py parses JSON only if the content type is exactly Discord's, without a charset.
        try:
            return read_json(found) if isinstance(found, str) and found[:1] in ("{", "[") else cleaned(found)
        except Unreadable as e:
            raise Unavailable(f"Discord's answer cannot be read: {e}.") from e

    async def static_login(self, token: str) -> Any:
        self._me = await super().static_login(token)
        return self._me

    async def application_info(self) -> Any:
        """discord.py needs every field to start; we use only the id and the flags."""
        try:
            told = await self.request(Route("GET", "/oauth2/applications/@me"))
        except discord.NotFound:
            told = {}
        blank = {"description": "", "icon": None, "bot_public": False, "bot_require_code_grant": False}
        me = {"id": self._me["id"], "name": self._me.get("username", ""), "owner": self._me, "verify_key": ""}
        return {**blank, **me, **told}

    async def ws_connect(self, url: str, *, compress: int = 0) -> Any:
        asked = URL(url)
        if asked.host == DiscordWebSocket.DEFAULT_GATEWAY.host and (self._gateway or self._base != API_URL):
            if not self._gateway:
                self._gateway = str((await self.request(Route("GET", "/gateway")))["url"])
            url = str(URL(self._gateway).with_query(asked.query))
        # The token is sent over this connection, and the gateway names the address to resume at.
        if not self._is_gateway(URL(url)):
            raise discord.GatewayNotFound
        return await super().ws_connect(url, compress=compress)

    def _is_gateway(self, url: URL) -> bool:
        """Accepts Discord's own hosts over TLS; if the settings name another server (for tests), only that one."""
        host = url.host or ""
        if self._base != API_URL or self._gateway:
            return host in {URL(self._base).host, URL(self._gateway).host}
        return url.scheme == "wss" and (host == "discord.gg" or host.endswith(".discord.gg"))


def intents(message_content: bool) -> discord.Intents:
    """The fewest intents that we need; only `message_content` has to be enabled in the portal."""
    wanted = discord.Intents.none()
    wanted.guilds = True
    wanted.guild_messages = True
    wanted.guild_reactions = True
    wanted.dm_messages = True
    wanted.dm_reactions = True
    wanted.message_content = message_content
    return wanted


def make_client(bot: DiscordBot, ears: Ears, budget: IdentifyBudget, message_content: bool = True) -> discord.Client:
    """A client for one connection, or for several shards."""
    options: dict[str, Any] = {
        "intents": intents(message_content),
        "max_messages": None,
        "allowed_mentions": discord.AllowedMentions.none(),
        "chunk_guilds_at_startup": False,
        "member_cache_flags": discord.MemberCacheFlags.none(),
        "guild_ready_timeout": GUILDS_WITHIN,
    }
    client: _Ours = _Sharded(shard_count=bot.shards, **options) if bot.shards > 1 else _Ours(**options)
    client.ears, client.budget = ears, budget
    client.http = Http(bot.api, bot.gateway_url)
    client._connection.http = client.http
    parsers = client._connection.parsers
    parsers.update({name: _forgiving(name, parse) for name, parse in parsers.items() if name != "READY"})
    return client


def _said_in_full(interaction: dict[str, Any]) -> dict[str, Any]:
    """Adds fields that discord.py requires and we do not use, and the channel if only its id was sent."""
    channel = {"id": interaction.get("channel_id"), **({} if interaction.get("guild_id") else {"type": 1})}
    return {"version": 1, "attachment_size_limit": 10_485_760, "channel": channel, **interaction}


def _forgiving(name: str, parse: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Cleans gateway events and drops unreadable ones, for which discord.py would close the connection."""

    def read(data: Any) -> None:
        try:
            kept = cleaned(data)
            parse(_said_in_full(kept) if name == "INTERACTION_CREATE" else kept)
        except Unreadable as e:
            log.warning("Discord's %s is left out: %s", name, reason(e))
        except Exception:
            log_failure(log, "Discord's %s could not be read, and is left out", name)

    return read


_HEARD = frozenset(
    {
        "message",
        "raw_message_edit",
        "raw_message_delete",
        "raw_bulk_message_delete",
        "raw_reaction_add",
        "raw_reaction_remove",
        "raw_thread_delete",
        "raw_thread_update",
        "guild_channel_delete",
        "guild_channel_update",
        "guild_available",
        "guild_join",
        "guild_remove",
        "disconnect",
        "ready",
        "resumed",
        "shard_ready",
    }
)


class _Ours(discord.Client):
    """Passes events on in order; discord.py would start a task for each."""

    ears: Ears
    budget: IdentifyBudget

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        if event in _HEARD:
            self.ears.hear(event, args)
        super().dispatch(event, *args, **kwargs)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        await self.ears.interact(interaction)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        await self.ears.before_identify()
        await self.budget.take()
        await super().before_identify_hook(shard_id, initial=initial)


class _Sharded(_Ours, discord.AutoShardedClient):
    pass
