"""Renders messages as Discord's JSON: markdown, buttons, selects and files, split into several messages if needed.

A button goes below the text that it belongs to. If a label repeats (`Reply` to each of five questions), each group
becomes its own message, so that nobody presses the wrong button.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, assert_never

from adapters.discord import controls
from adapters.discord.controls import ROWS, Json, rows_of
from adapters.discord.text import References, atoms, bold, escape, length
from adapters.shared.pictures import as_png
from bot.core.message import (
    Attachment,
    Block,
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
    Text,
)
from bot.core.tables import in_lines
from bot.core.translation import _
from bot.core.typed import FENCE, Listing, joined

CONTENT = 2000
FILES = 10
FILE = 9_500_000
"""Largest file in bytes that every server accepts."""

ALT = 1024
"""Most characters of a picture's words."""


@dataclass(frozen=True, slots=True)
class Part:
    """One message on Discord: its text, component rows, files, and the people that it may notify. `alts`: what is to be
    seen in a file, by its name."""

    content: str
    rows: tuple[Json, ...] = ()
    files: tuple[tuple[str, bytes], ...] = ()
    called: tuple[str, ...] = ()
    alts: Mapping[str, str] = field(default_factory=dict)

    def payload(self, mention: bool = True) -> Json:
        """The request body to post or edit; `mention` notifies the mentioned people."""
        allowed: Json = {"parse": []}
        if mention and self.called:
            allowed["users"] = list(self.called)
        found: Json = {"content": self.content, "components": list(self.rows), "allowed_mentions": allowed}
        if self.files:
            found["attachments"] = [
                {"id": str(n), "filename": name} | ({"description": self.alts[name]} if name in self.alts else {})
                for n, (name, _) in enumerate(self.files)
            ]
        return found

    @property
    def print(self) -> str:
        """A fingerprint that can be recomputed from what Discord returns: text, buttons and file names."""
        return fingerprint(self.content, self.rows, [name for name, _ in self.files])


def fingerprint(content: str, rows: Sequence[Mapping[str, Any]], files: Sequence[str]) -> str:
    """Equal for a message that we send and for what Discord returns for it."""
    ids = [c.get("custom_id") for row in rows for c in row.get("components", ())]
    return hashlib.sha256(json.dumps([content.strip(), ids, list(files)]).encode()).hexdigest()[:32]


def render(message: Message, meant: References, files: Mapping[int, bytes]) -> list[Part]:
    """The parts of a message, at least one, each within Discord's limits."""
    parts: list[Part] = []
    for group in _groups(message.blocks):
        parts += _render(group, meant, files)
    return parts or [Part(escape(_("(nothing to show)")))]


def _groups(blocks: Sequence[Block]) -> list[list[Block]]:
    """One group, or several if a label occurs in more than one row of buttons."""
    labels = [b.label for row in blocks if isinstance(row, Buttons) for b in row.items]
    if len(labels) == len(set(labels)):
        return [list(blocks)]
    groups: list[list[Block]] = [[]]
    for block in blocks:
        if not isinstance(block, Buttons | Select) and any(isinstance(b, Buttons | Select) for b in groups[-1]):
            groups.append([])
        groups[-1].append(block)
    if len(groups) > 1 and not any(isinstance(b, Buttons | Select) for b in groups[-1]):
        last = groups.pop()
        groups[-1] += last
    return [g for g in groups if g]


def _render(blocks: Sequence[Block], meant: References, files: Mapping[int, bytes]) -> list[Part]:
    lines: list[_Line] = []
    for block in blocks:
        # A gap keeps neighbours of the same kind apart.
        lines += _lines(block, meant, gap=bool(lines) and lines[-1].kind == block.kind)
    rows = rows_of(blocks)
    attached = [f for b in blocks if (f := _file(b, files)) is not None]
    alts = {f"{b.name}.png": b.alt[:ALT] for b in blocks if isinstance(b, Picture)}
    pages = _pages(lines)
    if len(pages) * ROWS < len(rows):
        rows = controls.joined(rows)
    while len(pages) * ROWS < len(rows) or len(pages) * FILES < len(attached):
        pages.append(_("More:") if pages else "")
    parts = [Part(page, called=_called(page, meant)) for page in pages]
    # Controls go below the last text.
    for n, part in enumerate(reversed(parts)):
        last = len(parts) - 1 - n
        upto, upto_files = max(0, len(rows) - n * ROWS), max(0, len(attached) - n * FILES)
        parts[last] = replace(
            part,
            rows=tuple(rows[max(0, upto - ROWS) : upto]),
            files=tuple(attached[max(0, upto_files - FILES) : upto_files]),
            alts=alts,
        )
    return [p for p in parts if p.content or p.rows or p.files]


def _called(page: str, meant: References) -> tuple[str, ...]:
    # Typed mentions are escaped with a backslash.
    meant_here = set(re.findall(r"(?<!\\)(?:\\\\)*<@(\d+)>", page))
    return tuple(dict.fromkeys(a.user for a in meant.mentions.values() if a.user in meant_here))[:100]


# Text


@dataclass(slots=True)
class _Line:
    """One line; `first` is its prefix, `then` the prefix of the rest if it continues in the next message."""

    pieces: list[str]
    first: str = ""
    then: str = ""
    kind: str = ""

    @property
    def text(self) -> str:
        return self.first + "".join(self.pieces)


def _lines(block: Block, meant: References, gap: bool) -> list[_Line]:
    match block:
        case Heading(text):
            return [_Line(atoms((text,), meant), "### ", "### ")] if text.strip() else []
        case Paragraph(text) | Quote(text):
            found = _quoted(text, meant) if isinstance(block, Quote) else _each_line(atoms(text, meant), "", "")
            for line in found:
                line.kind = block.kind
            return [_Line([]), *found] if gap else found
        case Note(text):
            return _each_line(atoms(text, meant), "-# ", "-# ")
        case Bullets(items, numbered):
            lists = [
                _each_line(atoms(item, meant), f"{n}. " if numbered else "- ", "  ") for n, item in enumerate(items, 1)
            ]
            return [line for one in lists for line in one]
        case Fields(items):
            return [
                line for name, value in items for line in _each_line([bold(name), ": ", *atoms(value, meant)], "", "")
            ]
        case Select(options=options, label=label):
            return (
                [] if options else [_Line([escape(_("{label}: nothing to choose from.", label=label))], "-# ", "-# ")]
            )
        case Table():
            return [line for part in in_lines(block) for line in _lines(part, meant, gap=False)]
        case Attachment() | Document() | Picture() | Buttons():
            return []
        case _:
            assert_never(block)


BAR = "> "
BLANK = ("", ">", "-#")


def _quoted(text: Text, meant: References) -> list[_Line]:
    """A quote. Code that fits into one message is not split."""
    found: list[_Line] = []
    for part in joined(text):
        if not isinstance(part, Listing):
            found.append(_Line(atoms(part.whole, meant), BAR, BAR))
        elif FENCE in part.text:
            found += [_Line(atoms((line,), meant), BAR, BAR) for line in part.text.split("\n")]
        else:
            found += [_Line([piece]) for piece in _fenced(part)]
    return found


def _fenced(code: Listing) -> list[str]:
    """Code in as few fenced blocks as possible."""
    head, tail = f"{BAR}{FENCE}{code.language}\n", f"{BAR}{FENCE}"
    room = CONTENT - len(head) - len(tail)
    pieces: list[list[str]] = [[]]
    used = 0
    for whole in code.text.split("\n"):
        for line in _short(whole, room - len(BAR) - 1):
            more = len(BAR) + length(line) + 1
            if used + more > room:
                pieces.append([])
                used = 0
            pieces[-1].append(f"{BAR}{line}\n")
            used += more
    return [f"{head}{''.join(lines)}{tail}" for lines in pieces]


def _short(line: str, limit: int) -> list[str]:
    if length(line) <= limit:
        return [line]
    return [line[n : n + limit // 2] for n in range(0, len(line), limit // 2)]


def _each_line(pieces: list[str], first: str, then: str) -> list[_Line]:
    """Splits pieces at their line breaks."""
    found = [_Line([], first, then)]
    for piece in pieces:
        whole, *more = piece.split("\n")
        found[-1].pieces.append(whole)
        found += [_Line([rest], then, then) for rest in more]
    return found


def _pages(lines: Sequence[_Line]) -> list[str]:
    """The lines in as few pages as possible, split between lines, else between words."""
    pages: list[list[str]] = [[]]
    used = 0
    for line in lines:
        rest: _Line | None = line
        while rest is not None:
            text = rest.text
            more = length(text) + (1 if pages[-1] else 0)
            if used + more <= CONTENT:
                pages[-1].append(text)
                used, rest = used + more, None
            elif used and length(text) <= CONTENT:
                pages.append([])
                used = 0
            else:
                head, rest = _break(rest, CONTENT - used - 1)
                if head:
                    pages[-1].append(head)
                pages.append([])
                used = 0
    return [page for page in map(_trimmed, pages) if page.strip()]


def _trimmed(lines: list[str]) -> str:
    """A page without blank lines around it, which Discord would strip so that their markup shows."""
    first, last = 0, len(lines)
    while first < last and lines[first].strip() in BLANK:
        first += 1
    while first < last and lines[last - 1].strip() in BLANK:
        last -= 1
    return "\n".join(lines[first:last])


def _break(line: _Line, room: int) -> tuple[str, _Line]:
    """Splits a line: what fits into `room`, and the rest."""
    used, taken = length(line.first), 0
    for piece in line.pieces:
        if used + length(piece) > room:
            break
        used += length(piece)
        taken += 1
    head, rest = list(line.pieces[:taken]), line.pieces[taken:]
    if rest and length(rest[0]) > CONTENT - 20:
        # A word longer than a message is split, but never between a backslash and the character it escapes.
        word, free = rest[0], room - used
        at = max(0, free // 2 if length(word) != len(word) else free)
        while at and (len(word[:at]) - len(word[:at].rstrip("\\"))) % 2:
            at -= 1
        head.append(word[:at])
        rest = [word[at:], *rest[1:]]
    said = "".join(head)
    return line.first + said if said else "", _Line(rest, line.then, line.then, line.kind)


def _file(block: Block, files: Mapping[int, bytes]) -> tuple[str, bytes] | None:
    if isinstance(block, Document):
        name, data = block.name, block.text.encode()
    elif isinstance(block, Attachment):
        name, data = block.name, files.get(block.file, b"")
        if block.file not in files:
            return f"{name}.txt", _("This file is not kept any more.").encode()
    elif isinstance(block, Picture) and (png := as_png(block.svg)) is not None:
        name, data = f"{block.name}.png", png
    else:
        return None
    if len(data) > FILE:
        return f"{name}.txt", _("This file is too large for Discord.").encode()
    return name, data
