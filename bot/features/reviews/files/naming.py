"""Finds names in texts, however they are written: case, accents and breaks do not matter."""

import re
import unicodedata
from collections.abc import Collection, Iterable

_SPACE = re.compile(r"\s+")
_UNSEEN = re.compile("[\u00ad\u0300-\u036f\u200b-\u200f\u2060\ufeff]+")
"""Accents that stand apart, and what takes no place."""

SHORTEST = 2
"""Characters of a name: a single letter stands in every text."""


def stands_in(texts: Iterable[str], names: Collection[str]) -> bool:
    """Whether one of the names stands in one of the texts, as words of their own."""
    wanted = [re.escape(plain) for name in names if len(plain := _plain(name)) >= SHORTEST]
    if not wanted:
        return False
    found = re.compile(rf"(?<!\w)(?:{'|'.join(wanted)})(?!\w)")
    return any(found.search(_plain(text)) for text in texts)


def _plain(text: str) -> str:
    apart = text if text.isascii() else _UNSEEN.sub("", unicodedata.normalize("NFKD", text))
    return _SPACE.sub(" ", apart).strip().casefold()
