"""What every view says of an item: when it is due, until when late work is accepted, and that its time is over."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.actions import Action
from bot.core.contributions import Item
from bot.core.message import Button, Instant, Text, shorten
from bot.core.plain import plain_text
from bot.core.translation import _, phrase

LABEL = 40
"""Maximum characters of a button that names its item."""


def due_text(item: Item, now: datetime, what: Text = ()) -> Text:
    """'Hand in “The page”, due Fri 16:00'; once that has passed 'was due', or 'closed' for what closes. `what`: words
    in place of those of the item."""
    said, at = what or item.to_do, Instant(item.due_at)
    if now <= item.due_at:
        return phrase("{what}, due {at}", what=said, at=at)
    return (
        phrase("{what}, closed {at}", what=said, at=at)
        if item.closes
        else phrase("{what}, was due {at}", what=said, at=at)
    )


def line(item: Item, now: datetime) -> Text:
    """An item with its next date, as it stands now."""
    if item.is_lost(now):
        return over(item)
    due = due_text(item, now)
    if now <= item.due_at:
        return due
    if item.grace and now <= item.in_time_until:
        return phrase("{due}; it is in time until {until}", due=due, until=Instant(item.in_time_until))
    return late_text(item, due)


def late_text(item: Item, due: Text) -> Text:
    """When an item is due, and until when it is accepted late."""
    if item.late_until is None:
        return phrase("{due}; late is welcome", due=due)
    until = Instant(item.late_until)
    if item.required:
        return phrase("{due}; late is welcome until {until}, and the course needs it by then", due=due, until=until)
    return phrase("{due}; late is welcome, until {until}", due=due, until=until)


def over(item: Item) -> Text:
    """Of an item that is lost."""
    title = shorten(item.title, 80)
    if not item.required:
        return (_("“{title}”: its time is over. Ask the course team if you need more time", title=title),)
    return (
        _(
            "“{title}”: its time is over. The course cannot be completed without it: ask the course team for more time",
            title=title,
        ),
    )


def last_chance(item: Item, at: datetime) -> Text:
    """Of a required item that is accepted until `at`."""
    return phrase(
        "“{title}” is taken until {at} at the latest, and the course cannot be completed without it",
        title=shorten(item.title, 80),
        at=Instant(at),
    )


def named_button(item: Item) -> Button | None:
    """Its button, with what is to be done as the label, where several stand side by side."""
    return replace(item.button, label=shorten(plain_text(item.to_do), LABEL)) if item.button else None


def shift_button(cohort: int) -> Button:
    """Moves a date of one's own, or asks for more time."""
    return Button(_("Move my dates"), Action("milestones", "more", cohort).encode())


def ask_privately_button(cohort: int) -> Button:
    return Button(_("Ask privately"), Action("questions", "ask_privately", cohort).encode())


@dataclass(frozen=True, slots=True)
class LateEnd:
    """When late work ends: the last of the ends, None if nothing has one; and whether some has no end."""

    at: datetime | None
    some_without: bool = False


def late_end(found: Iterable[Item], at_least: datetime | None = None) -> LateEnd:
    """The end of late work for these items, without what is done; not before `at_least`."""
    asked = [item for item in found if item.is_asked]
    ends = [until for item in asked if (until := item.taken_until) is not None]
    ends += [at_least] if at_least else []
    return LateEnd(max(ends, default=None), any(item.late_without_end for item in asked))
