"""Makes input safe to store and to handle: text that every database takes, JSON of bounded shape.

Adapters clean what they read before they use it, and `Runtime.receive` cleans each event once more, so features need
not.
"""

import json
import math
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any, TypeVar

from bot.core.people import Actor

T = TypeVar("T")

DEEPEST = 64
"""Maximum levels of nesting; platforms use about fifteen."""

LONGEST_NAME = 100
"""Maximum characters of a person's name; platforms allow 80."""

LONGEST_NUMBER = 40
"""Maximum characters of a number in JSON."""


class Unreadable(ValueError):
    """The text is not JSON, nests too deep, or has an invalid number."""


def clean(text: str) -> str:
    """The text without NUL, which PostgreSQL refuses; an unpaired surrogate, which cannot be encoded, becomes U+FFFD.

    Text of which nothing can be seen becomes empty, since an answer of it would count as one. Nothing else changes:
    whitespace stays as typed.
    """
    if text.isascii():
        return text.replace("\x00", "") if "\x00" in text else text
    # Join surrogate pairs that arrived as two halves.
    made = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\x00", "")
    return "" if all(_is_unseen(c) for c in made) else made


def _is_unseen(character: str) -> bool:
    return character in UNSEEN or unicodedata.category(character) in {"Cc", "Cf", "Zs", "Zl", "Zp"}


UNSEEN = frozenset("\u034f\u115f\u1160\u2800\u3164\uffa0") | {chr(c) for c in range(0xFE00, 0xFE10)}
"""Letters and marks that are drawn as nothing: fillers, the blank of Braille, selectors of a variant."""


def one_line(text: str, most: int) -> str:
    """A name or title on one line of at most `most` characters, without control characters and direction overrides,
    which would affect the rest of the sentence."""
    kept = "".join(" " if c.isspace() else c for c in clean(text[: 10 * most]) if c.isspace() or not turns_or_hides(c))
    line = " ".join(kept.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def quoted(text: str, most: int = 60) -> str:
    """What somebody typed, for an error message: in quotes, on one line and cut at `most` characters."""
    return repr(one_line(text, most))


def hidden(text: str) -> str:
    """The first character for which `turns_or_hides` is true, as U+202E; '' if there is none."""
    return next((f"U+{ord(c):04X}" for c in text if turns_or_hides(c)), "")


def turns_or_hides(character: str) -> bool:
    """Whether a character is invisible and changes how the text around it is shown: control characters, and those that
    embed, override or isolate a direction of writing."""
    return character in TURNING or unicodedata.category(character) == "Cc"


TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def cleaned(value: T) -> T:
    """The value with all its texts cleaned, also in dataclasses, mappings and sequences. A person's name becomes one
    line. Raises Unreadable if it nests deeper than DEEPEST."""
    made: T = _cleaned(value, DEEPEST)
    return made


def _cleaned(value: Any, levels: int) -> Any:
    # What most of any event consists of, first: each event goes through here twice.
    kind = type(value)
    if kind is str:
        return value if value.isascii() and "\x00" not in value else clean(value)
    if value is None or kind is bool or kind is int:
        return value
    if isinstance(value, str):
        return value  # Subclasses of str are our own enums.
    if isinstance(value, float | bytes):
        return value
    if not levels:
        raise Unreadable("it nests too deep")
    if isinstance(value, Mapping):
        return {_cleaned(k, levels - 1): _cleaned(v, levels - 1) for k, v in value.items()}
    if isinstance(value, list):
        return [_cleaned(v, levels - 1) for v in value]
    if kind is tuple:
        return tuple(_cleaned(v, levels - 1) for v in value)
    if is_dataclass(value) and not isinstance(value, type):
        old = {name: getattr(value, name) for name in _made_of(kind)}  # type: ignore[arg-type]
        new = {name: _cleaned(v, levels - 1) for name, v in old.items()}
        if isinstance(value, Actor):
            new["name"] = one_line(new["name"], LONGEST_NAME)
        return replace(value, **new) if any(new[name] != old[name] for name in old) else value
    return value


@cache
def _made_of(kind: type[Any]) -> Sequence[str]:
    """The names of a dataclass's parameters."""
    return [f.name for f in fields(kind) if f.init]


def read_json(text: str | bytes) -> Any:
    """Parses JSON and cleans it. Raises Unreadable if the text is not JSON in UTF-8, nests too deep, or has NaN, an
    infinity or a number of more than LONGEST_NUMBER characters."""
    try:
        decoded = text.decode() if isinstance(text, bytes) else text
        return cleaned(json.loads(decoded, parse_int=_whole, parse_float=_number, parse_constant=_constant))
    except Unreadable:
        raise
    except (ValueError, RecursionError):
        raise Unreadable("it is no JSON") from None


def _whole(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise Unreadable("a number in it is too long")
    return int(digits)


def _number(digits: str) -> float:
    number = float(digits) if len(digits) <= LONGEST_NUMBER else math.inf
    if not math.isfinite(number):
        raise Unreadable("a number in it is too large")
    return number


def _constant(name: str) -> float:
    raise Unreadable(f"{name} is no number")
