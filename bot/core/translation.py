"""Texts for people, translated by gettext.

`_` makes a text, `_n` one that depends on a number, and `phrase` and `phrase_n` one with marked parts (a bold name, an
instant). The words are a literal at the call, so that Babel can collect them. Variable parts have names, so that a
translator can reorder them: `_("{name} has answered.", name=person.name)`. Values are inserted as they are and never
translated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from gettext import NullTranslations
from string import Formatter
from typing import TYPE_CHECKING, LiteralString

if TYPE_CHECKING:
    from bot.core.message import Inline, Text

catalogue = NullTranslations()
"""The English of the code itself."""

_ENGLISH = NullTranslations()
_is_english: ContextVar[bool] = ContextVar("is_english", default=False)


@contextmanager
def in_english() -> Iterator[None]:
    """Texts that are made within stay English: what the operator's command line and programs read."""
    before = _is_english.set(True)
    try:
        yield
    finally:
        _is_english.reset(before)


def present() -> NullTranslations:
    """The language of what is made now."""
    return _ENGLISH if _is_english.get() else catalogue


def _(words: LiteralString, /, **parts: object) -> str:
    """A text. `{name}` in the words stands for a value, with a format as in `str.format`."""
    # gettext answers '' with the head of the catalogue.
    found = present().gettext(words) if words else ""
    return found.format(**parts) if parts else found


def _n(one: LiteralString, several: LiteralString, number: int, /, **parts: object) -> str:
    """A text about a number of things. The number is also a part, by the name `n`."""
    return present().ngettext(one, several, number).format(n=number, **parts)


def N_(words: str) -> str:
    """Marks words of a constant for translation; `_` translates them where they are used."""
    return words


def phrase(words: LiteralString, /, **parts: Inline | Text | int) -> Text:
    """A text whose parts may be marked, or texts themselves: `phrase("{name} is away.", name=Bold(name))`."""
    return _filled(present().gettext(words), parts)


def phrase_n(one: LiteralString, several: LiteralString, number: int, /, **parts: Inline | Text | int) -> Text:
    """The same about a number of things, which is the part `n`."""
    return _filled(present().ngettext(one, several, number), {"n": number, **parts})


def _filled(words: str, parts: Mapping[str, Inline | Text | int]) -> Text:
    text: list[Inline] = []

    def add(part: Inline) -> None:
        if isinstance(part, str) and text and isinstance(text[-1], str):
            text[-1] += part
        elif part != "":
            text.append(part)

    for literal, name, *_format in Formatter().parse(words):
        add(literal)
        part = parts[name] if name is not None else ""
        for one in part if isinstance(part, tuple) else (part,):
            add(str(one) if isinstance(one, int) else one)
    return tuple(text)


def all_of(names: Sequence[str]) -> str:
    """'a, b and c'"""
    return _("{some} and {last}", some=", ".join(names[:-1]), last=names[-1]) if len(names) > 1 else "".join(names)


def any_of(names: Sequence[str]) -> str:
    """'a, b or c'"""
    return _("{some} or {last}", some=", ".join(names[:-1]), last=names[-1]) if len(names) > 1 else "".join(names)


def some_of(names: Sequence[str], shown: int) -> str:
    """'a, b and 3 more'"""
    some, more = ", ".join(names[:shown]), len(names) - shown
    return _("{some} and {n} more", some=some, n=more) if more > 0 else some
