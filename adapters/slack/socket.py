"""Socket Mode with a watchdog: https://docs.slack.dev/apis/events-api/using-socket-mode

The SDK reconnects when it notices a lost connection. It misses some cases: after some failures its own tasks have
ended, or an open connection stays silent. The watchdog covers those.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.shared.background import cancel
from adapters.slack.teams import Hearing
from adapters.slack.tokens import code_of, is_lasting
from bot.core.errors import Unavailable, reason
from bot.core.failures import log_failure
from bot.core.incoming import Unreadable, cleaned

log = logging.getLogger(__name__)

PING = 5.0
"""Seconds between our pings."""

DEAF = 4 * PING
"""Seconds without any answer after which a connection is abandoned."""

Find = Callable[[dict[str, Any]], Awaitable[Hearing | None]]
"""What hears for the workspace that a payload is for: see `Teams.find`."""

CONNECTING = 20.0
CLOSING = 3.0
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0


class Socket:
    """A workspace's connection. `connected` is awaited at every hello from Slack; `refused` hears the code with which
    Slack refuses a connection."""

    def __init__(
        self,
        find: Find,
        app_token: str,
        web: AsyncWebClient,
        connected: Callable[[], Awaitable[None]],
        refused: Callable[[str], None],
        watch_every: float = PING,
    ) -> None:
        self._find = find
        self._token = app_token
        self._web = web
        self._connected = connected
        self._refused = refused
        self._watch_every = watch_every
        self._client: SocketModeClient | None = None
        self._watchdog: asyncio.Task[None] | None = None
        self._heard_at = time.monotonic()
        self._greeted: asyncio.Task[None] | None = None
        self._in_hand = 0
        self._stopping = False
        self.reconnects = 0
        self.answered = asyncio.Event()
        """Whether Slack has said hello, or refused the first connection."""

    async def start(self) -> None:
        self._watchdog = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        for task in (self._watchdog, self._greeted):
            await cancel(task)
        self._stopping = True
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSING):
                while self._in_hand:
                    await asyncio.sleep(0.02)
        await self._abandon()

    @property
    def alive(self) -> bool:
        """Whether the connection is open and has received something recently."""
        client = self._client
        if client is None or client.closed or client.current_session is None or client.current_session.closed:
            return False
        workers = (client.message_receiver, client.current_session_monitor, client.message_processor)
        if any(worker is None or worker.done() for worker in workers):
            return False
        return time.monotonic() - self._last_heard(client) < DEAF

    async def _watch(self) -> None:
        """Connects, and reconnects when the connection falls silent."""
        pause = FIRST_PAUSE
        while True:
            if self.alive:
                pause = FIRST_PAUSE
                await asyncio.sleep(self._watch_every)
                continue
            if self._client is not None:
                log.warning("Socket Mode fell silent; reconnecting")
                self.reconnects += 1
            try:
                await self._connect()
            except Exception as e:
                code = code_of(e) if isinstance(e, SlackApiError) else ""
                log.warning("Socket Mode could not connect, next try in %.0f s: %s", pause, code or reason(e))
                if is_lasting(code):
                    self._refused(code)
                self.answered.set()
                await self._abandon()
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def _connect(self) -> None:
        await self._abandon()
        client = self._client = SocketModeClient(self._token, web_client=self._web, ping_interval=PING)
        client.message_listeners.append(self._hear)  # type: ignore[arg-type]
        client.socket_mode_request_listeners.append(self._take)  # type: ignore[arg-type]
        self._heard_at = time.monotonic()
        # The SDK's connect() retries for ever with an address that is valid only once.
        async with asyncio.timeout(CONNECTING):
            # The SDK's own way logs a refusal without Slack's code.
            opened = await self._web.apps_connections_open(app_token=self._token)
            client.wss_uri = str(opened["url"])
            await client.connect()  # type: ignore[no-untyped-call]

    async def _take(self, client: SocketModeClient, request: SocketModeRequest) -> None:
        """Requests that arrive while we stop are not answered; Slack redelivers them."""
        if self._stopping:
            return
        self._in_hand += 1
        try:
            await self._hand_over(client, request)
        finally:
            self._in_hand -= 1

    async def _hand_over(self, client: SocketModeClient, request: SocketModeRequest) -> None:
        try:
            answer = BoltResponse(status=200)
            hearing = await self._find(request.payload) if isinstance(request.payload, dict) else None
            if hearing is not None and request.type == "events_api":
                await hearing.take(cleaned(request.payload))
            elif hearing is not None:
                answer = await run_async_bolt_app(hearing.app, request)
        except Unreadable as e:
            log.warning("Refused something from Slack: %s", reason(e))
        except Unavailable as e:
            log.warning("Something from Slack is not acknowledged: %s", reason(e))
        else:
            await send_async_response(client, request, answer, start_time=0)  # for its debug log only

    async def _abandon(self) -> None:
        client, self._client = self._client, None
        if client is None:
            return
        with suppress(Exception):
            async with asyncio.timeout(CLOSING):
                await client.close()  # type: ignore[no-untyped-call]
        # If Slack does not answer the close, the SDK leaves its tasks running.
        for worker in (client.message_processor, client.message_receiver, client.current_session_monitor):
            if worker is not None:
                worker.cancel()
        with suppress(Exception):
            await client.aiohttp_client_session.close()

    async def _hear(self, client: SocketModeClient, message: dict[str, Any], raw: str | None) -> None:
        self._heard_at = time.monotonic()
        if message.get("type") == "hello":
            self.answered.set()
            if self._greeted is not None:
                self._greeted.cancel()
            self._greeted = asyncio.create_task(self._greet())

    async def _greet(self) -> None:
        try:
            await self._connected()
        except asyncio.CancelledError:
            raise
        except Exception:
            log_failure(log, "Catching up failed; it begins again at the next connection")

    def _last_heard(self, client: SocketModeClient) -> float:
        """When we last received something, on our clock; the SDK records pongs by the machine's clock."""
        pong = client.last_ping_pong_time
        if pong is not None and pong != getattr(self, "_pong", None):
            self._pong = pong
            self._heard_at = time.monotonic()
        return self._heard_at
