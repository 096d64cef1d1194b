"""Renders text as Slack's rich_text. Its elements contain literal text, so nothing has to be escaped.
https://docs.slack.dev/reference/block-kit/blocks/rich-text-block

A block holds sections, lists, quotes and preformatted text; text longer than `LONG` continues in another block.

Small print needs Slack's markup (mrkdwn), which has no escape for `*`, `_`, `~`, backticks or `:names:`. So markup is
used only where no word has such a character.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from adapters.slack.controls import Json
from adapters.slack.text import DATES, Reader, address, escape, unformatted
from bot.core.message import Bold, Channel, Code, Inline, Instant, Italic, Jump, Link, Mention, Text
from bot.core.typed import Line, joined, visible

LONG = 4000
"""Most characters of one block, so that messages can be split between blocks. Slack limits only the whole message."""

MANY = 200
"""Most elements of one block."""

_SIGNS = re.compile(r"[*_~`]|:[\w+'-]+:|^[ \t]*(?:>|[-•] |\d+[.)] )|https?://|@(?:here|channel|everyone)", re.MULTILINE)
_MARKS = {"bold": "*", "italic": "_", "code": "`"}

LEAST = 12
"""Overhead of an element in characters: Slack counts more than what people read."""


@dataclass(frozen=True, slots=True)
class Rich:
    """A block; `text` is its text in notifications, `size` counts towards the message's limit."""

    block: Json
    text: str
    size: int


def sections(text: Text, reader: Reader) -> Iterator[Rich]:
    """Our own text as sections."""
    for run in _runs(_elements(text, reader)):
        yield _rich([{"type": "rich_text_section", "elements": run}])


def listed(items: Sequence[Text], numbered: bool, reader: Reader) -> Iterator[Rich]:
    """A list; a long one becomes several blocks with continued numbering."""
    rows: list[Json] = []
    size, first = 0, 0
    for n, item in enumerate(items):
        for part, run in enumerate(_runs(_elements(item, reader)) or [[_text(" ")]]):
            weight = _size(run)
            if rows and (size + weight > LONG or len(rows) == MANY // 4 or part):
                yield _list(rows, numbered, first)
                rows, size, first = [], 0, n
            rows.append({"type": "rich_text_section", "elements": run})
            size += weight
    if rows:
        yield _list(rows, numbered, first)


def quoted(text: Text, reader: Reader) -> Iterator[Rich]:
    """A person's words as a quote, with code as code."""
    shapes: list[Json] = []
    lines: list[Json] = []
    for part in joined(text):
        if isinstance(part, Line):
            lines += ([_text("\n")] if lines else []) + _elements(part.whole, reader)
            continue
        shapes += _quotes(lines)
        lines = []
        pieces = cut(part.text, LONG)
        shapes += [{"type": "rich_text_preformatted", "border": 1, "elements": [_text(p)]} for p in pieces]
    shapes += _quotes(lines)
    together: list[Json] = []
    for shape in shapes:
        if together and sum(_size(s["elements"]) for s in (*together, shape)) > LONG:
            yield _rich(together)
            together = []
        together.append(shape)
    if together:
        yield _rich(together)


def cut(text: str, limit: int) -> list[str]:
    """Pieces of at most `limit` characters, split at line breaks, else at spaces. Only the character at the split is
    dropped."""
    found: list[str] = []
    at = 0
    while len(text) - at > limit:
        line, word = text.rfind("\n", at + limit // 2, at + limit), text.rfind(" ", at + limit // 2, at + limit)
        end = line if line > 0 else word
        found.append(text[at : end if end > 0 else at + limit])
        at = end + 1 if end > 0 else at + limit
    return [*found, text[at:]]


def small(text: Text, reader: Reader) -> str:
    """Text as markup; '' if markup cannot express it."""
    elements = _elements(text, reader)
    return "" if any(map(_has_signs, elements)) else said(elements, _marked)


def said(elements: Sequence[Json], write: Callable[[Json], str] = lambda element: escape(element["text"])) -> str:
    """Elements as the text of a notification, in which only our own mentions notify anybody. `write` writes text and
    links."""
    words = []
    for element in elements:
        match element["type"]:
            case "user":
                words.append(f"<@{element['user_id']}>")
            case "channel":
                words.append(f"<#{element['channel_id']}>")
            case "date":
                stamp, shape, instead = element["timestamp"], element["format"], element["fallback"]
                words.append(f"<!date^{stamp}^{shape}|{escape(instead)}>")
            case _:
                words.append(write(element))
    return "".join(words)


def _has_signs(element: Json) -> bool:
    """Whether markup would give a character of the element a meaning."""
    words = element.get("text", "")
    if "code" in element.get("style", ()):
        return "`" in words or not words.strip()
    return bool(_SIGNS.search(words)) or (element["type"] == "link" and "|" in words)


def _marked(element: Json) -> str:
    """A text or a link in markup. Emphasis ends with the line, and spaces stay outside the marks."""
    words = escape(element["text"])
    if element["type"] == "link":
        return f"<{escape(element['url']).replace('|', '%7C')}|{words}>"
    mark = next((_MARKS[style] for style in element.get("style", ())), "")
    return re.sub(r"\S(?:.*\S)?", lambda line: f"{mark}{line[0]}{mark}", words) if mark else words


def _quotes(elements: list[Json]) -> list[Json]:
    return [{"type": "rich_text_quote", "elements": run} for run in _runs(elements)]


def _list(rows: list[Json], numbered: bool, first: int) -> Rich:
    shape: Json = {"type": "rich_text_list", "style": "ordered" if numbered else "bullet", "elements": rows}
    if numbered and first:
        shape["offset"] = first
    marks = (f"{n}." if numbered else "•" for n in range(first + 1, first + len(rows) + 1))
    text = "\n".join(f"{mark} {said(row['elements'])}" for mark, row in zip(marks, rows, strict=True))
    return Rich({"type": "rich_text", "elements": [shape]}, text, sum(_size(row["elements"]) for row in rows))


def _rich(shapes: list[Json]) -> Rich:
    text = "\n".join(said(shape["elements"]) for shape in shapes)
    return Rich({"type": "rich_text", "elements": shapes}, text, sum(_size(shape["elements"]) for shape in shapes))


def _runs(elements: Sequence[Json]) -> list[list[Json]]:
    """Splits elements into runs that fit into a block; drops empty ones."""
    runs: list[list[Json]] = [[]]
    size = 0
    for element in elements:
        for piece in _cut_element(element):
            weight = _size([piece])
            if runs[-1] and (size + weight > LONG or len(runs[-1]) == MANY):
                runs.append([])
                size = 0
                if piece["type"] == "text" and piece["text"] == "\n":
                    continue
            last = runs[-1][-1] if runs[-1] else None
            if last and last["type"] == piece["type"] == "text" and last.get("style") == piece.get("style"):
                runs[-1][-1] = {**last, "text": last["text"] + piece["text"]}
            else:
                runs[-1].append(piece)
            size += weight
    return [run for run in runs if any(e["type"] != "text" or e["text"].strip() for e in run)]


def _cut_element(element: Json) -> list[Json]:
    if element["type"] != "text" or len(element["text"]) <= LONG // 2:
        return [element]
    return [{**element, "text": piece} for piece in cut(element["text"], LONG // 2) if piece]


def _size(elements: Sequence[Json]) -> int:
    return sum(LEAST + len(e.get("text", "")) + len(e.get("url", "")) for e in elements)


def _elements(text: Text, reader: Reader) -> list[Json]:
    return [element for part in text for element in _element(part, reader)]


def _element(part: Inline, reader: Reader) -> list[Json]:
    match part:
        case str():
            return _said(part)
        case Bold(text):
            return _said(text, "bold")
        case Italic(text):
            return _said(text, "italic")
        case Code(text):
            return _said(text, "code")
        case Link(url, label):
            return _link(url if part.safe else "", label or url)
        case Mention(person, name):
            account = reader.mentions.get(person)
            return [{"type": "user", "user_id": account.user}] if account else _said(f"@{name}")
        case Jump(anchor, label):
            return _link(address(anchor, reader), label)
        case Channel(place):
            return [{"type": "channel", "channel_id": place.channel}] if place.channel else []
        case Instant(at, style):
            words = unformatted(at, style, reader)
            stamp = int(at.timestamp())
            return [{"type": "date", "timestamp": stamp, "format": DATES[style], "fallback": words}]
        case _:
            assert_never(part)


def _said(text: str, style: str = "") -> list[Json]:
    words = visible(text)
    return [_text(words, style)] if words else []


def _text(text: str, style: str = "") -> Json:
    return {"type": "text", "text": text, **({"style": {style: True}} if style else {})}


def _link(url: str, label: str) -> list[Json]:
    words = visible(label)
    return [{"type": "link", "url": url, "text": words}] if url and words.strip() else _said(words)
