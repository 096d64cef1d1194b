"""Discord as a platform for the bot."""

import asyncio
import hashlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import discord

from adapters.discord import channels, check, commands
from adapters.discord.budget import IdentifyBudget
from adapters.discord.client import make_client
from adapters.discord.config import DiscordBot
from adapters.discord.connection import Connection
from adapters.discord.direct import SHOW, Directs, notice
from adapters.discord.events import Reader, is_renamed
from adapters.discord.finding import Finder
from adapters.discord.history import History
from adapters.discord.intake import Intake
from adapters.discord.interactions import Interactions
from adapters.discord.lookup import look_up
from adapters.discord.people import People
from adapters.discord.places import Places
from adapters.discord.render import Part, render
from adapters.discord.rest import Rest
from adapters.discord.roster import Roster
from adapters.discord.send import Sender
from adapters.discord.sights import Sights
from adapters.discord.state import Store
from adapters.discord.text import References
from adapters.discord.threads import Threads
from adapters.shared.background import Background
from bot.core.errors import DeliveryError, PacekeeperError, PersonGone, TargetGone, Unavailable, reason
from bot.core.events import PlaceLimited
from bot.core.failures import log_failure
from bot.core.message import Message, Status
from bot.core.people import Account, Actor, MessageRef, Place
from bot.core.ports import Bot, Delivery, Finding, Sent, Watched
from bot.core.time import Clock, SystemClock
from bot.core.translation import _

log = logging.getLogger(__name__)

FIRST_LOOK = 20.0
"""Seconds that the start waits for Discord before the rest of the bot starts without it."""

HEARD_EVERY = 60.0
"""Seconds after which it is noted that events are heard."""

CATCH_UP = 30.0
"""Seconds that new events wait for the catch-up of missed ones."""


class Discord:
    """The `Adapter` of all guilds of one bot account."""

    def __init__(self, bot: DiscordBot, store: Path | None, clock: Clock | None = None) -> None:
        """`store` is the folder of the adapter's database; None keeps it in memory. `clock` is Discord's time, which is
        independent of the course's clock."""
        self._config = bot
        self._store = Store(store, hashlib.sha256(bot.token.encode()).hexdigest()[:8])
        self._clock = clock or SystemClock()
        self._bot: Bot | None = None
        self._rest = Rest(self._client)
        self._places = Places(self._client, self._store)
        self._people = People(self._client, self._store)
        self._threads = Threads(self._client, self._rest, self._places, self._store, self._limited)
        self._sender = Sender(self._rest, self._places, self._threads, self._store, self._now)
        self._directs = Directs(self._rest, self._places, self._threads, self._sender, self._store, self._now)
        self._reader = Reader(self._client, self._places, self._people, self._now)
        self._intake = Intake(self._reader.read)
        self._history = History(self._rest, self._places, self._reader, self._intake, self._store)
        self._sights = Sights(self._places, self._store, self._now)
        self._roster = Roster(self._rest, self._store, self._now)
        self._catching_up = asyncio.Lock()
        self._finder = Finder(self._client, self._rest, self._store, self._places)
        self._interactions = Interactions(self._rest, self._places, self._people, self._directs, lambda: self.bot)
        budget = self._budget = IdentifyBudget(self._store, self._clock, bot.shards)
        self._connection = Connection(bot.token, lambda content: make_client(bot, self, budget, content))
        self._awake = False
        self._online = False
        """Whether no connection was lost since the last one began or went on."""
        self._behind: set[str] = set()
        """Guilds whose missed messages are not fetched yet."""
        self._background = Background()
        self._heard = 0

    # Lifecycle

    @property
    def bot(self) -> Bot:
        """Raises Unavailable before `start`."""
        if self._bot is None:
            raise Unavailable(_("The bot has not started yet. Please try again in a moment."))
        return self._bot

    at_once = 16

    @property
    def workspaces(self) -> Sequence[str]:
        client = self._connection.client
        return [str(g.id) for g in client.guilds] if client is not None else ()

    @property
    def problems(self) -> Mapping[str, str]:
        problem = self._connection.problem
        return {"Discord": problem} if problem else {}

    async def start(self, bot: Bot) -> None:
        """Connects. If Discord cannot be reached, it retries while the rest of the bot runs."""
        self._bot = bot
        self._intake.start(bot)
        await self._connection.start(FIRST_LOOK)
        self._background.start(self._note_heard())

    async def stop(self) -> None:
        self._hear_so_far()
        await self._background.stop()
        await self._connection.stop()
        await self._intake.stop()
        self._store.close()

    def _client(self) -> discord.Client:
        if self._connection.client is None:
            raise Unavailable("Discord is not connected.")
        return self._connection.client

    def _now(self) -> datetime:
        return self._clock.now()

    # Gateway events (the `Ears` of client.py)

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "ready" or (event == "shard_ready" and self._connection.is_up):
            # One of several shards may start a new session; the gateway reports only that one.
            self._background.start(self._wake())
        elif event == "shard_ready":
            pass
        elif event == "disconnect":
            self._online = False
        elif event == "resumed":
            self._online = True
            self._intake.release()
        elif event == "guild_available":
            if self._awake:
                # This guild was unavailable while others were not; its messages were missed.
                self._background.start(self._catch_up_with(str(arguments[0].id)))
        elif not (event == "raw_thread_update" and not is_renamed(arguments[0])):
            self._intake.put(event, arguments, self._turn())
            if event == "guild_channel_update" and self._awake:
                self._background.start(self._look(str(arguments[0].guild.id), at_once=True))
                self._background.start(self._threads.settle())
            if event == "guild_join" and self._awake:
                self._background.start(self._catch_up_with(str(arguments[0].id)))

    async def interact(self, interaction: discord.Interaction) -> None:
        await self._interactions.take(interaction)

    async def before_identify(self) -> None:
        """A new session begins: its events wait for the catch-up."""
        self._awake = self._online = False
        self._intake.hold()

    def _turn(self) -> str:
        """An id that is the same when the gateway repeats an event; unique if the event has no number."""
        ws: Any = getattr(self._connection.client, "ws", None)
        session, sequence = getattr(ws, "session_id", None), getattr(ws, "sequence", None)
        if session and sequence is not None:
            return f"{session}/{sequence}"
        self._heard += 1
        return f"{self._now().isoformat()}/{self._heard}"

    async def _wake(self) -> None:
        """Handles the begin of a session."""
        for guild in self._client().guilds:
            # We may have been removed and invited back meanwhile.
            self._intake.put("guild_join", (guild,), f"{self._turn()}/{guild.id}")
        catching_up = asyncio.create_task(self._catch_up())
        await asyncio.wait({catching_up}, timeout=CATCH_UP)
        self._intake.release()
        self._awake = self._online = True
        self._connection.ready()
        try:
            await self._register()
        except DeliveryError as e:
            log.warning("The commands could not be registered with Discord: %s", reason(e))
        await catching_up
        await self._threads.settle()
        await self._ask_for_people(at_once=True)

    async def _ask_for_people(self, at_once: bool = False) -> None:
        for guild in self.workspaces:
            with _noted(guild):
                await self._roster.look(self.bot, guild, at_once)

    async def _limited(self, forum: str) -> None:
        """The tags of a forum's posts cannot be set."""
        found = self._client().get_channel(int(forum))
        if isinstance(found, discord.ForumChannel):
            place = Place(str(found.guild.id), forum)
            await self.bot.receive(PlaceLimited(place=place, needs="Manage Threads", at=self._now()))

    async def _register(self) -> None:
        declared = commands.declarations(self.bot.commands, self.bot.shortcuts)
        if await commands.register(self._rest, self._store, str(self._client().application_id), declared):
            log.info("Discord knows the commands now")

    async def _catch_up(self) -> None:
        for guild in self.workspaces:
            await self._catch_up_with(guild)

    async def _catch_up_with(self, guild: str) -> None:
        self._behind.add(guild)
        with _noted(guild):
            watched = await self.bot.watched(guild)
            await self._tell_changes(guild, watched)
            await self._read_missed(guild, watched)

    async def _look(self, guild: str, at_once: bool = False) -> None:
        """Notices what the bot may do now, and reads what was written in a channel while it could not."""
        with _noted(guild):
            watched = await self.bot.watched(guild)
            await self._tell_changes(guild, watched)
            if not self._catching_up.locked() and (unread := self._history.unread(watched, at_once)):
                await self._read_missed(guild, unread)

    async def _tell_changes(self, guild: str, watched: Sequence[Watched]) -> None:
        found = self._client().get_guild(int(guild))
        if found is not None and not found.unavailable:
            for event in self._sights.changes(watched):
                await self.bot.receive(event)
            for forum in self._sights.untagged(watched):
                await self._limited(forum)

    async def _read_missed(self, guild: str, watched: Sequence[Watched]) -> None:
        """Fetches what was missed in these channels, and what became there of posts that are still shown."""
        channels = {one.place.channel for one in watched}
        async with self._catching_up:
            await self._history.catch_up(watched)
            self._behind.discard(guild)
            followed = [post for post in await self.bot.followed(guild) if post.channel in channels]
            await self._history.look_again(followed)

    async def _note_heard(self) -> None:
        """Keeps every minute until when each guild was heard: whatever is missed later begins there."""
        while True:
            await asyncio.sleep(HEARD_EVERY)
            self._hear_so_far()
            if self._awake:
                await self._threads.settle()
                for guild in self.workspaces:
                    await self._look(guild)
                await self._ask_for_people()

    def _hear_so_far(self) -> None:
        client = self._connection.client
        if client is None or not (self._awake and self._online):
            return
        for guild in client.guilds:
            if not guild.unavailable and str(guild.id) not in self._behind:
                self._history.note_heard(str(guild.id), self._now())

    # Deliveries

    async def post(self, delivery: Delivery) -> Sent:
        parts = _parts(delivery)
        if delivery.place is not None:
            return Sent(tuple(await self._sender.post(delivery.place, delivery.message, parts, delivery.key)))
        account = _account(delivery)
        watched = await self.bot.watched(account.workspace)
        try:
            return Sent(tuple(await self._directs.post(account, delivery.message, parts, delivery.key, watched)))
        except PersonGone:
            self._roster.note_gone(account)
            raise

    async def edit(self, delivery: Delivery, refs: Sequence[MessageRef]) -> Sent:
        if not refs:
            raise TargetGone("There is nothing to edit.")
        if self._directs.is_notice(refs[0]):
            return Sent(tuple(refs))
        return Sent(tuple(await self._sender.edit(refs, delivery.message, _parts(delivery), delivery.key)))

    async def delete(self, refs: Sequence[MessageRef]) -> None:
        await self._sender.delete(refs)

    async def whisper(self, delivery: Delivery) -> None:
        """Adds the reaction that stands for it, or puts the text behind a button, because Discord has no channel
        message that only one person sees."""
        account = _account(delivery)
        if delivery.place is None or delivery.place.direct:
            await self.post(delivery)
            return
        if delivery.instead is not None:
            await self.react(delivery.instead.ref, delivery.instead.emoji, delivery.instead.on)
            return
        part = notice(account, _("something for you alone:"), SHOW + delivery.key)
        await self._sender.post(delivery.place, Message(()), [part], delivery.key)

    async def react(self, ref: MessageRef, emoji: str, on: bool, state: Status | None = None) -> None:
        channel, message = self._places.spot(ref)
        try:
            if on:
                await self._threads.awake(channel, lambda http: http.add_reaction(channel, message, emoji))
            else:
                await self._threads.awake(channel, lambda http: http.remove_own_reaction(channel, message, emoji))
        finally:
            # A post outlives its first message, and keeps its tags.
            if state is not None and channel == message:
                await self._threads.tag(ref.channel, channel, state)

    async def find(self, delivery: Delivery) -> Sent | None:
        workspace = delivery.place.workspace if delivery.place else _account(delivery).workspace
        found = await self._finder.find(workspace, delivery.place, delivery.key)
        first = found.refs[0] if found else None
        if first is not None and delivery.message.topic and "/" not in first.id:
            # The earlier try may have ended between the message and its thread.
            await self._sender.begin(first, delivery.message)
        return found

    def link(self, ref: MessageRef) -> str | None:
        return self._places.link(ref) if self._connection.client is not None else None

    async def pin(self, ref: MessageRef, on: bool) -> None:
        channel, message = self._places.spot(ref)
        await self._rest.write(lambda http: (http.pin_message if on else http.unpin_message)(channel, message))

    async def create(
        self,
        workspace: str,
        name: str,
        topic: str,
        private: bool,
        members: Sequence[Account],
        forum: bool = False,
        place: Place | None = None,
    ) -> Place:
        if place is not None:
            await channels.let_in(self._rest, place, members)
            return place
        return await channels.create(self._client(), self._rest, workspace, name, topic, private, members, forum)

    async def remove_member(self, place: Place, account: Account) -> None:
        await channels.remove_member(self._rest, place, account.user)

    async def archive(self, place: Place) -> None:
        await channels.archive(self._rest, place)

    async def forget(self, account: Account) -> None:
        self._people.forget(account.user)

    async def look_up(self, workspace: str, wanted: Sequence[str]) -> Mapping[str, Sequence[Actor]] | None:
        return await look_up(self._config, workspace, wanted)

    async def reach(self) -> Mapping[str, str]:
        return await check.reach(self._config)

    async def check(self, channels: Mapping[Place, str]) -> Sequence[Finding]:
        return await check.check(self._config, self._clock, self._budget.finding(), channels)


@contextmanager
def _noted(guild: str) -> Iterator[None]:
    """Logs what could not be fetched. It is tried again."""
    try:
        yield
    except PacekeeperError as e:
        log.warning("What was missed in guild %s could not be fetched: %s", guild, reason(e))
    except Exception:
        log_failure(log, "What was missed in guild %s could not be read", guild)


def _parts(delivery: Delivery) -> list[Part]:
    return render(delivery.message, References(delivery.mentions, delivery.links), delivery.files)


def _account(delivery: Delivery) -> Account:
    if delivery.account is None:
        raise TargetGone("A delivery needs a place or an account.")
    return delivery.account
