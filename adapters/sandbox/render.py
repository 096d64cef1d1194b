"""Messages as HTML, as one person sees them in the sandbox's chat. A script acts on `data-action` and `data-jump`."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from markupsafe import Markup

from adapters.sandbox.records import WORKSPACE
from adapters.shared.html import Renderer, draw_options, join
from bot.core.events import MEDIA, Medium
from bot.core.message import Attachment, Buttons, Channel, Document, Jump, Mention, Select, Table
from bot.core.tables import in_lines
from bot.core.translation import _, _n

LONG = 1500
"""Length in characters from which a person's message is folded."""

SHOWN = 400
"""Characters of a folded message that stay in view."""


@dataclass(frozen=True, slots=True)
class ChatRenderer(Renderer):
    """Draws the message with the id `message` for `person`; `mentions` are the accounts of the people it names."""

    person: str = ""
    mentions: Mapping[int, str] = field(default_factory=dict)
    message: int = 0

    def heading(self, text: str) -> Markup:
        return Markup('<h3 dir="auto">{}</h3>').format(text)

    def link(self, url: str, label: str) -> Markup:
        return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(url, label)

    def mention(self, mention: Mention) -> Markup:
        me = self.mentions.get(mention.person) == self.person
        return Markup('<span class="mention{}">@<bdi>{}</bdi></span>').format(" me" if me else "", mention.name)

    def jump(self, jump: Jump) -> Markup:
        ref = jump.ref
        address = f"/message/{ref.id}" if ref and ref.workspace == WORKSPACE else self.links.get(jump.anchor, "")
        if not address.startswith("/message/"):
            return Markup("{}").format(jump.label)
        shape = Markup('<a class="jump" href="{}?as={}" data-jump="{}">{}</a>')
        return shape.format(address, self.person, address.removeprefix("/message/"), jump.label)

    def channel(self, channel: Channel) -> Markup:
        name = channel.place.channel
        return Markup('<a class="jump" href="/as/{}/{}">#{}</a>').format(self.person, name, name)

    def buttons(self, buttons: Buttons) -> Markup:
        one = Markup('<button type="button" class="{}" data-action="{}">{}</button>')
        pressed = join(one.format(b.style, b.action, b.label) for b in buttons.items)
        return Markup('<div class="buttons">{}</div>').format(pressed)

    def select(self, select: Select) -> Markup:
        # With a separate button, because arrow keys change a list at every step.
        choose = "" if select.chosen else Markup('<option value="" disabled selected>{}</option>').format(_("Choose…"))
        return Markup(
            '<form class="select" data-action="{}"><label><span>{}</span> <select>{}{}</select></label> '
            '<button type="submit">{}</button></form>'
        ).format(select.action, select.label, choose, draw_options(select.options, select.chosen or ""), _("Set"))

    def table(self, table: Table) -> Markup:
        return join(self.block(line, 0) for line in in_lines(table))

    def file(self, file: Document | Attachment, number: int) -> Markup:
        size = say_size(len(file.text.encode())) if isinstance(file, Document) else ""
        shape = Markup('<p><a class="file" href="/file/{}/{}?as={}" download>{}</a> <span class="quiet">{}</span></p>')
        return shape.format(self.message, number, self.person, file.name, size)


def draw_said(text: str) -> Markup:
    """Typed text with its line breaks."""
    if not text:
        return Markup("")
    if len(text) <= LONG:
        return Markup('<p class="said" dir="auto">{}</p>').format(text)
    return Markup(
        '<details class="long"><summary><span class="said" dir="auto">{}…</span> '
        '<span class="more">{}</span><span class="less">{}</span></summary>'
        '<p class="said" dir="auto">{}</p></details>'
    ).format(text[:SHOWN], _("Show all {n:,} characters", n=len(text)), _("Show less"), text)


def draw_medium(medium: Medium) -> Markup:
    """The medium of a person's message; empty for text."""
    named = MEDIA.get(medium)
    return Markup('<p class="medium">[{}]</p>').format(_(named)) if named else Markup("")


def say_size(size: int) -> str:
    """A readable size: '640 bytes', '12 kB'."""
    return _n("{n} byte", "{n} bytes", size) if size < 1000 else f"{size / 1000:,.0f} kB"
