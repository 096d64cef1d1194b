"""Looks up the accounts of a guild by id, user name or nickname, without a running bot."""

from collections.abc import Mapping, Sequence

import aiohttp
import discord
from discord.http import Route

from adapters.discord.check import signed_in
from adapters.discord.config import DiscordBot
from bot.core.errors import Unavailable, reason
from bot.core.people import Account, Actor

A_PAGE = 1000
"""The most that Discord gives. Its search finds names that begin with the text, and needs no privileged intent."""


async def look_up(bot: DiscordBot, guild: str, wanted: Sequence[str]) -> Mapping[str, Sequence[Actor]] | None:
    """See `Adapter.look_up`. Discord tells no e-mail address."""
    try:
        async with signed_in(bot) as client:
            guilds = await client.http.request(Route("GET", "/users/@me/guilds"))
            if guild not in {str(g["id"]) for g in guilds}:
                return None
            return {name: await _named(client, guild, name) for name in wanted}
    except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as e:
        raise Unavailable(f"Discord could not be asked who is who: {reason(e)}.") from e


async def _named(client: discord.Client, guild: str, name: str) -> list[Actor]:
    if name.isdecimal():
        member = Route("GET", "/guilds/{guild_id}/members/{user_id}", guild_id=guild, user_id=name)
        try:
            return [actor_of(guild, await client.http.request(member))]
        except discord.NotFound:
            return []
    if "@" in name:
        return []
    search = Route("GET", "/guilds/{guild_id}/members/search", guild_id=guild)
    found = await client.http.request(search, params={"query": name, "limit": A_PAGE})
    same = [m for m in found if m["user"]["username"].casefold() == name.casefold()]
    return [actor_of(guild, m) for m in same or found if same or name.casefold() in _names(m)]


def _names(member: dict[str, object]) -> set[str]:
    user = member["user"]
    names = (member.get("nick"), user.get("global_name") if isinstance(user, dict) else None)
    return {str(n).casefold() for n in names if n}


def actor_of(guild: str, member: dict[str, object]) -> Actor:
    user = member["user"]
    assert isinstance(user, dict)
    name = member.get("nick") or user.get("global_name") or user["username"]
    return Actor(Account(guild, str(user["id"])), str(name))
