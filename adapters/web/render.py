"""Messages and forms as HTML that works without a script. All text is escaped where it is put into markup."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import assert_never

from markupsafe import Markup

from bot.core.forms import (
    ChoiceField,
    DateField,
    Field,
    FileField,
    Form,
    GroupField,
    PersonField,
    TextField,
    UploadField,
)
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
    Quote,
    Select,
    Text,
    with_code,
)
from bot.core.time import say, write_instant
from bot.core.typed import joined, visible


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks: their `zone`, the addresses behind a message's jumps, the `page` they are on (its path, which takes
    what its forms send), and what each form carries along."""

    zone: str = "UTC"
    links: Mapping[str, str] = field(default_factory=dict)
    page: str = "/"
    hidden: Mapping[str, str] = field(default_factory=dict)


def draw(message: Message, reader: Reader) -> Markup:
    """The message's blocks; from a heading on they belong together."""
    out, within = Markup(""), False
    for block in message.blocks:
        if isinstance(block, Heading):
            out += Markup("</section>") if within else Markup("")
            out += Markup("<section>")
            within = True
        out += _block(block, reader)
    return out + (Markup("</section>") if within else Markup(""))


def draw_form(form: Form, problems: Mapping[str, str], people: Sequence[Option], reader: Reader) -> Markup:
    """A form with what is wrong about it at its fields."""
    shape = Markup(
        '<form method="post" action="{back}" class="form">{hidden}<h2>{title}</h2>{intro}{whole}{fields}'
        '<p><button class="primary" name="form" value="{action}">{submit}</button> <a href="{back}">Back</a></p></form>'
    )
    whole = _text(with_code(problems.get("", "")), reader)
    return shape.format(
        hidden=hidden({**reader.hidden, "draft": form.draft or ""}),
        title=form.title,
        intro=Markup('<p class="note">{}</p>').format(form.intro) if form.intro else "",
        whole=Markup('<p class="problem" role="alert">{}</p>').format(whole) if whole else "",
        fields=_join(_field(f, problems.get(f.name, ""), people) for f in form.fields),
        action=form.action,
        submit=form.submit,
        back=reader.page,
    )


def _join(parts: object) -> Markup:
    return Markup("").join(parts)  # type: ignore[arg-type]


def hidden(values: Mapping[str, str]) -> Markup:
    """Values that a form carries along unseen."""
    return _join(Markup('<input type="hidden" name="{}" value="{}">').format(k, v) for k, v in values.items())


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
            return _link(url, label) if part.safe else Markup("{}").format(label)
        case Mention(_, name):
            return Markup("@<bdi>{}</bdi>").format(name)
        case Jump(anchor, label):
            url = reader.links.get(anchor, "")
            return _link(url, label) if Link(url, label).safe else Markup("{}").format(label)
        case Channel():
            return Markup("a channel")
        case Instant(at, style):
            return Markup('<time datetime="{}">{}</time>').format(write_instant(at), say(at, reader.zone, style))
        case _:
            assert_never(part)


def _link(url: str, label: str) -> Markup:
    return Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(url, label or url)


def _block(block: Block, reader: Reader) -> Markup:
    match block:
        case Heading(text):
            return Markup('<h2 dir="auto">{}</h2>').format(text)
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
            shape = Markup("<div><dt>{}</dt><dd>{}</dd></div>")
            return Markup("<dl>{}</dl>").format(_join(shape.format(name, _text(v, reader)) for name, v in items))
        case Buttons(items):
            button = Markup('<button name="press" value="{}" class="{}">{}</button> ')
            pressed = _join(button.format(b.action, b.style, b.label) for b in items)
            shape = Markup('<form method="post" action="{}" class="buttons">{}{}</form>')
            return shape.format(reader.page, hidden(reader.hidden), pressed)
        case Select(action, label, options, chosen):
            shape = Markup(
                '<form method="post" action="{}" class="buttons">{}<label>{} '
                '<select name="value">{}</select></label> '
                '<button name="press" value="{}">Set</button></form>'
            )
            return shape.format(reader.page, hidden(reader.hidden), label, _options(options, chosen or ""), action)
        case Document(name, text):
            shape = Markup("<details><summary>{}</summary><pre>{}</pre></details>")
            return shape.format(name, text)
        case Attachment(name):
            return Markup('<p class="note">File: {} (in the chat)</p>').format(name)
        case _:
            assert_never(block)


def _options(options: Sequence[Option], chosen: str) -> Markup:
    one = Markup('<option value="{}"{}>{}</option>')
    return _join(one.format(o.value, Markup(" selected") if o.value == chosen else "", o.label) for o in options)


def _field(field: Field, problem: str, people: Sequence[Option]) -> Markup:
    name = f"f-{field.name}"
    told = [f"{name}-hint"] if field.hint else []
    told += [f"{name}-problem"] if problem else []
    common = Markup('id="{0}" name="{0}"{1}{2}').format(
        name,
        Markup(' aria-describedby="{}"').format(" ".join(told)) if told else "",
        Markup(' aria-invalid="true"') if problem else "",
    )
    return Markup('<p class="field">{}{}{}</p>').format(
        _labelled(field, name, common, people),
        Markup('<small id="{}-hint">{}</small>').format(name, field.hint) if field.hint else "",
        Markup('<strong class="problem" id="{}-problem">{}</strong>').format(name, problem) if problem else "",
    )


def _labelled(field: Field, name: str, common: Markup, people: Sequence[Option]) -> Markup:
    label = Markup('<label for="{}">{}</label>').format(name, field.label)
    match field:
        case TextField(long=True):
            rows = min(16, max(3, field.value.count("\n") + len(field.value) // 80 + 2))
            area = Markup('<textarea {} rows="{}" maxlength="{}" dir="auto">\n{}</textarea>')
            return label + area.format(common, rows, field.max_length, field.value)
        case TextField():
            line = Markup('<input {} maxlength="{}" value="{}" dir="auto">')
            return label + line.format(common, field.max_length, field.value)
        case ChoiceField(options=options) if len(options) == 1 and not field.required:
            ticked = Markup(" checked") if field.value == options[0].value else ""
            tick = Markup('<label class="tick"><input type="checkbox" {} value="{}"{}> {}</label>')
            return tick.format(common, options[0].value, ticked, field.label)
        case ChoiceField() | PersonField():
            options = field.options if isinstance(field, ChoiceField) else tuple(people)
            nothing = () if field.required else (Option("", "–"),)
            return label + Markup("<select {}>{}</select>").format(common, _options((*nothing, *options), field.value))
        case DateField():
            return label + Markup('<input type="date" {} value="{}">').format(common, field.value)
        case FileField() | UploadField() | GroupField():
            return label + Markup('<span class="note">This can be given in the chat alone.</span>')
        case _:
            assert_never(field)
