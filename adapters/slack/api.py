"""Calls Slack's Web API: paced, never repeated silently, with errors that the bot knows."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import timedelta
from math import inf
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.errors import REVOKED, Refusal, refusal
from adapters.slack.pacing import EVERYWHERE, POST, TIER_2, TIER_3, TIER_4, Pace, Rate
from bot.core.errors import RateLimited, Unavailable, Unclear, reason
from bot.core.incoming import Unreadable, cleaned

log = logging.getLogger(__name__)

_SPOT = re.compile(r"\[json-pointer:([\w/]+)\]")

Json = dict[str, Any]

READS: Mapping[str, Rate] = {
    "bots.info": TIER_3,
    "conversations.history": TIER_3,
    "conversations.info": TIER_3,
    "conversations.list": TIER_2,
    "conversations.members": TIER_4,
    "conversations.replies": TIER_3,
    "files.info": TIER_4,
    "usergroups.list": TIER_2,
    "users.info": TIER_4,
    "users.list": TIER_2,
}
"""Called with GET, with the arguments in the query string."""

FORMS: Mapping[str, Rate] = {"auth.test": EVERYWHERE, "files.getUploadURLExternal": TIER_4}
"""Posted as forms, because they accept no JSON."""

WRITES: Mapping[str, Rate] = {
    "chat.delete": TIER_3,
    "chat.postEphemeral": TIER_4,
    "chat.postMessage": EVERYWHERE,
    "chat.update": TIER_3,
    "conversations.archive": TIER_2,
    "conversations.create": TIER_2,
    "conversations.invite": TIER_3,
    "conversations.join": TIER_3,
    "conversations.kick": TIER_3,
    "conversations.open": TIER_3,
    "conversations.setTopic": TIER_2,
    "files.completeUploadExternal": TIER_4,
    "files.delete": TIER_3,
    "pins.add": TIER_2,
    "pins.remove": TIER_2,
    "reactions.add": TIER_3,
    "reactions.remove": TIER_2,
    "views.open": TIER_4,
    "views.publish": TIER_4,
    "views.update": TIER_4,
}
"""Posted as JSON."""

SHORT = 0.25
"""Longest pause in seconds that a call waits out; after a longer one the outbox tries again."""

IN_LINE = 2.0
"""The same for a message: as long as those before it that are in hand take."""

NO_HINT = 30.0
"""Seconds to wait when Slack limits us without a Retry-After."""


class Api:
    """Calls Slack with a workspace's bot token. `revoked` is called when Slack does not take the token any more
    (True), and when it does again (False)."""

    def __init__(self, client: AsyncWebClient, revoked: Callable[[bool], None], pace: Pace | None = None) -> None:
        self.client = client
        self.pace = pace or Pace()
        self._revoked = revoked
        self._is_revoked = False

    async def call(self, method: str, *, patient: bool = False, urgent: bool = False, **arguments: Any) -> Json:
        """Calls a method; arguments that are None are left out. `patient` waits out every pause. `urgent` skips our own
        pacing, because a person is looking at a spinner.

        Raises a DeliveryError: a Refusal with Slack's own code, or what went wrong on the way.
        """
        given = {name: value for name, value in arguments.items() if value is not None}
        rate = READS.get(method) or FORMS.get(method) or WRITES[method]
        buckets = [(method, rate)]
        if method == "chat.postMessage":
            buckets.append((f"{method} {given['channel']}", POST))
        patience = inf if patient else 0 if urgent else IN_LINE if method == "chat.postMessage" else SHORT
        seconds = self.pace.wait(*buckets, patience=patience)
        while seconds > 0 and not urgent:
            if seconds > patience:
                raise RateLimited(timedelta(seconds=seconds))
            await asyncio.sleep(seconds)
            seconds = self.pace.held(*buckets)
        try:
            response = await self._call(method, given)
        except RateLimited as e:
            self.pace.hold(buckets[-1][0], e.retry_after.total_seconds())
            if patient:
                return await self.call(method, patient=True, **given)
            raise
        except Refusal as e:
            if e.code in REVOKED:
                self._note(True)
            raise
        self._note(False)
        return response

    def _note(self, is_revoked: bool) -> None:
        if is_revoked != self._is_revoked:
            self._is_revoked = is_revoked
            self._revoked(is_revoked)

    async def pages(
        self, method: str, field: str, limit: int = 200, patient: bool = True, **arguments: Any
    ) -> AsyncIterator[Json]:
        """The entries of a paginated list. Waits out every pause (`patient`)."""
        cursor: str | None = None
        while True:
            page = await self.call(method, patient=patient, limit=limit, cursor=cursor, **arguments)
            for entry in page.get(field) or ():
                yield entry
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                return

    async def _call(self, method: str, given: Json) -> Json:
        try:
            if method in READS:
                response = await self.client.api_call(method, http_verb="GET", params=given)
            elif method in FORMS:
                response = await self.client.api_call(method, data=given)
            else:
                response = await self.client.api_call(method, json=given)
            return cleaned(response.data) if isinstance(response.data, dict) else {}
        except Unreadable as e:
            raise Unavailable(f"Slack's answer to {method} cannot be read: {e}.") from e
        except SlackApiError as e:
            raise _told(method, e) from e
        except aiohttp.ClientConnectorError as e:
            raise Unavailable(f"Slack could not be reached: {reason(e)}.") from e
        except (aiohttp.ClientError, TimeoutError, SlackClientError, AttributeError) as e:
            # The SDK raises AttributeError for bodies that are not JSON.
            raise Unclear(f"The line to Slack was cut during {method}: {reason(e)}.") from e


def _told(method: str, error: SlackApiError) -> Exception:
    response = error.response
    status = getattr(response, "status_code", None) or getattr(response, "status", 200)
    data = getattr(response, "data", None)
    code = data.get("error", "") if isinstance(data, dict) else ""
    if status == 429 or code in ("ratelimited", "rate_limited"):
        return RateLimited(timedelta(seconds=_seconds(response.headers.get("Retry-After"))))
    if not code or int(status or 0) >= 500:
        return Unclear(f"Slack answered {method} with status {status} and no word of what it did.")
    needed = data.get("needed", "") if isinstance(data, dict) else ""
    details = (data.get("response_metadata") or {}).get("messages") if isinstance(data, dict) else None
    if details:
        # Slack quotes the refused text, which people wrote, so only its position is logged.
        spots = sorted({spot for detail in details for spot in _SPOT.findall(str(detail))})
        log.warning("Slack did not like %s of %s", ", ".join(spots) or "something", method)
    return refusal(method, code, needed)


def _seconds(header: str | None) -> float:
    try:
        return max(1.0, float(header or NO_HINT))
    except ValueError:
        return NO_HINT
