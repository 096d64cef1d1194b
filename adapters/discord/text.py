"""Renders text as Discord's markdown; what people typed stays literal.

A backslash escapes a character and is neither shown nor copied, so people can copy what was typed unchanged. This also
works for mentions, custom emoji, times and commands (`\\<@1>` shows '<@1>'); only `allowed_mentions` decides whom a
message notifies. `discord.utils.escape_markdown` does not escape mentions, emoji and times.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import assert_never

from bot.core.message import Bold, Channel, Code, Inline, Instant, Italic, Jump, Link, Mention, Text
from bot.core.people import Account
from bot.core.time import Style
from bot.core.typed import visible

GAP = "\u200b"
"""A zero-width space, which separates two runs of our own asterisks."""

_STYLES: Mapping[Style, str] = {"moment": "F", "date": "D", "time": "t"}

_SIGNS = re.compile(
    r"[\\`*_~|<@\[]"  # formatting, code, spoilers, mentions, masked links
    r"|:(?=//|[^\s:]+:)"  # addresses and names of emoji
    r"|(?<!\S)(?:#(?=#{0,2}(?:\s|\Z))|-(?=\s|#|\Z)|>(?=\s|>>|\Z))"  # what formats a line that begins with it
    r"|(?<=discord)\.(?=gg/)|(?<=dsc)\.(?=gg/)|(?<=discord)\.(?=com/invite)|(?<=discordapp)\.(?=com/invite)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?<!\S)(\d{1,20})\.(?=\s|\Z)")

LONG = 900
"""Longest text that gets emphasis or code formatting: even with every character escaped it fits into one message."""


@dataclass(frozen=True, slots=True)
class References:
    """The accounts that a message mentions, and the addresses behind its links to messages."""

    mentions: Mapping[int, Account] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)


def escape(typed: str) -> str:
    """Escapes typed text, so that it mentions nobody, formats nothing and links nowhere."""
    return _NUMBERED.sub(r"\1\\.", _SIGNS.sub(r"\\\g<0>", visible(typed)))


def atoms(text: Text, meant: References) -> list[str]:
    """The text as markdown, in pieces between which a message may be split."""
    found: list[str] = []
    for part in text:
        pieces = _pieces(part, meant)
        if found and pieces and found[-1][-1:] == "*" and pieces[0][:1] == "*":
            found.append(GAP)  # two runs of asterisks would be read as one
        found += pieces
    return found


def markdown(text: Text, meant: References) -> str:
    return "".join(atoms(text, meant))


def bold(text: str) -> str:
    return _marked("**", text)


def _pieces(part: Inline, meant: References) -> list[str]:
    match part:
        case str():
            return _tokens(escape(part))
        case Bold(text):
            return [_marked("**", text)] if len(text) <= LONG else _tokens(escape(text))
        case Italic(text):
            return [_marked("*", text)] if len(text) <= LONG else _tokens(escape(text))
        case Code("/cohort"):
            return ["`/cohort home`"]  # on Discord a command group is not a command
        case Code(text):
            return [_code(visible(text))] if len(text) <= LONG else _tokens(escape(text))
        case Link(url, label):
            return [_link(url, label, part.safe)]
        case Mention(person, name):
            account = meant.mentions.get(person)
            return [f"<@{account.user}>" if account and account.user.isdigit() else escape(f"@{name}")]
        case Channel(place):
            return [f"<#{place.channel}>" if place.channel.isdigit() else escape(place.channel)]
        case Jump(anchor, label):
            return [_link(meant.links.get(anchor, ""), label, anchor in meant.links)]
        case Instant(at, style):
            return [f"<t:{int(at.timestamp())}:{_STYLES[style]}>"]
        case _:
            assert_never(part)


def _tokens(markdown: str) -> list[str]:
    return re.findall(r"\s+|\S+", markdown)


def _marked(sign: str, text: str) -> str:
    inner = escape(text.strip())
    if not inner:
        return visible(text)
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{visible(before)}{sign}{inner}{sign}{visible(after)}"


def _code(text: str) -> str:
    if not text.strip() or "\n" in text or "``" in text:
        return escape(text)
    if "`" not in text:
        return f"`{text}`"
    return f"`` {text} ``" if text[0] == "`" or text[-1] == "`" else f"``{text}``"


def _link(url: str, label: str, safe: bool) -> str:
    if not safe:
        return escape(label)
    if url.startswith("mailto:") or len(url) > 1500:
        return escape(label if label == url else f"{label} ({url})")
    address = url.replace("<", "%3C").replace(">", "%3E")
    if not label.strip() or label == url:
        return f"<{address}>"
    masked = address.replace(")", "%29").replace("(", "%28")
    if len(masked) > LONG or len(label) > LONG // 2 or "[" in label or "]" in label:
        return f"{escape(label)} <{address}>"
    return f"[{escape(label)}](<{masked}>)"


def length(text: str) -> int:
    """A text's length as Discord may count it, by the strictest of the possible counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, limit: int) -> str:
    """Plain text (a label, a title) on one line, shortened to `limit` with an ellipsis."""
    line = " ".join(visible(text).split())
    if length(line) <= limit:
        return line
    line = line[: limit - 1]
    while length(line) > limit - 1:
        line = line[:-1]
    return line.rstrip() + "…"
