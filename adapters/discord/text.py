"""Text as Discord's markdown, with everything that a person typed kept as the letters that it is.

A backslash makes markdown's own signs plain. Mentions, custom emoji, times and addresses know no backslash: there a
character without width stands in between, which nobody sees. `discord.utils.escape_mentions` would let mentions of
channels, commands and pages through.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import assert_never

from bot.core.message import Bold, Channel, Code, Inline, Instant, Italic, Jump, Link, Mention, Text
from bot.core.people import Account
from bot.core.time import Style

GAP = "\u200b"
"""A character without width."""

_STYLES: Mapping[Style, str] = {"moment": "F", "date": "D", "time": "t"}

_ORDER_MARKS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_SIGNS = re.compile(r"[\\`*]|~(?=~)|\|(?=\|)|(?<=~)~|(?<=\|)\||(?<![^\W_])_|_(?![^\W_])")
_LINE_START = re.compile(r"^([^\S\n]*)(#{1,3}(?=\s)|-#(?=\s)|[-+>](?=\s)|>>>(?=\s)|\d+(?=\.\s))", re.MULTILINE)
_EVERYONE = re.compile(r"@(?=everyone|here)", re.IGNORECASE)
_INVITES = re.compile(r"(?i)(discord|dsc)(?=\.gg/|(?:app)?\.com/invite/)")


@dataclass(frozen=True, slots=True)
class Meant:
    """Whom a message means to call, and where its links to other messages lead."""

    mentions: Mapping[int, Account] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)


def escape(typed: str) -> str:
    """What somebody typed, so that it calls nobody, formats nothing and links nowhere."""
    text = _ORDER_MARKS.sub("", typed)
    text = _SIGNS.sub(lambda m: "\\" + m[0], text)
    text = text.replace("](", "]\\(")
    text = _LINE_START.sub(_plain_start, text)
    text = re.sub(r"<(?=\S)", "<" + GAP, text)
    text = _EVERYONE.sub("@" + GAP, text)
    text = text.replace("://", ":" + GAP + "//")
    return _INVITES.sub(lambda m: m[0] + GAP, text)


def _plain_start(found: re.Match[str]) -> str:
    space, sign = found.groups()
    return f"{space}{sign}\\" if sign[0].isdigit() else f"{space}\\{sign}"


def atoms(text: Text, meant: Meant) -> list[str]:
    """The text as markdown, in pieces between which a message may be cut."""
    found: list[str] = []
    for part in text:
        pieces = _pieces(part, meant)
        if found and pieces and found[-1][-1:] == "*" and pieces[0][:1] == "*":
            found.append(GAP)  # two runs of stars would be read as one
        found += pieces
    return found


def markdown(text: Text, meant: Meant) -> str:
    return "".join(atoms(text, meant))


def bold(text: str) -> str:
    return _marked("**", text)


def _pieces(part: Inline, meant: Meant) -> list[str]:
    match part:
        case str():
            return re.findall(r"\s+|\S+", escape(part))
        case Bold(text):
            return [_marked("**", piece) for piece in _short(text)]
        case Italic(text):
            return [_marked("*", piece) for piece in _short(text)]
        case Code("/cohort"):
            return ["`/cohort home`"]  # a group of commands is none by itself there
        case Code(text):
            return [f"`{piece}`" for piece in _short(text.replace("`", "ˋ").replace("\n", " "))]
        case Link(url, label):
            return [_link(url, label, part.safe)]
        case Mention(person, name):
            account = meant.mentions.get(person)
            return [f"<@{account.user}>" if account and account.user.isdigit() else f"@{GAP}{escape(name)}"]
        case Channel(place):
            return [f"<#{place.channel}>" if place.channel.isdigit() else escape(place.channel)]
        case Jump(anchor, label):
            return [_link(meant.links.get(anchor, ""), label, anchor in meant.links)]
        case Instant(at, style):
            return [f"<t:{int(at.timestamp())}:{_STYLES[style]}>"]
        case _:
            assert_never(part)


def _short(text: str, limit: int = 900) -> list[str]:
    """Pieces that fit into a message with their signs, however many have to be escaped."""
    return [text[n : n + limit] for n in range(0, len(text), limit)]


def _marked(sign: str, text: str) -> str:
    inner = escape(text.strip())
    if not inner:
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{before}{sign}{inner}{sign}{after}"


def _link(url: str, label: str, safe: bool) -> str:
    if not safe:
        return escape(label)
    address = url.replace("<", "%3C").replace(">", "%3E").replace(")", "%29").replace("(", "%28")
    if url.startswith("mailto:") or len(address) > 1000:
        return escape(label if label == url else f"{label} ({url})")
    if not label.strip() or label == url:
        return f"<{url.replace('<', '%3C').replace('>', '%3E')}>"
    return f"[{escape(label[:500]).replace('[', '⁅').replace(']', '⁆')}](<{address}>)"


def length(text: str) -> int:
    """How long Discord finds a text, counted in the way that gives the most."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, limit: int) -> str:
    """Plain text (a label, a title) on one line, with an ellipsis where it is longer than `limit`."""
    line = " ".join(_ORDER_MARKS.sub("", text).split())
    if length(line) <= limit:
        return line
    while length(line) > limit - 1:
        line = line[:-1]
    return line.rstrip() + "…"
