"""Fetches messages missed while disconnected: https://docs.slack.dev/reference/methods/conversations.history"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from adapters.slack.api import Api, Json
from adapters.slack.emoji import character
from adapters.slack.errors import Refusal, is_final
from adapters.slack.events import Reader, is_direct, moment
from adapters.slack.people import People
from adapters.slack.state import State
from bot.core.errors import DeliveryError, reason
from bot.core.events import MessageDeleted, MessagePosted, ReactionChanged
from bot.core.people import MessageRef, Place
from bot.core.ports import Bot
from bot.core.time import SystemClock

log = logging.getLogger(__name__)

THREADS = timedelta(days=21)
"""How far back threads are checked for missed replies."""

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

    async def catch_up(self) -> None:
        """Fetches messages newer than the newest stored one, channel by channel. A channel that cannot be read does not
        block the others; the next run resumes where it stopped."""
        # Channels first: there may be hundreds of direct conversations.
        for watched in sorted(await self.bot.watched(self.team), key=lambda w: w.place.direct):
            channel = watched.place.channel
            begun = f"missed/{self.team}/{channel}"
            after = self.state.fact(begun) or watched.after or self.state.fact(f"heard/{self.team}")
            if after is None:
                continue  # the bot is new here and does not read earlier messages
            self.state.keep_fact(begun, after)
            try:
                fetched = await self._fetch(channel, after)
            except DeliveryError as e:
                if not isinstance(e, Refusal) or not is_final(e):
                    log.warning("%s will be caught up with later: %s", channel, reason(e))
                    continue
                log.warning("%s could not be read: %s", channel, reason(e))
            else:
                if fetched:
                    log.info("%d messages in %s had been missed", fetched, channel)
            self.state.drop_fact(begun)
        for post in await self.bot.followed(self.team):
            try:
                await self._look_again(post)
            except DeliveryError as e:
                log.info("A post in %s is looked at after the next start: %s", post.channel, reason(e))

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
                actor=await self.people.actor(user),
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


def newer(ts: object, than: str) -> bool:
    """Whether a timestamp is later than another; both have six decimals."""
    return bool(ts) and moment(ts) > moment(than)
