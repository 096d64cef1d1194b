"""Maps Discord's failures to the bot's delivery errors."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

import aiohttp
import discord

from bot.core.errors import (
    Blocked,
    DeliveryError,
    Loggable,
    PersonGone,
    PersonShut,
    PlaceGone,
    RateLimited,
    TargetGone,
    Unavailable,
    Unclear,
    Why,
    reason,
)

UNKNOWN_CHANNEL = 10003
UNKNOWN_MEMBER = 10007
UNKNOWN_MESSAGE = 10008
UNKNOWN_OVERWRITE = 10009
UNKNOWN_INTERACTION = 10062
MISSING_ACCESS = 50001
CANNOT_WRITE_TO_USER = 50007
MISSING_PERMISSIONS = 50013
ARCHIVED = 50083
THREAD_EXISTS = 160004
ALREADY_ANSWERED = 40060

Then = Literal["place gone", "person gone", "person shut", "gone", "waits", "paused", "tried again"]
"""What becomes of a message: a post waits for another channel, and what belongs below one is given up ('place gone');
one for a person who is gone ('person gone') or takes none ('person shut') is dropped; it is given up ('gone'), waits
until somebody has changed something ('waits'), waits for some minutes with the rest of its conversation ('paused'), or
is tried again for three days."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one of Discord's error codes means for a message. `said` is in our words, since Discord's may quote what
    people wrote. `needs`: the missing permission in Discord's words. `pause`: how long what is 'paused' waits.
    `why`: see `Blocked`."""

    said: str
    then: Then
    needs: str = ""
    why: Why = ""
    pause: timedelta = timedelta(0)


_MINUTES = timedelta(minutes=10)

MEANINGS: Mapping[int, Meaning] = {
    UNKNOWN_CHANNEL: Meaning("The channel is not there any more", "place gone", why="gone"),
    10004: Meaning("The server is not there any more", "place gone", why="gone"),
    UNKNOWN_MEMBER: Meaning("This person is not in the server any more", "person gone"),
    UNKNOWN_MESSAGE: Meaning("The message is not there any more", "gone", why="gone"),
    UNKNOWN_OVERWRITE: Meaning("Nothing was set for this person in the channel", "gone"),
    10013: Meaning("There is no such person", "person gone"),
    10014: Meaning("There is no such emoji", "gone"),
    10015: Meaning("The webhook is not there any more", "gone"),
    UNKNOWN_INTERACTION: Meaning("The interaction has expired", "gone"),
    20009: Meaning("This person takes no such content", "person shut", why="closed"),
    20016: Meaning("The channel's slow mode", "paused", pause=timedelta(minutes=1)),
    20022: Meaning("The channel limits edits", "paused", pause=_MINUTES),
    20026: Meaning(
        "Discord has quarantined the bot; its owner can appeal in the Developer Portal", "waits", why="quarantined"
    ),
    20028: Meaning("The channel's write limit", "paused", pause=timedelta(minutes=1)),
    20029: Meaning("The server's write limit", "paused", pause=timedelta(minutes=1)),
    30003: Meaning("The channel has no room for another pin", "gone"),
    30010: Meaning("The message has no room for another reaction", "gone"),
    30013: Meaning("The server has no room for another channel", "gone"),
    30033: Meaning("The thread has no room for another member", "gone"),
    30046: Meaning("Discord limits edits of older messages", "paused", pause=_MINUTES),
    40003: Meaning("The bot opens direct conversations too fast", "paused", pause=_MINUTES),
    40004: Meaning("Discord takes no messages at the moment", "paused", pause=_MINUTES),
    40005: Meaning("The message is too large for Discord", "gone"),
    40006: Meaning("Discord has switched this off at the moment", "paused", pause=_MINUTES),
    40007: Meaning("This person is banned from the server", "person gone", why="banned"),
    40058: Meaning("A forum takes posts alone", "tried again"),
    ALREADY_ANSWERED: Meaning("The interaction was answered already", "gone"),
    40062: Meaning("Discord limits this at the moment", "paused", pause=timedelta(minutes=1)),
    40066: Meaning("The forum has no tag that I may set", "waits", why="untagged"),
    40067: Meaning("The forum wants a tag for each post", "waits", why="untagged"),
    40333: Meaning("Cloudflare refuses us", "paused", pause=_MINUTES),
    MISSING_ACCESS: Meaning("The bot may not see this channel", "waits", "View Channel"),
    50005: Meaning("The message is somebody else's", "gone"),
    CANNOT_WRITE_TO_USER: Meaning("This person takes no direct messages from the bot", "person shut", why="closed"),
    50008: Meaning("This channel takes no text", "waits", why="unfit"),
    50009: Meaning("The server asks for more verification than the bot has", "waits", why="unverified"),
    MISSING_PERMISSIONS: Meaning("The bot lacks a permission there", "waits"),
    50021: Meaning("This is one of Discord's own messages", "gone"),
    50024: Meaning("This kind of channel does not take that", "waits", why="unfit"),
    50027: Meaning("The interaction has expired", "gone"),
    ARCHIVED: Meaning("The thread is archived", "gone", why="locked"),
    50278: Meaning("This person shares no server with the bot any more", "person gone"),
    60003: Meaning("The server asks its moderators for two factors", "waits", why="two factors"),
    90001: Meaning("This person has blocked the bot", "person shut", why="blocked"),
    130000: Meaning("Discord has too much to do", "paused", pause=timedelta(minutes=1)),
    160002: Meaning("The bot may not read what was said there", "waits", "Read Message History"),
    THREAD_EXISTS: Meaning("The message has a thread already", "gone"),
    160005: Meaning("The thread is locked", "gone", why="locked"),
    160006: Meaning("The server has no room for another active thread", "waits", why="full"),
    160007: Meaning("The channel has no room for another active announcement thread", "waits", why="full"),
    200000: Meaning("The server's AutoMod does not let the message through", "tried again", why="filtered"),
    200001: Meaning("The server's AutoMod does not let the title through", "tried again", why="filtered"),
    240000: Meaning("Discord's filter of harmful links refuses the message", "tried again", why="filtered"),
}
"""Discord's error codes: https://discord.com/developers/docs/topics/opcodes-and-status-codes#json. A code that is not
here waits if the status is 403, and is tried again otherwise."""

CLOUDFLARE = Meaning("Something between us and Discord refuses us", "paused", pause=_MINUTES)
"""Status 403 without a code: it does not come from Discord itself."""

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


def meaning_of(e: discord.HTTPException) -> Meaning | None:
    """What becomes of a message that Discord refused; None if no rule is known."""
    if e.code in MEANINGS:
        return MEANINGS[e.code]
    if e.status != 403:
        return None
    return Meaning("Not allowed", "waits") if e.code else CLOUDFLARE


def error_of(e: discord.HTTPException, writing: bool) -> DeliveryError:
    if e.status == 429:
        return RateLimited(timedelta(seconds=_pause(e)))
    if e.status >= 500:
        return (Unclear if writing else Unavailable)(f"Discord answered with {e.status}.")
    meaning = meaning_of(e)
    if meaning is None and e.status == 401:
        return Unavailable("Discord does not take our token any more. Make a new one and set it.")
    if meaning is None:
        # Nothing was sent. The outbox retries, and finally reports it to the operator.
        spots = ", ".join(_SPOT.findall(e.text))
        return Unavailable(f"Discord refused {spots or 'it'} (status {e.status}, error {e.code}).")
    said = f"{meaning.said} (Discord's error {e.code})."
    match meaning.then:
        case "place gone":
            return PlaceGone(said)
        case "person gone":
            return PersonGone(said, meaning.why or "left")
        case "person shut":
            return PersonShut(said, meaning.why or "closed")
        case "gone":
            return TargetGone(said, meaning.why)
        case "waits":
            return Blocked(said, meaning.why or "forbidden", meaning.needs)
        case "paused":
            return RateLimited(meaning.pause, said)
        case _:
            return Unavailable(said, meaning.why)


def _pause(e: discord.HTTPException) -> float:
    headers = getattr(e.response, "headers", {})
    for name in ("Retry-After", "X-RateLimit-Reset-After"):
        try:
            return max(0.05, float(headers[name]))
        except (KeyError, ValueError):
            continue
    return PAUSE
