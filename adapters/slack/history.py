"""Fetches messages missed while disconnected: https://docs.slack.dev/reference/methods/conversations.history"""

import asyncio
import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from adapters.slack.api import Api, Json
from adapters.slack.emoji import character
from adapters.slack.errors import Refusal, is_final
from adapters.slack.events import Reader, is_direct, moment
from adapters.slack.people import People
from adapters.slack.state import State
from bot.core.errors import Blocked, DeliveryError, reason
from bot.core.events import MessageDeleted, MessagePosted, PlaceFound, PlaceLost, ReactionChanged
from bot.core.people import MessageRef, Place
from bot.core.ports import Bot, Watched
from bot.core.time import SystemClock

log = logging.getLogger(__name__)

THREADS = timedelta(days=21)
"""How far back threads are checked for missed replies."""

OUTSIDE = frozenset({"gone/", "removed/"})
"""Causes that are over once a channel can be read: we are in it."""

GONE = frozenset({"thread_not_found", "message_not_found"})


@dataclass(frozen=True, slots=True)
class History:
    """Catches up in one workspace. Events have natural keys, so an event that was already handled changes nothing."""

    bot: Bot
    api: Api
    reader: Reader
    people: People
    state: State
    team: str
    unread: set[str] = field(default_factory=set)
    """The channels that could not be read when they were tried last."""
    running: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def catch_up(self, only: Collection[str] | None = None) -> None:
        """Fetches messages newer than the newest stored one, channel by channel (`only` these). A channel that cannot
        be read does not block the others; the next run resumes where it stopped."""
        async with self.running:
            await self._catch_up(only)

    async def note_lost(self, channel: str) -> None:
        """Keeps where to begin once the channel can be read again."""
        for watched in await self.bot.watched(self.team):
            if watched.place.channel == channel:
                self._begin(watched)

    def _begin(self, watched: Watched) -> str | None:
        """The message to start after. None: the bot is new there and does not read earlier messages."""
        begun = _begun(self.team, watched.place.channel)
        after = self.state.fact(begun) or watched.after or self.state.fact(f"heard/{self.team}")
        if after is not None:
            self.state.keep_fact(begun, after)
        return after

    async def _catch_up(self, only: Collection[str] | None) -> None:
        # Channels first: there may be hundreds of direct conversations.
        for watched in sorted(await self.bot.watched(self.team), key=lambda w: w.place.direct):
            channel = watched.place.channel
            if (only is not None and channel not in only) or (after := self._begin(watched)) is None:
                continue
            try:
                fetched = await self._fetch(channel, after)
            except DeliveryError as e:
                if watched.place.direct and isinstance(e, Refusal) and is_final(e):
                    log.warning("%s could not be read: %s", channel, reason(e))
                    self.state.drop_fact(_begun(self.team, channel))
                    continue
                log.warning("%s will be caught up with later: %s", channel, reason(e))
                self.unread.add(channel)
                if isinstance(e, Blocked):
                    await self._tell_lost(watched, e)
                continue
            if fetched:
                log.info("%d messages in %s had been missed", fetched, channel)
            self.unread.discard(channel)
            self.state.drop_fact(_begun(self.team, channel))
            if watched.lost in OUTSIDE:
                at = SystemClock().now()
                await self.bot.receive(PlaceFound(place=watched.place, at=at, turn=at.isoformat()))
        for post in await self.bot.followed(self.team):
            if post.channel in self.unread or (only is not None and post.channel not in only):
                continue
            try:
                await self._look_again(post)
            except DeliveryError as e:
                log.info("A post in %s is looked at after the next start: %s", post.channel, reason(e))

    async def _tell_lost(self, watched: Watched, error: Blocked) -> None:
        """We were taken out of a channel while we were not connected."""
        if not watched.lost and f"{error.why}/" in OUTSIDE:
            at = SystemClock().now()
            lost = PlaceLost(place=watched.place, why=error.why, guessed=True, at=at, turn=at.isoformat())
            await self.bot.receive(lost)

    async def _look_again(self, post: MessageRef) -> None:
        """Hands over that a post was edited or deleted meanwhile. Slack delivers that again for minutes only."""
        message = await self._message(post)
        if message is None or message.get("subtype") == "tombstone":
            place = Place(self.team, post.channel)
            await self.bot.receive(MessageDeleted(place=place, id=post.id, at=SystemClock().now()))
        elif edit := (message.get("edited") or {}).get("ts"):
            edited = await self.reader.edited(message, post.channel, str(edit))
            if edited is not None:
                await self.bot.receive(edited)

    async def _message(self, post: MessageRef) -> Json | None:
        """A message as it is now; None if it was deleted, of a thread's root perhaps without its tombstone."""
        spot: Json = {"channel": post.channel, "ts": post.id}
        try:
            found = await self.api.call("conversations.replies", patient=True, limit=1, **spot)
        except Refusal as e:
            if e.code in GONE:
                return None
            raise
        return next((m for m in found.get("messages") or () if m.get("ts") == post.id), None)

    async def _fetch(self, channel: str, after: str) -> int:
        since = f"{(moment(after) - THREADS).timestamp():.6f}" if not is_direct(channel) else after
        roots = [m async for m in self.api.pages("conversations.history", "messages", channel=channel, oldest=since)]
        missed: list[Json] = [m for m in roots if newer(m.get("ts"), after)]
        for root in roots:
            if newer(root.get("latest_reply"), after):
                replies = self.api.pages(
                    "conversations.replies", "messages", channel=channel, ts=root["ts"], oldest=after
                )
                missed += [m async for m in replies if m.get("ts") != root["ts"] and newer(m.get("ts"), after)]
        missed.sort(key=lambda m: moment(m["ts"]))
        for message in missed:
            await self._hand_over(message, channel)
        return len(missed)

    async def _hand_over(self, message: Json, channel: str) -> None:
        posted = await self.reader.posted(message, channel)
        if posted is None:
            return
        await self.bot.receive(posted)
        if edit := (message.get("edited") or {}).get("ts"):
            edited = await self.reader.edited(message, channel, str(edit))
            if edited is not None:
                await self.bot.receive(edited)
        for reaction in await self._reactions(message, posted):
            await self.bot.receive(reaction)

    async def _reactions(self, message: Json, posted: MessagePosted) -> Sequence[ReactionChanged]:
        """Every reaction on a newly fetched message is new to us."""
        ref = MessageRef(self.team, channel=posted.place.channel, id=posted.id)
        return [
            ReactionChanged(
                actor=self.people.at_once(user),
                place=posted.place,
                id=ref.id,
                at=posted.at,
                emoji=character(str(reaction.get("name", ""))),
                added=True,
                turn="history",
            )
            for reaction in message.get("reactions") or ()
            for user in reaction.get("users") or ()
        ]


def _begun(team: str, channel: str) -> str:
    """The name of the fact where a catch-up with a channel began."""
    return f"missed/{team}/{channel}"


def newer(ts: object, than: str) -> bool:
    """Whether a timestamp is later than another; both have six decimals."""
    return bool(ts) and moment(ts) > moment(than)
