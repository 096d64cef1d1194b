"""A proxy for local-slack: injects faults, adds missing features, and validates every request of ours.

It adds metadata of messages, history from a point in time, user groups, pins and invitations, and can convert a press
into a message shortcut or into a press in a view.
"""

import asyncio
import hashlib
import hmac
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import WSMsgType, web

from tests.slack.local_slack import SECRET
from tests.slack.validator import ack_faults, request_faults, response_faults

Json = dict[str, Any]
Reply = tuple[int, Json, dict[str, str]]

OWN = {
    "conversations.archive",
    "conversations.invite",
    "conversations.join",
    "conversations.kick",
    "conversations.members",
    "conversations.setTopic",
    "pins.add",
    "pins.remove",
    "usergroups.list",
}
BOTH = {"channel_id", "channel"}


@dataclass
class Call:
    method: str
    arguments: Json
    at: float


@dataclass
class Proxy:
    """Tests switch faults on; `faults` are the violations found."""

    upstream: str
    address: str = ""
    calls: list[Call] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    groups: list[Json] = field(default_factory=list)
    pins: list[str] = field(default_factory=list)
    archived: set[str] = field(default_factory=set)
    members: dict[str, set[str]] = field(default_factory=dict)
    """Channel -> invited people; in local-slack everybody is in every channel."""
    refuse: Callable[[str, Json], Reply | str | None] = lambda method, arguments: None
    """Returns a response to give instead of the call; 'cut' closes the connection, 'after' does so after the call."""
    team: str = ""
    """Socket Mode: the workspace in whose name everything comes, as on the connections of an app in several."""
    times: int = 1
    """How often an envelope is delivered."""
    new_ids: bool = False
    """Whether a redelivery has a new event id."""
    rewrite: Callable[[Json], Json] | None = None
    """Rewrites the next interactive payload."""
    beside: Json | None = None
    """Fields of the next message that local-slack does not know, such as files."""
    delay: float = 0.0
    answers: list[Json] = field(default_factory=list)
    """Payloads of our acknowledgements."""
    deliveries: list[tuple[Json, int]] = field(default_factory=list)
    """HTTP: deliveries with the response's status."""
    bot: str = ""
    """HTTP: where the bot listens."""
    silent: bool = False
    """Connections stay open but silent, even to pings."""
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    unacknowledged: Counter[str] = field(default_factory=Counter)
    drops_metadata: bool = False
    """Whether messages are returned without their metadata."""
    metadata: dict[tuple[str, str], Json] = field(default_factory=dict)
    created: set[str] = field(default_factory=set)
    """The names of channels, which local-slack would give twice."""
    session: aiohttp.ClientSession = field(init=False)
    told: int = 0
    """How many events we sent ourselves."""

    def called(self, method: str) -> list[Json]:
        return [c.arguments for c in self.calls if c.method == method]

    # The Web API

    async def api(self, request: web.Request) -> web.StreamResponse:
        method, arguments = request.match_info["method"], await _arguments(request)
        self.calls.append(Call(method, arguments, time.monotonic()))
        self.faults += request_faults(method, request.content_type, request.method, arguments)
        refused = self.refuse(method, arguments)
        if refused == "cut":
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        if isinstance(refused, tuple):
            status, body, headers = refused
            return web.json_response(body, status=status, headers=headers)
        token = request.headers.get("Authorization", "")
        if method == "chat.postMessage" and arguments["channel"] in self.archived:
            data = {"ok": False, "error": "is_archived"}
        elif method == "conversations.create" and arguments["name"] in self.created:
            data = {"ok": False, "error": "name_taken"}
        elif method in OWN:
            data = self._own(method, arguments)
        else:
            data = await self._forward(method, arguments, token)
        data = self._amended(method, arguments, data)
        if refused == "after":
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        body = json.dumps(data).replace(self.upstream, self.address)
        body = body.replace(self.upstream.replace("http", "ws"), self.address.replace("http", "ws"))
        headers = {"x-oauth-scopes": "chat:write,commands"} if method == "auth.test" else {}
        return web.Response(text=body, content_type="application/json", headers=headers)

    async def _forward(self, method: str, arguments: Json, token: str) -> Json:
        if self.session.closed:
            return {"ok": False, "error": "service_unavailable"}
        url = f"{self.upstream}/api/{method}"
        async with self.session.post(url, json=arguments, headers={"Authorization": token}) as response:
            return dict(await response.json())

    def _own(self, method: str, arguments: Json) -> Json:
        if method == "usergroups.list":
            return {"ok": True, "usergroups": self.groups}
        if method == "conversations.members":
            return {"ok": True, "members": sorted(self.members.get(arguments["channel"], ()))}
        if method == "pins.add":
            self.pins.append(arguments["timestamp"])
        elif method == "pins.remove":
            self.pins.remove(arguments["timestamp"])
        elif method == "conversations.invite":
            self.members.setdefault(arguments["channel"], set()).update(arguments["users"].split(","))
        elif method == "conversations.kick":
            inside = self.members.get(arguments["channel"], set())
            if arguments["user"] not in inside:
                return {"ok": False, "error": "not_in_channel"}
            inside.remove(arguments["user"])
        elif method == "conversations.archive":
            if arguments["channel"] in self.archived:
                return {"ok": False, "error": "already_archived"}
            self.archived.add(arguments["channel"])
        return {"ok": True, "channel": {"id": arguments.get("channel")}}

    def _amended(self, method: str, arguments: Json, data: Json) -> Json:
        if method == "conversations.create" and data.get("ok"):
            self.created.add(arguments["name"])
        if method == "chat.postMessage" and data.get("ok") and "metadata" in arguments:
            self.metadata[data["channel"], data["ts"]] = arguments["metadata"]
        if method in ("conversations.history", "conversations.replies") and data.get("ok"):
            data["messages"] = [
                self._kept(arguments, m)
                for m in data["messages"]
                if m.get("subtype") != "ephemeral" and float(m["ts"]) > float(arguments.get("oldest") or 0)
            ]
        return data

    def _kept(self, arguments: Json, message: Json) -> Json:
        mark = self.metadata.get((str(arguments.get("channel")), message["ts"]))
        told = arguments.get("include_all_metadata") and not self.drops_metadata
        return {**message, "metadata": mark} if mark and told else message

    async def response(self, request: web.Request) -> web.StreamResponse:
        payload = await request.json()
        self.calls.append(Call("response_url", payload, time.monotonic()))
        self.faults += response_faults(payload)
        return await self._pass_on(request, json=payload)

    async def pass_on(self, request: web.Request) -> web.StreamResponse:
        return await self._pass_on(request, data=await request.read())

    async def _pass_on(self, request: web.Request, **body: Any) -> web.StreamResponse:
        headers = {
            k: v for k, v in request.headers.items() if k in ("Authorization", "Content-Type") and "data" in body
        }
        url = f"{self.upstream}{request.rel_url}"
        async with self.session.request(request.method, url, headers=headers, **body) as response:
            data = await response.read()
            return web.Response(body=data, status=response.status, content_type=response.content_type)

    # Socket Mode

    async def socket(self, request: web.Request) -> web.StreamResponse:
        client = web.WebSocketResponse(autoping=False)
        await client.prepare(request)
        self.sockets.append(client)
        url = f"{self.upstream.replace('http', 'ws')}{request.rel_url}"
        async with self.session.ws_connect(url) as server:
            await asyncio.wait(
                [asyncio.create_task(self._down(server, client)), asyncio.create_task(self._up(client, server))],
                return_when=asyncio.FIRST_COMPLETED,
            )
        with suppress(Exception):
            await client.close()
        return client

    async def _down(self, server: aiohttp.ClientWebSocketResponse, client: web.WebSocketResponse) -> None:
        async for message in server:
            if self.silent or message.type != WSMsgType.TEXT:
                continue
            envelope = json.loads(message.data.replace(self.upstream, self.address))
            if self.team and "payload" in envelope:
                _come_from(self.team, envelope["payload"])
            if envelope.get("type") == "interactive":
                _as_slack_names_private(envelope["payload"])
            if envelope.get("type") == "interactive" and self.rewrite is not None:
                envelope["payload"], self.rewrite = self.rewrite(envelope["payload"]), None
            event = (envelope.get("payload") or {}).get("event") or {}
            if event.get("type") == "message" and self.beside is not None:
                event |= self.beside
                self.beside = None
            for number in range(self.times if "payload" in envelope else 1):
                if number and self.new_ids and "event_id" in envelope["payload"]:
                    envelope["payload"]["event_id"] += f"X{number}"
                await asyncio.sleep(self.delay)
                self.unacknowledged[envelope.get("envelope_id", "")] += "envelope_id" in envelope
                await client.send_json(envelope)

    async def _up(self, client: web.WebSocketResponse, server: aiohttp.ClientWebSocketResponse) -> None:
        async for message in client:
            if message.type == WSMsgType.PING:
                if not self.silent:
                    await client.pong(message.data)
            elif message.type == WSMsgType.TEXT:
                answer = json.loads(message.data)
                self.unacknowledged[answer.get("envelope_id", "")] -= 1
                if answer.get("payload"):
                    self.answers.append(answer["payload"])
                    self.faults += ack_faults(answer["payload"])
                if not self.silent:
                    await server.send_str(message.data)

    async def tell(self, event: Json) -> None:
        """Sends an event over the newest connection, as Slack does when the bot enters or leaves a channel."""
        self.told += 1
        (*_, socket) = (s for s in self.sockets if not s.closed)
        payload = {"type": "event_callback", "team_id": "T0TEST", "api_app_id": "A0TEST", "event_id": f"Ev{self.told}"}
        envelope = {"type": "events_api", "envelope_id": f"told{self.told}", "accepts_response_payload": False}
        await socket.send_json({**envelope, "payload": {**payload, "event": event, "event_time": 1767607200}})

    async def drop(self) -> None:
        """Drops all connections without closing them properly."""
        for client in self.sockets:
            if client._req is not None and client._req.transport is not None:
                client._req.transport.abort()
        self.sockets.clear()

    # HTTP events

    async def deliver(self, request: web.Request) -> web.StreamResponse:
        """Delivers what local-slack posts to the app's request URL."""
        body = (await request.read()).decode().replace(self.upstream, self.address)
        answer = web.Response()
        for number in range(self.times):
            if number and self.new_ids and body.startswith("{"):
                payload = json.loads(body)
                payload["event_id"] = f"{payload.get('event_id')}X{number}"
                body = json.dumps(payload)
            headers = signed(body, request.content_type)
            if number:
                headers |= {"x-slack-retry-num": str(number), "x-slack-retry-reason": "http_timeout"}
            async with self.session.post(f"{self.bot}/slack/events", data=body, headers=headers) as response:
                text = await response.text()
                self.deliveries.append((json.loads(body) if body.startswith("{") else {}, response.status))
                if text.startswith("{"):
                    self.answers.append(json.loads(text))
                    self.faults += ack_faults(json.loads(text))
                answer = web.Response(text=text, status=response.status, content_type=response.content_type)
        return answer


def _come_from(team: str, payload: Json) -> None:
    if "team" in payload:
        payload["team"]["id"] = team
    if "team_id" in payload:
        payload["team_id"] = team
    for authorization in payload.get("authorizations") or ():
        authorization["team_id"] = team


def _as_slack_names_private(payload: Json) -> None:
    """A press on a private message: Slack says so in the container, and does not send the message itself."""
    message = payload.get("message") or {}
    if message.get("subtype") == "ephemeral":
        del payload["message"]
        payload["container"] |= {"is_ephemeral": True}
        if thread := message.get("thread_ts"):
            payload["container"]["thread_ts"] = thread


def signed(body: str, content_type: str, secret: str = SECRET, at: int | None = None) -> dict[str, str]:
    """The headers of a signed request."""
    stamp = str(int(time.time()) if at is None else at)
    mac = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    return {
        "Content-Type": content_type,
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={mac}",
    }


async def _arguments(request: web.Request) -> Json:
    found: Json = dict(request.query)
    if request.content_type == "application/json":
        found |= await request.json()
    elif request.method == "POST":
        found |= dict(await request.post())
    return found


@asynccontextmanager
async def proxied(upstream: str, port: int = 0) -> AsyncIterator[Proxy]:
    proxy = Proxy(upstream)
    proxy.session = aiohttp.ClientSession()
    app = web.Application(client_max_size=1 << 26)
    app.router.add_route("*", "/api/{method}", proxy.api)
    app.router.add_post("/_hooks/response/{id}", proxy.response)
    app.router.add_post("/slack/events", proxy.deliver)
    app.router.add_get("/socket/{id}", proxy.socket)
    app.router.add_route("*", "/{rest:.*}", proxy.pass_on)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    assert runner.addresses
    proxy.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield proxy
    finally:
        await proxy.drop()
        await proxy.session.close()
        await runner.cleanup()
