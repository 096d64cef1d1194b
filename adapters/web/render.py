"""Messages and forms as HTML that works without a script."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import assert_never

from markupsafe import Markup

from adapters.shared.html import Renderer, draw_options, join
from adapters.web.tables import View, draw_table
from adapters.web.uploads import FILE
from bot.core.forms import (
    ChannelField,
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
from bot.core.message import (
    Attachment,
    Buttons,
    Channel,
    Document,
    Heading,
    Jump,
    Link,
    Message,
    Option,
    Select,
    Table,
    with_code,
)
from bot.core.translation import N_, _


@dataclass(frozen=True, slots=True)
class PageRenderer(Renderer):
    """Draws for the reader of the page at the path `page`. Forms are posted to that path with the `hidden` fields.
    `view`: what of a long table they look at."""

    page: str = "/"
    hidden: Mapping[str, str] = field(default_factory=dict)
    view: View = field(default_factory=View)

    def draw(self, message: Message) -> Markup:
        """The message's blocks; each heading begins a section. While somebody looks through a table, none is folded."""
        out, end = Markup(""), Markup("")
        for block in message.blocks:
            drawn = self.block(block, 0)
            if isinstance(block, Heading) and block.folded:
                shape = Markup("{}<details{}><summary>{}</summary>")
                drawn = shape.format(end, Markup(" open") if self.view.table else "", drawn)
                end = Markup("</details>")
            elif isinstance(block, Heading):
                drawn, end = end + Markup("<section>") + drawn, Markup("</section>")
            out += drawn
        return out + end

    def heading(self, text: str) -> Markup:
        return Markup('<h2 dir="auto">{}</h2>').format(text)

    def jump(self, jump: Jump) -> Markup:
        url = self.links.get(jump.anchor, "")
        return self.link(url, jump.label) if Link(url, jump.label).safe else Markup("{}").format(jump.label)

    def channel(self, channel: Channel) -> Markup:
        return Markup.escape(_("a channel"))

    def buttons(self, buttons: Buttons) -> Markup:
        one = Markup('<button name="press" value="{}" class="{}">{}</button> ')
        return self._sent(join(one.format(b.action, b.style, b.label) for b in buttons.items))

    def select(self, select: Select) -> Markup:
        shape = Markup('<label>{} <select name="value">{}</select></label> <button name="press" value="{}">{}</button>')
        options = draw_options(select.options, select.chosen or "")
        return self._sent(shape.format(select.label, options, select.action, _("Set")))

    def table(self, table: Table) -> Markup:
        return draw_table(table, self.text, self.view)

    def file(self, file: Document | Attachment, number: int) -> Markup:
        if isinstance(file, Document):
            return Markup("<details><summary>{}</summary><pre>{}</pre></details>").format(file.name, file.text)
        return Markup('<p class="note">{}</p>').format(_("File: {name} (in the chat)", name=file.name))

    def _sent(self, controls: Markup) -> Markup:
        shape = Markup('<form method="post" action="{}" class="buttons">{}{}</form>')
        return shape.format(self.page, draw_hidden(self.hidden), controls)


def draw_form(
    form: Form, problems: Mapping[str, str], people: Sequence[Option], renderer: PageRenderer, made: Markup | str = ""
) -> Markup:
    """A form, with each problem at its field. `made`: what stands beside it."""
    shape = Markup(
        '<form method="post" action="{back}" class="form"{sent}{tried}>{hidden}<h2>{title}</h2>{intro}{whole}{unsent}'
        "{fields}{rest}"
        '<p><button class="primary" name="form" value="{action}">{submit}</button> <a href="{back}">{home}</a></p>'
        "</form>{beside}"
    )
    beside = Markup('<aside aria-live="polite" aria-label="{}" tabindex="0">{}</aside>').format(
        _("What it would make"), made
    )
    whole = renderer.text(with_code(problems.get("", "")))
    first = form.first or len(form.fields)
    files = any(isinstance(f, TextField) and f.from_file for f in form.fields)
    return shape.format(
        tried=Markup(" data-try") if form.tried else "",
        beside=beside if form.tried else "",
        sent=Markup(' enctype="multipart/form-data"') if files else "",
        hidden=draw_hidden({**renderer.hidden, "draft": form.draft or ""}),
        title=form.title,
        intro=Markup('<p class="note">{}</p>').format(form.intro) if form.intro else "",
        whole=Markup('<p class="problem" role="alert">{}</p>').format(whole) if whole else "",
        unsent=Markup('<p class="notice">{}</p>').format(_(UNSENT)) if form.goes_on else "",
        fields=join(_field(f, problems.get(f.name, ""), people) for f in form.fields[:first]),
        rest=_folded(form.fields[first:], problems, people),
        action=form.action,
        submit=form.submit,
        back=renderer.page,
        home=_("Back"),
    )


UNSENT = N_("This is what you typed before and did not save. What is stored is as it was.")


def _folded(rest: Sequence[Field], problems: Mapping[str, str], people: Sequence[Option]) -> Markup:
    """Fields that few need; open if one of them has a problem."""
    if not rest:
        return Markup("")
    shape = Markup("<details{}><summary>{}</summary>{}</details>")
    named = _("Also: {fields}", fields=", ".join(f.label for f in rest))
    is_open = Markup(" open") if any(f.name in problems for f in rest) else ""
    return shape.format(is_open, named, join(_field(f, problems.get(f.name, ""), people) for f in rest))


def draw_hidden(values: Mapping[str, str]) -> Markup:
    """Hidden fields of a form."""
    return join(Markup('<input type="hidden" name="{}" value="{}">').format(k, v) for k, v in values.items())


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


def _file_for(field: TextField) -> Markup:
    shape = Markup(
        '<label for="{0}">{1}</label><input type="file" id="{0}" name="{0}" accept=".yaml,.yml,.md,.txt,text/*">'
    )
    return shape.format(f"{FILE}{field.name}", _("Or choose a text file, which then counts"))


def _labelled(field: Field, name: str, common: Markup, people: Sequence[Option]) -> Markup:
    label = Markup('<label for="{}">{}</label>').format(name, field.label)
    match field:
        case TextField(long=True):
            rows = min(16, max(3, field.value.count("\n") + len(field.value) // 80 + 2))
            area = Markup('<textarea {} rows="{}" maxlength="{}" dir="auto">\n{}</textarea>')
            chosen = _file_for(field) if field.from_file else ""
            return label + area.format(common, rows, field.max_length, field.value) + chosen
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
            chosen = draw_options((*nothing, *options), field.value)
            return label + Markup("<select {}>{}</select>").format(common, chosen)
        case DateField():
            return label + Markup('<input type="date" {} value="{}">').format(common, field.value)
        case FileField() | UploadField() | GroupField() | ChannelField():
            return label + Markup('<span class="note">{}</span>').format(_("This can be given in the chat alone."))
        case _:
            assert_never(field)
