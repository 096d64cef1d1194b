"""Bolt's listeners, for interactions: events never reach Bolt, see `inbox.py`."""

import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.response import BoltResponse

from adapters.slack.controls import Json
from adapters.slack.interactions import Interactions
from bot.core.errors import reason
from bot.core.incoming import Unreadable, cleaned

log = logging.getLogger(__name__)

ANYTHING = re.compile(".*")


def listen(app: AsyncApp, interactions: Interactions) -> None:
    """Registers the listeners with Bolt. Payloads are cleaned before they are read."""

    @app.middleware
    async def clean(body: Json, next: Callable[[], Awaitable[BoltResponse]]) -> BoltResponse:
        try:
            kept = cleaned(dict(body))
        except Unreadable as e:
            log.warning("Refused something from Slack: %s", reason(e))
            return BoltResponse(status=400, body="")
        # In place, because the listeners get the same object.
        body.clear()
        body.update(kept)
        return await next()

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
