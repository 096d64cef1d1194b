"""Finds messages that Slack accepted but whose response was lost.

A mark in the message's metadata identifies it. If Slack returns messages without metadata, it is the one with the same
text that is not older than the attempt and not known to belong to another row.
"""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from adapters.slack.api import Api, Json
from adapters.slack.state import Identity, State, digest
from bot.core.people import MessageRef
from bot.core.time import SystemClock

MARK = "pacekeeper"
"""Event type of our messages' metadata. Everybody in the workspace can read it, so it holds only the row's key."""

LOOK_BACK = timedelta(hours=26)
"""Slightly longer than the outbox retries."""

CLOCKS = timedelta(minutes=2)
"""Allowed difference between our clock and Slack's."""


@dataclass(frozen=True, slots=True)
class Finder:
    """Searches the history of one workspace's conversations."""

    api: Api
    state: State
    me: Identity

    async def look(self, channel: str, thread: str | None, key: str) -> dict[int, str]:
        """The parts of a delivery that were posted there: part -> timestamp. Raises Refusal."""
        oldest = f"{(SystemClock().now() - LOOK_BACK).timestamp():.6f}"
        method = "conversations.replies" if thread else "conversations.history"
        pages = self.api.pages(
            method, "messages", patient=False, channel=channel, ts=thread, oldest=oldest, include_all_metadata="true"
        )
        ours = [m async for m in pages if self._is_ours(m)]
        marks = [(mark, str(m["ts"])) for m in ours if (mark := _mark(m)) is not None]
        if marks:
            return {part: ts for (marked, part), ts in marks if marked == key}
        return self._alike(ours, channel, key)

    def _is_ours(self, message: Json) -> bool:
        by_bot = bool(self.me.bot) and message.get("bot_id") == self.me.bot
        return by_bot or message.get("user") == self.me.user or _mark(message) is not None

    def _alike(self, ours: Sequence[Json], channel: str, key: str) -> dict[int, str]:
        taken = self.state.known(channel)
        found: dict[int, str] = {}
        for tried in self.state.tries(key):
            if tried.channel != channel:
                continue
            since = (tried.at - CLOCKS).timestamp()
            alike = (ts for ts in _reading(ours, tried.print, since) if ts not in taken)
            ts = tried.ref.id if tried.ref else next(alike, None)
            if ts is not None:
                found[tried.part] = ts
                taken.add(ts)
                self.state.sent(key, tried.part, MessageRef(self.me.team, channel, ts))
        return found


def _reading(ours: Sequence[Json], print: str, since: float) -> list[str]:
    """Messages with this fingerprint, oldest first."""
    alike = [str(m["ts"]) for m in ours if fingerprint(str(m.get("text") or "")) == print]
    return sorted((ts for ts in alike if float(ts) >= since), key=float)


def fingerprint(text: str) -> str:
    """Equal for a text that we sent and for the text that Slack returns for it."""
    return digest(" ".join(html.unescape(text).split()).encode())


def _mark(message: Json) -> tuple[str, int] | None:
    """(row key, part number) from the metadata of one of our messages."""
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    if metadata.get("event_type") != MARK:
        return None
    return str(payload.get("key")), int(payload.get("part") or 0)
