"""Limits the size of request bodies and the time that they take to arrive."""

import asyncio
import logging

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)

LARGEST = 1_000_000
"""Largest body in bytes. Slack's largest event (an edited message of 40,000 characters, with its blocks before and
after) has about half of that."""

SECONDS = 10.0
"""Seconds that a body may take to arrive."""


class Limit:
    """Reads each body (at most `largest` bytes within `seconds`) before the request is passed on; otherwise answers 413
    or 408. Counts the bytes as they arrive, whatever the headers announce."""

    def __init__(self, app: ASGIApp, largest: int = LARGEST, seconds: float = SECONDS) -> None:
        self._app = app
        self._largest = largest
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            async with asyncio.timeout(self._seconds):
                body = await self._body(scope, receive)
        except _TooLarge:
            await self._refuse(scope, receive, send, 413, f"This is too large: at most {self._largest:,} bytes.")
            return
        except _BadLength:
            await self._refuse(scope, receive, send, 400, "The content-length is no number.")
            return
        except TimeoutError:
            await self._refuse(scope, receive, send, 408, "This took too long to arrive. Please send it again.")
            return
        if body is None:
            return
        waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def replayed() -> Message:
            return waiting.pop() if waiting else await receive()

        await self._app(scope, replayed, send)

    async def _body(self, scope: Scope, receive: Receive) -> bytes | None:
        """The whole body; None if the client has disconnected."""
        for name, value in scope["headers"]:
            if name == b"content-length":
                if not value.isdigit():
                    raise _BadLength
                if len(value) > 12 or int(value) > self._largest:
                    raise _TooLarge
        parts: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            part = message.get("body", b"")
            size += len(part)
            if size > self._largest:
                raise _TooLarge
            if part:
                parts.append(part)
            if not message.get("more_body", False):
                return b"".join(parts)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, status: int, text: str) -> None:
        # The path may hold a sign-in key, so it is not logged.
        log.warning("Refused a request with %d: %s", status, text)
        # Closes the connection, so that the rest of the body is not read.
        await PlainTextResponse(text, status, {"connection": "close"})(scope, receive, send)


class _TooLarge(Exception):
    """The body is too large."""


class _BadLength(Exception):
    """The content-length is not a number."""
