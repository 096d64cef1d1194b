"""Renders what a person typed as HTML, for every page. Selecting and copying it returns what was typed."""

from collections.abc import Callable, Sequence
from html import escape
from itertools import groupby

from bot.core.message import Text
from bot.core.typed import Line, Listing, Part


def draw(parts: Sequence[Part], inline: Callable[[Text], str]) -> str:
    """Each line is a `div`, so that it has its own text direction and its line break is copied once; code is `pre`.
    `inline` renders the text of a line. The page's style must preserve whitespace in `.line` (`white-space:
    pre-wrap`)."""
    found = []
    for listed, group in groupby(parts, lambda part: isinstance(part, Line) and bool(part.mark)):
        drawn = "".join(_part(part, inline) for part in group)
        found.append(f'<div role="list">{drawn}</div>' if listed else drawn)
    return "".join(found)


def _part(part: Part, inline: Callable[[Text], str]) -> str:
    match part:
        case Listing(text):
            return f'<pre tabindex="0"><code>{escape(text)}</code></pre>'
        case Line(text, mark) if mark:
            return f'<div class="line item" role="listitem" dir="auto">{escape(mark)}{inline(text)}</div>'
        case Line(text):
            return f'<div class="line" dir="auto">{inline(text) or "<br>"}</div>'
