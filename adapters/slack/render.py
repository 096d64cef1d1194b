"""Renders messages as Block Kit within its limits: https://docs.slack.dev/reference/block-kit/blocks

A message becomes one or more parts: content too long for one part is split, never dropped. Each part also has a `text`
for notifications and screen readers.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import takewhile
from typing import assert_never

from adapters.shared.pictures import as_png
from adapters.slack import controls
from adapters.slack.controls import Json, actions, choice, weight
from adapters.slack.rich import Rich, cut, listed, quoted, sections, small
from adapters.slack.text import Reader, escape
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
    Picture,
    Quote,
    Select,
    Table,
)
from bot.core.tables import in_lines
from bot.core.translation import N_, _
from bot.core.typed import visible

CONTEXT = 2900
"""Most characters of small print; Slack allows 3,000."""

HEADER = 150
PART_BLOCKS = 45
"""Most blocks of one message; Slack allows 50."""

PART_LENGTH = 11_000
"""Most characters in one message's blocks; Slack allows about 13,000."""

VIEW_BLOCKS = 100
"""Most blocks of a modal or a home page."""

VIEW_SIZE = 200_000
"""Most bytes of their blocks; Slack allows 250 kB for the whole view."""

TEXT = 3000
"""Most characters of the text beside the blocks."""

ALT = 1000
"""Most characters of a picture's words."""

NOTHING = N_("(This message is empty.)")


@dataclass(frozen=True, slots=True)
class File:
    name: str
    data: bytes
    alt: str = ""


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
    """A block with its plain-text fallback; `size` counts the characters that people read."""

    block: Json
    text: str = ""
    control: str = ""
    size: int = field(default=0)


def draw(message: Message, reader: Reader, files: Mapping[int, bytes] | None = None, limit: int = PART_LENGTH) -> Drawn:
    """The parts of a message (at least one) and its files."""
    parts = tuple(_part(pieces) for pieces in _packed(_pieces(message, reader), limit))
    return Drawn(parts or (_part([_said(_(NOTHING))]),), tuple(_files(message, files or {})))


def draw_view(message: Message, reader: Reader) -> list[Json]:
    """The blocks for a modal or a home page. What is over the limits is replaced by a note; the buttons at the end
    stay."""
    blocks = [piece.block for piece in _pieces(message, reader)] or [_said(_(NOTHING)).block]
    if len(blocks) <= VIEW_BLOCKS and sum(map(weight, blocks)) <= VIEW_SIZE:
        return blocks
    rest = list(reversed(list(takewhile(lambda block: block["type"] == "actions", reversed(blocks)))))
    end = [_said(_("… and more than fits in here.")).block, *rest]
    room, kept = VIEW_SIZE - sum(map(weight, end)), list[Json]()
    for block in blocks[: min(len(blocks) - len(rest), VIEW_BLOCKS - len(end))]:
        room -= weight(block)
        if room < 0:
            break
        kept.append(block)
    return [*kept, *end]


def _pieces(message: Message, reader: Reader) -> Iterator[_Piece]:
    for block in message.blocks:
        yield from _block(block, reader)


def _block(block: Block, reader: Reader) -> Iterator[_Piece]:
    match block:
        case Heading(text):
            title = visible(text)
            if title.strip() and len(title) <= HEADER:
                head = {"type": "header", "text": {"type": "plain_text", "text": title, "emoji": False}}
                yield _Piece(head, escape(title), size=len(title))
            else:
                yield from _rich(sections((Bold(text),), reader))
        case Paragraph(text):
            yield from _rich(sections(text, reader))
        case Quote(text):
            yield from _rich(quoted(text, reader))
        case Note(text):
            words = small(text, reader)
            if len(words) <= CONTEXT and words.strip():
                element = {"type": "mrkdwn", "text": words, "verbatim": True}
                yield _Piece({"type": "context", "elements": [element]}, words, size=len(words))
            else:
                yield from _rich(sections(text, reader))
        case Bullets(items, numbered):
            yield from _rich(listed(items, numbered, reader))
        case Fields(items):
            for label, value in items:
                yield from _rich(sections((Bold(label), ": ", *value), reader))
        case Buttons(items):
            for row in actions(items):
                yield _Piece(row, control=" ".join(f"[{escape(b.label)}]" for b in items))
        case Select(label=label):
            yield _Piece(choice(block), control=f"[{escape(label)}]", size=len(label))
        case Document(name) | Attachment(name):
            yield from _rich(sections((f"📎 {name}",), reader))
        case Picture():
            pass  # It stands beside the message.
        case Table():
            for line in in_lines(block):
                yield from _block(line, reader)
        case _:
            assert_never(block)


def _rich(blocks: Iterable[Rich]) -> Iterator[_Piece]:
    for one in blocks:
        yield _Piece(one.block, one.text, size=one.size)


def _said(text: str) -> _Piece:
    """A piece with only our own words."""
    return next(_rich(sections((text,), Reader())))


def _files(message: Message, files: Mapping[int, bytes]) -> Iterator[File]:
    for block in message.blocks:
        if isinstance(block, Document):
            yield File(block.name, block.text.encode())
        elif isinstance(block, Attachment) and block.file in files:
            yield File(block.name, files[block.file])
        elif isinstance(block, Picture) and (png := as_png(block.svg)) is not None:
            yield File(f"{block.name}.png", png, block.alt[:ALT])


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
    said = "\n".join(p.text for p in pieces if p.text.strip()) or " ".join(p.control for p in pieces)
    return Part(controls.marked([p.block for p in pieces]), _beginning(said) if said.strip() else _(NOTHING))


def _beginning(text: str) -> str:
    """The first `TEXT` characters, never cut within Slack's markup or an entity such as `&amp;`."""
    if len(text) <= TEXT:
        return text
    first = cut(text[: 2 * TEXT], TEXT)[0]
    opened = first.rfind("<")
    if opened > first.rfind(">"):
        first = first[:opened]
    escaped = first.rfind("&", len(first) - 5)
    if escaped >= 0 and ";" not in first[escaped:]:
        first = first[:escaped]
    return f"{first} …"
