"""Bolt's listeners. Events are stored before they are acknowledged; everything else goes to `interactions.py`."""

import asyncio
import logging
import re
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.response import BoltResponse

from adapters.shared.background import Background
from adapters.slack.channels import Channels
from adapters.slack.controls import Json
from adapters.slack.events import Reader
from adapters.slack.history import History
from adapters.slack.interactions import Interactions
from bot.core.errors import Unavailable, reason
from bot.core.events import AccountChanged, PlaceFound, PlaceLost
from bot.core.failures import log_failure
from bot.core.incoming import Unreadable, cleaned
from bot.core.ports import Bot

log = logging.getLogger(__name__)

IN_TIME = 2.5
"""Seconds within which an event must be stored to be acknowledged. Slack waits three, then delivers it again."""

GROUPS_CHANGED = frozenset({"subteam_created", "subteam_members_changed", "subteam_updated"})
ANYTHING = re.compile(".*")


class Inbox:
    """Hands events to the bot, in order within each channel."""

    def __init__(
        self,
        bot: Bot,
        reader: Reader,
        channels: Channels,
        groups_changed: Callable[[], None],
        history: History,
        background: Background,
    ) -> None:
        self._history = history
        self._background = background
        self._bot = bot
        self._reader = reader
        self._channels = channels
        self._groups_changed = groups_changed
        self._lanes: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def take(self, event: Json) -> None:
        """Returns once the event is stored. Raises Unavailable if that failed, Unreadable for a malformed event."""
        if event.get("type") in GROUPS_CHANGED:
            self._groups_changed()
            return
        item = event.get("item") or {}
        lane = str(event.get("channel") or (item.get("channel") if isinstance(item, dict) else "") or "")
        async with self._lanes[lane]:
            try:
                found = await self._reader.read(event)
            except (AttributeError, IndexError, KeyError, TypeError, ValueError):
                raise Unreadable("the event has an odd shape") from None
            if event.get("type") == "channel_unarchive" and await self._is_used(lane):
                # Slack may have taken us out when it was archived, and brings no apps back.
                await self._channels.enter(lane)
            for read in found:
                if isinstance(read, PlaceLost) and read.place.channel:
                    await self._history.note_lost(read.place.channel)
                await self._bot.receive(read)
                if isinstance(read, PlaceFound) and read.place.channel:
                    self._background.start(self._history.catch_up([read.place.channel]))
                if isinstance(read, AccountChanged):
                    self._reader.people.told(read.actor.account.user)
        if not self._lanes[lane].locked():
            self._lanes.pop(lane, None)

    async def _is_used(self, channel: str) -> bool:
        return any(w.place.channel == channel for w in await self._bot.watched(self._reader.me.team))


def listen(app: AsyncApp, inbox: Inbox, interactions: Interactions) -> None:
    """Registers the listeners with Bolt. Payloads are cleaned before they are read."""

    @app.middleware
    async def keep(body: Json, next: Callable[[], Awaitable[BoltResponse]]) -> BoltResponse:
        """Runs as middleware: Bolt answers 200 even if a listener fails, and Slack would then never redeliver."""
        try:
            kept = cleaned(dict(body))
        except Unreadable as e:
            log.warning("Refused something from Slack: %s", reason(e))
            return BoltResponse(status=400, body="")
        # In place, because the listeners get the same object.
        body.clear()
        body.update(kept)
        if body.get("type") != "event_callback":
            return await next()
        # `event_time` is the same in a redelivery; the event's own value is more precise and wins.
        event = {"event_time": body.get("event_time"), **(body.get("event") or {})}
        if event.get("type") == "app_home_opened":
            if event.get("tab") in (None, "", "home"):
                await interactions.home(str(event.get("user", "")))
            return BoltResponse(status=200, body="")
        storing = asyncio.create_task(inbox.take(event))
        try:
            async with asyncio.timeout(IN_TIME):
                await asyncio.shield(storing)
        except (TimeoutError, Unavailable) as e:
            log.warning("An event of type %s was not stored, and is not acknowledged: %s", event.get("type"), reason(e))
            storing.add_done_callback(lambda task: task.cancelled() or task.exception())
            return BoltResponse(status=500, body="")
        except Unreadable:
            # A redelivery would be just as unreadable.
            log.warning("Refused an event from Slack: it has an odd shape")
            return BoltResponse(status=400, body="")
        except Exception:
            log_failure(log, "An event of type %s could not be read", event.get("type"))
            return BoltResponse(status=500, body="")
        return BoltResponse(status=200, body="")

    @app.command(ANYTHING)
    async def command(ack: Any, body: Json) -> None:
        await interactions.command(ack, body)

    @app.action(ANYTHING)
    async def press(ack: Any, body: Json) -> None:
        await interactions.press(ack, body)

    @app.view(ANYTHING)
    async def submit(ack: Any, body: Json) -> None:
        await interactions.submit(ack, body)

    @app.shortcut(ANYTHING)
    async def shortcut(ack: Any, body: Json) -> None:
        await interactions.shortcut(ack, body)

    @app.options(ANYTHING)
    async def suggest(ack: Any, body: Json) -> None:
        await interactions.suggest(ack, body)
