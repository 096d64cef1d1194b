"""Messages as HTML, for the eyes of one person. Every class of the vocabulary has its one way to be drawn.

All text is escaped where it is put into markup (`Markup.format`), so what somebody typed stays letters.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import accumulate
from typing import assert_never

from markupsafe import Markup

from adapters.sandbox.records import WORKSPACE
from bot.core.events import MEDIA, Medium
from bot.core.html import draw as draw_typed
from bot.core.message import (
    Attachment,
    Block,
    Bold,
    Bullets,
    Button,
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
    Paragraph,
    Quote,
    Select,
    Text,
)
from bot.core.time import Style, local, say, write_instant
from bot.core.typed import joined, visible

LONG = 1500
"""Characters from which a person's message is folded, with its beginning in view."""

SHOWN = 400
"""Characters of a folded message that stay in view."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks, at which message: `person` and `zone`; `mentions` and `links` are those of the `message`."""

    person: str
    zone: str
    mentions: Mapping[int, str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    message: int = 0


def draw(message: Message, reader: Reader) -> Markup:
    """The message's blocks, its controls still to be pressed through `data-action`."""
    files = accumulate(isinstance(b, Document | Attachment) for b in message.blocks)
    return _join(_block(b, reader, file) for b, file in zip(message.blocks, files, strict=True))


def draw_said(text: str) -> Markup:
    """What a person typed: letters, line breaks, nothing else."""
    if not text:
        return Markup("")
    if len(text) <= LONG:
        return Markup('<p class="said" dir="auto">{}</p>').format(text)
    return Markup(
        '<details class="long"><summary><span class="said" dir="auto">{}…</span> '
        '<span class="more">Show all {:,} characters</span><span class="less">Show less</span></summary>'
        '<p class="said" dir="auto">{}</p></details>'
    ).format(text[:SHOWN], len(text), text)


def draw_medium(medium: Medium) -> Markup:
    """What a person sent beside words; nothing for words alone."""
    named = MEDIA.get(medium)
    return Markup('<p class="medium">[{}]</p>').format(named) if named else Markup("")


def draw_time(at: datetime, zone: str, style: Style = "moment") -> Markup:
    """An instant in the reader's zone; the whole date and the zone on pointing at it."""
    wall = local(at, zone)
    whole = f"{wall:%A} {wall.day} {wall:%B %Y}, {wall:%H:%M} ({zone.replace('_', ' ')})"
    shape = Markup('<time datetime="{}" title="{}">{}</time>')
    return shape.format(write_instant(at), whole, say(at, zone, style))


def say_size(size: int) -> str:
    """Bytes in words: '640 bytes', '12 kB'."""
    return f"{size} bytes" if size < 1000 else f"{size / 1000:,.0f} kB"


def _join(parts: object) -> Markup:
    return Markup("").join(parts)  # type: ignore[arg-type]


def _text(text: Text, reader: Reader) -> Markup:
    return _join(_inline(i, reader) for i in text)


def _inline(part: Inline, reader: Reader) -> Markup:
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
            if not part.safe:
                return Markup("{}").format(label)
            return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(url, label or url)
        case Mention(person, name):
            me = reader.mentions.get(person) == reader.person
            return Markup('<span class="mention{}">@<bdi>{}</bdi></span>').format(" me" if me else "", name)
        case Jump(anchor, label, ref):
            address = f"/message/{ref.id}" if ref and ref.workspace == WORKSPACE else reader.links.get(anchor, "")
            if not address.startswith("/message/"):
                return Markup("{}").format(label)
            shape = Markup('<a class="jump" href="{}?as={}" data-jump="{}">{}</a>')
            return shape.format(address, reader.person, address.removeprefix("/message/"), label)
        case Channel(place):
            return Markup('<a class="jump" href="/as/{}/{}">#{}</a>').format(
                reader.person, place.channel, place.channel
            )
        case Instant(at, style):
            return draw_time(at, reader.zone, style)
        case _:
            assert_never(part)


def _block(block: Block, reader: Reader, file: int) -> Markup:
    """`file`: if it is a document, the number of it in the message, from 1."""
    match block:
        case Heading(text):
            return Markup('<h3 dir="auto">{}</h3>').format(text)
        case Paragraph(text):
            return Markup('<p dir="auto">{}</p>').format(_text(text, reader))
        case Quote(text):
            said = draw_typed(joined(text), lambda line: _text(line, reader))
            return Markup("<blockquote>{}</blockquote>").format(Markup(said))
        case Note(text):
            return Markup('<p class="note" dir="auto">{}</p>').format(_text(text, reader))
        case Bullets(items, numbered):
            lines = _join(Markup('<li dir="auto">{}</li>').format(_text(i, reader)) for i in items)
            return Markup("<{0}>{1}</{0}>").format("ol" if numbered else "ul", lines)
        case Fields(items):
            shape = Markup("<div><dt>{}</dt><dd dir=auto>{}</dd></div>")
            return Markup("<dl>{}</dl>").format(_join(shape.format(name, _text(v, reader)) for name, v in items))
        case Buttons(items):
            return Markup('<div class="buttons">{}</div>').format(_join(_button(b) for b in items))
        case Select():
            return _select(block)
        case Document(name, text):
            return _file(reader, file, name, say_size(len(text.encode())))
        case Attachment(name):
            return _file(reader, file, name, "")
        case _:
            assert_never(block)


def _file(reader: Reader, number: int, name: str, size: str) -> Markup:
    shape = Markup('<p><a class="file" href="/file/{}/{}?as={}" download>{}</a> <span class="quiet">{}</span></p>')
    return shape.format(reader.message, number, reader.person, name, size)


def _button(button: Button) -> Markup:
    shape = Markup('<button type="button" class="{}" data-action="{}">{}</button>')
    return shape.format(button.style, button.action, button.label)


def _select(select: Select) -> Markup:
    # With a button of its own, because arrow keys change a list at every step.
    choose = "" if select.chosen else Markup('<option value="" disabled selected>Choose…</option>')
    options = _join(
        Markup('<option value="{}"{}>{}</option>').format(
            o.value, Markup(" selected") if o.value == select.chosen else "", o.label
        )
        for o in select.options
    )
    return Markup(
        '<form class="select" data-action="{}"><label><span>{}</span> <select>{}{}</select></label> '
        '<button type="submit">Set</button></form>'
    ).format(select.action, select.label, choose, options)
