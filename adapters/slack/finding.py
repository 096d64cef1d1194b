"""What was lost: a message of ours that Slack took, and whose answer never came.

The mark in its metadata says which it is. Where messages come back without their metadata, it is the one that reads the
same, is not older than the try, and is not known to be another row's.
"""

import html
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from adapters.slack.api import Api
from adapters.slack.state import Identity, State, digest
from bot.core.time import SystemClock

Json = dict[str, Any]

MARK = "pacekeeper"
"""The type of our messages' metadata. Everybody in the workspace can read that: it holds the row's key and no more."""

LOOK_BACK = timedelta(hours=26)
"""As long as the outbox tries, and a little more."""

CLOCKS = 120.0
"""Seconds that our clock and Slack's may be apart."""


class Finder:
    """Reads a conversation of one workspace back."""

    def __init__(self, api: Api, state: State, me: Identity) -> None:
        self._api = api
        self._state = state
        self._me = me

    async def look(self, channel: str, thread: str | None, key: str) -> dict[int, str]:
        """The parts of a delivery that stand there, with their timestamps. Raises Refusal."""
        oldest = f"{(SystemClock().now() - LOOK_BACK).timestamp():.6f}"
        method = "conversations.replies" if thread else "conversations.history"
        pages = self._api.pages(
            method, "messages", patient=False, channel=channel, ts=thread, oldest=oldest, include_all_metadata="true"
        )
        ours = [m async for m in pages if self._is_ours(m)]
        marks = [(mark, str(m["ts"])) for m in ours if (mark := _mark(m)) is not None]
        if marks:
            return {part: ts for (marked, part), ts in marks if marked == key}
        return self._alike(ours, channel, key)

    def _is_ours(self, message: Json) -> bool:
        by_bot = bool(self._me.bot) and message.get("bot_id") == self._me.bot
        return by_bot or message.get("user") == self._me.user or _mark(message) is not None

    def _alike(self, ours: Sequence[Json], channel: str, key: str) -> dict[int, str]:
        taken = self._state.posts_in(channel)
        found: dict[int, str] = {}
        for part, print, at, known in self._state.begun_posts(key, channel):
            ts = known or next((ts for ts in _reading(ours, print, at - CLOCKS) if ts not in taken), None)
            if ts is not None:
                found[part] = ts
                taken.add(ts)
                self._state.end_post(key, part, ts)
        return found


def _reading(ours: Sequence[Json], print: str, since: float) -> list[str]:
    """The messages that read like this, oldest first."""
    alike = [str(m["ts"]) for m in ours if fingerprint(str(m.get("text") or "")) == print]
    return sorted((ts for ts in alike if float(ts) >= since), key=float)


def fingerprint(text: str) -> str:
    """The same for a text that we sent and for what comes back of it."""
    return digest(" ".join(html.unescape(text).split()).encode())


def _mark(message: Json) -> tuple[str, int] | None:
    """(a row's key, the number of the part) that a message of ours carries."""
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    if metadata.get("event_type") != MARK:
        return None
    return str(payload.get("key")), int(payload.get("part") or 0)
