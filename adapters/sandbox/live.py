"""Server-sent events for an open page, each with the number of the change.

A disconnected page resumes from the last number that it has, so nothing is lost over a restart.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from adapters.sandbox.pages import Pages
from adapters.sandbox.platform import Platform
from adapters.sandbox.records import Human
from adapters.sandbox.winding import Winding

GATHER = 0.03
"""Seconds for which changes are collected before they are sent."""

BREATH = 10.0
"""Seconds between keep-alive events, each with the time."""

TICK = 0.25
"""The same while the clock is being wound."""


class Live:
    def __init__(self, platform: Platform, pages: Pages, winding: Winding) -> None:
        self._platform = platform
        self._pages = pages
        self._winding = winding
        self._waiting: set[asyncio.Event] = set()
        self._closing = False
        platform.watchers.append(self._wake)

    def routes(self) -> list[Route]:
        return [Route("/live/{person}/{place}", self._live)]

    async def _live(self, request: Request) -> Response:
        me = self._platform.human(request.path_params["person"])
        given = request.headers.get("last-event-id") or request.query_params.get("after", "")
        after = int(given) if given.isascii() and given.isdigit() else self._platform.latest_change()
        brief = "brief" in request.query_params
        stream = self._stream(me, request.path_params["place"], after, brief)
        return StreamingResponse(stream, media_type="text/event-stream", headers={"cache-control": "no-store"})

    async def _stream(self, me: Human, place: str, after: int, brief: bool = False) -> AsyncIterator[str]:
        """`brief` ends the stream once everything is sent; the browser reconnects after a second."""
        woken = asyncio.Event()
        self._waiting.add(woken)
        shown = ""
        try:
            yield "retry: 1000\n\n"
            while not self._closing:
                woken.clear()
                posts = self._platform.changes(me.id, after)
                for post in posts:
                    after = post.changed
                    if post.place == place:
                        told = {"id": post.id, "thread": post.thread, "html": self._pages.post(post, me)}
                        yield _event("post", told, after)
                if any(p.place != place for p in posts):
                    yield _event("unread", self._platform.unread(me.id), after)
                clock = self._pages.clock(me) | {"going": self._winding.going}
                if clock["local"] != shown or not posts:
                    shown = str(clock["local"])
                    yield _event("clock", clock)
                if brief and not posts:
                    return
                if not posts:
                    try:
                        await asyncio.wait_for(woken.wait(), TICK if self._winding.going else BREATH)
                    except TimeoutError:
                        continue
                await asyncio.sleep(GATHER)
        finally:
            self._waiting.discard(woken)

    def close(self) -> None:
        """Closes every event stream, so that the server can stop; the pages reconnect when it is back."""
        self._closing = True
        self._wake()

    def _wake(self) -> None:
        for event in self._waiting:
            event.set()


def _event(name: str, data: dict[str, Any], id: int | None = None) -> str:
    head = f"id: {id}\n" if id is not None else ""
    return f"{head}event: {name}\ndata: {json.dumps(data)}\n\n"
