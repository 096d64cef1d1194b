"""Events of a workspace: read from memory, stored, and only then acknowledged, over HTTP and Socket Mode alike.

Nothing here waits for Slack, but for a post of an app: profiles are asked for afterwards.
"""

import asyncio
import logging
from collections.abc import Callable

from adapters.shared.background import Background
from adapters.slack.channels import Channels
from adapters.slack.controls import Json
from adapters.slack.events import Reader
from adapters.slack.history import History
from adapters.slack.interactions import Interactions
from bot.core.errors import Unavailable, reason
from bot.core.events import AccountChanged, Chat, PlaceFound, PlaceLost
from bot.core.failures import log_failure
from bot.core.incoming import Unreadable
from bot.core.ports import Bot

log = logging.getLogger(__name__)

IN_TIME = 2.5
"""Seconds within which an event must be stored to be acknowledged. Slack waits three, then delivers it again."""

GROUPS_CHANGED = frozenset({"subteam_created", "subteam_members_changed", "subteam_updated"})


class Inbox:
    """Hands events to the bot, in the order in which they arrive."""

    def __init__(
        self,
        bot: Bot,
        reader: Reader,
        channels: Channels,
        groups_changed: Callable[[], None],
        history: History,
        interactions: Interactions,
        background: Background,
    ) -> None:
        self._bot = bot
        self._reader = reader
        self._channels = channels
        self._groups_changed = groups_changed
        self._history = history
        self._interactions = interactions
        self._background = background

    async def take(self, body: Json) -> None:
        """Returns once the event is stored. Raises Unavailable if it could not be, and is to be delivered again;
        Unreadable if a redelivery would be just as unreadable."""
        # `event_time` is the same in a redelivery; the event's own value is more precise and wins.
        event = {"event_time": body.get("event_time"), **(body.get("event") or {})}
        try:
            async with asyncio.timeout(IN_TIME):
                await self._take(event)
        except (TimeoutError, Unavailable) as e:
            log.warning("An event of type %s was not stored, and is not acknowledged: %s", event.get("type"), reason(e))
            raise Unavailable("It could not be stored.") from e
        except Unreadable:
            raise
        except Exception as e:
            log_failure(log, "An event of type %s could not be read", event.get("type"))
            raise Unavailable("It could not be stored.") from e

    async def _take(self, event: Json) -> None:
        kind = event.get("type")
        if kind in GROUPS_CHANGED:
            self._groups_changed()
        elif kind == "app_home_opened":
            if event.get("tab") in (None, "", "home"):
                await self._interactions.home(str(event.get("user", "")))
        else:
            try:
                found = await self._reader.read(event)
            except (AttributeError, IndexError, KeyError, TypeError, ValueError):
                raise Unreadable("the event has an odd shape") from None
            for read in found:
                await self._store(read, kind == "channel_unarchive")

    async def _store(self, read: Chat, is_unarchived: bool) -> None:
        if isinstance(read, PlaceFound) and is_unarchived and await self._is_used(read.place.channel):
            # Slack may have taken us out when it was archived, and brings no apps back.
            await self._channels.enter(read.place.channel)
        if isinstance(read, PlaceLost) and read.place.channel:
            await self._history.note_lost(read.place.channel)
        await self._bot.receive(read)
        if isinstance(read, PlaceFound) and read.place.channel:
            self._background.start(self._history.catch_up([read.place.channel]))
        if isinstance(read, AccountChanged):
            self._reader.people.told(read.actor.account.user)

    async def _is_used(self, channel: str) -> bool:
        return any(w.place.channel == channel for w in await self._bot.watched(self._reader.me.team))
