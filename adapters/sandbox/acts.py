"""What a person does in the chat (`Act`), and its result (`Outcome`), as values."""

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, cast, get_args

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


@dataclass(frozen=True, slots=True)
class Act:
    """`person` does something. `place` empty: their direct conversation with the bot.

    `kind` is the medium of a message. A repeated `delivery` is a redelivery of the same act, whatever its other fields.
    """

    person: str
    do: Do
    place: str = ""
    thread: int | None = None
    message: int | None = None
    text: str = ""
    emoji: str = ""
    action: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    draft: str | None = None
    delivery: str | None = None
    files: Mapping[str, Upload] = field(default_factory=dict)
    kind: Medium = "text"


@dataclass(frozen=True, slots=True)
class Outcome:
    """`message`: the id of the message made or touched; `reply`: the private answer; `form`: the one that
    stands open now, with `people` to pick from in its person fields; `errors`: field -> what to fix."""

    message: int | None = None
    reply: Post | None = None
    form: Form | None = None
    people: Sequence[Option] = ()
    errors: Mapping[str, str] = field(default_factory=dict)


def read_act(body: Any) -> Act:
    """Parses an act from JSON data. Raises BadAct with a message for the client's developer."""
    if not isinstance(body, dict):
        raise BadAct("The body is one JSON object, such as {'as': 'mia', 'do': 'say', 'text': 'Hello'}.")
    do = _text(body, "do")
    if do not in get_args(Do):
        raise BadAct(f"'do' is one of: {', '.join(get_args(Do))}.")
    kind = _text(body, "kind") or "text"
    if kind not in get_args(Medium):
        raise BadAct(f"'kind' is one of: {', '.join(get_args(Medium))}.")
    person = _text(body, "as")
    if not person:
        raise BadAct("'as' is missing: the id of the person who does this, such as 'mia'.")
    return Act(
        person=person,
        do=cast(Do, do),
        place=_text(body, "place"),
        thread=_number(body, "thread"),
        message=_number(body, "message"),
        text=_text(body, "text"),
        emoji=_text(body, "emoji"),
        action=_text(body, "action"),
        values=_values(body.get("values")),
        draft=_text(body, "draft") or None,
        delivery=_delivery(_text(body, "delivery")),
        files=_files(body.get("files")),
        kind=cast(Medium, kind),
    )


def clean(text: str) -> str:
    """The text, cleaned as the core does it, with `\n` as its line break."""
    return incoming.clean(text).replace("\r\n", "\n")


def _text(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    if value is None:
        return ""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise BadAct(f"'{name}' is a text.")


def _number(body: Mapping[str, Any], name: str) -> int | None:
    text = _text(body, name)
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,15}", text):
        raise BadAct(f"'{name}' is the id of a message: a number.")
    return int(text)


def _values(given: Any) -> dict[str, str]:
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise BadAct("'values' is an object: field name -> text.")
    return {clean(str(k)): _value(k, v) for k, v in given.items()}


def _files(given: Any) -> dict[str, Upload]:
    if given is None:
        return {}
    try:
        return {
            clean(str(name)): Upload(clean(file["name"])[:200], base64.b64decode(file["base64"], validate=True))
            for name, file in given.items()
        }
    except (AttributeError, KeyError, TypeError, ValueError):
        raise BadAct("'files' is an object: field name -> {'name': 'a.pdf', 'base64': '…'}.") from None


def _value(name: Any, value: Any) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return "yes"
    if isinstance(value, str | int | float):
        return clean(str(value))
    raise BadAct(f"The value of '{clean(str(name))[:40]}' is a text.")


def _delivery(text: str) -> str | None:
    if len(text) > 100:
        raise BadAct("'delivery' has at most 100 characters.")
    return text or None
