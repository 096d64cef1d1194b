"""Commands, declared once as a dataclass of typed parameters, and registered everywhere from that.

    @dataclass(frozen=True)
    class Ask:
        \"\"\"Ask a question; it gets a thread of its own.\"\"\"

        text: Annotated[str, Param(N_("Your question"), long=True)]
        anonymous: Annotated[bool, Param(N_("Without my name"))] = False

A parameter without a default is required. Types: str, bool, int, date, a Literal of choices, `PersonId`, and `Kept`: a
file, on platforms whose commands can carry one.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields, replace
from datetime import date
from inspect import cleandoc
from typing import Annotated, Any, Literal, NewType, get_args, get_origin, get_type_hints

from bot.core.actions import read_number
from bot.core.errors import FormRefused
from bot.core.forms import (
    ChoiceField,
    DateField,
    Field,
    Form,
    Kept,
    PersonField,
    TextField,
    UploadField,
    Values,
    too_long,
    yes_no,
)
from bot.core.message import Option
from bot.core.people import Role
from bot.core.translation import _


@dataclass(frozen=True, slots=True)
class Shortcut:
    """An entry of a message's own menu, declared by a feature. `label` has at most 24 characters."""

    name: str
    label: str
    summary: str


PersonId = NewType("PersonId", int)
"""The type of a parameter that names a person of the cohort."""

Lane = Literal["form", "private", "silent"]
"""How an interaction answers: opening a form (never deferred), with a private message, or not at all."""

Suggest = Callable[[Any, str], Sequence[Option]]
"""(turn, what was typed so far) -> completions. Reads only."""

Kind = Literal["text", "flag", "number", "date", "choice", "person", "file"]


@dataclass(frozen=True, slots=True)
class Param:
    """What people read about a parameter."""

    label: str
    hint: str = ""
    long: bool = False
    max_length: int = 3000
    suggest: Suggest | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a command, as renderers need it."""

    name: str
    kind: Kind
    param: Param
    required: bool
    choices: tuple[str, ...] = ()
    default: Any = None

    def field(self) -> Field:
        """The form field for it."""
        p = self.param
        if self.kind == "flag":
            return yes_no(self.name, p.label, p.hint, bool(self.default))
        if self.kind == "choice":
            options = tuple(Option(c, self.label_of(c)) for c in self.choices)
            return ChoiceField(self.name, p.label, options, p.hint, self.required, str(self.default or ""))
        if self.kind == "date":
            return DateField(self.name, p.label, p.hint, self.required)
        if self.kind == "person":
            return PersonField(self.name, p.label, p.hint, self.required)
        if self.kind == "file":
            return UploadField(self.name, p.label, p.hint, self.required)
        length = 12 if self.kind == "number" else p.max_length
        default = "" if self.default is None else str(self.default)
        return TextField(self.name, p.label, p.hint, self.required, p.long, length, default)

    @staticmethod
    def label_of(choice: str) -> str:
        """'Very large' for 'very_large'."""
        return _(choice.replace("_", " ").capitalize())

    def read(self, text: str) -> Any:
        """Parses a text. Raises ValueError with words for the person."""
        if self.kind == "flag":
            return text.lower() in {"yes", "true", "1", "on", self.name}
        if self.kind == "number":
            if not re.fullmatch(r"-?\d{1,9}", text):
                raise ValueError(_("Please write a number, such as 3."))
            return int(text)
        if self.kind == "person":
            person = read_number(text)
            if person is None:
                raise ValueError(_("Please pick one of the people."))
            return PersonId(person)
        if self.kind == "file":
            return Kept.read(text)
        if self.kind == "date":
            try:
                return date.fromisoformat(text)
            except ValueError:
                raise ValueError(_("Please write a date as 2026-01-31.")) from None
        if self.kind == "choice" and text not in self.choices:
            raise ValueError(_("Please pick one of: {choices}.", choices=", ".join(self.choices)))
        return text


def parameters(shape: type) -> tuple[Parameter, ...]:
    """The parameters that a command's dataclass declares."""
    hints = get_type_hints(shape, include_extras=True)
    found = []
    for f in fields(shape):
        base, *extras = get_args(hints[f.name]) if get_origin(hints[f.name]) is Annotated else (hints[f.name],)
        declared = next((e for e in extras if isinstance(e, Param)), Param(f.name.capitalize()))
        param = replace(declared, label=_(declared.label), hint=_(declared.hint))
        choices: tuple[str, ...] = ()
        options = [a for a in get_args(base) if a is not type(None)] or [base]
        kind: Kind
        if get_origin(base) is Literal:
            kind, choices = "choice", tuple(get_args(base))
        elif options == [bool]:
            kind = "flag"
        elif options == [int]:
            kind = "number"
        elif options == [date]:
            kind = "date"
        elif options == [PersonId]:
            kind = "person"
        elif options == [Kept]:
            kind = "file"
        elif options == [str]:
            kind = "text"
        else:
            raise TypeError(f"{shape.__name__}.{f.name}: {base!r} is no type that a command can carry.")
        required = f.default is MISSING
        found.append(Parameter(f.name, kind, param, required, choices, None if required else f.default))
    return tuple(found)


_FIRST = re.compile(r'(\w+)[=:](?:"([^"]*)"|(\S+))(?:\s+|$)')
_LAST = re.compile(r"(\w+)[=:](\S+)")


@dataclass(frozen=True, slots=True)
class Command:
    """A declared command. If `roles` is empty, anyone may use it. `needs_cohort`: it is about one cohort. `admins`:
    workspace administrators may also use it. `after_end`: it also works in a cohort that has ended. `near`: words that
    people type instead of a command, and what to type (after '/cohort')."""

    name: str
    feature: str
    shape: type
    example: str
    roles: frozenset[Role]
    lane: Lane = "private"
    needs_cohort: bool = True
    admins: bool = False
    after_end: bool = False
    near: Mapping[str, str] = field(default_factory=dict)

    @property
    def summary(self) -> str:
        """The first line of the declaration's docstring."""
        return _(cleandoc(self.shape.__doc__ or "").split("\n")[0])

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        return parameters(self.shape)

    @property
    def typed(self) -> tuple[Parameter, ...]:
        """The parameters that can be written after the command."""
        return tuple(p for p in self.parameters if p.kind != "file")

    def form(self, action: str, title: str) -> Form:
        """The form made from the declaration, for people who leave out a parameter."""
        return Form(action, title, tuple(p.field() for p in self.parameters), intro=self.summary)

    def parse(self, text: str) -> dict[str, str]:
        """Splits the text after the command: `name=value` first, then the parameters in order. The first text parameter
        takes the rest, except for named values at the end (`… anonymous=yes`)."""
        values: dict[str, str] = {}
        rest = text.strip()
        by_name = {p.name: p for p in self.typed}
        while (match := _FIRST.match(rest)) and match[1] in by_name:
            values[match[1]] = match[3] if match[2] is None else match[2]
            rest = rest[match.end() :]
        while match := _LAST.fullmatch((words := rest.rsplit(maxsplit=1) or [""])[-1]):
            if match[1] not in by_name or by_name[match[1]].kind == "text":
                break
            values.setdefault(match[1], match[2])
            rest = words[0] if len(words) > 1 else ""
        for p in self.typed:
            if p.name in values or not rest or p.kind == "flag":
                continue
            if p.kind == "text":
                values[p.name], rest = rest, ""
            else:
                word, _, rest = rest.partition(" ")
                values[p.name], rest = word, rest.strip()
        named = next((p.name for p in self.typed if p.kind == "text" and p.name in values), None)
        if rest and named:
            values[named] += f" {rest}"  # keep everything that was typed
        return values

    def read(self, values: Values) -> Any:
        """Fills in the declaration. Raises FormRefused with a problem for each invalid field."""
        problems: dict[str, str] = {}
        ready: dict[str, Any] = {}
        for p in self.parameters:
            text = values.get(p.name, "").strip()
            if not text:
                if p.required:
                    problems[p.name] = _("Please fill this in.")
                elif p.kind == "flag" and p.name in values:
                    ready[p.name] = False
                continue
            if p.kind == "text" and len(text) > p.param.max_length:
                problems[p.name] = too_long(len(text), p.param.max_length)
                continue
            try:
                ready[p.name] = p.read(text)
            except ValueError as e:
                problems[p.name] = str(e)
        if problems:
            raise FormRefused(problems)
        return self.shape(**ready)

    def missing(self, values: Mapping[str, str]) -> bool:
        """Whether a required parameter is missing."""
        return any(p.required and not values.get(p.name, "").strip() for p in self.parameters)
