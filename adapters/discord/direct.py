"""Direct conversations, and the fallbacks for closed ones.

A person who accepts no direct messages gets a private thread in a cohort's channel, visible to them and the channel's
moderators. If the bot may not create one, a public thread mentions them, with a button that shows their own page only
to them.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from adapters.discord.controls import row
from adapters.discord.failures import CANNOT_WRITE_TO_USER
from adapters.discord.places import Places
from adapters.discord.render import Part
from adapters.discord.rest import Rest, code_of
from adapters.discord.send import Sender
from adapters.discord.state import Store
from adapters.discord.text import cut
from adapters.discord.threads import WEEK, Threads
from bot.core.errors import TargetGone, reason
from bot.core.message import Message
from bot.core.people import Account, MessageRef, Place
from bot.core.ports import Watched

log = logging.getLogger(__name__)

SHUT_FOR = timedelta(days=1)
"""How long until a closed conversation is tried again."""

PRIVATE = 12
NOTICES = "Messages for you"
PAGE = "page:"
SHOW = "show:"


class Directs:
    """Sends messages to one person."""

    def __init__(
        self,
        rest: Rest,
        places: Places,
        threads: Threads,
        sender: Sender,
        store: Store,
        now: Callable[[], datetime],
    ) -> None:
        self._rest = rest
        self._places = places
        self._threads = threads
        self._sender = sender
        self._store = store
        self._now = now

    async def post(
        self, account: Account, message: Message, parts: Sequence[Part], key: str, watched: Sequence[Watched]
    ) -> list[MessageRef]:
        """`watched` are the cohorts' channels, in which the fallback threads may be."""
        guild, user = account.workspace, account.user
        shut = self._store.direct(guild, user, thread=True)
        if shut is None or shut[1] is None or shut[1] < self._now():
            try:
                place = Place(guild, await self._channel(account), direct=True)
                return await self._sender.post(place, message, parts, key)
            except TargetGone as e:
                if code_of(e) != CANNOT_WRITE_TO_USER:
                    raise
        channels = [
            w.place.channel for w in watched if not w.place.direct and not self._places.is_forum(w.place.channel)
        ]
        until = self._now() + SHUT_FOR
        if shut is not None:
            self._store.keep_direct(guild, user, shut[0], until)
            try:
                return await self._sender.post(Place(guild, shut[0], direct=True), message, parts, key)
            except TargetGone:
                log.info("The private thread that stood in for a closed conversation is gone; another is made")
        for channel in channels:
            thread = await self._stand_in(channel, account)
            if thread is not None:
                self._store.keep_direct(guild, user, thread, until)
                return await self._sender.post(Place(guild, thread, direct=True), message, parts, key)
        return await self._notice(account, channels, key)

    async def _channel(self, account: Account) -> str:
        known = self._store.direct(account.workspace, account.user, thread=False)
        if known is not None:
            return known[0]
        made = await self._rest.call("POST", "/users/@me/channels", {"recipient_id": account.user})
        self._store.keep_direct(account.workspace, account.user, str(made["id"]))
        return str(made["id"])

    async def _stand_in(self, channel: str, account: Account) -> str | None:
        """A private thread with the person in it; None if we may not create one there."""
        known = self._store.member(account.user)
        body = {
            "name": cut(f"For {known[1] if known and known[1] else 'you'} alone", 100),
            "type": PRIVATE,
            "invitable": False,
            "auto_archive_duration": WEEK,
        }
        try:
            made = await self._rest.call("POST", "/channels/{channel_id}/threads", body, channel_id=channel)
            await self._rest.call(
                "PUT", "/channels/{channel_id}/thread-members/{user_id}", channel_id=made["id"], user_id=account.user
            )
        except TargetGone as e:
            log.info("No private thread in %s: %s", channel, reason(e))
            return None
        return str(made["id"])

    async def _notice(self, account: Account, channels: Sequence[str], key: str) -> list[MessageRef]:
        """Posts '@you [Show]' in a thread for such notices, without the message's content."""
        part = notice(account, "I cannot write to you directly. What waits for you:", PAGE)
        for channel in channels:
            name = f"notices/{channel}"
            thread = self._store.fact(name)
            try:
                if thread is None:
                    thread = await self._threads.gathering(channel, NOTICES)
                    self._store.keep_fact(name, thread)
                place = Place(account.workspace, channel, thread=thread)
                refs = await self._sender.post(place, Message(()), [part], key)
            except TargetGone as e:
                log.info("No notice in %s: %s", channel, reason(e))
                continue
            self._store.keep_fact(f"notice/{refs[0].id}", key)
            return refs
        raise TargetGone("Their direct messages are closed, and there is no channel in which they could be told.")

    def is_notice(self, ref: MessageRef) -> bool:
        """Whether a message is only a notice, into which the content must never be written."""
        return self._store.fact(f"notice/{ref.id}") is not None


def notice(account: Account, words: str, custom_id: str) -> Part:
    """A mention with a button that shows the message only to the person."""
    show = {"type": 2, "style": 1, "label": "Show", "custom_id": custom_id}
    return Part(f"<@{account.user}> {words}", (row(show),), called=(account.user,))
