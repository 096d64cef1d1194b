"""Texts for people, translated by gettext.

`_` makes a text, `_n` one that depends on a number, and `phrase` one with marked parts (a bold name, an instant). The
words are a literal at the call, so that Babel can collect them. Variable parts have names, so that a translator can
reorder them: `_("{name} has answered.", name=person.name)`. Values are inserted as they are and never translated.
"""

from gettext import NullTranslations
from string import Formatter
from typing import LiteralString

from bot.core.message import Inline, Text

catalogue = NullTranslations()
"""The English of the code itself."""


def _(words: LiteralString, /, **parts: object) -> str:
    """A text. `{name}` in the words stands for a value, with a format as in `str.format`."""
    found = catalogue.gettext(words)
    return found.format(**parts) if parts else found


def _n(one: LiteralString, several: LiteralString, number: int, /, **parts: object) -> str:
    """A text about a number of things. The number is also a part, by the name `n`."""
    return catalogue.ngettext(one, several, number).format(n=number, **parts)


def N_(words: str) -> str:
    """Marks words of a constant for translation; `_` translates them where they are used."""
    return words


def phrase(words: LiteralString, /, **parts: Inline) -> Text:
    """A text whose parts may be marked: `phrase("{name} is away.", name=Bold(name))`."""
    text: list[Inline] = []

    def add(part: Inline) -> None:
        if isinstance(part, str) and text and isinstance(text[-1], str):
            text[-1] += part
        elif part != "":
            text.append(part)

    for literal, name, *_format in Formatter().parse(catalogue.gettext(words)):
        add(literal)
        if name is not None:
            add(parts[name])
    return tuple(text)
