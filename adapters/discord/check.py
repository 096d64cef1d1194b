"""The `doctor` checks of Discord: token, intents, guilds, channel permissions, remaining connections, clock."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import aiohttp
import discord
from discord.http import Route

from adapters.discord.budget import FEW, LOOK
from adapters.discord.client import Http, intents
from adapters.discord.config import DiscordBot
from adapters.discord.connection import BAD_TOKEN, NO_CONTENT
from adapters.discord.places import takes_no_post
from bot.core.errors import Unavailable, reason
from bot.core.people import Place
from bot.core.ports import Finding
from bot.core.time import Clock

CLOCKS = timedelta(seconds=30)
REVIEWED = 10_000
"""People who can see an app with privileged intents before Discord reviews it."""

WRITTEN: Mapping[int, Any] = {0: discord.TextChannel, 5: discord.TextChannel, 15: discord.ForumChannel}
"""The types of channels that a cohort can use."""

TAG = (
    "In Discord: the forum's settings, add a tag that everybody may use; or give the bot 'Manage Threads'. Or choose "
    "another channel with `/cohort setup`."
)

NO_FORUM = "Choose a text channel with `/cohort setup`, and the forum for questions."

QUESTIONS = "questions"
"""What the name of the finding about a channel for questions ends with (`Adapter.check`)."""

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


async def check(bot: DiscordBot, clock: Clock, starts: Finding, channels: Mapping[Place, str]) -> list[Finding]:
    """Failures become findings, never errors. `starts` is our own count of started sessions; `channels`: see
    `Adapter.check`."""
    try:
        async with signed_in(bot) as client:
            return [f async for f in _look(client, bot, clock, starts, channels)]
    except discord.LoginFailure:
        return [Finding("Discord", "the token is not accepted", BAD_TOKEN)]
    except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as e:
        fix = "Check the network, and the address in the settings."
        return [Finding("Discord", f"cannot be reached: {reason(e)}", fix)]


async def reach(bot: DiscordBot) -> Mapping[str, str]:
    """See `Adapter.reach`."""
    try:
        async with signed_in(bot) as client:
            guilds = await client.http.request(Route("GET", "/users/@me/guilds"))
    except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as e:
        raise Unavailable(f"Discord could not be asked in which servers the bot is: {reason(e)}.") from e
    return {str(guild["id"]): str(guild.get("name") or "") for guild in guilds}


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


async def _look(
    client: discord.Client, bot: DiscordBot, clock: Clock, starts: Finding, channels: Mapping[Place, str]
) -> AsyncIterator[Finding]:
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
        used = {place.channel: use for place, use in channels.items() if place.workspace == str(guild["id"])}
        for finding in await _told(client, str(guild["id"]), invite, members, used):
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


async def _told(
    client: discord.Client, guild: str, invite: str, members: list[int], used: Mapping[str, str]
) -> list[Finding]:
    try:
        return await _guild(client, guild, invite, members, used)
    except (discord.HTTPException, KeyError) as e:
        state = f"connected; what may be done there is not told: {reason(e)}"
        return [Finding(f"Discord: server {guild}", state, sure=False)]


async def _guild(
    client: discord.Client, id: str, invite: str, members: list[int], used: Mapping[str, str]
) -> list[Finding]:
    """Adds the number of its members to `members`. `used`: the channels that cohorts use, with what for."""
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
    without = [name for name in USEFUL if not getattr(me.guild_permissions, name)]
    if without:
        uses = "; ".join(f"without {_names([name])}, the bot cannot {USEFUL[name]}" for name in without)
        found.append(Finding(f"Discord: {guild.name}", f"{uses}. If you need that, let the bot in once more: {invite}"))
    there = {str(channel["id"]): channel for channel in (await client.http.get_all_guild_channels(id) if used else ())}
    return [*found, *(_channel(use, channel, there.get(channel), me, missing) for channel, use in used.items())]


def _channel(use: str, id: str, data: Mapping[str, Any] | None, me: discord.Member, known: list[str]) -> Finding:
    """Whether the bot may write in a channel that a cohort uses. What is missing in the whole server is `known`."""
    if data is None:
        return Finding(use, f"there is no channel {id}", "Choose another channel with `/cohort setup`.")
    name = f"#{data.get('name') or id}"
    if data.get("type") not in WRITTEN:
        return Finding(use, f"{name} is no channel for text", "Choose a text channel or a forum with `/cohort setup`.")
    channel = WRITTEN[data["type"]](state=me._state, guild=me.guild, data=data)
    allowed = channel.permissions_for(me)
    missing = [name for name in NEEDED if not getattr(allowed, name) and name not in known]
    if not missing:
        if isinstance(channel, discord.ForumChannel) and not use.endswith(QUESTIONS):
            return Finding(use, f"{name} is a forum, in which all talk becomes questions", NO_FORUM)
        if isinstance(channel, discord.ForumChannel) and takes_no_post(channel, me):
            return Finding(use, f"{name} wants a tag for each post, and has none that the bot may set", TAG)
        if isinstance(channel, discord.ForumChannel) and not allowed.manage_threads:
            return Finding(use, f"{name}; without 'Manage Threads' people's posts show no 'Open' and 'Answered'")
        if lacking := [permission for permission in known if not getattr(allowed, permission)]:
            fix = "See what is missing in the whole server."
            return Finding(use, f"{name}, missing: {_names(lacking)}", fix)
        return Finding(use, name)
    shown = missing if "view_channel" not in missing else ["view_channel"]  # without it nothing else is allowed
    fix = f"In Discord: the channel's settings, 'Permissions', allow the bot {_names(shown)}."
    return Finding(use, f"{name}, missing: {_names(shown)}", fix)


def _names(permissions: list[str]) -> str:
    return ", ".join(f"'{p.replace('_', ' ').title()}'" for p in permissions)
