"""Direct conversations, and the fallbacks for closed ones.

A person who accepts no direct messages gets a private thread in a cohort's channel, visible to them and the channel's
moderators. If the bot may not create one, a public thread mentions them, with a button that shows their own page only
to them.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from adapters.discord.controls import row
from adapters.discord.failures import CANNOT_WRITE_TO_USER, UNKNOWN_CHANNEL
from adapters.discord.places import Places
from adapters.discord.render import Part
from adapters.discord.rest import Rest, code_of
from adapters.discord.send import Sender
from adapters.discord.state import Store
from adapters.discord.text import cut
from adapters.discord.threads import Threads
from bot.core.errors import Blocked, PersonGone, PersonShut, RateLimited, TargetGone, reason
from bot.core.message import Message
from bot.core.people import Account, MessageRef, Place
from bot.core.ports import Watched
from bot.core.translation import N_, _

log = logging.getLogger(__name__)

SHUT_FOR = timedelta(days=1)
"""How long until a closed conversation is tried again."""

AT_ONCE = 10
EVERY = timedelta(seconds=10)

NOTICES = N_("Messages for you")
PAGE = "page:"
SHOW = "show:"


class Opening:
    """The pace at which direct conversations are opened. Discord quarantines bots that open many at once, and says no
    number: `AT_ONCE` may follow each other directly, then there is one every `EVERY`."""

    def __init__(self) -> None:
        self._slots: dict[str, datetime] = {}
        self._next = datetime.min.replace(tzinfo=UTC)

    def take(self, user: str, now: datetime) -> None:
        """Raises RateLimited until it is this person's turn."""
        at = self._slots.get(user)
        if at is None:
            self._next = max(self._next, now - AT_ONCE * EVERY) + EVERY
            at = self._slots[user] = self._next
            if at > now:
                log.info("Direct conversations are opened one every %d s; %d wait", EVERY.seconds, len(self._slots))
        if at > now:
            raise RateLimited(at - now)
        del self._slots[user]

    def hold(self, user: str, until: datetime) -> None:
        """Discord wants a pause: after it comes whom it refused, and then everybody who waits, in the same order."""
        waiting = [other for other in sorted(self._slots, key=self._slots.__getitem__) if other != user]
        for number, one in enumerate([user, *waiting]):
            self._slots[one] = self._next = until + number * EVERY


@dataclass(frozen=True, slots=True)
class Directs:
    """Sends messages to one person."""

    rest: Rest
    places: Places
    threads: Threads
    sender: Sender
    store: Store
    now: Callable[[], datetime]
    opening: Opening = field(default_factory=Opening)

    async def post(
        self, account: Account, message: Message, parts: Sequence[Part], key: str, watched: Sequence[Watched]
    ) -> list[MessageRef]:
        """`watched` are the cohorts' channels, in which the fallback threads may be."""
        guild, user = account.workspace, account.user
        shut = self.store.direct(guild, user, thread=True)
        if shut is None or shut[1] is None or shut[1] < self.now():
            try:
                return await self._directly(account, message, parts, key)
            except TargetGone as e:
                if code_of(e) != CANNOT_WRITE_TO_USER:
                    raise
        channels = [
            w.place.channel for w in watched if not w.place.direct and not self.places.is_forum(w.place.channel)
        ]
        until = self.now() + SHUT_FOR
        if shut is not None:
            self.store.keep_direct(guild, user, shut[0], until)
            try:
                return await self.sender.post(Place(guild, shut[0], direct=True), message, parts, key)
            except (Blocked, TargetGone):
                log.info("The private thread that stood in for a closed conversation is gone; another is made")
        for channel in channels:
            thread = await self._stand_in(channel, account)
            if thread is not None:
                self.store.keep_direct(guild, user, thread, until)
                return await self.sender.post(Place(guild, thread, direct=True), message, parts, key)
        return await self._notice(account, channels, key)

    async def answer(self, account: Account, parts: Sequence[Part], key: str) -> None:
        """Sends the answer to an interaction; none of the fallbacks for a closed conversation takes its place."""
        await self._directly(account, Message(()), parts, key)

    async def _directly(self, account: Account, message: Message, parts: Sequence[Part], key: str) -> list[MessageRef]:
        """Posts in the direct conversation. One that Discord does not know any more is opened anew, once."""
        guild = account.workspace
        known = self.store.direct(guild, account.user, thread=False)
        if known is not None:
            try:
                return await self.sender.post(self._conversation(guild, known[0]), message, parts, key)
            except TargetGone as e:
                if code_of(e) != UNKNOWN_CHANNEL:
                    raise
            log.info("A direct conversation is not there any more; it is opened anew")
            self.store.drop_direct(known[0])
            self.store.forget(key)
        channel = await self._open(account)
        return await self.sender.post(self._conversation(guild, channel), message, parts, key)

    def _conversation(self, guild: str, channel: str) -> Place:
        return Place(self.store.home(channel, guild), channel, direct=True)

    async def _open(self, account: Account) -> str:
        self.opening.take(account.user, self.now())
        try:
            made = await self.rest.write(lambda http: http.start_private_message(account.user))
        except RateLimited as e:
            self.opening.hold(account.user, self.now() + e.retry_after)
            raise
        self.store.keep_direct(account.workspace, account.user, str(made["id"]))
        return str(made["id"])

    async def _stand_in(self, channel: str, account: Account) -> str | None:
        """A private thread with the person in it; None if we may not create one there. A thread that was made without
        them is used at the next try."""
        known = self.store.member(account.user)
        name = cut(_("For {name} alone", name=known[1]) if known and known[1] else _("For you alone"), 100)
        begun = f"stand-in/{channel}/{account.user}"
        try:
            thread = self.store.fact(begun) or await self.threads.gathering(channel, name, private=True)
            self.store.keep_fact(begun, thread)
            await self.rest.write(lambda http: http.add_user_to_thread(thread, account.user))
        except PersonGone:
            raise
        except (Blocked, TargetGone) as e:
            log.info("No private thread in %s: %s", channel, reason(e))
            if code_of(e) == UNKNOWN_CHANNEL:
                self.store.drop_fact(begun)
            return None
        self.store.drop_fact(begun)
        return thread

    async def _notice(self, account: Account, channels: Sequence[str], key: str) -> list[MessageRef]:
        """Posts '@you [Show]' in a thread for such notices, without the message's content."""
        part = notice(account, _("I cannot write to you directly. What waits for you:"), PAGE)
        # A thread that is gone is made anew, once.
        for channel in [c for c in channels for _try in range(2)]:
            name = f"notices/{channel}"
            thread = self.store.fact(name)
            try:
                if thread is None:
                    thread = await self.threads.gathering(channel, _(NOTICES))
                    self.store.keep_fact(name, thread)
                place = Place(account.workspace, channel, thread=thread)
                refs = await self.sender.post(place, Message(()), [part], key)
            except (Blocked, TargetGone) as e:
                log.info("No notice in %s: %s", channel, reason(e))
                if isinstance(e, TargetGone):
                    self.store.drop_fact(name)
                continue
            self.store.keep_fact(f"notice/{refs[0].id}", key)
            return refs
        raise PersonShut("Their direct messages are closed, and there is no channel in which they could be told.")

    def is_notice(self, ref: MessageRef) -> bool:
        """Whether a message is only a notice, into which the content must never be written."""
        return self.store.fact(f"notice/{ref.id}") is not None


def notice(account: Account, words: str, custom_id: str) -> Part:
    """A mention with a button that shows the message only to the person."""
    show = {"type": 2, "style": 1, "label": _("Show"), "custom_id": custom_id}
    return Part(f"<@{account.user}> {words}", (row(show),), called=(account.user,))
