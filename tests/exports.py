"""Small handmade exports of both kinds."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

TICK = "white_check_mark"


def slack_message(ts: str, user: str, text: str, below: str | None = None, **more: Any) -> dict[str, Any]:
    found = {"type": "message", "user": user, "text": text, "ts": ts, "team": "T1"}
    return found | ({"thread_ts": below} if below else {}) | more


def slack_zip(file: Path, days: Mapping[str, Any], channels: Any = None, users: Any = None) -> Path:
    """A workspace export; `days`: path in the zip -> its messages, or raw bytes."""
    if channels is None:
        channels = [{"id": "C1", "name": "questions"}, {"id": "C2", "name": "general"}]
    if users is None:
        users = [{"id": "U1", "team_id": "T1", "name": "mia"}, {"id": "B1", "team_id": "T1", "is_bot": True}]
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, what in ({"channels.json": channels, "users.json": users} | dict(days)).items():
            archive.writestr(name, what if isinstance(what, bytes) else json.dumps(what))
    return file


def discord_message(id: str, user: str, text: str, below: str | None = None, **more: Any) -> dict[str, Any]:
    found = {
        "id": id,
        "type": "Reply" if below else "Default",
        "timestamp": f"2024-03-01T10:{int(id) % 60:02}:00.123+00:00",
        "content": text,
        "author": {"id": user, "name": f"n{user}", "nickname": f"Nick {user}", "isBot": False},
        "reactions": [],
        "mentions": [],
    }
    return found | ({"reference": {"messageId": below, "channelId": "200", "guildId": "100"}} if below else {}) | more


def discord_tick(*users: str) -> list[dict[str, Any]]:
    return [{"emoji": {"id": "", "name": "✅"}, "count": len(users), "users": [{"id": u, "name": "x"} for u in users]}]


def discord_json(file: Path, messages: Any, guild: Any = None, channel: Any = None) -> Path:
    document = {
        "guild": {"id": "100", "name": "Course"} if guild is None else guild,
        "channel": {"id": "200", "type": "GuildTextChat", "name": "questions"} if channel is None else channel,
        "messages": messages,
        "messageCount": len(messages),
    }
    file.write_text(json.dumps(document), encoding="utf-8")
    return file
