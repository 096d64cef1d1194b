"""Messages as Block Kit, within its limits: https://docs.slack.dev/reference/block-kit/blocks

A message becomes one or several parts: what is too long for one is split, and nothing is lost. Each part has a `text`
as well, for notifications and screen readers.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, assert_never

from adapters.slack.controls import actions, choice
from adapters.slack.text import Reader, escape, literal, mrkdwn
from bot.core.message import (
    Attachment,
    Block,
    Bold,
    Bullets,
    Buttons,
    Document,
    Fields,
    Heading,
    Message,
    Note,
    Paragraph,
    Quote,
    Select,
)

Json = dict[str, Any]

SECTION = 2900
"""Characters of one section; Slack takes 3,000."""

FIELD = 1900
"""Characters of one field; Slack takes 2,000."""

HEADER = 150
PART_BLOCKS = 45
"""Blocks of one message; Slack takes 50."""

PART_LENGTH = 11_000
"""Characters of one message's blocks; Slack takes about 13,000."""

VIEW_BLOCKS = 100
"""Blocks of a modal or a home page."""

TEXT = 3000
"""Characters of the text beside the blocks."""

NOTHING = "(This message is empty.)"


@dataclass(frozen=True, slots=True)
class File:
    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Part:
    """One message on Slack."""

    blocks: list[Json]
    text: str


@dataclass(frozen=True, slots=True)
class Drawn:
    parts: tuple[Part, ...]
    files: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True)
class _Piece:
    """A block, and what is said of it where blocks are not seen; `size` counts the characters that people read."""

    block: Json
    text: str = ""
    control: str = ""
    size: int = field(default=0)


def draw(message: Message, reader: Reader, files: Mapping[int, bytes] | None = None, limit: int = PART_LENGTH) -> Drawn:
    """The parts of a message, at least one, and the files that go with it."""
    parts = tuple(_part(pieces) for pieces in _packed(_pieces(message, reader), limit))
    return Drawn(parts or (_part([_section(NOTHING)]),), tuple(_files(message, files or {})))


def draw_view(message: Message, reader: Reader) -> list[Json]:
    """The blocks for a modal or a home page. What is over its limit is left out, and that is said."""
    blocks = [piece.block for piece in _pieces(message, reader)] or [_section(NOTHING).block]
    if len(blocks) > VIEW_BLOCKS:
        blocks = [*blocks[: VIEW_BLOCKS - 1], _section("… and more than fits in here.").block]
    return blocks


def _pieces(message: Message, reader: Reader) -> Iterator[_Piece]:
    for block in message.blocks:
        yield from _block(block, reader)


def _block(block: Block, reader: Reader) -> Iterator[_Piece]:
    match block:
        case Heading(text):
            if text.strip() and len(text) <= HEADER:
                head = {"type": "header", "text": {"type": "plain_text", "text": text}}
                yield _Piece(head, literal(text), size=len(text))
            else:
                yield from _sections(mrkdwn((Bold(text),), reader))
        case Paragraph(text):
            yield from _sections(mrkdwn(text, reader))
        case Quote(text):
            for part in split(mrkdwn(text, reader), SECTION - 300):
                yield _section("\n".join(f"> {line}" for line in part.split("\n")))
        case Note(text):
            for part in split(mrkdwn(text, reader), SECTION):
                element = {"type": "mrkdwn", "text": part, "verbatim": True}
                yield _Piece({"type": "context", "elements": [element]}, part, size=len(part))
        case Bullets(items, numbered):
            marks = (f"{n}." if numbered else "•" for n in range(1, len(items) + 1))
            lines = (f"{mark} {mrkdwn(item, reader)}" for mark, item in zip(marks, items, strict=True))
            yield from _sections("\n".join(lines))
        case Fields(items):
            yield from _fields([mrkdwn((Bold(label), "\n", *value), reader) for label, value in items])
        case Buttons(items):
            for row in actions(items):
                yield _Piece(row, control=" ".join(f"[{escape(b.label)}]" for b in items))
        case Select(label=label):
            yield _Piece(choice(block), control=f"[{escape(label)}]", size=len(label))
        case Document(name) | Attachment(name):
            yield from _sections(f":paperclip: {literal(name)}")
        case _:
            assert_never(block)


def _section(text: str) -> _Piece:
    body = {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}
    return _Piece(body, text, size=len(text))


def _sections(text: str) -> Iterator[_Piece]:
    yield from (_section(part) for part in split(text, SECTION))


def _fields(texts: list[str]) -> Iterator[_Piece]:
    row: list[str] = []
    for text in [*texts, None]:
        if row and (text is None or len(text) > FIELD or len(row) == 10):
            shown = [{"type": "mrkdwn", "text": t, "verbatim": True} for t in row]
            yield _Piece({"type": "section", "fields": shown}, "\n".join(row), size=sum(map(len, row)))
            row = []
        if text is not None and len(text) > FIELD:
            yield from _sections(text)
        elif text is not None:
            row.append(text)


def _files(message: Message, files: Mapping[int, bytes]) -> Iterator[File]:
    for block in message.blocks:
        if isinstance(block, Document):
            yield File(block.name, block.text.encode())
        elif isinstance(block, Attachment) and block.file in files:
            yield File(block.name, files[block.file])


def _packed(pieces: Iterable[_Piece], limit: int) -> Iterator[list[_Piece]]:
    part: list[_Piece] = []
    size = 0
    for piece in pieces:
        if part and (len(part) == PART_BLOCKS or size + piece.size > limit):
            yield part
            part, size = [], 0
        part.append(piece)
        size += piece.size
    if part:
        yield part


def _part(pieces: list[_Piece]) -> Part:
    said = "\n".join(p.text for p in pieces if p.text) or " ".join(p.control for p in pieces)
    first = next(split(said, TEXT), NOTHING)
    return Part([p.block for p in pieces], first if len(first) >= len(said.strip()) else f"{first} …")


def split(text: str, limit: int) -> Iterator[str]:
    """Pieces of at most `limit` characters, cut at lines, else at words, never inside Slack's own markup. None is
    empty."""
    rest = text.strip("\n")
    while len(rest) > limit:
        cut = _cut(rest, limit)
        if rest[:cut].strip():
            yield rest[:cut].rstrip()
        rest = rest[cut:].lstrip("\n")
    if rest.strip().strip("\u200b"):
        yield rest


def _cut(text: str, limit: int) -> int:
    line, word = text.rfind("\n", 1, limit), text.rfind(" ", 1, limit)
    cut = line if line > limit // 2 else word if word > limit // 2 else limit
    opened, closed = text.rfind("<", 0, cut), text.rfind(">", 0, cut)
    if opened > closed and opened > 0:
        return opened
    escaped = text.rfind("&", max(0, cut - 5), cut)
    return escaped if escaped > 0 and ";" not in text[escaped:cut] else cut
