"""A small Discord of our own: REST and gateway on loopback, one server with people in it. It refuses what the real one
would refuse (`limits.py`), answers a repeated nonce with the first message, and can be told to fail."""

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import WSMsgType, web

from tests.discord.limits import violations

Json = dict[str, Any]

EPOCH = 1_420_070_400_000
EPHEMERAL = 64
ALL = (1 << 52) - 1 - (1 << 3)
"""Every permission but the administrator's, to whom nothing is forbidden."""


@dataclass
class Fault:
    """The next `times` requests that match fail; `after`: what they ask for is done all the same."""

    method: str
    pattern: str
    status: int
    body: Json = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    times: int = 1
    after: bool = False


@dataclass
class Session:
    """A session of the gateway, as it can be resumed."""

    id: str
    intents: int
    shard: tuple[int, int] = (0, 1)
    events: list[Json] = field(default_factory=list)
    socket: web.WebSocketResponse | None = None


class Refusal(Exception):
    def __init__(self, status: int, code: int, message: str = "") -> None:
        super().__init__(message or str(code))
        self.status, self.code = status, code


class FakeDiscord:
    def __init__(self) -> None:
        self._count = 0
        self.requests: list[tuple[str, str, Any]] = []
        self.wrong: list[str] = []
        self.faults: list[Fault] = []
        self.bot = self._user("pacekeeper", "Pacekeeper", bot=True)
        self.guilds: list[Json] = []
        self.channels: dict[str, Json] = {}
        self.messages: dict[str, dict[str, Json]] = {}
        self.members: dict[str, Json] = {}
        self.nonces: dict[str, Json] = {}
        self.commands: list[Json] = []
        self.whispered: dict[str, list[Json]] = {}
        self.modals: dict[str, tuple[Json, Json]] = {}
        self.completions: list[list[Json]] = []
        self.interactions: dict[str, Json] = {}
        self.files: dict[str, bytes] = {}
        self.closed: set[str] = set()
        self.identifies: list[Json] = []
        self.no_content = False
        self.bad_token = False
        self.late = False
        self.sessions: dict[str, Session] = {}
        self.guild = self.add_guild("Academy")
        self._runner: web.AppRunner | None = None
        self.port = 0

    # Running

    async def start(self, port: int = 0) -> None:
        app = web.Application(client_max_size=2**26)
        app.router.add_get("/gateway", self._gateway)
        app.router.add_get("/file/{name}", self._file)
        app.router.add_route("*", "/api/v10/{tail:.*}", self._rest)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]

    async def stop(self) -> None:
        await self.cut(resume=True)
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/v10"

    @property
    def gateway(self) -> str:
        return f"ws://127.0.0.1:{self.port}/gateway"

    # What there is

    def id(self) -> str:
        self._count += 1
        return str(((int(time.time() * 1000) - EPOCH) << 22) + self._count)

    def _user(self, username: str, name: str, bot: bool = False) -> Json:
        id = self.id()
        return {"id": id, "username": username, "discriminator": "0", "global_name": name, "avatar": None, "bot": bot}

    def add_guild(self, name: str) -> Json:
        id = self.id()
        everyone = self._role(id, "@everyone", ALL)
        guild: Json = {"id": id, "name": name, "owner_id": "1", "roles": [everyone], "channels": [], "members": []}
        self.guilds.append(guild)
        return guild

    def _role(self, id: str, name: str, permissions: int) -> Json:
        plain = {"color": 0, "hoist": False, "managed": False, "mentionable": False, "position": 0, "flags": 0}
        return {"id": id, "name": name, "permissions": str(permissions), **plain, "icon": None}

    def add_role(self, name: str, permissions: int = 0) -> str:
        role = self._role(self.id(), name, permissions)
        self.guild["roles"].append(role)
        return str(role["id"])

    def add_person(self, username: str, name: str, roles: tuple[str, ...] = ()) -> Json:
        user = self._user(username, name)
        self.members[user["id"]] = self._member(user, roles)
        return user

    def _member(self, user: Json, roles: tuple[str, ...] = ()) -> Json:
        plain = {"nick": None, "avatar": None, "deaf": False, "mute": False, "flags": 0, "pending": False}
        return {"user": user, "roles": list(roles), "joined_at": "2026-01-01T00:00:00+00:00", **plain}

    def add_channel(self, name: str, type: int = 0, guild: Json | None = None, **more: Any) -> Json:
        home = guild or self.guild
        plain = {
            "position": 0,
            "permission_overwrites": [],
            "nsfw": False,
            "parent_id": None,
            "flags": 0,
            "topic": None,
        }
        channel = {
            "id": self.id(),
            "type": type,
            "guild_id": home["id"],
            "name": name,
            "last_message_id": None,
            **plain,
        }
        if type == 15:
            channel["available_tags"] = []
        channel |= more
        home["channels"].append(channel)
        self.channels[channel["id"]] = channel
        self.messages[channel["id"]] = {}
        return channel

    def add_thread(
        self, parent: str, name: str, owner: str, id: str | None = None, type: int = 11, **more: Any
    ) -> Json:
        meta = {"archived": False, "auto_archive_duration": 10080, "locked": False, "archive_timestamp": now()}
        plain = {"message_count": 0, "member_count": 1, "rate_limit_per_user": 0, "flags": 0, "total_message_sent": 0}
        thread = {
            "id": id or self.id(),
            "type": type,
            "guild_id": self.channels[parent]["guild_id"],
            "parent_id": parent,
        }
        thread |= {"owner_id": owner, "name": name, "last_message_id": None, "applied_tags": [], **plain}
        thread |= {"thread_metadata": meta, "people": set(), **more}
        self.channels[thread["id"]] = thread
        self.messages.setdefault(thread["id"], {})
        self._emit("THREAD_CREATE", self._shown(thread))
        return thread

    def conversation(self, user: str) -> Json:
        """The direct conversation of the bot with a person."""
        found = next((c for c in self.channels.values() if c["type"] == 1 and c["owner"] == user), None)
        if found is None:
            person = self.members[user]["user"]
            found = {
                "id": self.id(),
                "type": 1,
                "owner": user,
                "recipients": [person],
                "last_message_id": None,
                "flags": 0,
            }
            self.channels[found["id"]] = found
            self.messages[found["id"]] = {}
        return found

    def _shown(self, thing: Json) -> Json:
        hidden = ("people", "owner", "reacted", "called", "to")
        return {k: v for k, v in thing.items() if k not in hidden}

    # What people do

    def say(self, user: str, channel: str, text: str, reply_to: str | None = None, type: int = 0) -> Json:
        message = self._message(channel, self.members[user]["user"], {"content": text})
        message["type"] = 19 if reply_to else type
        if reply_to:
            message["message_reference"] = {"channel_id": channel, "message_id": reply_to}
            message["referenced_message"] = self._shown(self.messages[channel][reply_to])
        self._deliver("MESSAGE_CREATE", message)
        return message

    def edit(self, channel: str, message: str, text: str) -> None:
        found = self.messages[channel][message]
        found |= {"content": text, "edited_timestamp": now()}
        self._deliver("MESSAGE_UPDATE", found)

    def delete(self, channel: str, message: str) -> None:
        del self.messages[channel][message]
        self._emit("MESSAGE_DELETE", {"id": message, "channel_id": channel, **self._guild_of(channel)})

    def react(self, user: str, channel: str, message: str, emoji: str, on: bool = True) -> None:
        body: Json = {"user_id": user, "channel_id": channel, "message_id": message}
        body |= {"emoji": {"id": None, "name": emoji}, "burst": False, "type": 0, **self._guild_of(channel)}
        if on and "guild_id" in body:
            body["member"] = self.members[user]
        self._emit("MESSAGE_REACTION_ADD" if on else "MESSAGE_REACTION_REMOVE", body)

    def interact(self, user: str, channel: str, type: int, data: Json, message: Json | None = None) -> Json:
        """Sends an interaction to the bot."""
        where = self.channels[channel]
        own: Json = {"id": self.id(), "application_id": self.bot["id"], "type": type, "data": data, "version": 1}
        own |= {
            "channel_id": channel,
            "channel": self._shown(where),
            "token": f"token-{self._count}",
            "locale": "en-US",
        }
        own |= {"app_permissions": str(ALL), "entitlements": [], "authorizing_integration_owners": {}, "context": 1}
        own["attachment_size_limit"] = 10_000_000
        if where["type"] == 1:
            own["user"] = self.members[user]["user"]
        else:
            own |= {"guild_id": where["guild_id"], "guild_locale": "en-US", "context": 0}
            own["member"] = {**self.members[user], "permissions": str(self._permissions(user))}
        if message is not None:
            own["message"] = self._shown(message)
        self.interactions[own["token"]] = {**own, "by": user, "answered": False}
        self._emit("INTERACTION_CREATE", own)
        return own

    def _permissions(self, user: str) -> int:
        mine = set(self.members[user]["roles"])
        found = 0
        for role in self.guild["roles"][1:]:
            found |= int(role["permissions"]) if role["id"] in mine else 0
        return found

    # The gateway

    async def _gateway(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 41_250}, "s": None, "t": None})
        async for raw in socket:
            if raw.type is not WSMsgType.TEXT:
                break
            said = json.loads(raw.data)
            if said["op"] == 1:
                await socket.send_json({"op": 11, "d": None, "s": None, "t": None})
            elif said["op"] == 2:
                await self._identified(socket, said["d"])
            elif said["op"] == 6:
                await self._resumed(socket, said["d"])
        return socket

    async def _identified(self, socket: web.WebSocketResponse, d: Json) -> None:
        self.identifies.append(d)
        if self.bad_token:
            await socket.close(code=4004)
            return
        if self.no_content and d["intents"] & (1 << 15):
            await socket.close(code=4014)
            return
        session = Session(f"s{len(self.identifies)}", d["intents"], tuple(d.get("shard") or (0, 1)), socket=socket)
        self.sessions[session.id] = session
        mine = [g for g in self.guilds if self._is_for(session, g["id"])]
        guilds = [{"id": g["id"], "unavailable": True} for g in mine]
        ready = {
            "v": 10,
            "user": self.bot,
            "guilds": guilds,
            "session_id": session.id,
            "resume_gateway_url": self.gateway,
        }
        application = {"id": self.bot["id"], "flags": 1 << 19}
        await self._send(session, "READY", {**ready, "application": application, "shard": list(session.shard)})
        for guild in mine:
            await self._send(session, "GUILD_CREATE", self.described(guild))

    def _is_for(self, session: Session, guild: str | None) -> bool:
        number, of = session.shard
        return (int(guild) >> 22) % of == number if guild else number == 0

    def described(self, guild: Json) -> Json:
        threads = [self._shown(c) for c in self._threads(guild["id"]) if not c["thread_metadata"]["archived"]]
        lists = "emojis stickers features voice_states presences stage_instances guild_scheduled_events"
        numbers = (
            "verification_level default_message_notifications explicit_content_filter mfa_level nsfw_level "
            "premium_tier system_channel_flags afk_timeout premium_subscription_count"
        )
        return {
            **guild,
            "members": [self._member(self.bot)],
            "member_count": len(self.members) + 1,
            "threads": threads,
            "unavailable": False,
            "large": False,
            "joined_at": now(),
            "preferred_locale": "en-US",
            "soundboard_sounds": [],
            **{name: [] for name in lists.split()},
            **dict.fromkeys(numbers, 0),
            **dict.fromkeys(("icon", "afk_channel_id", "system_channel_id", "description", "banner")),
        }

    async def _resumed(self, socket: web.WebSocketResponse, d: Json) -> None:
        session = self.sessions.get(d["session_id"] or "")
        if session is None:
            await socket.send_json({"op": 9, "d": False, "s": None, "t": None})
            return
        session.socket = socket
        for event in session.events:
            if event["s"] > (d["seq"] or 0):
                await socket.send_json(event)
        await self._send(session, "RESUMED", {})

    def _emit(self, event: str, data: Json) -> None:
        guild = data.get("guild_id") or (data["id"] if event.startswith("GUILD_") else None)
        for session in self.sessions.values():
            if not self._is_for(session, guild):
                continue
            body = {"op": 0, "t": event, "d": json.loads(json.dumps(data)), "s": len(session.events) + 1}
            session.events.append(body)
            if session.socket is not None and not session.socket.closed:
                asyncio.get_running_loop().create_task(session.socket.send_json(body))

    async def _send(self, session: Session, event: str, data: Json) -> None:
        body = {"op": 0, "t": event, "d": data, "s": len(session.events) + 1}
        session.events.append(body)
        assert session.socket is not None
        await session.socket.send_json(body)

    async def repeat(self) -> None:
        """The gateway says its last event once more."""
        for session in self.sessions.values():
            if session.socket is not None and not session.socket.closed:
                await session.socket.send_json(session.events[-1])

    async def cut(self, resume: bool) -> None:
        """The line breaks; `resume`: the session can be taken up again."""
        open_ones = [s for s in self.sessions.values() if s.socket is not None]
        if not resume:
            self.sessions.clear()
        for session in open_ones:
            socket, session.socket = session.socket, None
            if socket is not None:
                await socket.close(code=4000 if resume else 4009)

    def _deliver(self, event: str, message: Json) -> None:
        extra = {} if self.channels[message["channel_id"]]["type"] == 1 else self._guild_of(message["channel_id"])
        member = self.members.get(message["author"]["id"])
        if extra and member:
            extra["member"] = {k: v for k, v in member.items() if k != "user"}
        self._emit(event, {**self._shown(message), **extra})

    def _guild_of(self, channel: str) -> Json:
        guild = self.channels[channel].get("guild_id")
        return {"guild_id": guild} if guild else {}

    # REST

    async def _file(self, request: web.Request) -> web.Response:
        return web.Response(body=self.files[request.match_info["name"]])

    async def _rest(self, request: web.Request) -> web.Response:
        method, path = request.method, "/" + request.match_info["tail"]
        body, files = await self._body(request)
        self.requests.append((method, path, body))
        self.wrong += [f"{method} {path}: {w}" for w in violations(method, path, body)]
        fault = self._fault(method, path)
        if fault is not None and not fault.after:
            return json_answer(fault.body, status=fault.status, headers=fault.headers)
        if self.wrong:
            return json_answer({"code": 50035, "message": self.wrong[-1]}, status=400)
        if self.bad_token:
            return json_answer({"code": 0, "message": "401: Unauthorized"}, status=401)
        try:
            answer = await self._answer(method, path, body, files, dict(request.query))
        except Refusal as e:
            return json_answer({"code": e.code, "message": str(e)}, status=e.status)
        if fault is not None:
            return json_answer(fault.body, status=fault.status, headers=fault.headers)
        return web.Response(status=204) if answer is None else json_answer(answer)

    async def _body(self, request: web.Request) -> tuple[Any, list[tuple[str, bytes]]]:
        if not request.content_type.startswith("multipart/"):
            return (await request.json() if request.can_read_body else None), []
        form = await request.post()
        files = [(f.filename, f.file.read()) for k, f in form.items() if isinstance(f, web.FileField)]
        return json.loads(str(form["payload_json"])), files

    def _fault(self, method: str, path: str) -> Fault | None:
        for fault in self.faults:
            if fault.method in (method, "*") and re.fullmatch(fault.pattern, path) and fault.times > 0:
                fault.times -= 1
                return fault
        return None

    async def _answer(
        self, method: str, path: str, body: Any, files: list[tuple[str, bytes]], query: dict[str, str]
    ) -> Any:
        for verb, pattern, act in self._routes():
            found = re.fullmatch(pattern, path) if verb == method else None
            if found:
                answer = act(*found.groups(), body=body, files=files, query=query)
                return await answer if isinstance(answer, Awaitable) else answer
        raise Refusal(404, 0, f"{method} {path}")

    def _routes(self) -> list[tuple[str, str, Callable[..., Any]]]:
        n = r"(\d+)"
        return [
            ("GET", "/users/@me", lambda **k: self.bot),
            ("GET", "/oauth2/applications/@me", lambda **k: self._application()),
            ("GET", "/gateway", lambda **k: {"url": self.gateway}),
            ("GET", "/gateway/bot", lambda **k: self._bot_gateway()),
            (
                "GET",
                "/users/@me/guilds",
                lambda **k: [
                    {**g, "icon": None, "owner": False, "features": [], "permissions": "0"}
                    for g in self.guilds
                    if not int(k["query"].get("after", 0))
                ],
            ),
            (
                "GET",
                f"/guilds/{n}",
                lambda g, **k: {
                    k2: v
                    for k2, v in self.described(self._guild(g)).items()
                    if k2 not in ("channels", "threads", "members")
                },
            ),
            ("GET", f"/guilds/{n}/channels", lambda g, **k: self._guild(g)["channels"]),
            ("POST", f"/guilds/{n}/channels", self._make_channel),
            ("GET", f"/guilds/{n}/members/{n}", self._get_member),
            ("GET", f"/guilds/{n}/threads/active", self._active),
            ("GET", f"/channels/{n}", lambda c, **k: self._shown(self._channel(c))),
            ("PATCH", f"/channels/{n}", self._change_channel),
            ("GET", f"/channels/{n}/messages", self._history),
            ("POST", f"/channels/{n}/messages", self._post),
            ("PATCH", f"/channels/{n}/messages/{n}", self._patch),
            ("DELETE", f"/channels/{n}/messages/{n}", self._remove),
            ("PUT", f"/channels/{n}/messages/{n}/reactions/([^/]+)/@me", self._put_reaction),
            ("DELETE", f"/channels/{n}/messages/{n}/reactions/([^/]+)/@me", self._put_reaction),
            ("PUT", f"/channels/{n}/messages/pins/{n}", lambda c, m, **k: self._found(c, m).update(pinned=True)),
            ("DELETE", f"/channels/{n}/messages/pins/{n}", lambda c, m, **k: self._found(c, m).update(pinned=False)),
            ("POST", f"/channels/{n}/messages/{n}/threads", self._make_thread),
            ("POST", f"/channels/{n}/threads", self._make_post),
            ("PUT", f"/channels/{n}/thread-members/{n}", lambda c, u, **k: self._channel(c)["people"].add(u)),
            ("GET", f"/channels/{n}/threads/archived/public", self._archived),
            ("POST", "/users/@me/channels", lambda **k: self._shown(self.conversation(k["body"]["recipient_id"]))),
            ("PUT", f"/applications/{n}/commands", self._register),
            ("POST", f"/interactions/{n}/([^/]+)/callback", self._call_back),
            ("POST", f"/webhooks/{n}/([^/]+)", self._follow_up),
            ("PATCH", f"/webhooks/{n}/([^/]+)/messages/@original", self._change_original),
            ("DELETE", f"/webhooks/{n}/([^/]+)/messages/@original", self._drop_original),
        ]

    def _application(self) -> Json:
        flags = 0 if self.no_content else 1 << 19
        plain = {"id": self.bot["id"], "name": "Pacekeeper", "icon": None, "description": "", "bot_public": False}
        return {
            **plain,
            "bot_require_code_grant": False,
            "verify_key": "",
            "flags": flags,
            "summary": "",
            "owner": self.bot,
        }

    def _bot_gateway(self) -> Json:
        limit = {"total": 1000, "remaining": 990, "reset_after": 1000, "max_concurrency": 1}
        return {"url": self.gateway, "shards": 1, "session_start_limit": limit}

    def _guild(self, id: str) -> Json:
        found = next((g for g in self.guilds if g["id"] == id), None)
        if found is None:
            raise Refusal(404, 10004)
        return found

    def _channel(self, id: str) -> Json:
        if id not in self.channels:
            raise Refusal(404, 10003)
        return self.channels[id]

    def _found(self, channel: str, message: str) -> Json:
        self._channel(channel)
        if message not in self.messages[channel]:
            raise Refusal(404, 10008)
        return self.messages[channel][message]

    def _threads(self, guild: str) -> list[Json]:
        return [c for c in self.channels.values() if c["type"] in (10, 11, 12) and c["guild_id"] == guild]

    def _get_member(self, guild: str, user: str, **_: Any) -> Json:
        if user == self.bot["id"]:
            return self._member(self.bot)
        if user not in self.members or guild != self.guild["id"]:
            raise Refusal(404, 10007)
        return self.members[user]

    def _active(self, guild: str, **_: Any) -> Json:
        threads = [self._shown(t) for t in self._threads(guild) if not t["thread_metadata"]["archived"]]
        return {"threads": threads, "members": []}

    def _archived(self, channel: str, **_: Any) -> Json:
        mine = [t for t in self.channels.values() if t.get("parent_id") == channel and "thread_metadata" in t]
        return {
            "threads": [self._shown(t) for t in mine if t["thread_metadata"]["archived"]],
            "members": [],
            "has_more": False,
        }

    def _history(self, channel: str, query: dict[str, str], **_: Any) -> list[Json]:
        self._channel(channel)
        found = sorted(self.messages[channel].values(), key=lambda m: int(m["id"]))
        if "before" in query:
            found = [m for m in found if int(m["id"]) < int(query["before"])][-int(query["limit"]) :]
        if "after" in query:
            found = [m for m in found if int(m["id"]) > int(query["after"])][: int(query["limit"])]
        return [{k: v for k, v in self._shown(m).items() if k != "nonce"} for m in reversed(found)]

    def _message(self, channel: str, author: Json, body: Json, files: list[tuple[str, bytes]] | None = None) -> Json:
        plain = {"tts": False, "mention_everyone": False, "mentions": [], "mention_roles": [], "embeds": [], "type": 0}
        message: Json = {"id": self.id(), "channel_id": channel, "author": author, "content": "", "timestamp": now()}
        message |= {"edited_timestamp": None, "pinned": False, "components": [], "attachments": [], **plain}
        message |= {"reacted": set(), "called": self._called(body), "flags": 0}
        message |= {k: body[k] for k in ("content", "components", "flags", "nonce") if k in body}
        message["content"] = message["content"].strip()
        message["attachments"] = [self.keep(name, data) for name, data in files or []]
        self.messages[channel][message["id"]] = message
        self.channels[channel]["last_message_id"] = message["id"]
        return message

    def keep(self, name: str, data: bytes) -> Json:
        """A file on Discord's own storage."""
        id = self.id()
        self.files[id] = data
        url = f"http://127.0.0.1:{self.port}/file/{id}"
        return {"id": id, "filename": name, "size": len(data), "url": url, "proxy_url": url}

    def _called(self, body: Json) -> list[str]:
        allowed = body.get("allowed_mentions") or {"parse": ["everyone", "users", "roles"]}
        text = body.get("content", "")
        named = re.findall(r"<@!?(\d+)>", text)
        called = [u for u in named if u in allowed.get("users", []) or "users" in allowed.get("parse", [])]
        if "everyone" in allowed.get("parse", []) and re.search("@(everyone|here)", text):
            called.append("everyone")
        return called

    def _writable(self, channel: str) -> Json:
        found = self._channel(channel)
        if found["type"] == 1 and found["owner"] in self.closed:
            raise Refusal(403, 50007, "Cannot send messages to this user")
        if found["type"] == 15:
            raise Refusal(400, 50008)
        if found.get("thread_metadata", {}).get("locked"):
            raise Refusal(403, 50083, "Thread is archived")
        return found

    def _post(self, channel: str, body: Json, files: list[tuple[str, bytes]], **_: Any) -> Json:
        found = self._writable(channel)
        if body.get("enforce_nonce") and (known := self.nonces.get(f"{channel}/{body['nonce']}")):
            return self._shown(known)
        message = self._message(channel, self.bot, body, files)
        self.nonces[f"{channel}/{body.get('nonce')}"] = message
        if "thread_metadata" in found:
            found["thread_metadata"]["archived"] = False
        self._deliver("MESSAGE_CREATE", message)
        return self._shown(message)

    def _patch(self, channel: str, message: str, body: Json, files: list[tuple[str, bytes]], **_: Any) -> Json:
        found = self._found(channel, message)
        if self._channel(channel).get("thread_metadata", {}).get("archived"):
            raise Refusal(400, 50083, "Thread is archived")
        if found["author"]["id"] != self.bot["id"]:
            raise Refusal(403, 50005)
        found |= {k: body[k] for k in ("content", "components") if k in body}
        found["edited_timestamp"] = now()
        found["attachments"] = [self.keep(name, data) for name, data in files]
        self._deliver("MESSAGE_UPDATE", found)
        return self._shown(found)

    def _remove(self, channel: str, message: str, **_: Any) -> None:
        self._found(channel, message)
        self.delete(channel, message)

    def _put_reaction(self, channel: str, message: str, emoji: str, **_: Any) -> None:
        found = self._found(channel, message)
        if self._channel(channel).get("thread_metadata", {}).get("archived"):
            raise Refusal(400, 50083, "Thread is archived")
        method = self.requests[-1][0]
        (found["reacted"].add if method == "PUT" else found["reacted"].discard)(emoji)

    def _make_thread(self, channel: str, message: str, body: Json, **_: Any) -> Json:
        self._found(channel, message)
        if message in self.channels:
            raise Refusal(400, 160004)
        return self._shown(self.add_thread(channel, body["name"], self.bot["id"], id=message))

    def _make_post(self, channel: str, body: Json, files: list[tuple[str, bytes]], **_: Any) -> Json:
        parent = self._channel(channel)
        if parent["type"] != 15:
            return self._shown(self.add_thread(channel, body["name"], self.bot["id"], type=body["type"]))
        thread = self.add_thread(channel, body["name"], self.bot["id"], applied_tags=body.get("applied_tags", []))
        message = self._message(thread["id"], self.bot, body["message"], files)
        self.messages[thread["id"]].pop(message["id"])
        message["id"] = thread["id"]
        self.messages[thread["id"]][thread["id"]] = message
        return {**self._shown(thread), "message": self._shown(message)}

    def _make_channel(self, guild: str, body: Json, **_: Any) -> Json:
        channel = self.add_channel(body["name"], body["type"], self._guild(guild), topic=body.get("topic"))
        channel["permission_overwrites"] = [
            {"id": o["id"], "type": o["type"], "allow": str(o.get("allow", 0)), "deny": str(o.get("deny", 0))}
            for o in body.get("permission_overwrites", [])
        ]
        self._emit("CHANNEL_CREATE", channel)
        return channel

    def _change_channel(self, channel: str, body: Json, **_: Any) -> Json:
        found = self._channel(channel)
        if "archived" in body:
            if found["thread_metadata"]["locked"]:
                raise Refusal(403, 50013)
            found["thread_metadata"]["archived"] = body["archived"]
        for tag in body.get("available_tags", []):
            tag.setdefault("id", self.id())
            tag.setdefault("moderated", False)
            tag.setdefault("emoji_id", None)
            tag.setdefault("emoji_name", None)
        found |= {k: v for k, v in body.items() if k != "archived"}
        self._emit("THREAD_UPDATE" if "thread_metadata" in found else "CHANNEL_UPDATE", self._shown(found))
        return self._shown(found)

    def _register(self, application: str, body: Any, **_: Any) -> list[Json]:
        self.commands = body
        return [{**c, "id": self.id(), "application_id": application, "version": "1"} for c in body]

    # Interactions

    def _call_back(self, id: str, token: str, body: Json, files: list[tuple[str, bytes]], **_: Any) -> None:
        found = self.interactions.get(token)
        if found is None or found["id"] != id or self.late:
            raise Refusal(404, 10062, "Unknown interaction")
        if found["answered"]:
            raise Refusal(400, 40060)
        found |= {"answered": True, "kind": body["type"]}
        if body["type"] == 9 and found["type"] == 5:
            raise Refusal(400, 50035, "no modal in answer to a modal")
        if body["type"] == 4:
            self._show(found, body["data"], files)
        elif body["type"] == 9:
            self.modals[found["by"]] = (found, body["data"])
        elif body["type"] == 8:
            self.completions.append(body["data"]["choices"])

    def _show(self, interaction: Json, data: Json, files: list[tuple[str, bytes]]) -> Json:
        channel = interaction["channel_id"]
        message = self._message(channel, self.bot, data, files)
        self.messages[channel].pop(message["id"])
        message |= {"to": interaction["by"], "flags": EPHEMERAL}
        self.whispered.setdefault(channel, []).append(message)
        interaction.setdefault("original", message)
        return self._shown(message)

    def _follow_up(self, application: str, token: str, body: Json, files: list[tuple[str, bytes]], **_: Any) -> Json:
        return self._show(self._open(token), body, files)

    def _change_original(
        self, application: str, token: str, body: Json, files: list[tuple[str, bytes]], **_: Any
    ) -> Json:
        found = self._open(token)
        if found["kind"] != 5 or "original" in found:
            raise Refusal(404, 10008)
        return self._show(found, {**body, "flags": EPHEMERAL}, files)

    def _drop_original(self, application: str, token: str, **_: Any) -> None:
        self._open(token)

    def _open(self, token: str) -> Json:
        found = self.interactions.get(token)
        if found is None or not found["answered"]:
            raise Refusal(404, 10015)
        return found


def json_answer(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    # As Discord says it, without a charset.
    return web.Response(
        body=json.dumps(body).encode(), status=status, headers={"Content-Type": "application/json", **(headers or {})}
    )


def now() -> str:
    return datetime.now(UTC).isoformat()
