"""Calls Discord's REST API through discord.py's client, with its rate limits and our errors."""

import asyncio
import io
import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import discord
from discord.http import HTTPClient, MultipartParameters

from adapters.discord.failures import delivery_errors

Call = Callable[[HTTPClient], Awaitable[Any]]
"""Calls one of the methods that discord.py has for the API."""

PATIENCE = 20.0
"""Timeout of a call in seconds."""


class Rest:
    """Calls return JSON, or raise one of the bot's delivery errors with Discord's error as the cause."""

    def __init__(self, client: Callable[[], discord.Client]) -> None:
        self._client = client

    async def read(self, call: Call) -> Any:
        return await self._call(call, writing=False)

    async def write(self, call: Call) -> Any:
        return await self._call(call, writing=True)

    async def _call(self, call: Call, writing: bool) -> Any:
        with delivery_errors(writing):
            async with asyncio.timeout(PATIENCE):
                return await call(self._client().http)


def with_files(body: Any, files: Sequence[tuple[str, bytes]]) -> MultipartParameters:
    """A request's body with files, as discord.py takes it."""
    if not files:
        return MultipartParameters(body, None, None)
    sent = [discord.File(io.BytesIO(data), filename=name) for name, data in files]
    form: list[dict[str, Any]] = [{"name": "payload_json", "value": json.dumps(body)}]
    form += [
        {"name": f"files[{n}]", "value": f.fp, "filename": f.filename, "content_type": "application/octet-stream"}
        for n, f in enumerate(sent)
    ]
    return MultipartParameters(None, form, sent)


def code_of(error: BaseException) -> int:
    """Discord's error code, or 0."""
    cause = error if isinstance(error, discord.HTTPException) else error.__cause__
    return cause.code if isinstance(cause, discord.HTTPException) else 0
