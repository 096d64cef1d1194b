"""Maps Discord's failures to the bot's delivery errors."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import aiohttp
import discord

from bot.core.errors import DeliveryError, Loggable, RateLimited, TargetGone, Unavailable, Unclear, reason

UNKNOWN_CHANNEL = 10003
UNKNOWN_MEMBER = 10007
UNKNOWN_MESSAGE = 10008
UNKNOWN_OVERWRITE = 10009
UNKNOWN_USER = 10013
UNKNOWN_INTERACTION = 10062
MISSING_ACCESS = 50001
CANNOT_WRITE_TO_USER = 50007
MISSING_PERMISSIONS = 50013
ARCHIVED = 50083
THREAD_EXISTS = 160004
ALREADY_ANSWERED = 40060

SAID = {
    UNKNOWN_CHANNEL: "The channel is not there any more",
    UNKNOWN_MESSAGE: "The message is not there any more",
    UNKNOWN_USER: "There is no such person",
    UNKNOWN_INTERACTION: "The interaction has expired",
    MISSING_ACCESS: "The bot may not see this channel",
    CANNOT_WRITE_TO_USER: "This person takes no direct messages from the bot",
    MISSING_PERMISSIONS: "The bot lacks a permission there",
}
"""Our messages for Discord's codes, because Discord's may quote what people wrote."""

_SPOT = re.compile(r"^In ([\w.]+):", re.MULTILINE)
"""Finds the fields that Discord refused."""

PAUSE = 5.0
"""Seconds to wait if Discord does not say how long."""


class ServerFailed(aiohttp.ClientError, Loggable):
    """Discord failed internally; the call may or may not have taken effect."""

    def __init__(self, status: int) -> None:
        super().__init__(f"Discord answered with {status}.")
        self.status = status


def no_repetition(look: Callable[[aiohttp.ClientResponse], None]) -> aiohttp.TraceConfig:
    """Stops discord.py from repeating calls after server errors, which could post twice. The outbox retries instead.

    `look` is called with every response.
    """

    async def refuse(session: aiohttp.ClientSession, context: object, params: aiohttp.TraceRequestEndParams) -> None:
        look(params.response)
        if params.response.status >= 500:
            raise ServerFailed(params.response.status)

    trace = aiohttp.TraceConfig()
    trace.on_request_end.append(refuse)
    return trace


@contextmanager
def delivery_errors(writing: bool) -> Iterator[None]:
    """Converts discord.py's errors to the bot's. `writing`: after a lost response the outcome is unclear."""
    try:
        yield
    except DeliveryError:
        raise
    except discord.RateLimited as e:
        raise RateLimited(timedelta(seconds=e.retry_after)) from e
    except discord.HTTPException as e:
        raise error_of(e, writing) from e
    except aiohttp.ClientConnectorError as e:
        raise Unavailable(f"Discord could not be reached: {reason(e)}.") from e
    except RuntimeError as e:
        if "closed" not in str(e):
            raise
        raise Unavailable("Discord is not connected.") from e
    except (aiohttp.ClientError, TimeoutError, OSError) as e:
        raise (Unclear if writing else Unavailable)(f"The line to Discord was cut: {reason(e)}.") from e


def error_of(e: discord.HTTPException, writing: bool) -> DeliveryError:
    if e.status == 429:
        return RateLimited(timedelta(seconds=_pause(e)))
    if e.status >= 500:
        return (Unclear if writing else Unavailable)(f"Discord answered with {e.status}.")
    if e.status in (403, 404):
        return TargetGone(f"{SAID.get(e.code, 'Not there, or not allowed')} (Discord's error {e.code}).")
    if e.status == 401:
        return Unavailable("Discord does not take our token any more. Make a new one and set it.")
    # Nothing was sent. The outbox retries, and finally reports it to the operator.
    spots = ", ".join(_SPOT.findall(e.text))
    return Unavailable(f"Discord refused {spots or 'it'} (status {e.status}, error {e.code}).")


def _pause(e: discord.HTTPException) -> float:
    headers = getattr(e.response, "headers", {})
    for name in ("Retry-After", "X-RateLimit-Reset-After"):
        try:
            return max(0.05, float(headers[name]))
        except (KeyError, ValueError):
            continue
    return PAUSE
