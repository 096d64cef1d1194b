"""Draws a message as HTML for one reader. `Markup.format` escapes all text, so typed text stays text.

The chat of the sandbox and the web pages share it."""

from abc import ABC, abstractmethod
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import accumulate
from typing import assert_never

from markupsafe import Markup

from bot.core.html import draw as draw_typed
from bot.core.message import (
    Attachment,
    Block,
    Bold,
    Bullets,
    Buttons,
    Channel,
    Code,
    Document,
    Fields,
    Heading,
    Inline,
    Instant,
    Italic,
    Jump,
    Link,
    Mention,
    Message,
    Note,
    Option,
    Paragraph,
    Picture,
    Quote,
    Select,
    Table,
    Text,
)
from bot.core.time import Style, local, say, say_day, write_instant
from bot.core.typed import joined, visible


@dataclass(frozen=True, slots=True)
class Renderer(ABC):
    """Draws every class of the vocabulary for a reader in `zone`; `links` are the addresses behind the message's jumps.
    Subclasses draw links, controls and tables, which differ between pages."""

    zone: str = "UTC"
    links: Mapping[str, str] = field(default_factory=dict)

    def draw(self, message: Message) -> Markup:
        files = accumulate(isinstance(b, Document | Attachment) for b in message.blocks)
        return join(self.block(b, file) for b, file in zip(message.blocks, files, strict=True))

    def text(self, text: Text) -> Markup:
        return join(map(self._inline, text))

    def block(self, block: Block, file: int) -> Markup:
        """`file`: if the block is a document or an attachment, its number in the message, from 1."""
        match block:
            case Heading(text):
                return self.heading(text)
            case Paragraph(text):
                return Markup('<p dir="auto">{}</p>').format(self.text(text))
            case Quote(text):
                return Markup("<blockquote>{}</blockquote>").format(Markup(draw_typed(joined(text), self.text)))
            case Note(text):
                return Markup('<p class="note" dir="auto">{}</p>').format(self.text(text))
            case Bullets(items, numbered):
                lines = join(Markup('<li dir="auto">{}</li>').format(self.text(i)) for i in items)
                return Markup("<{0}>{1}</{0}>").format("ol" if numbered else "ul", lines)
            case Fields(items):
                pair = Markup('<div><dt>{}</dt><dd dir="auto">{}</dd></div>')
                return Markup("<dl>{}</dl>").format(join(pair.format(name, self.text(v)) for name, v in items))
            case Buttons():
                return self.buttons(block)
            case Select():
                return self.select(block)
            case Document() | Attachment():
                return self.file(block, file)
            case Picture(_, svg, alt):
                data = b64encode(svg.encode()).decode()
                shape = Markup('<p class="picture"><img src="data:image/svg+xml;base64,{}" alt="{}"></p>')
                return shape.format(data, alt)
            case Table():
                return self.table(block)
            case _:
                assert_never(block)

    def _inline(self, part: Inline) -> Markup:
        match part:
            case str():
                return Markup("{}").format(visible(part))
            case Bold(text):
                return Markup("<strong>{}</strong>").format(text)
            case Italic(text):
                return Markup("<em>{}</em>").format(text)
            case Code(text):
                return Markup("<code>{}</code>").format(text)
            case Link(url, label):
                return self.link(url, label or url) if part.safe else Markup("{}").format(label)
            case Mention():
                return self.mention(part)
            case Jump():
                return self.jump(part)
            case Channel():
                return self.channel(part)
            case Instant(at, style):
                return draw_time(at, self.zone, style)
            case _:
                assert_never(part)

    def link(self, url: str, label: str) -> Markup:
        return Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(url, label)

    def mention(self, mention: Mention) -> Markup:
        return Markup('<span class="mention">@<bdi>{}</bdi></span>').format(mention.name)

    @abstractmethod
    def heading(self, text: str) -> Markup: ...

    @abstractmethod
    def jump(self, jump: Jump) -> Markup: ...

    @abstractmethod
    def channel(self, channel: Channel) -> Markup: ...

    @abstractmethod
    def buttons(self, buttons: Buttons) -> Markup: ...

    @abstractmethod
    def select(self, select: Select) -> Markup: ...

    @abstractmethod
    def table(self, table: Table) -> Markup: ...

    @abstractmethod
    def file(self, file: Document | Attachment, number: int) -> Markup: ...


def join(parts: Iterable[Markup]) -> Markup:
    return Markup("").join(parts)


def draw_time(at: datetime, zone: str, style: Style = "moment") -> Markup:
    """An instant in the reader's zone; its tooltip has the whole date and the zone."""
    wall = local(at, zone)
    whole = f"{say_day(wall, 'full')}, {wall:%H:%M} ({zone.replace('_', ' ')})"
    shape = Markup('<time datetime="{}" title="{}">{}</time>')
    return shape.format(write_instant(at), whole, say(at, zone, style))


def draw_options(options: Sequence[Option], chosen: str) -> Markup:
    one = Markup('<option value="{}"{}>{}</option>')
    return join(one.format(o.value, Markup(" selected") if o.value == chosen else "", o.label) for o in options)
