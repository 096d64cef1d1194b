"""Asks Discord about people whom it tells nothing of: who came by a list and is known by a number alone, and who left.

Members are told unasked only to apps with a privileged intent. One member may be asked for without it.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from adapters.discord.failures import MEANINGS
from adapters.discord.lookup import actor_of
from adapters.discord.rest import Rest, code_of
from adapters.discord.state import Store
from bot.core.errors import DeliveryError, PersonGone, RateLimited, reason
from bot.core.events import AccountChanged
from bot.core.people import Account, Actor
from bot.core.ports import Bot
from bot.core.time import parse_instant, write_instant

log = logging.getLogger(__name__)

AGAIN = timedelta(hours=1)
"""How long until somebody who left is asked for again."""

GONE = "gone/"


@dataclass(frozen=True, slots=True)
class Roster:
    """The people of the guilds, as far as the bot knows their accounts."""

    rest: Rest
    store: Store
    now: Callable[[], datetime]

    async def look(self, bot: Bot, guild: str, at_once: bool = False) -> None:
        """Tells the bot the names of accounts that it knows by number alone, and who is back (`at_once`: however long
        ago that was asked). What Discord does not tell now is asked at the next look."""
        nameless = [user for user in await bot.accounts(guild) if self._is_nameless(guild, user)]
        gone = self.store.facts(f"{GONE}{guild}/")
        away = [user for user, asked in gone.items() if at_once or self.now() - parse_instant(asked) >= AGAIN]
        try:
            for user in dict.fromkeys((*nameless, *away)):
                await self._ask(bot, guild, user, is_gone=user in gone)
        except RateLimited as e:
            log.info("Some people of guild %s are asked for later: %s", guild, reason(e))
        except DeliveryError as e:
            log.warning("Some people of guild %s are asked for later: %s", guild, reason(e))

    def note_gone(self, account: Account) -> None:
        """Discord says that somebody is not there any more: it is asked from time to time whether they are back."""
        self.store.keep_fact(f"{GONE}{account.workspace}/{account.user}", write_instant(self.now()))

    def _is_nameless(self, guild: str, user: str) -> bool:
        known = self.store.member(user)
        return user.isdecimal() and (known is None or not known[1]) and not self.store.fact(f"unknown/{guild}/{user}")

    async def _ask(self, bot: Bot, guild: str, user: str, is_gone: bool) -> None:
        account, now = Account(guild, user), self.now()
        try:
            member = await self.rest.read(lambda http: http.get_member(int(guild), int(user)))
        except PersonGone:
            self.note_gone(account)
            if not is_gone:
                await bot.receive(_changed(Actor(account, ""), now, active=False))
            return
        except DeliveryError as e:
            if code_of(e) not in MEANINGS or isinstance(e, RateLimited):
                raise
            self.store.keep_fact(f"unknown/{guild}/{user}", reason(e))
            return
        actor = actor_of(guild, member)
        await bot.receive(_changed(actor, now, active=True))
        self.store.keep_member(user, guild, actor.name)
        self.store.drop_fact(f"{GONE}{guild}/{user}")


def _changed(actor: Actor, at: datetime, active: bool) -> AccountChanged:
    return AccountChanged(actor=actor, at=at, active=active, turn=at.isoformat(), why="" if active else "left")
