"""The REST API of the fake Discord, without interactions."""

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from tests.discord.fake_gateway import Gateway
from tests.discord.fake_world import Fault, Json, Refusal, json_answer, now
from tests.discord.limits import violations

SEND_MESSAGES = 1 << 11
MANAGE_THREADS = 1 << 34
CREATE_PUBLIC_THREADS = 1 << 35
REQUIRE_TAG = 1 << 4


class Rest(Gateway):
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
            return _failing(request, fault)
        if self.wrong:
            return json_answer({"code": 50035, "message": self.wrong[-1]}, status=400)
        if self.bad_token:
            return json_answer({"code": 0, "message": "401: Unauthorized"}, status=401)
        try:
            answer = await self._answer(method, path, body, files, dict(request.query))
        except Refusal as e:
            return json_answer({"code": e.code, "message": str(e)}, status=e.status)
        if fault is not None:
            return _failing(request, fault)
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
                if fault.spared:
                    fault.spared -= 1
                    continue
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
                lambda g, **k: (
                    {
                        k2: v
                        for k2, v in self.described(self._guild(g)).items()
                        if k2 not in ("channels", "threads", "members")
                    }
                    | ({"approximate_member_count": self.population} if "with_counts" in k["query"] else {})
                ),
            ),
            ("GET", f"/guilds/{n}/channels", lambda g, **k: self._guild(g)["channels"]),
            ("POST", f"/guilds/{n}/channels", self._make_channel),
            ("GET", f"/guilds/{n}/members/search", self._search_members),
            ("GET", f"/guilds/{n}/members/{n}", self._get_member),
            ("GET", f"/guilds/{n}/threads/active", self._active),
            ("GET", f"/channels/{n}", lambda c, **k: self._shown(self._channel(c))),
            ("PATCH", f"/channels/{n}", self._change_channel),
            ("GET", f"/channels/{n}/messages", self._history),
            ("POST", f"/channels/{n}/messages", self._post),
            ("GET", f"/channels/{n}/messages/{n}", lambda c, m, **k: self._as_kept(self._found(c, m))),
            ("PATCH", f"/channels/{n}/messages/{n}", self._patch),
            ("DELETE", f"/channels/{n}/messages/{n}", self._remove),
            ("PUT", f"/channels/{n}/messages/{n}/reactions/([^/]+)/@me", self._put_reaction),
            ("DELETE", f"/channels/{n}/messages/{n}/reactions/([^/]+)/@me", self._put_reaction),
            ("GET", f"/channels/{n}/messages/{n}/reactions/([^/]+)", self._who_reacted),
            ("PUT", f"/channels/{n}/messages/pins/{n}", lambda c, m, **k: self._found(c, m).update(pinned=True)),
            ("DELETE", f"/channels/{n}/messages/pins/{n}", lambda c, m, **k: self._found(c, m).update(pinned=False)),
            ("PUT", f"/channels/{n}/permissions/{n}", self._add_rule),
            ("DELETE", f"/channels/{n}/permissions/{n}", self._forget_rule),
            ("DELETE", f"/channels/{n}/thread-members/{n}", lambda c, u, **k: self._channel(c)["people"].discard(u)),
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
        plain = {"id": self.bot["id"], "name": "Pacekeeper", "icon": None, "description": "", "bot_public": self.public}
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
        if not self.sees(id):
            raise Refusal(403, 50001, "Missing Access")
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

    def _search_members(self, guild: str, query: dict[str, str], **_: Any) -> list[Json]:
        """Members whose user name or nickname begins with the query."""
        begins = query["query"].casefold()
        names = {user: (m["user"]["username"], m.get("nick") or "") for user, m in self.members.items()}
        return [m for user, m in self.members.items() if any(n.casefold().startswith(begins) for n in names[user])]

    def _active(self, guild: str, **_: Any) -> Json:
        threads = [self._shown(t) for t in self._threads(guild) if not t["thread_metadata"]["archived"]]
        return {"threads": [t for t in threads if self.sees(t["id"])], "members": []}

    def _archived(self, channel: str, **_: Any) -> Json:
        self._channel(channel)
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
        return [self._as_kept(m) for m in reversed(found)]

    def _as_kept(self, message: Json) -> Json:
        """A message as it is returned later: without the nonce, with reaction counts."""
        counts = {"me": False, "me_burst": False, "count_details": {"burst": 0, "normal": 1}, "burst_colors": []}
        reactions = [
            {"emoji": {"id": None, "name": emoji}, "count": len(users), **counts}
            for emoji, users in message.get("by", {}).items()
        ]
        return {**{k: v for k, v in self._shown(message).items() if k != "nonce"}, "reactions": reactions}

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
        """Stores a file on the fake CDN."""
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
        if any(int(rule["deny"]) & SEND_MESSAGES for rule in found.get("permission_overwrites", [])):
            raise Refusal(403, 50013, "Missing Permissions")
        return found

    def _add_rule(self, channel: str, id: str, body: Json, **_: Any) -> None:
        rules = self._channel(channel)["permission_overwrites"]
        rules[:] = [*(rule for rule in rules if rule["id"] != id), {**body, "id": id}]

    def _forget_rule(self, channel: str, id: str, **_: Any) -> None:
        rules = self._channel(channel)["permission_overwrites"]
        if not any(rule["id"] == id for rule in rules):
            raise Refusal(404, 10009, "Unknown permission overwrite")
        rules[:] = [rule for rule in rules if rule["id"] != id]

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

    def _who_reacted(self, channel: str, message: str, emoji: str, **_: Any) -> list[Json]:
        mine = self._found(channel, message).get("by", {}).get(emoji, [])
        return [self.members[user]["user"] for user in mine]

    def _make_thread(self, channel: str, message: str, body: Json, **_: Any) -> Json:
        self._found(channel, message)
        if message in self.channels:
            raise Refusal(400, 160004)
        if not self._may(channel, CREATE_PUBLIC_THREADS):
            raise Refusal(403, 50013, "Missing Permissions")
        return self._shown(self.add_thread(channel, body["name"], self.bot["id"], id=message))

    def _make_post(self, channel: str, body: Json, files: list[tuple[str, bytes]], **_: Any) -> Json:
        parent = self._channel(channel)
        if parent["type"] != 15:
            return self._shown(self.add_thread(channel, body["name"], self.bot["id"], type=body["type"]))
        tags = body.get("applied_tags", [])
        self._check_tags(channel, tags)
        thread = self.add_thread(channel, body["name"], self.bot["id"], applied_tags=tags)
        message = self._message(thread["id"], self.bot, body["message"], files)
        self.messages[thread["id"]].pop(message["id"])
        message["id"] = thread["id"]
        self.messages[thread["id"]][thread["id"]] = message
        return {**self._shown(thread), "message": self._shown(message)}

    def _may(self, channel: str, permission: int) -> bool:
        """Whether the bot has a permission in a channel, or in that of a thread."""
        found = self._channel(channel)
        if "thread_metadata" in found:
            return self._may(found["parent_id"], permission)
        guild = self._guild(found["guild_id"])
        denied = any(int(rule["deny"]) & permission for rule in found["permission_overwrites"])
        return bool(int(guild["roles"][0]["permissions"]) & permission) and not denied

    def _check_tags(self, forum: str, tags: list[str], before: list[str] | None = None) -> None:
        """Tags of moderators are for those who manage threads, and a forum may require one."""
        found = self._channel(forum)
        moderated = {t["id"] for t in found["available_tags"] if t["moderated"]}
        if moderated & (set(tags) ^ set(before or ())) and not self._may(forum, MANAGE_THREADS):
            raise Refusal(403, 50013, "Missing Permissions")
        if found["flags"] & REQUIRE_TAG and not tags:
            raise Refusal(400, 40067, "A tag is required to create a forum post in this channel")

    def _make_channel(self, guild: str, body: Json, **_: Any) -> Json:
        if body["type"] == 15 and "COMMUNITY" not in self._guild(guild)["features"]:
            raise Refusal(400, 50024, "Cannot execute action on this channel type")
        channel = self.add_channel(body["name"], body["type"], self._guild(guild), topic=body.get("topic"))
        for tag in body.get("available_tags", []):
            channel["available_tags"].append({"id": self.id(), **tag})
        channel["permission_overwrites"] = _rules(body)
        self._emit("CHANNEL_CREATE", channel)
        return channel

    def _change_channel(self, channel: str, body: Json, **_: Any) -> Json:
        found = self._channel(channel)
        if "applied_tags" in body or "name" in body:
            if found["owner_id"] != self.bot["id"] and not self._may(channel, MANAGE_THREADS):
                raise Refusal(403, 50013, "Missing Permissions")
            if found["thread_metadata"]["archived"]:
                raise Refusal(400, 50083, "Thread is archived")
        if "applied_tags" in body:
            self._check_tags(found["parent_id"], body["applied_tags"], found["applied_tags"])
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
        if "permission_overwrites" in body:
            found["permission_overwrites"] = _rules(body)
        self._emit("THREAD_UPDATE" if "thread_metadata" in found else "CHANNEL_UPDATE", self._shown(found))
        return self._shown(found)

    def _register(self, application: str, body: Any, **_: Any) -> list[Json]:
        self.commands = body
        return [{**c, "id": self.id(), "application_id": application, "version": "1"} for c in body]


def _failing(request: web.Request, fault: Fault) -> web.Response:
    if not fault.status and request.transport is not None:
        request.transport.close()
    if isinstance(fault.body, str):
        return web.Response(text=fault.body, status=fault.status, headers=fault.headers, content_type="text/html")
    return json_answer(fault.body, status=fault.status or 500, headers=fault.headers)


def _rules(body: Json) -> list[Json]:
    return [
        {"id": o["id"], "type": o["type"], "allow": str(o.get("allow", 0)), "deny": str(o.get("deny", 0))}
        for o in body.get("permission_overwrites", [])
    ]
