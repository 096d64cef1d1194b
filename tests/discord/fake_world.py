"""The state of the fake Discord, and people's acts."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

Json = dict[str, Any]

EPOCH = 1_420_070_400_000
EPHEMERAL = 64
VIEW_CHANNEL = 1 << 10
ALL = (1 << 52) - 1 - (1 << 3)
"""Every permission except 'Administrator'."""


def _attached(name: str, type: str) -> list[Json]:
    address = f"https://cdn.example/{name}"
    return [{"id": "1", "filename": name, "content_type": type, "size": 1, "url": address, "proxy_url": address}]


_ELSEWHERE = {"content": "Somebody else's words.", "timestamp": "2026-01-05T08:00:00+00:00", "type": 0}
MEDIA: dict[str, Json] = {
    "voice": {"flags": 8192, "attachments": _attached("voice-message.ogg", "audio/ogg")},
    "image": {"attachments": _attached("screen.png", "image/png")},
    "file": {"attachments": _attached("report.pdf", "application/pdf")},
    "sticker": {"sticker_items": [{"id": "7", "name": "Wave", "format_type": 1}]},
    "poll": {
        "poll": {
            "question": {"text": "Tea?"},
            "answers": [{"answer_id": 1, "poll_media": {"text": "Yes"}}],
            "expiry": "2030-01-01T00:00:00+00:00",
            "allow_multiselect": False,
            "layout_type": 1,
        }
    },
    "forward": {
        "message_reference": {"type": 1, "channel_id": "1", "message_id": "2"},
        "message_snapshots": [
            {"message": {**_ELSEWHERE, "embeds": [], "attachments": [], "mentions": [], "edited_timestamp": None}}
        ],
    },
}
"""The message object of each medium: https://docs.discord.com/developers/resources/message"""


@dataclass
class Fault:
    """Makes the next `times` matching requests fail, after the first `spared` ones; `after`: they take effect
    anyway. Status 0 cuts the line; a text as body is a page that is not Discord's."""

    method: str
    pattern: str
    status: int
    body: Json | str = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    times: int = 1
    after: bool = False
    spared: int = 0


@dataclass
class Session:
    """A resumable session of the gateway."""

    id: str
    intents: int
    shard: tuple[int, int] = (0, 1)
    events: list[Json] = field(default_factory=list)
    socket: web.WebSocketResponse | None = None


class Refusal(Exception):
    def __init__(self, status: int, code: int, message: str = "") -> None:
        super().__init__(message or str(code))
        self.status, self.code = status, code


class World:
    """Servers, channels, messages and people; `requests` are the bot's requests, `wrong` those that Discord would have
    refused."""

    port = 0

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
        self.no_content = self.public = False
        self.population = 40
        self.bad_token = False
        self.late = False
        self.sessions: dict[str, Session] = {}
        self.guild = self.add_guild("Academy")
        self._runner: web.AppRunner | None = None
        self.port = 0

    # State

    def id(self) -> str:
        self._count += 1
        return str(((int(time.time() * 1000) - EPOCH) << 22) + self._count)

    def _user(self, username: str, name: str, bot: bool = False) -> Json:
        id = self.id()
        return {"id": id, "username": username, "discriminator": "0", "global_name": name, "avatar": None, "bot": bot}

    def add_guild(self, name: str) -> Json:
        id = self.id()
        everyone = self._role(id, "@everyone", ALL - (1 << 5))  # all but to manage the server
        guild: Json = {"id": id, "name": name, "owner_id": "1", "roles": [everyone], "channels": [], "members": []}
        guild["features"] = ["COMMUNITY"]
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
        hidden = ("people", "owner", "reacted", "called", "to", "by")
        return {k: v for k, v in thing.items() if k not in hidden}

    # Acts

    def say(self, user: str, channel: str, text: str, reply_to: str | None = None, type: int = 0) -> Json:
        message = self._message(channel, self.members[user]["user"], {"content": text})
        message["type"] = 19 if reply_to else type
        if reply_to:
            message["message_reference"] = {"channel_id": channel, "message_id": reply_to}
            message["referenced_message"] = self._shown(self.messages[channel][reply_to])
        self._deliver("MESSAGE_CREATE", message)
        return message

    def send(self, user: str, channel: str, medium: str, text: str = "") -> Json:
        """Sends a message of another medium than text."""
        message = self._message(channel, self.members[user]["user"], {"content": text})
        message |= MEDIA[medium]
        self._deliver("MESSAGE_CREATE", message)
        return message

    def write(self, user: str, channel: str, **fields: Any) -> Json:
        """Sends a message with these fields of the message object."""
        message = self._message(channel, self.members[user]["user"], {}) | fields
        self.messages[channel][message["id"]] = message
        self._deliver("MESSAGE_CREATE", message)
        return message

    def update(self, channel: str, message: str, **fields: Any) -> None:
        """Discord changes a message that nobody edited: a link's preview, a pin."""
        found = self.messages[channel][message]
        found |= fields
        self._deliver("MESSAGE_UPDATE", found)

    def delete_many(self, channel: str, messages: Sequence[str]) -> None:
        for id in messages:
            del self.messages[channel][id]
        self._emit("MESSAGE_DELETE_BULK", {"ids": list(messages), "channel_id": channel, **self._guild_of(channel)})

    def open_post(self, user: str, forum: str, title: str, text: str, tags: Sequence[str] = ()) -> str:
        """Somebody opens a post in a forum; its first message has the same id. Returns the id."""
        post = self.add_thread(forum, title, user, applied_tags=list(tags))["id"]
        first = self._message(post, self.members[user]["user"], {"content": text}) | {"id": post}
        self.messages[post] = {post: first}
        self._deliver("MESSAGE_CREATE", first)
        return str(post)

    def rename(self, thread: str, title: str) -> None:
        """Somebody gives a thread or a post another title."""
        self.change_thread(thread, name=title)

    def change_thread(self, thread: str, locked: bool | None = None, archived: bool | None = None, **more: Any) -> None:
        """Somebody changes a thread or a post: its name, its tags, or whether it is locked or archived."""
        found = self.channels[thread]
        state = {"locked": locked, "archived": archived}
        found["thread_metadata"] |= {name: value for name, value in state.items() if value is not None}
        found |= more
        self._emit("THREAD_UPDATE", self._shown(found))

    def drop_thread(self, thread: str) -> None:
        """Somebody deletes a thread or a post."""
        found = self.channels.pop(thread)
        self.messages.pop(thread)
        told = {name: found[name] for name in ("id", "guild_id", "parent_id", "type")}
        self._emit("THREAD_DELETE", told)

    def drop_channel(self, channel: str) -> None:
        """Somebody deletes a channel or a forum, with its threads."""
        found = self.channels.pop(channel)
        for thread in [id for id, c in self.channels.items() if c.get("parent_id") == channel]:
            del self.channels[thread]
        self.guild["channels"] = [c for c in self.guild["channels"] if c["id"] != channel]
        self._emit("CHANNEL_DELETE", found)

    def sees(self, channel: str) -> bool:
        """Whether the bot sees a channel, or that of a thread."""
        found = self.channels[channel]
        if "guild_id" not in found:
            return True
        if "thread_metadata" in found:
            return found.get("parent_id") not in self.channels or self.sees(found["parent_id"])
        rules = {str(rule["id"]): rule for rule in found.get("permission_overwrites") or ()}
        if int(rules.get(self.bot["id"], {}).get("allow") or 0) & VIEW_CHANNEL:
            return True
        return not any(int(rule.get("deny") or 0) & VIEW_CHANNEL for rule in rules.values())

    def forbid(self, channel: str, permission: int) -> None:
        """Takes a permission from everybody in a channel."""
        found = self.channels[channel]
        rule = {"id": found["guild_id"], "type": 0, "allow": "0", "deny": str(permission)}
        found["permission_overwrites"] = [rule]
        self._emit("CHANNEL_UPDATE", found)

    def edit(self, channel: str, message: str, text: str) -> None:
        found = self.messages[channel][message]
        found |= {"content": text, "edited_timestamp": now()}
        self._deliver("MESSAGE_UPDATE", found)

    def delete(self, channel: str, message: str) -> None:
        del self.messages[channel][message]
        self._emit("MESSAGE_DELETE", {"id": message, "channel_id": channel, **self._guild_of(channel)})

    def react(self, user: str, channel: str, message: str, emoji: str, on: bool = True) -> None:
        there = self.messages[channel].get(message, {}).setdefault("by", {}).setdefault(emoji, [])
        if on:
            there.append(user)
        else:
            there.remove(user)
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


def json_answer(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    # Without a charset, as Discord sends it.
    return web.Response(
        body=json.dumps(body).encode(), status=status, headers={"Content-Type": "application/json", **(headers or {})}
    )


def now() -> str:
    return datetime.now(UTC).isoformat()
