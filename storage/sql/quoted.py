"""How a text is found within stored JSON."""

import json

from bot.core.message import unwrapped
from bot.core.quoting import KNOWN_BY


def parts_of(text: str) -> set[str]:
    """What identifies a text: a long one may also be quoted on one line, and cut."""
    if len(text) <= KNOWN_BY:
        return {text}
    return {text, text[:KNOWN_BY], unwrapped(text)[:KNOWN_BY]}


def inside(text: str) -> str:
    """The text as it is escaped within stored JSON."""
    return json.dumps(text, ensure_ascii=False)[1:-1]
