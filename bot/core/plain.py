"""The plain-text form of a message: notifications, screen readers, transcripts, terminals."""

from typing import assert_never

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
    Paragraph,
    Picture,
    Quote,
    Select,
    Table,
    Text,
)
from bot.core.tables import in_lines
from bot.core.time import say
from bot.core.typed import visible


def plain(message: Message, zone: str = "UTC") -> str:
    """The message as lines of text, with instants in `zone`."""
    return "\n".join(_block(b, zone) for b in message.blocks)


def plain_text(text: Text, zone: str = "UTC") -> str:
    """Inline text as a string, with instants in `zone`."""
    return "".join(_inline(i, zone) for i in text)


def _inline(part: Inline, zone: str) -> str:
    match part:
        case str():
            return visible(part)
        case Bold(text) | Italic(text) | Code(text):
            return text
        case Link(url, label):
            return f"{label} ({url})" if part.safe and label != url else label
        case Mention(_, name):
            return f"@{name}"
        case Jump(_, label):
            return label
        case Channel(place):
            return f"#{place.channel}"
        case Instant(at, style):
            own = say(at, zone, style)
            return f"{own} UTC" if zone == "UTC" and style != "date" else own
        case _:
            assert_never(part)


def _block(block: Block, zone: str) -> str:
    match block:
        case Heading(text):
            return text
        case Paragraph(text) | Note(text):
            return plain_text(text, zone)
        case Quote(text):
            return "\n".join(f"> {line}" for line in plain_text(text, zone).split("\n"))
        case Bullets(items, numbered):
            return "\n".join(f"{f'{n}.' if numbered else '-'} {plain_text(i, zone)}" for n, i in enumerate(items, 1))
        case Fields(items):
            return "\n".join(f"{label}: {plain_text(value, zone)}" for label, value in items)
        case Buttons(items):
            return " ".join(f"[{b.label}]" for b in items)
        case Select(label=label, options=options, chosen=chosen):
            now = next((o.label for o in options if o.value == chosen), "choose")
            return f"[{label}: {now}]"
        case Document(name) | Attachment(name):
            return f"[File: {name}]"
        case Picture(alt=alt):
            return f"[Picture: {alt}]"
        case Table():
            return "\n".join(_block(b, zone) for b in in_lines(block))
        case _:
            assert_never(block)
