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
from bot.core.events import MessagePosted, ReactionChanged
from bot.core.people import MessageRef
from bot.core.ports import Bot

log = logging.getLogger(__name__)

THREADS = timedelta(days=21)
"""How far back threads are checked for missed replies."""


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
