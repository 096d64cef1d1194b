"""Text in Slack's markup (mrkdwn), both ways.

Slack has no sign that takes away the meaning of `*`, `_`, `~` and backticks. In what is plain text each gets an
invisible space behind it: no emphasis begins before a space, and copied text reads as it was typed.
https://docs.slack.dev/messaging/formatting-message-text/
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never

from adapters.slack.emoji import character
from bot.core.message import Bold, Channel, Code, Inline, Instant, Italic, Jump, Link, Mention, Text
from bot.core.people import Account
from bot.core.time import Style, say

THIN = "\u200b"
"""A space without width."""

DATES: Mapping[Style, str] = {
    "moment": "{date_long_pretty}, {time}",
    "date": "{date_long_pretty}",
    "time": "{time}",
}
"""What Slack writes for each reader; 'long' is the format with the weekday in it."""


@dataclass(frozen=True, slots=True)
class Reader:
    """What a message's inline parts are resolved with. `zone`: that of the one reader, for where Slack cannot say
    dates; None: there are several readers."""

    zone: str | None = None
    mentions: Mapping[int, Account] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)


def escape(text: str) -> str:
    """The three characters that control everything else; enough wherever Slack reads no markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def literal(text: str) -> str:
    """Plain text that stays the letters that it is."""
    marked = re.sub(r"([*_~`])", rf"\1{THIN}", escape(text))
    return re.sub(r"^(&gt;)", rf"{THIN}\1", marked, flags=re.MULTILINE)


def mrkdwn(text: Text, reader: Reader) -> str:
    return "".join(_inline(part, reader) for part in text)


def when(at: datetime, style: Style, reader: Reader) -> str:
    """An instant that Slack says in each reader's own zone."""
    words = say(at, reader.zone or "UTC", style)
    if style != "date" and reader.zone is None:
        words += " UTC"
    return f"<!date^{int(at.timestamp())}^{DATES[style]}|{escape(words)}>"


def _inline(part: Inline, reader: Reader) -> str:
    match part:
        case str():
            return literal(part)
        case Bold(text):
            return _around("*", text)
        case Italic(text):
            return _around("_", text)
        case Code(text):
            return f"`{escape(text.replace('`', THIN))}`" if text.strip() else ""
        case Link(url, label):
            return _link(url, label or url) if part.safe else literal(label)
        case Mention(person, name):
            account = reader.mentions.get(person)
            return f"<@{account.user}>" if account else literal(f"@{name}")
        case Jump(anchor, label):
            address = reader.links.get(anchor, "")
            return _link(address, label) if address.startswith("https://") else _http(address, label)
        case Channel(place):
            return f"<#{escape(place.channel)}>" if place.channel else ""
        case Instant(at, style):
            return when(at, style, reader)
        case _:
            assert_never(part)


def _http(address: str, label: str) -> str:
    return _link(address, label) if address.startswith("http://") else literal(label)


def _around(mark: str, text: str) -> str:
    """Emphasis line by line, since Slack's ends with the line; spaces stay outside."""
    lines = []
    for line in text.split("\n"):
        inner = line.strip()
        spaced = line.replace(inner, f"{mark}{literal(inner)}{mark}", 1) if inner else line
        lines.append(spaced)
    return "\n".join(lines)


def _link(url: str, label: str) -> str:
    address = escape(url).replace("|", "%7C")
    return f"<{address}|{literal(label).replace('|', '¦')}>"


# What people typed

_MARKED = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")
_NAMED = re.compile(r":([a-z0-9_+'-]+(?:::skin-tone-[2-6])?):")


def typed(text: str, name: Callable[[str], str]) -> str:
    """What a person typed, as they read it: `name` gives a user's by its id."""

    def shown(match: re.Match[str]) -> str:
        what, label = match[1], match[2]
        if what.startswith("@"):
            known = name(what[1:])
            return f"@{label}" if label and known == what[1:] else f"@{known}"
        if what.startswith("#"):
            return f"#{label or what[1:]}"
        if what.startswith("!subteam^"):
            return label or "@group"
        if what.startswith("!date^"):
            return label or ""
        if what.startswith("!"):
            return f"@{what[1:].split('^')[0]}"
        address = what.removeprefix("mailto:").removeprefix("tel:")
        return address if not label or label == address or address.endswith(f"//{label}") else f"{label} ({address})"

    def smiled(match: re.Match[str]) -> str:
        found = character(match[1])
        return match[0] if found.startswith(":") else found

    plain = _NAMED.sub(smiled, _MARKED.sub(shown, text))
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
