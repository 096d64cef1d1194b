"""The bounds on what features contribute: how long a title may be, and how many things a view shows.

`fit` is applied to every contribution of a feature. It shortens what is too long, and raises ValueError for what cannot
be true; the view is then shown without it, and the failure is reported.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeVar

from bot.core.contributions import (
    Attention,
    Date,
    DeskItem,
    Extra,
    Feedback,
    Figure,
    Item,
    Listing,
    OpenEnd,
    Pile,
    Upcoming,
    Urgency,
)
from bot.core.message import Bold, Code, Inline, Italic, Text, shorten

V = TypeVar("V")

TITLE = 120
"""Characters of a title or a name."""

TEXT = 600
"""Characters of a text in a view."""

ACTS = 6
"""Buttons of one thing."""

PILE = 100
"""Items of a pile on a desk and its pages; of more, the oldest and the newest."""

LINES = 12
"""Lines of a listing."""

LISTINGS = 6
WEEK = 25
"""Items on one card of a week."""


def fit(found: Any) -> Any:
    """What a feature contributed, within the bounds. Raises ValueError."""
    match found:
        case Figure():
            return _figure(found)
        case Attention():
            return replace(found, name=shorten(found.name, TITLE), why=text(found.why), buttons=found.buttons[:ACTS])
        case Pile():
            return replace(
                found,
                title=text(found.title, TEXT if found.urgency is Urgency.FOR_INFORMATION else TITLE),
                items=[_desk_item(item) for item in found.items],
                listings=[_listing(one) for one in found.listings[:LISTINGS]],
                buttons=found.buttons[:ACTS],
            )
        case Upcoming() | OpenEnd() | Extra() | Feedback():
            return replace(found, text=text(found.text))
        case Listing():
            return _listing(found)
        case Date():
            return replace(found, subject=shorten(found.subject, TITLE))
        case (int() as person, Item() as item):
            return person, replace(item, title=shorten(item.title, TITLE), to_do=text(item.to_do))
        case _:
            return found


def _figure(found: Figure) -> Figure:
    if isinstance(found.value, int) and isinstance(found.base, int) and not 0 <= found.value <= found.base:
        raise ValueError(f"{found.name!r} counts {found.value} of {found.base}.")
    return replace(found, label=shorten(found.label, TITLE))


def _desk_item(item: DeskItem) -> DeskItem:
    return replace(item, text=text(item.text), hint=text(item.hint), buttons=item.buttons[:ACTS])


def _listing(found: Listing) -> Listing:
    return replace(found, title=shorten(found.title, TITLE), lines=[text(line) for line in found.lines[:LINES]])


def text(found: Text, limit: int = TEXT) -> Text:
    """A text without what is beyond its first `limit` characters."""
    parts: list[Inline] = []
    for part in found:
        words = part if isinstance(part, str) else part.text if isinstance(part, Bold | Italic | Code) else ""
        if len(words) > limit:
            cut = words[: max(limit - 1, 0)] + "…"
            return (*parts, replace(part, text=cut) if isinstance(part, Bold | Italic | Code) else cut)
        limit -= len(words)
        parts.append(part)
    return tuple(parts)


def ends(found: Sequence[V], most: int) -> list[V]:
    """At most so many: the first and the last."""
    if len(found) <= most:
        return list(found)
    return [*found[: most // 2], *found[len(found) - (most - most // 2) :]]
