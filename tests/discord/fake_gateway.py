"""The gateway of the fake Discord: sessions that begin, break and resume."""

import asyncio
import json

from aiohttp import WSMsgType, web

from tests.discord.fake_world import Json, Session, World, now


class Gateway(World):
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
        lists = "emojis stickers voice_states presences stage_instances guild_scheduled_events"
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
        above = data.get("channel_id") or data.get("parent_id")
        if event.startswith(("MESSAGE_", "THREAD_")) and above in self.channels and not self.sees(above):
            return
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
        """Sends the last event again."""
        for session in self.sessions.values():
            if session.socket is not None and not session.socket.closed:
                await session.socket.send_json(session.events[-1])

    async def cut(self, resume: bool) -> None:
        """Closes the connection; `resume`: the session can be resumed."""
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
