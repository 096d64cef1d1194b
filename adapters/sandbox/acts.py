"""What a person does in the chat (`Act`), and its result (`Outcome`), as values."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError

from adapters.sandbox.records import Post
from adapters.sandbox.refusals import BadAct
from bot.core import incoming
from bot.core.events import Medium
from bot.core.forms import Form, Upload
from bot.core.message import Option

Do = Literal["say", "edit", "delete", "react", "unreact", "command", "press", "shortcut", "submit"]

TEXT_LIMIT = 40_000
"""Longest text in characters."""

FILE_LIMIT = 1_000_000
"""Largest text file in bytes."""

UPLOAD_LIMIT = 10_000_000
"""Largest other file in bytes."""


def clean(text: str) -> str:
    """The text, cleaned as the core does it, with `\n` as its line break."""
    return incoming.clean(text).replace("\r\n", "\n")


def _as_text(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return clean(value) if isinstance(value, str) else value


def _as_value(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else ""
    return str(value) if isinstance(value, float) else _as_text(value)


def _as_file(value: Any) -> Any:
    if not isinstance(value, dict) or not {"name", "base64"} <= value.keys():
        return value
    return Upload(clean(str(value["name"]))[:200], base64.b64decode(str(value["base64"]), validate=True))


_GIVEN = BeforeValidator(lambda value: _as_text(value) or None)
Text = Annotated[str, BeforeValidator(_as_text)]
Value = Annotated[str, BeforeValidator(_as_value)]
File = Annotated[Upload, BeforeValidator(_as_file)]
MessageId = Annotated[int | None, Field(ge=0, lt=10**15), _GIVEN]


@dataclass(frozen=True, slots=True)
class Act:
    """`person` does something. `place` empty: their direct conversation with the bot.

    `kind` is the medium of a message. A repeated `delivery` is a redelivery of the same act, whatever its other fields.
    """

    person: Annotated[Text, Field(alias="as", min_length=1)]
    do: Do
    place: Text = ""
    thread: MessageId = None
    message: MessageId = None
    text: Text = ""
    emoji: Text = ""
    action: Text = ""
    values: Mapping[Text, Value] = field(default_factory=dict)
    draft: Annotated[str | None, _GIVEN] = None
    delivery: Annotated[str | None, Field(max_length=100), _GIVEN] = None
    files: Mapping[Text, File] = field(default_factory=dict)
    kind: Medium = "text"


_act = TypeAdapter(Act)

_EXPECTED = {
    "as": "'as' is missing: the id of the person who does this, such as 'mia'.",
    "do": f"'do' is one of: {', '.join(get_args(Do))}.",
    "kind": f"'kind' is one of: {', '.join(get_args(Medium))}.",
    "thread": "'thread' is the id of a message: a number.",
    "message": "'message' is the id of a message: a number.",
    "values": "'values' is an object: field name -> text.",
    "files": "'files' is an object: field name -> {'name': 'a.pdf', 'base64': '…'}.",
    "delivery": "'delivery' has at most 100 characters.",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """`message`: the id of the message made or touched; `reply`: the private answer; `form`: the one that
    stands open now, with the `people` and `channels` to pick from; `errors`: field -> what to fix."""

    message: int | None = None
    reply: Post | None = None
    form: Form | None = None
    people: Sequence[Option] = ()
    channels: Sequence[Option] = ()
    errors: Mapping[str, str] = field(default_factory=dict)


def read_act(body: Any) -> Act:
    """Parses an act from JSON data. Raises BadAct with a message for the client's developer."""
    if not isinstance(body, dict):
        raise BadAct("The body is one JSON object, such as {'as': 'mia', 'do': 'say', 'text': 'Hello'}.")
    try:
        return _act.validate_python({name: value for name, value in body.items() if value is not None})
    except ValidationError as e:
        wrong = dict.fromkeys(str(error["loc"][0]) for error in e.errors(include_context=False))
        raise BadAct(" ".join(_EXPECTED.get(name, f"'{name}' is a text.") for name in wrong)) from None
