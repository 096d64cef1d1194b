"""Converts Slack's emoji names to characters and back. Unknown names stay as they are."""

import re
from functools import lru_cache

import emoji as emojis

TONE = "::skin-tone-"
_FLAG = re.compile(r"flag-([a-z])([a-z])")
_REGIONAL_A = 0x1F1E6


def character(name: str) -> str:
    """The character of an emoji's name, without its skin tone; a workspace's custom emoji stays ':name:'."""
    plain = name.split(TONE)[0]
    flag = _FLAG.fullmatch(plain)
    if flag:
        return "".join(chr(_REGIONAL_A + ord(letter) - ord("a")) for letter in flag.groups())
    return _by_name().get(plain.replace("-", "_"), f":{plain}:")


def name_of(emoji: str) -> str | None:
    """Slack's name for a character; None if it has none."""
    if emoji.startswith(":") and emoji.endswith(":") and len(emoji) > 2:
        return emoji[1:-1]
    return _by_character().get(_bare(emoji))


@lru_cache(maxsize=1)
def _by_name() -> dict[str, str]:
    """Chat short names win over Unicode names, in which 'dog' is a whole dog instead of a dog's face."""
    found: dict[str, str] = {}
    whole = [
        (char, known)
        for char, known in emojis.EMOJI_DATA.items()
        if known["status"] == emojis.STATUS["fully_qualified"]
    ]
    for char, known in whole:
        for name in known.get("alias", ()):
            found.setdefault(name.strip(":").replace("-", "_"), char)
    for char, known in whole:
        found.setdefault(known["en"].strip(":").lower().replace("-", "_"), char)
    return found


@lru_cache(maxsize=1)
def _by_character() -> dict[str, str]:
    found: dict[str, str] = {}
    for name, char in _by_name().items():
        found.setdefault(_bare(char), name)
    return found


def _bare(emoji: str) -> str:
    """Strips the variation selector, which some keyboards add and others do not."""
    return emoji.replace("\ufe0f", "")
