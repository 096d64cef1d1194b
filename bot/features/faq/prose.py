"""What people typed, as parts that can be drawn: paragraphs, lists, code and addresses.

Nothing else is made of it. Whoever draws it escapes every text; an address is http(s) and shows as it is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FENCE = re.compile(r"```(?:[\w+#.-]{1,20}\n|\n)?(.*?)```", re.DOTALL)
_SPAN = re.compile(r"`(?P<code>[^`\n]+)`|(?P<url>\bhttps?://[^\s<>\"'`\\|\[\]{}^]+)", re.IGNORECASE)
_ITEM = re.compile(r"^\s*[-*•]\s+(?=\S)")
_INVISIBLE = re.compile("[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Words:
    text: str


@dataclass(frozen=True, slots=True)
class Code:
    text: str


@dataclass(frozen=True, slots=True)
class Address:
    url: str


Line = tuple[Words | Code | Address, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Items:
    items: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """Code of several lines."""

    text: str


Part = Paragraph | Items | Listing


def visible(text: str) -> str:
    """The text with one kind of line break, and without what could turn its direction or hides in it."""
    return _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n"))


def parts(text: str) -> list[Part]:
    """The parts of a text, in order."""
    found: list[Part] = []
    for number, piece in enumerate(_FENCE.split(visible(text))):
        if number % 2 == 0:
            found += _said(piece)
        elif piece.strip():
            found.append(Listing(piece.strip("\n")))
    return found


def line(text: str) -> Line:
    """The spans of one line."""
    return tuple(_spans(" ".join(visible(text).split())))


def _said(text: str) -> Iterator[Part]:
    lines: list[Line] = []
    items: list[Line] = []
    for raw in [*text.split("\n"), ""]:
        bullet = _ITEM.match(raw)
        if lines and (bullet or not raw.strip()):
            yield Paragraph(tuple(lines))
            lines = []
        if items and not bullet:
            yield Items(tuple(items))
            items = []
        if bullet:
            items.append(line(raw[bullet.end() :]))
        elif raw.strip():
            lines.append(line(raw))


def _spans(text: str) -> Iterator[Words | Code | Address]:
    end = 0
    for match in _SPAN.finditer(text):
        stop = match.end()
        if match["url"] is not None:
            stop = match.start() + len(_address(match["url"]))
        if match.start() > end:
            yield Words(text[end : match.start()])
        yield Code(match["code"]) if match["code"] is not None else Address(text[match.start() : stop])
        end = stop
    if end < len(text):
        yield Words(text[end:])


def _address(url: str) -> str:
    """Without what belongs to the sentence around it."""
    url = url.rstrip(".,;:!?*_~")
    while url.endswith(")") and url.count(")") > url.count("("):
        url = url[:-1].rstrip(".,;:!?*_~")
    return url
