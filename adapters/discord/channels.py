"""Channels that the bot makes."""

import re
from collections.abc import Sequence

import discord

from adapters.discord.controls import Json
from adapters.discord.failures import MISSING_PERMISSIONS
from adapters.discord.rest import Rest, code_of
from adapters.discord.text import cut
from bot.core.errors import TargetGone
from bot.core.people import Account, Place

TEXT, FORUM = 0, 15


def slug(name: str) -> str:
    """A name as Discord writes those of channels."""
    return re.sub(r"[\s_]+", "-", name.strip().lower()).lstrip("#")[:100] or "course"


async def create(
    client: discord.Client, rest: Rest, workspace: str, name: str, topic: str, private: bool, members: Sequence[Account]
) -> Place:
    """The text channel of this name; one that is there is taken, forum or not, where the bot may write in it."""
    guild = client.get_guild(int(workspace))
    me = client.user
    if guild is None or me is None:
        raise TargetGone("The bot is not in this server any more.")
    for channel in await rest.call("GET", "/guilds/{guild_id}/channels", guild_id=workspace):
        if channel.get("name") == slug(name) and channel.get("type") in (TEXT, FORUM):
            known = guild.get_channel(int(channel["id"]))
            if known is not None and not known.permissions_for(guild.me).send_messages:
                raise TargetGone(f"There is a channel #{slug(name)} already, and I may not write in it.")
            return Place(workspace, str(channel["id"]))
    body: Json = {"name": slug(name), "type": TEXT}
    if topic:
        body["topic"] = cut(topic, 1024)
    if private:
        body["permission_overwrites"] = _closed(workspace, [str(me.id), *(m.user for m in members)])
    try:
        made = await rest.call("POST", "/guilds/{guild_id}/channels", body, guild_id=workspace)
    except TargetGone as e:
        if code_of(e) != MISSING_PERMISSIONS:
            raise
        raise TargetGone(
            f"I may not make channels here. Give me 'Manage Channels', or make #{slug(name)} and let me write in it."
        ) from e
    return Place(workspace, str(made["id"]))


def _closed(guild: str, inside: Sequence[str]) -> list[Json]:
    """Nobody but those inside sees it."""
    hidden = discord.Permissions(view_channel=True).value
    seen = discord.Permissions(view_channel=True, send_messages=True).value
    return [
        {"id": guild, "type": 0, "deny": hidden},
        *({"id": user, "type": 1, "allow": seen} for user in dict.fromkeys(inside)),
    ]
