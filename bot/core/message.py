"""The rich-message vocabulary: what the bot can say, described once and drawn by every renderer.

Every `str` here is plain text: a renderer shows its letters, so mentions, links, markup and HTML in anything a person
typed mean nothing and are copied as typed. Only `Mention`, `Link` and the emphasis classes make such a thing. A
person's whole text stands in a `Quote`, where their code, addresses and lists are drawn as such (`bot/core/typed.py`).
A renderer has no other way to pass markup through; a new need is a new class here, which every renderer must draw.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Discriminator, Field

from bot.core.people import MessageRef, Place
from bot.core.time import Style


@dataclass(frozen=True, slots=True)
class Bold:
    text: str
    kind: Literal["bold"] = "bold"


@dataclass(frozen=True, slots=True)
class Italic:
    text: str
    kind: Literal["italic"] = "italic"


@dataclass(frozen=True, slots=True)
class Code:
    text: str
    kind: Literal["code"] = "code"


@dataclass(frozen=True, slots=True)
class Link:
    """A link. `url` is http, https or mailto; a renderer shows any other as plain text."""

    url: str
    label: str
    kind: Literal["link"] = "link"

    @property
    def safe(self) -> bool:
        return self.url.startswith(("https://", "http://", "mailto:")) and self.url.split() == [self.url]


@dataclass(frozen=True, slots=True)
class Mention:
    """Names a person so that the platform calls them; `person` is our id, `name` the text where it cannot."""

    person: int
    name: str
    kind: Literal["mention"] = "mention"


@dataclass(frozen=True, slots=True)
class Jump:
    """A link to a message that the bot posted (by its anchor; plain text until it is posted) or saw (`ref`)."""

    anchor: str
    label: str
    ref: MessageRef | None = None
    kind: Literal["jump"] = "jump"


@dataclass(frozen=True, slots=True)
class Channel:
    """A link to a channel."""

    place: Place
    kind: Literal["channel"] = "channel"


@dataclass(frozen=True, slots=True)
class Instant:
    """An instant that each reader sees in their own zone."""

    at: datetime
    style: Style = "moment"
    kind: Literal["instant"] = "instant"


# `kind` names the class for decoding; trying the classes one by one takes ten times as long.
Marked = Annotated[Bold | Italic | Code | Link | Mention | Jump | Channel | Instant, Discriminator("kind")]
Inline = Annotated[str | Marked, Field(union_mode="left_to_right")]
Text = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """`folded`: on a page, what follows it is shown once its reader opens it."""

    text: str
    folded: bool = False
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: Text
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody's words, set apart and whole. In each `str`, which is what they typed, line breaks, list lines, fenced
    and inline code and http(s) addresses are drawn as such. Other parts are ours (who said it, which question)."""

    text: Text
    kind: Literal["quote"] = "quote"


@dataclass(frozen=True, slots=True)
class Note:
    """Small print: who sees what, where to go next."""

    text: Text
    kind: Literal["note"] = "note"


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[Text, ...]
    numbered: bool = False
    kind: Literal["bullets"] = "bullets"


@dataclass(frozen=True, slots=True)
class Fields:
    """Short facts, each a label and its value."""

    items: tuple[tuple[str, Text], ...]
    kind: Literal["fields"] = "fields"


@dataclass(frozen=True, slots=True)
class Button:
    """`action` is an encoded `Action` (at most 90 characters)."""

    label: str
    action: str
    style: Literal["plain", "primary", "danger"] = "plain"


@dataclass(frozen=True, slots=True)
class Buttons:
    items: tuple[Button, ...]
    kind: Literal["buttons"] = "buttons"


CHOICES = 25
"""Maximum options in one list on the most restrictive platform."""


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Select:
    """One choice from a list; the chosen value arrives as `ButtonPressed.value`."""

    action: str
    label: str
    options: tuple[Option, ...]
    chosen: str | None = None
    kind: Literal["select"] = "select"


@dataclass(frozen=True, slots=True)
class Document:
    """A file to download: its name with an extension, and its whole text."""

    name: str
    text: str
    kind: Literal["document"] = "document"


@dataclass(frozen=True, slots=True)
class Attachment:
    """An uploaded file, by the number under which it is stored."""

    name: str
    file: int
    kind: Literal["attachment"] = "attachment"


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing as SVG, made by us: pages show it as it is, chats as PNG where the extra `pictures` is installed, and
    not at all where it is not. So nothing stands in it alone. `alt` says the same in words; `name` has no extension."""

    name: str
    svg: str
    alt: str
    kind: Literal["picture"] = "picture"


@dataclass(frozen=True, slots=True)
class Column:
    """`head` names it to people, `key` in files."""

    key: str
    head: str


Cell = Annotated[int | Text, Field(union_mode="left_to_right")]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, of which the first is the row's head. Pages show all of it, and offer it as CSV and JSON under its
    `name`; chats show the first rows as a list (bot/core/tables.py)."""

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    kind: Literal["table"] = "table"


Block = Annotated[
    Heading | Paragraph | Quote | Note | Bullets | Fields | Buttons | Select | Document | Attachment | Picture | Table,
    Discriminator("kind"),
]


Status = Literal["", "open", "answered"]
"""The status of a conversation, for platforms that show one."""


@dataclass(frozen=True, slots=True)
class Message:
    """`topic` is the title of the conversation that it opens, and `state` its status, for platforms that show them.
    `of`: the name of the cohort that it shows to a reader of several; empty if it is about several, which it names
    itself, or about none; None if no name was asked for."""

    blocks: tuple[Block, ...]
    topic: str = ""
    state: Status = ""
    of: str | None = None
    goes_on: bool = False
    """What it shows changes by itself: a page shows it again."""

    def with_blocks(self, *blocks: Block) -> "Message":
        """The same message with more blocks below it."""
        return replace(self, blocks=(*self.blocks, *blocks))

    def actions(self) -> Iterator[str]:
        """The encoded actions of this message, in order."""
        for block in self.blocks:
            if isinstance(block, Buttons):
                yield from (b.action for b in block.items)
            elif isinstance(block, Select):
                yield block.action

    def offering(self, keep: Callable[[str], bool]) -> "Message":
        """The same message with only the buttons and selects whose encoded action satisfies `keep`."""
        if all(map(keep, self.actions())):
            return self
        blocks: list[Block] = []
        for block in self.blocks:
            if isinstance(block, Buttons):
                items = tuple(b for b in block.items if keep(b.action))
                blocks += [replace(block, items=items)] if items else []
            elif not isinstance(block, Select) or keep(block.action):
                blocks.append(block)
        return replace(self, blocks=tuple(blocks))


def message(*blocks: Block | None) -> Message:
    """A message of these blocks. None is skipped, so that views can write conditions inline."""
    return Message(tuple(b for b in blocks if b is not None))


def heading(text: str, folded: bool = False) -> Heading:
    return Heading(text, folded)


def paragraph(*text: Inline) -> Paragraph:
    return Paragraph(text)


def quote(*text: Inline) -> Quote:
    return Quote(text)


def note(*text: Inline) -> Note:
    return Note(text)


def with_code(text: str) -> Text:
    """Our own words, with text between backticks as `Code`. Not for what a person typed."""
    parts = text.split("`")
    return tuple(Code(part) if n % 2 else part for n, part in enumerate(parts) if part)


def bullets(*items: Text | str, numbered: bool = False) -> Bullets | None:
    """A list; None if it is empty."""
    lines: tuple[Text, ...] = tuple((i,) if isinstance(i, str) else i for i in items)
    return Bullets(lines, numbered) if lines else None


def fields(*items: tuple[str, Inline | Text]) -> Fields:
    return Fields(tuple((label, v if isinstance(v, tuple) else (v,)) for label, v in items))


def table(
    name: str, caption: str, columns: Iterable[tuple[str, str]], rows: Iterable[Iterable[Cell | Inline | None]]
) -> Table | None:
    """A table of (key, head); None if it has no rows. A cell that is None is empty."""
    made = tuple(tuple(map(_cell, row)) for row in rows)
    return Table(name, caption, tuple(Column(*one) for one in columns), made) if made else None


def _cell(value: Cell | Inline | None) -> Cell:
    if value is None:
        return ()
    return value if isinstance(value, int | tuple) else (value,)


def buttons(*items: Button | None) -> Buttons | None:
    """A row of buttons; None if it is empty."""
    row = tuple(b for b in items if b is not None)
    return Buttons(row) if row else None


def unwrapped(text: str) -> str:
    """The text on one line; runs of whitespace become one space."""
    return " ".join(text.split())


def shorten(text: str, limit: int) -> str:
    """A title: the text on one line, cut at a word with an ellipsis if it is longer than `limit` characters. A text
    that people should read whole goes into a `Quote` instead, or is cut by `typed.excerpt`."""
    line = unwrapped(text)
    if len(line) <= limit:
        return line
    cut = line[: limit - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[limit // 2 :] else cut).rstrip(",;:.") + "…"
