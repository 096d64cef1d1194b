"""Calls Discord's REST API through discord.py's client, with its rate limits and our errors."""

import asyncio
import io
import json as jsonlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import discord
from discord.http import Route

from adapters.discord.failures import delivery_errors

PATIENCE = 20.0
"""Timeout of a call in seconds."""


class Rest:
    """Calls return JSON, or raise one of the bot's delivery errors with Discord's error as the cause."""

    def __init__(self, client: Callable[[], discord.Client]) -> None:
        self._client = client

    async def call(
        self,
        method: str,
        path: str,
        json: Any = None,
        *,
        files: Sequence[tuple[str, bytes]] = (),
        params: Mapping[str, Any] | None = None,
        **ids: str | int,
    ) -> Any:
        """`path` has the names of `ids` in braces; Discord limits rates by channel, guild and webhook."""
        options: dict[str, Any] = {}
        if params:
            options["params"] = dict(params)
        if files:
            options |= _form(json, files)
        elif json is not None:
            options["json"] = json
        with delivery_errors(writing=method != "GET"):
            async with asyncio.timeout(PATIENCE):
                return await self._client().http.request(Route(method, path, metadata=None, **ids), **options)

    async def download(self, url: str) -> bytes:
        """Downloads a submitted file. Its address is itself a secret, so no token is sent."""
        with delivery_errors(writing=False):
            async with asyncio.timeout(PATIENCE):
                return await self._client().http.get_from_cdn(url)


def _form(json: Any, files: Sequence[tuple[str, bytes]]) -> dict[str, Any]:
    sent = [discord.File(io.BytesIO(data), filename=name) for name, data in files]
    form: list[dict[str, Any]] = [{"name": "payload_json", "value": jsonlib.dumps(json)}]
    form += [
        {"name": f"files[{n}]", "value": f.fp, "filename": f.filename, "content_type": "application/octet-stream"}
        for n, f in enumerate(sent)
    ]
    return {"form": form, "files": sent}


def code_of(error: BaseException) -> int:
    """Discord's error code, or 0."""
    cause = error if isinstance(error, discord.HTTPException) else error.__cause__
    return cause.code if isinstance(cause, discord.HTTPException) else 0
