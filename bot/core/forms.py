"""Forms: what a person fills in, described once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Literal

from pydantic import Base64Bytes, Discriminator

from bot.core.message import Option

Values = Mapping[str, str]
"""What was filled in: field name -> text.

A date is ISO (2026-01-05), a person our id, a text file its whole text, a tick 'yes' or ''. Of any other file it is
`Kept` as text.
"""


@dataclass(frozen=True, slots=True)
class TextField:
    name: str
    label: str
    hint: str = ""
    required: bool = True
    long: bool = False
    max_length: int = 3000
    value: str = ""
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
class FileField:
    """A text file to send in. Its value is the file's text (UTF-8), not its name."""

    name: str
    label: str
    hint: str = ""
    required: bool = True
    endings: tuple[str, ...] = ()
    value: str = ""
    kind: Literal["file"] = "file"


@dataclass(frozen=True, slots=True)
class UploadField:
    """Any file to send in. Its value is a `Kept` as text, once it was received."""

    name: str
    label: str
    hint: str = ""
    required: bool = True
    max_bytes: int = 8_000_000
    value: str = ""
    kind: Literal["upload"] = "upload"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent in."""

    name: str
    data: Base64Bytes


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that we keep, by its number."""

    file: int
    name: str

    def __str__(self) -> str:
        return f"{self.file}:{self.name}"

    @classmethod
    def read(cls, text: str) -> "Kept | None":
        """From the value of an upload field; None where it holds no file."""
        number, colon, name = text.partition(":")
        return cls(int(number), name) if colon and number.isascii() and number.isdigit() else None


Field = Annotated[
    TextField | ChoiceField | DateField | PersonField | GroupField | FileField | UploadField, Discriminator("kind")
]


@dataclass(frozen=True, slots=True)
class Form:
    """`action` is an encoded `Action`; it comes back in `FormSubmitted`. `draft` names what was typed before."""

    action: str
    title: str
    fields: tuple[Field, ...]
    submit: str = "Send"
    intro: str = ""
    draft: str | None = None

    def filled(self, values: Values) -> "Form":
        """The same form with values in place."""
        return replace(self, fields=tuple(replace(f, value=values.get(f.name, f.value)) for f in self.fields))

    def problems(self, values: Values) -> dict[str, str]:
        """What is missing, too long or not among the choices, by field: the checks that need no state."""
        found: dict[str, str] = {}
        for field in self.fields:
            value = values.get(field.name, "").strip()
            if not value:
                if field.required:
                    found[field.name] = "Please fill this in."
            elif isinstance(field, TextField) and len(value) > field.max_length:
                found[field.name] = (
                    f"This is {len(value):,} characters long; {field.max_length:,} fit. Please shorten it."
                )
            elif isinstance(field, ChoiceField) and value not in {o.value for o in field.options}:
                found[field.name] = "Please pick one of the choices."
        return found


def yes_no(name: str, label: str, hint: str = "", value: bool = False) -> ChoiceField:
    """A tick: 'yes' or nothing."""
    return ChoiceField(name, label, (Option("yes", label),), hint, required=False, value="yes" if value else "")
