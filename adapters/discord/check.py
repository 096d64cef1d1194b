"""The `doctor` checks of Discord: token, intents, guilds, channel permissions, remaining connections, clock."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from urllib.parse import urlencode

import aiohttp
import discord
from discord.http import Route

from adapters.discord.budget import FEW, LOOK
from adapters.discord.client import Http, intents
from adapters.discord.config import DiscordBot
from adapters.discord.connection import BAD_TOKEN, NO_CONTENT
from bot.core.errors import reason
from bot.core.ports import Finding
from bot.core.time import Clock

CLOCKS = timedelta(seconds=30)
REVIEWED = 10_000
"""People who can see an app with privileged intents before Discord reviews it."""

NEEDED = (
    "view_channel",
    "send_messages",
    "send_messages_in_threads",
    "create_public_threads",
    "create_private_threads",
    "read_message_history",
    "add_reactions",
    "attach_files",
)
"""The minimum that a course needs every day."""

USEFUL = {
    "manage_channels": "make channels and the tags of a forum",
    "manage_threads": "tag people's own posts in a forum 'Open' and 'Answered'",
    "manage_roles": "take people out of a private channel, and archive a channel",
    "pin_messages": "pin the FAQ",
}


def invitation(application: str | int) -> str:
    """The invitation link for administrators, with the fewest permissions."""
    wanted = discord.Permissions(**dict.fromkeys((*NEEDED, *USEFUL), True))
    query = {"client_id": application, "scope": "bot applications.commands", "permissions": wanted.value}
    return f"https://discord.com/oauth2/authorize?{urlencode(query)}"


async def check(bot: DiscordBot, clock: Clock, starts: Finding) -> list[Finding]:
    """Failures become findings, never errors. `starts` is our own count of started sessions."""
    try:
        async with signed_in(bot) as client:
            return [f async for f in _look(client, bot, clock, starts)]
    except discord.LoginFailure:
        return [Finding("Discord", "the token is not accepted", BAD_TOKEN)]
    except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as e:
        fix = "Check the network, and the address in the settings."
        return [Finding("Discord", f"cannot be reached: {reason(e)}", fix)]


@asynccontextmanager
async def signed_in(bot: DiscordBot) -> AsyncIterator[discord.Client]:
    """A short connection of its own, beside a bot that may run."""
    client = discord.Client(intents=intents(message_content=True), max_messages=None)
    client.http = Http(bot.api, bot.gateway_url)
    client._connection.http = client.http
    try:
        await client.login(bot.token)
        yield client
    finally:
        await client.close()


async def _look(client: discord.Client, bot: DiscordBot, clock: Clock, starts: Finding) -> AsyncIterator[Finding]:
    assert client.user is not None
    yield Finding("Discord", f"signed in as {client.user.name}")
    flags = client.application_flags
    reads = flags.gateway_message_content or flags.gateway_message_content_limited
    yield Finding("Discord: message content", "allowed" if reads else "not allowed", "" if reads else NO_CONTENT)
    if client.application is not None:
        who = "anybody who knows its address" if client.application.bot_public else "only its owner (a private app)"
        yield Finding("Discord: who can invite the bot", who)
    for finding in await _connections(client, bot, clock):
        yield finding
    yield starts
    invite = invitation(client.application_id or client.user.id)
    guilds = await client.http.request(Route("GET", "/users/@me/guilds"))
    if not guilds:
        yield Finding("Discord: servers", "none yet", f"Let the bot in: {invite}")
    members: list[int] = []
    for guild in guilds:
        for finding in await _told(client, str(guild["id"]), invite, members):
            yield finding
    if members:
        yield _reach(sum(members), reads, approved=flags.gateway_message_content)


async def _connections(client: discord.Client, bot: DiscordBot, clock: Clock) -> list[Finding]:
    found = []
    try:
        gateway = await client.http.request(Route("GET", "/gateway/bot"))
    except discord.NotFound:
        gateway = {}  # this server does not report it
    limit = gateway.get("session_start_limit") or {}
    left, shards = limit.get("remaining"), gateway.get("shards", 1)
    if left is not None:
        fix = LOOK if left < FEW else ""
        found.append(Finding("Discord: connections left today", str(left), fix))
    if shards > 2 * bot.shards:
        found.append(Finding("Discord: shards", str(bot.shards), f"Discord recommends {shards}: set `shards`."))
    if isinstance(client.http, Http) and (said := client.http.said_at) is not None:
        found.append(_clock(said, clock.now()))
    return found


def _clock(discords: datetime, ours: datetime) -> Finding:
    apart = abs(discords - ours)
    fix = "Set this machine's clock, best by NTP: deadlines go by it." if apart > CLOCKS else ""
    return Finding("Discord: clock", f"{apart.total_seconds():.0f} s apart", fix)


def _reach(people: int, reads: bool, approved: bool) -> Finding:
    """Discord reviews privileged intents by the people who can see the app, who are at most its servers' members."""
    what, state = "Discord: people who can see the bot", f"at most {people:,}"
    if people <= REVIEWED or approved or not reads:
        return Finding(what, f"{state}; up to {REVIEWED:,} Discord asks for no review of Message Content")
    fix = (
        "Look into the Developer Portal (your application, 'Bot'): if it tells you to apply for Message Content, you "
        "have 90 days. deploy/discord-invite.md says more."
    )
    return Finding(what, f"{state}; above {REVIEWED:,} Discord reviews Message Content", fix)


async def _told(client: discord.Client, guild: str, invite: str, members: list[int]) -> list[Finding]:
    try:
        return await _guild(client, guild, invite, members)
    except (discord.NotFound, KeyError) as e:
        return [Finding(f"Discord: server {guild}", f"connected; what may be done there is not told: {reason(e)}")]


async def _guild(client: discord.Client, id: str, invite: str, members: list[int]) -> list[Finding]:
    """Adds the number of its members to `members`."""
    assert client.user is not None
    data = await client.http.request(Route("GET", "/guilds/{guild_id}", guild_id=id), params={"with_counts": "true"})
    members.append(int(data.get("approximate_member_count") or 0))
    guild = discord.Guild(data=data, state=client._connection)
    me = await guild.fetch_member(client.user.id)
    found = [Finding(f"Discord: {guild.name}", f"connected (server {guild.id})")]
    missing = [name for name in NEEDED if not getattr(me.guild_permissions, name)]
    if missing:
        found.append(
            Finding(f"Discord: {guild.name}", f"missing: {_names(missing)}", f"Let the bot in once more: {invite}")
        )
    for name, use in USEFUL.items():
        if not getattr(me.guild_permissions, name):
            state = f"without {_names([name])}, the bot cannot {use}"
            found.append(Finding(f"Discord: {guild.name}", state))
    for channel in await guild.fetch_channels():
        found += _channel(guild, channel, me, set(missing))
    return found


def _channel(
    guild: discord.Guild, channel: discord.abc.GuildChannel, me: discord.Member, known: set[str]
) -> Iterator[Finding]:
    """Checks only channels that the bot sees."""
    if not isinstance(channel, discord.TextChannel | discord.ForumChannel):
        return
    allowed = channel.permissions_for(me)
    missing = [name for name in NEEDED if not getattr(allowed, name) and name not in known]
    if allowed.view_channel and missing:
        fix = f"If a cohort uses it: channel settings, 'Permissions', allow the bot {_names(missing)}."
        yield Finding(f"Discord: #{channel.name} in {guild.name}", f"missing: {_names(missing)}", fix)


def _names(permissions: list[str]) -> str:
    return ", ".join(f"'{p.replace('_', ' ').title()}'" for p in permissions)
