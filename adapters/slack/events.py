"""Converts Slack's channel events to the core's events: https://docs.slack.dev/reference/events"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from adapters.slack.emoji import character
from adapters.slack.people import People
from adapters.slack.state import Identity, digest
from adapters.slack.text import Json, written
from bot.core.events import (
    AccountChanged,
    Chat,
    Medium,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    PlaceFound,
    PlaceLost,
    PlaceMoved,
    ReactionChanged,
)
from bot.core.people import Place
from bot.core.time import SystemClock

SAID = frozenset({None, "", "file_share", "thread_broadcast", "me_message"})
"""Subtypes of messages that people wrote; the others are Slack's own notices."""

_NAMED = re.compile(r"<@([A-Z0-9]{1,20})(?:\|[^<>]*)?>")
_WELCOMED = re.compile(r"\W*(?:hi|hello|hey|dear|welcome|thanks?|thank you|congrat\w*)\b[^<\n]{0,20}<@", re.IGNORECASE)

LOST: dict[str, Literal["gone", "archived", "removed", "forbidden"]] = {
    "channel_archive": "archived",
    "group_archive": "archived",
    "channel_deleted": "gone",
    "group_deleted": "gone",
    "channel_left": "removed",
    "group_left": "removed",
    "app_uninstalled": "removed",
    "tokens_revoked": "removed",
}


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads events of one workspace. Skips events that no human caused or that no feature needs."""

    me: Identity
    people: People

    async def read(self, event: Json) -> Sequence[Chat]:
        match event.get("type"):
            case "message":
                return await self._message(event)
            case "reaction_added" | "reaction_removed":
                return await self._reaction(event)
            case "user_change":
                return self._account(event)
            case "channel_unarchive" | "group_unarchive":
                return [self._found(event)]
            case "channel_id_changed":
                old, new = str(event["old_channel_id"]), str(event["new_channel_id"])
                at = moment(event.get("event_ts"))
                return [PlaceMoved(place=Place(self.me.team, old), to=Place(self.me.team, new), at=at)]
            case "member_joined_channel" if event.get("user") == self.me.user:
                return [self._found(event)]
            case "member_left_channel" if event.get("user") == self.me.user:
                return [self._lost(event, "removed")]
            case str(kind) if kind in LOST:
                if kind == "tokens_revoked" and self.me.user not in ((event.get("tokens") or {}).get("bot") or ()):
                    return []
                return [self._lost(event, LOST[kind])]
            case _:
                return []

    async def posted(self, message: Json, channel: str) -> MessagePosted | None:
        """Reads a message from an event or from the history; None if no human wrote it."""
        user, ts = await author(message, self.me, self.people), message.get("ts")
        if user is None or not ts:
            return None
        return MessagePosted(
            actor=self.people.at_once(user),
            place=self.place(channel, message),
            id=str(ts),
            at=moment(ts),
            text=written(message, self.people.name),
            medium=medium(message),
        )

    async def edited(self, message: Json, channel: str, revision: str) -> MessageEdited | None:
        posted = await self.posted(message, channel)
        if posted is None:
            return None
        return MessageEdited(
            actor=posted.actor,
            place=posted.place,
            id=posted.id,
            at=moment(revision) if "." in revision else SystemClock().now(),
            text=posted.text,
            medium=posted.medium,
            revision=revision,
        )

    def place(self, channel: str, message: Json) -> Place:
        thread, ts = message.get("thread_ts"), message.get("ts")
        return Place(self.me.team, channel, str(thread) if thread and thread != ts else None, is_direct(channel))

    async def _message(self, event: Json) -> Sequence[Chat]:
        channel = str(event.get("channel", ""))
        match event.get("subtype"):
            case "message_changed":
                return await self._changed(event, channel)
            case "message_deleted":
                before = {"ts": event.get("deleted_ts"), **(event.get("previous_message") or {})}
                return await self._deleted(before, channel, event)
            case _:
                posted = await self.posted(event, channel)
                return [posted] if posted else []

    async def _changed(self, event: Json, channel: str) -> Sequence[Chat]:
        now, before = event.get("message") or {}, event.get("previous_message") or {}
        if now.get("subtype") == "tombstone":
            # The root of a thread was deleted: Slack leaves a tombstone.
            return await self._deleted({**before, "ts": now.get("ts")}, channel, event)
        if before and written(now, self.people.name) == written(before, self.people.name):
            return []  # a link preview was added, or the thread got a reply
        edit = (now.get("edited") or {}).get("ts") or event.get("event_ts") or event.get("ts")
        # Without any edit time, a hash of the text distinguishes edits.
        edit = edit or digest(written(now, self.people.name).encode())
        edited = await self.edited(now, channel, str(edit))
        return [edited] if edited else []

    async def _deleted(self, before: Json, channel: str, event: Json) -> Sequence[Chat]:
        """Slack does not always say whose message it was."""
        if is_ours(before, self.me) or (before.get("user") and await author(before, self.me, self.people) is None):
            return []
        at = event.get("event_ts") or event.get("ts") or before["ts"]
        return [MessageDeleted(place=self.place(channel, before), id=str(before["ts"]), at=moment(at))]

    async def _reaction(self, event: Json) -> Sequence[Chat]:
        item, user = event.get("item") or {}, event.get("user")
        if item.get("type") != "message" or not user or user == self.me.user:
            return []
        channel, turn = (
            str(item["channel"]),
            str(event.get("event_ts") or event.get("ts") or event.get("event_time") or ""),
        )
        return [
            ReactionChanged(
                actor=self.people.at_once(user),
                place=Place(self.me.team, channel, direct=is_direct(channel)),
                id=str(item["ts"]),
                at=moment(turn or item["ts"]),
                emoji=character(str(event.get("reaction", ""))),
                added=event["type"] == "reaction_added",
                turn=turn,
            )
        ]

    def _account(self, event: Json) -> Sequence[Chat]:
        member = event.get("user") or {}
        changed = self.people.changed(member)
        if changed is None:
            return []
        turn = str(event.get("event_ts") or member.get("updated") or event.get("cache_ts") or "")
        at = moment(turn)
        return [AccountChanged(actor=changed[0], at=at, active=changed[1], turn=turn)]

    def _lost(self, event: Json, why: Literal["gone", "archived", "removed", "forbidden"]) -> PlaceLost:
        turn = str(event.get("event_ts") or "")
        return PlaceLost(
            place=Place(self.me.team, str(event.get("channel") or "")), why=why, at=moment(turn), turn=turn
        )

    def _found(self, event: Json) -> PlaceFound:
        turn = str(event.get("event_ts") or "")
        return PlaceFound(place=Place(self.me.team, str(event.get("channel") or "")), at=moment(turn), turn=turn)


def is_ours(message: Json, me: Identity) -> bool:
    return message.get("user") == me.user or (bool(me.bot) and message.get("bot_id") == me.bot)


async def author(message: Json, me: Identity, people: People) -> str | None:
    """Who wrote a message, also through an app; None for the bot itself, other programs and Slack's own notices. What a
    workflow posts is by the one person whom it names, unless it speaks to them."""
    user, subtype, text = message.get("user"), message.get("subtype"), str(message.get("text") or "")
    if is_ours(message, me):
        return None
    if subtype == "bot_message" and not user and _is_workflow(message):
        named = set(_NAMED.findall(text))
        user = named.pop() if len(named) == 1 and not _WELCOMED.match(text) else None
    elif subtype not in SAID:
        return None
    if not user or user == "USLACKBOT" or (message.get("bot_id") and not await people.is_person(str(user))):
        return None
    return str(user)


def _is_workflow(message: Json) -> bool:
    return bool(message.get("workflow_id") or (message.get("bot_profile") or {}).get("is_workflow_bot"))


def medium(message: Json) -> Medium:
    """The message's medium: https://docs.slack.dev/reference/objects/file-object. Slack has no stickers or polls of its
    own."""
    if any(a.get("is_share") for a in message.get("attachments") or ()):
        return "forward"
    files = message.get("files") or ()
    if any(f.get("subtype") == "slack_audio" or _type(f) == "audio" for f in files):
        return "voice"
    if files:
        return "image" if all(_type(f) == "image" for f in files) else "file"
    return "text"


def _type(file: Json) -> str:
    return str(file.get("mimetype") or "").partition("/")[0]


def is_direct(channel: str) -> bool:
    """Slack's ids of direct conversations begin with D."""
    return channel.startswith("D")


def moment(ts: object) -> datetime:
    """The instant of a timestamp such as 1767607200.000100."""
    try:
        return datetime.fromtimestamp(float(str(ts)), UTC)
    except (ValueError, OverflowError):
        return datetime.fromtimestamp(0, UTC)
