"""People as the bot knows them: an account belongs to one guild, also in direct conversations."""

from collections.abc import Callable

import discord

from adapters.discord.failures import delivery_errors
from adapters.discord.state import Store
from bot.core.errors import Blocked, TargetGone
from bot.core.people import Account, Actor

Person = discord.User | discord.Member | discord.ClientUser


class People:
    """Identifies people. Discord sends roles only with acts in a guild, and never a time zone."""

    def __init__(self, client: Callable[[], discord.Client], store: Store) -> None:
        self._client = client
        self._store = store
        self._met: dict[str, tuple[str, str]] = {}

    def actor(self, person: Person, guild: str, admin: bool = False) -> Actor:
        """`admin`: according to the event, the person may manage the guild."""
        user, name = str(person.id), person.display_name
        if self._met.get(user) != (guild, name):
            self._met[user] = (guild, name)
            self._store.keep_member(user, guild, name)
        if not isinstance(person, discord.Member):
            return Actor(Account(guild, user), name)
        roles = tuple(str(r.id) for r in person.roles if not r.is_default())
        return Actor(Account(guild, user), name, None, roles, admin or person.guild_permissions.manage_guild)

    def forget(self, user: str) -> None:
        self._met.pop(user, None)
        self._store.forget_member(user)

    def named(self, user: str, guild: str, name: str = "") -> Actor:
        """A person of whom only the id is known, or also the `name` outside of the guild."""
        known = self._store.member(user)
        return Actor(Account(guild, user), (known[1] if known else "") or name)

    async def _guild_of(self, user: str) -> str | None:
        guilds = [str(g.id) for g in self._client().guilds]
        known = self._store.member(user)
        if known is not None and known[0] in guilds:
            return known[0]
        if len(guilds) == 1:
            return guilds[0]
        for guild in guilds:
            try:
                with delivery_errors(writing=False):
                    await self._client().http.get_member(int(guild), int(user))
            except (Blocked, TargetGone):
                continue
            self._store.keep_member(user, guild, "")
            return guild
        return None

    async def guild_of_direct(self, channel: str, user: str | None) -> str | None:
        """The guild through which we know the person of a direct conversation; None if we share none."""
        known = self._store.direct_of(channel)
        guild = known[0] if known else await self._guild_of(user) if user else None
        if guild is None:
            return None
        if user:
            self._store.keep_direct(guild, user, channel)
        return self._store.home(channel, guild)

    def direct_with(self, channel: str) -> str | None:
        """The person whose direct conversation, or its fallback thread, a channel is."""
        known = self._store.direct_of(channel)
        return known[1] if known else None
