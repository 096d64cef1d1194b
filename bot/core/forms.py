"""Forms: what a person fills in, described once."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as made
from typing import Annotated, Literal

from pydantic import Base64Bytes, Discriminator

from bot.core.fingerprints import fingerprint
from bot.core.message import Option, unwrapped
from bot.core.translation import N_, _, _n

Values = Mapping[str, str]
"""Input: field name -> text.

A date is ISO (2026-01-05), a person our id, a channel its id on the platform, a text file its whole text, a tick 'yes'
or ''. Any other file is a `Kept` as text.
"""

LONGEST_VALUE = 3000
"""Maximum characters of a value if its field sets no other limit."""

UNASKED = "unasked_"
"""Begins the names of fields that show what was typed for a question that a form does not ask any more."""

MOST_VALUES = 50
"""Maximum number of values of a form that is no longer known."""


@dataclass(frozen=True, slots=True)
class TextField:
    name: str
    label: str
    hint: str = ""
    required: bool = True
    long: bool = False
    max_length: int = LONGEST_VALUE
    value: str = ""
    number: bool = False
    """It takes a number, of at most `max_length` digits."""
    from_file: bool = False
    """On pages, a text file can be chosen instead of typing."""
    kind: Literal["text"] = "text"


@dataclass(frozen=True, slots=True)
class ChoiceField:
    """One of several; with a single option and `required=False` a renderer may draw a tick box."""

    name: str
    label: str
    options: tuple[Option, ...]
    hint: str = ""
    required: bool = True
    value: str = ""
    kind: Literal["choice"] = "choice"


@dataclass(frozen=True, slots=True)
class DateField:
    name: str
    label: str
    hint: str = ""
    required: bool = True
    value: str = ""
    kind: Literal["date"] = "date"


@dataclass(frozen=True, slots=True)
class PersonField:
    name: str
    label: str
    hint: str = ""
    required: bool = True
    value: str = ""
    kind: Literal["person"] = "person"


@dataclass(frozen=True, slots=True)
class GroupField:
    """One of the platform's own groups or roles. Its value is the group's id and name: `S123:teachers`."""

    name: str
    label: str
    hint: str = ""
    required: bool = True
    value: str = ""
    kind: Literal["group"] = "group"


@dataclass(frozen=True, slots=True)
class ChannelField:
    """One of the platform's channels, in the workspace where the form is filled in. Its value is the channel's id.

    A platform takes only a channel in which the bot can write, and enters it if it has to. What keeps the bot from that
    is shown at the field.
    """

    name: str
    label: str
    hint: str = ""
    required: bool = True
    value: str = ""
    kind: Literal["channel"] = "channel"


@dataclass(frozen=True, slots=True)
class FileField:
    """A text file to upload. Its value is the file's text (UTF-8), not its name."""

    name: str
    label: str
    hint: str = ""
    required: bool = True
    endings: tuple[str, ...] = ()
    value: str = ""
    kind: Literal["file"] = "file"


@dataclass(frozen=True, slots=True)
class UploadField:
    """Any file to upload. Its value is a `Kept` as text, once it was received."""

    name: str
    label: str
    hint: str = ""
    required: bool = True
    max_bytes: int = 8_000_000
    value: str = ""
    kind: Literal["upload"] = "upload"


@dataclass(frozen=True, slots=True)
class Upload:
    """An uploaded file."""

    name: str
    data: Base64Bytes


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored file, by its number."""

    file: int
    name: str

    def __str__(self) -> str:
        return f"{self.file}:{self.name}"

    @classmethod
    def read(cls, text: str) -> "Kept | None":
        """Reads the value of an upload field; None if it holds no file."""
        number, colon, name = text.partition(":")
        return cls(int(number), name) if colon and number.isascii() and number.isdigit() else None


Field = Annotated[
    TextField | ChoiceField | DateField | PersonField | GroupField | ChannelField | FileField | UploadField,
    Discriminator("kind"),
]


@dataclass(frozen=True, slots=True)
class Stored:
    """Something stored that a form would replace, as it is now.

    `values` holds it as the form's fields would, and may also hold what the form shows but does not ask for, such as a
    due date. Empty `values`: nothing is stored. `said` is the last change, for a sentence that begins with 'Newer: ',
    such as 'handed in Mon 5 Jan, 14:02'. `part` names it if a form may replace one of several things.
    """

    values: Values
    said: str
    part: str = ""

    @property
    def stamp(self) -> str:
        """Distinguishes versions; '' if nothing is stored."""
        held = {name: value for name, value in self.values.items() if value}
        return fingerprint(json.dumps(sorted(held.items()))) if held else ""

    def is_said_by(self, values: Values) -> bool:
        """Whether a form filled in like this has the same values, so that storing it replaces nothing."""
        return all(name in values and values[name].strip() == value.strip() for name, value in self.values.items())


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something about what was typed into a field that its author is asked about once, before it is sent as it is.
    `why` is shown at the field."""

    field: str
    typed: str
    why: str

    @property
    def part(self) -> str:
        return f"doubt/{self.field}"

    @property
    def stamp(self) -> str:
        """Distinguishes what was asked about, as for `Stored`."""
        return fingerprint(json.dumps([self.typed, self.why]))


@dataclass(frozen=True, slots=True)
class Form:
    """`action` is an encoded `Action`; it comes back in `FormSubmitted`. `draft` names what was typed before.

    `seen` holds the stamp of each `Stored` part when the form was opened, by the part's name. The runtime sets it. None
    if the stamps are not known, as in forms opened before an upgrade.

    `goes_on`: the draft whose unsent words it has. The runtime sets it.

    `kept`: what is typed into it is kept until it is sent, and comes back if the form is refused. Without it nothing
    typed is stored anywhere but by the form's handler. The runtime sets it, as `Feature.form` declares it.

    `tried`: a page shows what it would make while somebody types (`Feature.tries`). The runtime sets it.

    `first`: how many fields a page shows at once; the rest is folded. 0: all.
    """

    action: str
    title: str
    fields: tuple[Field, ...]
    submit: str = made(default_factory=lambda: _("Send"))
    intro: str = ""
    draft: str | None = None
    seen: Mapping[str, str] | None = None
    kept: bool = True
    goes_on: str = ""
    tried: bool = False
    first: int = 0

    def filled(self, values: Values) -> "Form":
        """The same form with these values."""
        return replace(self, fields=tuple(replace(f, value=values.get(f.name, f.value)) for f in self.fields))

    def carrying(self, before: "Form", typed: Values) -> tuple["Form", Values]:
        """This form for somebody who typed into an earlier state of it, and the values that it gets. Words for a
        question that is not asked any more stand below the others, to be copied: they are no input when it is sent."""
        own = {f.name: f for f in self.fields}
        values, left = dict[str, str](), list[Field]()
        for field in before.fields:
            name, value = field.name.removeprefix(UNASKED), typed.get(field.name, field.value)
            now = own.get(name)
            if now is not None:
                is_choice = not isinstance(now, ChoiceField) or value in {"", *(o.value for o in now.options)}
                if is_choice and not (name != field.name and values.get(name)):
                    values[name] = value
            elif isinstance(field, TextField) and value.strip() and value != field.value:
                hint = _("This is not asked any more, and not sent. You can copy your words from here.")
                kept = replace(field, name=f"{UNASKED}{name}", hint=hint, required=False, value="")
                left, values[kept.name] = [*left, kept], value
        return replace(self, fields=(*self.fields, *left)), values

    def rewritten(self, write: Callable[[str], str]) -> "Form":
        """The same form with other words around its questions: as its title, its intro and its hints."""
        fields = tuple(replace(f, hint=write(f.hint)) for f in self.fields)
        return replace(self, title=write(self.title), intro=write(self.intro), fields=fields)

    def on_one_line(self, values: Values) -> Values:
        """The values, without line breaks where the form has a single line: clients send them all the same."""
        short = {field.name for field in self.fields if isinstance(field, TextField) and not field.long}
        return {n: unwrapped(v) if n in short and len(v.splitlines()) > 1 else v for n, v in values.items()}

    def problems(self, values: Values) -> dict[str, str]:
        """Checks without state: what is missing, too long or not among the choices, by field."""
        found: dict[str, str] = {}
        for field in self.fields:
            value = values.get(field.name, "").strip()
            if not value:
                if field.required:
                    found[field.name] = _("Please fill this in.")
            elif isinstance(field, TextField) and len(value) > field.max_length:
                found[field.name] = (
                    too_big(value, field.max_length) if field.number else too_long(len(value), field.max_length)
                )
            elif not isinstance(field, FileField | TextField) and len(value) > LONGEST_VALUE:
                found[field.name] = _("Please pick this anew.")
            elif isinstance(field, ChoiceField) and value not in {o.value for o in field.options}:
                found[field.name] = _("Please pick one of the choices.")
        return found


def with_labels(form: "Form | None", problems: Mapping[str, str]) -> list[str]:
    """Problems for a place away from their fields: each with the labels of these."""
    labels = {f.name: f.label for f in form.fields} if form else {}
    of: dict[str, list[str]] = {}
    for name, said in problems.items():
        of.setdefault(said, []).append(labels.get(name, ""))
    return [
        _("{fields}: {problem}", fields=", ".join(filter(None, n)), problem=p) if any(n) else p for p, n in of.items()
    ]


NOT_KEPT = N_("This form is not kept any more. Please open it anew.")


def unbounded(values: Values) -> dict[str, str]:
    """Problems in the input of a form that is no longer known, by field: more or longer values than any form takes."""
    if len(values) > MOST_VALUES:
        return {"": _(NOT_KEPT)}
    why = _(
        "This form is not kept any more, and takes {most} characters at most. Please open it anew.",
        most=f"{LONGEST_VALUE:,}",
    )
    return {name: why for name, text in values.items() if len(text) > LONGEST_VALUE}


def too_long(length: int, most: int) -> str:
    """What is wrong with a text of more characters than fit."""
    return _("This is {length} characters long; {most} fit. Please shorten it.", length=f"{length:,}", most=f"{most:,}")


def too_big(text: str, most: int) -> str:
    """What is wrong with a number of more digits than fit, or with words beside it."""
    if not text.isdigit():
        return _("Please write the number alone.")
    return _n("Please write a number with one digit.", "Please write a number with at most {n} digits.", most)


def yes_no(name: str, label: str, hint: str = "", value: bool = False) -> ChoiceField:
    """The value of a tick box: 'yes' or ''."""
    return ChoiceField(name, label, (Option("yes", label),), hint, required=False, value="yes" if value else "")
