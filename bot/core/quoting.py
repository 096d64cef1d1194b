"""Finds where words of the bot quote what somebody said."""

import re

from bot.core.message import unwrapped

KNOWN_BY = 20
"""Number of characters that identify a long text that was cut."""

GAP = 9
OPENING, CLOSING = ("“", "„", "«", "「"), ("”", "“", "»", "」")
"""What a quote stands between, with less than GAP blanks."""

_CUT = re.compile("…")


def quotes(said: str, text: str) -> bool:
    """Whether words of the bot quote a text: a short one alone on a line, behind a colon or between
    quotation marks; a long one whole, or from its beginning to where it was cut."""
    text = unwrapped(text)
    if len(text) < KNOWN_BY:
        return any(_stands_apart(line, text) for line in said.splitlines())
    line = unwrapped(said)
    return text in line or any(_ends_with_beginning(line[: cut.start()], text) for cut in _CUT.finditer(line))


def _ends_with_beginning(line: str, text: str) -> bool:
    line = line.rstrip(" `")
    at = line.rfind(text[:KNOWN_BY])
    return at >= 0 and text.startswith(line[at:])


def _stands_apart(line: str, text: str) -> bool:
    at = line.find(text)
    while at >= 0:
        end = at + len(text)
        before, after = line[max(0, at - GAP) : at], line[end : end + GAP]
        begins = not before.strip() or before.endswith(": ") or before.rstrip().endswith(OPENING)
        if begins and (not after.strip() or after.lstrip().startswith(CLOSING)):
            return True
        at = line.find(text, at + 1)
    return False
