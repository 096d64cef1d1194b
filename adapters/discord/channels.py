"""Creates channels, removes members and archives."""

import re
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, Final

import discord
from discord.http import HTTPClient

from adapters.discord.controls import Json
from adapters.discord.failures import (
    MISSING_ACCESS,
    MISSING_PERMISSIONS,
    UNKNOWN_CHANNEL,
    UNKNOWN_MEMBER,
    UNKNOWN_OVERWRITE,
)
from adapters.discord.rest import Rest, code_of
from adapters.discord.text import cut
from adapters.discord.threads import WEEK, new_tags
from bot.core.errors import Blocked, DeliveryError, NameTaken, TargetGone
from bot.core.people import Account, Place
from bot.core.translation import _

TEXT: Final = 0
FORUM: Final = 15

VIEW: Final = discord.Permissions(view_channel=True).value
SEEN: Final = discord.Permissions(view_channel=True, send_messages=True).value

WRITING = discord.Permissions(
    send_messages=True, send_messages_in_threads=True, create_public_threads=True, create_private_threads=True
).value
"""Permissions denied to everybody in an archived channel."""


def slug(name: str) -> str:
    """A name in the form of Discord's channel names."""
    return re.sub(r"[\s_]+", "-", name.strip().lower()).lstrip("#")[:100] or "course"


async def create(
    client: discord.Client,
    rest: Rest,
    workspace: str,
    name: str,
    topic: str,
    private: bool,
    members: Sequence[Account],
    forum: bool = False,
) -> Place:
    """The channel of this name: an existing text channel or forum if the bot may write there, else a new one."""
    guild = client.get_guild(int(workspace))
    me = client.user
    if guild is None or me is None:
        raise TargetGone(_("The bot is not in this server any more."))
    for channel in await rest.read(lambda http: http.get_all_guild_channels(workspace)):
        if channel.get("name") == slug(name) and channel.get("type") in (TEXT, FORUM):
            known = guild.get_channel(int(channel["id"]))
            if known is not None and not known.permissions_for(guild.me).send_messages:
                said = _(
                    "There is a channel #{name} already, and I may not write in it. Allow me to in its settings, "
                    "'Permissions', and press again.",
                    name=slug(name),
                )
                raise NameTaken(said)
            if channel.get("type") == FORUM and not forum:
                said = _(
                    "There is a forum #{name} already, and this has to be a text channel: in a forum all talk would "
                    "become questions. Rename the forum and press again, or choose a text channel.",
                    name=slug(name),
                )
                raise NameTaken(said)
            _require_theirs(guild, channel, private, members)
            there = Place(workspace, str(channel["id"]))
            await let_in(rest, there, members)
            return there
    options: Json = {"name": slug(name), "topic": cut(topic, 1024) or None}
    if private:
        options["permission_overwrites"] = _closed(workspace, [str(me.id), *(m.user for m in members)])
    try:
        made = await _made(rest, workspace, options, forum)
    except (Blocked, TargetGone) as e:
        if code_of(e) != MISSING_PERMISSIONS:
            raise
        said = _(
            "I may not make channels in this server. Give my role 'Manage Channels' in the server's settings, 'Roles', "
            "and press again."
        )
        raise TargetGone(said) from e
    return Place(workspace, str(made["id"]))


def _require_theirs(guild: discord.Guild, channel: Json, private: bool, members: Sequence[Account]) -> None:
    """Refuses an existing channel for a private one, if somebody else sees it than these people and administrators."""
    rules = _rules(channel)
    known = {str(guild.me.id), *(m.user for m in members)}
    if guild.self_role is not None:
        known.add(str(guild.self_role.id))
    if private and not _is_hidden(rules, str(guild.id)):
        said = _(
            "There is a channel #{name} already, and everybody sees it. Rename it and press again.",
            name=str(channel["name"]),
        )
        raise NameTaken(said)
    if private and any(id not in known and int(rule.get("allow") or 0) & VIEW for id, rule in rules.items()):
        said = _(
            "There is a private channel #{name} already, and others see it, too. Rename it and press again.",
            name=str(channel["name"]),
        )
        raise NameTaken(said)


def _rules(channel: Json) -> dict[str, Json]:
    """The permission overwrites of a channel, by the id of the role or the person."""
    return {str(rule["id"]): rule for rule in channel.get("permission_overwrites") or ()}


def _is_hidden(rules: dict[str, Json], guild: str) -> bool:
    return bool(int((rules.get(guild) or {}).get("deny") or 0) & VIEW)


async def let_in(rest: Rest, place: Place, members: Sequence[Account]) -> None:
    """Shows an existing private channel to these people, too."""
    rules = _rules(await rest.read(lambda http: http.get_channel(place.channel)))
    if not _is_hidden(rules, place.workspace):
        return
    for user in [user for user in dict.fromkeys(m.user for m in members) if user not in rules]:
        with _unless(UNKNOWN_MEMBER):
            await rest.write(partial(_show_to, place.channel, user))


def _show_to(channel: str, user: str, http: HTTPClient) -> Coroutine[Any, Any, None]:
    return http.edit_channel_permissions(channel, user, str(SEEN), "0", 1)


async def _made(rest: Rest, guild: str, options: Json, forum: bool) -> Json:
    """A new forum if one is wanted and the server has forums, else a text channel."""
    if forum:
        more: Json = {**options, "available_tags": new_tags(), "default_auto_archive_duration": WEEK}
        try:
            return dict(await rest.write(lambda http: http.create_channel(guild, FORUM, **more)))
        except DeliveryError as e:
            if not isinstance(e.__cause__, discord.HTTPException) or e.__cause__.status != 400:
                raise
    return dict(await rest.write(lambda http: http.create_channel(guild, TEXT, **options)))


async def remove_member(rest: Rest, place: Place, user: str) -> None:
    """Removes a person from a private channel. Discord has no channel members: access is a permission overwrite for the
    person. A channel that everybody sees stays as it is."""
    thread = place.thread
    with _unless(UNKNOWN_MEMBER, UNKNOWN_OVERWRITE):
        if thread:
            await rest.write(lambda http: http.remove_user_from_thread(thread, user))
        else:
            await rest.write(lambda http: http.delete_channel_permissions(place.channel, user))


async def archive(rest: Rest, place: Place) -> None:
    """Denies writing to everybody, because Discord can archive only threads."""
    with _unless():
        channel = await rest.read(lambda http: http.get_channel(place.channel))
        rules = {str(o["id"]): o for o in channel.get("permission_overwrites") or ()}
        rules.setdefault(place.workspace, {"id": place.workspace, "type": 0})
        silent = [_silenced(rule) for rule in rules.values()]
        await rest.write(lambda http: http.edit_channel(place.channel, permission_overwrites=silent))


def _silenced(rule: Json) -> Json:
    """A permission overwrite with writing denied."""
    allow, deny = int(rule.get("allow") or 0) & ~WRITING, int(rule.get("deny") or 0) | WRITING
    return {"id": str(rule["id"]), "type": rule["type"], "allow": allow, "deny": deny}


@contextmanager
def _unless(*done: int) -> Iterator[None]:
    """Treats the error codes in `done`, and a channel that is gone, as success."""
    try:
        yield
    except (Blocked, TargetGone) as e:
        if code_of(e) in (MISSING_PERMISSIONS, MISSING_ACCESS):
            raise TargetGone(_("I may not change who is in this channel. Give me 'Manage Roles'.")) from e
        if code_of(e) not in (*done, UNKNOWN_CHANNEL):
            raise


def _closed(guild: str, inside: Sequence[str]) -> list[Json]:
    """Permission overwrites that show a channel only to the people in `inside`."""
    return [
        {"id": guild, "type": 0, "deny": VIEW},
        *({"id": user, "type": 1, "allow": SEEN} for user in dict.fromkeys(inside)),
    ]
