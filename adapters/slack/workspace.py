"""One workspace: the bot's identity and all parts that work there."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import aiohttp
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from adapters.shared.background import Background
from adapters.slack.answers import Answers
from adapters.slack.api import Api, Json
from adapters.slack.channels import Channels
from adapters.slack.config import SlackWorkspace
from adapters.slack.errors import Refusal
from adapters.slack.events import Reader
from adapters.slack.files import Files
from adapters.slack.history import History
from adapters.slack.inbox import Inbox
from adapters.slack.interactions import Interactions
from adapters.slack.listeners import listen
from adapters.slack.people import MANY, People, group_turn
from adapters.slack.send import Sender
from adapters.slack.socket import Socket
from adapters.slack.sources import BOT_TOKEN
from adapters.slack.state import Identity, State
from adapters.slack.tokens import app_of, bot_token_refused, no_bot_token, of_different_apps, socket_refused
from bot.core.errors import DeliveryError, PacekeeperError, RateLimited, Unavailable, reason
from bot.core.events import AccountChanged, Chat, GroupListed, PlaceFound, PlaceLost
from bot.core.people import Place
from bot.core.ports import Bot
from bot.core.time import SystemClock

log = logging.getLogger(__name__)

OPENING = 15.0
"""Seconds that the start waits for a workspace. A workspace that answers later joins later."""

HELLO = 10.0
"""Seconds that the start then waits for Slack's hello."""

INTRODUCING = 8.0
"""Seconds of them that may go by until the bot knows everybody's profile."""

NO_ANSWER = "Slack has not answered yet, and is asked again."

SOON = (0.2, 2.0, 8.0)
"""Seconds after which people who acted are introduced: what they did may not have been handled yet."""

LONGEST_PAUSE = 300.0
ROUND = 60.0
"""Seconds between two refreshes of bound groups and of the time of the last connection."""

GROUPS_EVERY = timedelta(hours=6)
READ_EVERY = timedelta(hours=1)
"""How soon channels that could not be read are tried again."""

PEOPLE_EVERY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Opened:
    """The parts that work once Slack has confirmed the bot's identity."""

    api: Api
    app: AsyncApp
    people: People
    sender: Sender
    channels: Channels
    interactions: Interactions
    history: History
    inbox: Inbox
    socket: Socket | None

    async def take(self, body: Json) -> None:
        await self.inbox.take(body)


class Workspace:
    """One workspace of the configuration. `find` gives the workspace that a payload on its connection is for."""

    def __init__(
        self, config: SlackWorkspace, state: State, find: "Callable[[Json], Awaitable[Workspace | None]]"
    ) -> None:
        self.config = config
        self._find = find
        self._state = state
        self.identity = state.identity(config.bot_token)
        self._opened: Opened | None = None
        self._bot: Bot | None = None
        self._session: aiohttp.ClientSession | None = None
        self._background = Background()
        self._groups_asked: frozenset[str] = frozenset()
        self._groups_stirred = asyncio.Event()
        self._strangers = asyncio.Event()
        self._mixed = False
        """Whether the two tokens are of different apps."""
        self.problem = NO_ANSWER
        """Why nothing is heard from the workspace, with what to do; '' while it is connected."""

    @property
    def opened(self) -> Opened:
        """Raises Unavailable while the workspace is not connected."""
        if self._opened is None:
            raise Unavailable("Slack has not answered yet.")
        return self._opened

    @property
    def team(self) -> str:
        return self.identity.team if self.identity else ""

    @property
    def connected(self) -> bool:
        return self._opened is not None

    @property
    def hearing(self) -> Opened:
        return self.opened

    @property
    def secret(self) -> str:
        return self.config.signing_secret

    async def follows(self, channel: str) -> bool:
        return self._bot is not None and any(w.place.channel == channel for w in await self._bot.watched(self.team))

    def link(self, channel: str, message: str) -> str | None:
        if self.identity is None or not self.identity.url:
            return None
        return f"{self.identity.url.rstrip('/')}/archives/{channel}/p{message.replace('.', '')}"

    async def start(self, bot: Bot) -> None:
        """Connects. If Slack does not answer in time, it retries while the rest of the bot runs."""
        self._bot = bot
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30, connect=10))
        try:
            async with asyncio.timeout(OPENING):
                await self._open(bot, self._session)
        except (PacekeeperError, TimeoutError) as e:
            self._say(e)
            log.error("A Slack workspace is not connected, and will be tried again: %s", self.problem)
            self._background.start(self._open_later(bot, self._session))
        if self._opened is not None and self._opened.socket is not None and not self._mixed:
            with suppress(TimeoutError):
                async with asyncio.timeout(HELLO):
                    await self._opened.socket.answered.wait()

    def _say(self, error: Exception) -> None:
        """Keeps why the workspace could not be opened."""
        said, fix = bot_token_refused(error.code) if isinstance(error, Refusal) else (reason(error), "")
        self.problem = f"Slack {said}. {fix}" if fix else f"{said}."

    async def stop(self) -> None:
        opened, self._opened = self._opened, None
        if opened is not None:
            if opened.socket is not None:
                await opened.socket.stop()
            await opened.interactions.stop()
        await self._background.stop()
        if self._session is not None:
            await self._session.close()

    async def _open_later(self, bot: Bot, session: aiohttp.ClientSession) -> None:
        pause = 5.0
        while self._opened is None:
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
            try:
                await self._open(bot, session)
            except PacekeeperError as e:
                self._say(e)
                log.warning("A Slack workspace is still not connected: %s", reason(e))

    async def _open(self, bot: Bot, session: aiohttp.ClientSession) -> None:
        config = self.config
        if no_bot_token(config.bot_token):
            raise Unavailable(f"PACEKEEPER_SLACK_BOT_TOKEN is no bot token. {BOT_TOKEN}")
        web = AsyncWebClient(token=config.bot_token, base_url=config.api_url, session=session, retry_handlers=[])
        api = Api(web, self._note_token)
        who = await api.call("auth.test")
        me = self.identity = Identity(
            str(who["team_id"]), str(who.get("url") or ""), str(who.get("user_id") or ""), str(who.get("bot_id") or "")
        )
        self._state.know(config.bot_token, me)
        people = People(api, self._state, me.team, self._strangers.set)
        files = Files(api, session, self._state, me.team)

        sender = Sender(api, files, self._state, me, partial(self._introduce, bot, people))
        reader, channels = Reader(me, people), Channels(api, me.team, me.user)
        answers = Answers(bot, api, people, sender, files, session)
        stirred = self._groups_stirred.set
        interactions = Interactions(bot, me.team, people, answers, files, channels, self._background, stirred)
        app = _bolt(me, config)
        history = History(bot, api, reader, people, self._state, me.team)
        listen(app, interactions)
        inbox = Inbox(bot, reader, channels, stirred, history, interactions, self._background)
        socket = None
        if config.mode == "socket":
            connections = AsyncWebClient(token=config.app_token, base_url=config.api_url, retry_handlers=[])
            greet = partial(self._greet, history)
            socket = Socket(self._heard_by, config.app_token, connections, greet, self._refused)
        with suppress(TimeoutError):
            # Before the first message goes out.
            async with asyncio.timeout(INTRODUCING):
                await self._introduce_all(bot, people)
        self._opened = Opened(api, app, people, sender, channels, interactions, history, inbox, socket)
        # Whoever ran us before may have been removed, and an operator has repaired that.
        self._note_token(False)
        if socket is None:
            self._background.start(self._greet(history))
        elif (other := app_of(config.app_token)) and (own := await self._app_of_bot(api, me)) and own != other:
            # Events would be another app's, and its own bot would miss them.
            self._mixed = True
            self._note_problem(*of_different_apps(own, other))
        else:
            await socket.start()
        self._background.start(self._keep_fresh(bot, self._opened))
        self._background.start(self._meet_strangers(bot, people))

    async def _greet(self, history: History) -> None:
        """Slack delivers events from now on."""
        if self.problem:
            log.info("Slack workspace %s is connected (%s)", self.team, self.config.mode)
        self.problem = ""
        await history.catch_up()

    def _refused(self, code: str) -> None:
        self._note_problem(*socket_refused(code))

    def _note_problem(self, said: str, fix: str) -> None:
        """Logs a problem once, until it is another one."""
        problem = f"{said}. {fix}"
        if problem != self.problem:
            log.error("Nothing is heard from the Slack workspace %s: %s", self.team, problem)
        self.problem = problem

    async def _app_of_bot(self, api: Api, me: Identity) -> str:
        """'' if Slack does not say."""
        try:
            return str(((await api.call("bots.info", bot=me.bot)).get("bot") or {}).get("app_id") or "")
        except DeliveryError as e:
            log.info("Slack does not say which app the bot token is of: %s", reason(e))
            return ""

    async def _heard_by(self, payload: Json) -> Opened | None:
        """What hears for the workspace that a payload is for, which need not be this one."""
        found = await self._find(payload)
        return found.hearing if found is not None else None

    def _note_token(self, is_revoked: bool) -> None:
        """Tells the bot that the whole workspace is lost, or found again."""
        if self._bot is None or self.identity is None:
            return
        now, place = SystemClock().now(), Place(self.identity.team, "")
        if is_revoked:
            event: Chat = PlaceLost(place=place, why="removed", at=now, turn=now.isoformat())
        else:
            event = PlaceFound(place=place, at=now, turn=now.isoformat())
        self._background.start(self._tell(self._bot, event))

    async def _tell(self, bot: Bot, event: Chat) -> None:
        await bot.receive(event)

    async def _keep_fresh(self, bot: Bot, opened: Opened) -> None:
        """Polls groups and profiles for changes that Slack sent no event for."""
        clock = SystemClock()
        groups_at = people_at = None
        read_at = clock.now()
        while True:
            now = clock.now()
            try:
                stirred = self._groups_stirred.is_set()
                self._groups_stirred.clear()
                wanted = frozenset(await bot.groups(self.team))
                due = groups_at is None or now - groups_at > GROUPS_EVERY
                if wanted and (due or stirred or wanted != self._groups_asked):
                    await self._list_groups(bot, opened.people, wanted)
                    self._groups_asked, groups_at = wanted, now
                await self._introduce_all(bot, opened.people)
                if people_at is None or now - people_at > PEOPLE_EVERY:
                    for actor, active in await opened.people.refresh():
                        turn = f"{now.timestamp():.0f}"
                        await bot.receive(AccountChanged(actor=actor, at=now, active=active, turn=turn))
                        opened.people.told(actor.account.user)
                    people_at = now
                if opened.history.unread and now - read_at > READ_EVERY:
                    read_at = now
                    await opened.history.catch_up(frozenset(opened.history.unread))
            except PacekeeperError as e:
                log.warning("What changed in the workspace is looked at later: %s", reason(e))
            if opened.socket is None or opened.socket.alive:
                self._state.keep_fact(f"heard/{self.team}", f"{now.timestamp():.6f}")
            with suppress(TimeoutError):
                async with asyncio.timeout(ROUND):
                    await self._groups_stirred.wait()

    async def _meet_strangers(self, bot: Bot, people: People) -> None:
        """Introduces people soon after they act, once the bot has handled what they did."""
        while True:
            await self._strangers.wait()
            self._strangers.clear()
            for pause in SOON:
                await asyncio.sleep(pause)
                await self._introduce_all(bot, people)

    async def _introduce_all(self, bot: Bot, people: People) -> None:
        """Tells the bot the profiles of all whom it knows without one: from a roster, or because Slack did not answer
        when they acted."""
        strangers = people.strangers(await bot.accounts(self.team))
        try:
            if len(strangers) >= MANY:
                await people.read_all()
            for user in strangers:
                await self._introduce(bot, people, user, patient=True)
        except DeliveryError as e:
            log.warning("Profiles are asked for later: %s", reason(e))

    async def _introduce(self, bot: Bot, people: People, user: str, patient: bool = False) -> bool:
        """Tells the bot a profile that it does not know; True if there was one. Raises RateLimited."""
        try:
            found = await people.stranger(user, patient)
        except RateLimited:
            raise
        except DeliveryError as e:
            log.warning("The profile of %s is asked for later: %s", user, reason(e))
            return False
        if found is None:
            return False
        actor, active = found
        now = SystemClock().now()
        await bot.receive(AccountChanged(actor=actor, at=now, active=active, turn=f"met/{now:%Y-%m-%d}"))
        people.told(user)
        return True

    async def _list_groups(self, bot: Bot, people: People, wanted: frozenset[str]) -> None:
        groups = await people.load_groups()
        for group in sorted(wanted & groups.keys()):
            changed, members = groups[group]
            actors = [await people.actor(user) for user in sorted(members)]
            await bot.receive(
                GroupListed(
                    workspace=self.team,
                    group=group,
                    members=tuple(actors),
                    at=SystemClock().now(),
                    turn=group_turn(changed, members),
                )
            )


def _bolt(me: Identity, config: SlackWorkspace) -> AsyncApp:
    async def authorize(**_: object) -> AuthorizeResult:
        # The identity is known since the start; by default Bolt would fetch it for each kind of request.
        return AuthorizeResult(
            enterprise_id=None, team_id=me.team, bot_token=config.bot_token, bot_id=me.bot, bot_user_id=me.user
        )

    return AsyncApp(
        client=AsyncWebClient(base_url=config.api_url, retry_handlers=[]),
        authorize=authorize,
        signing_secret=config.signing_secret,
        request_verification_enabled=config.mode == "http",
        ignoring_self_events_enabled=False,
    )
