"""What reminders say."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.core.actions import Action
from bot.core.contributions import Item
from bot.core.items import due_text, line, named_button, shift_button
from bot.core.message import Button, Message, Text, bullets, buttons, heading, message, note, paragraph, with_code
from bot.core.people import Cohort
from bot.core.translation import _, _n

SHOWN = 5
"""Maximum items in one reminder; `/cohort` shows the rest."""


def reminder(cohort: Cohort, found: Sequence[Item], now: datetime) -> Message:
    """What is not done, in this order; some of it may have closed since it was sent."""
    taken = [item for item in found if _is_taken(item, now)]
    return message(
        heading(
            _n("One thing is still open", "{n} things are still open", len(taken))
            if taken
            else _("Nothing of this is open any more")
        ),
        bullets(*(_line(i, now) for i in found[:SHOWN]), *(_more(len(found) - SHOWN))),
        note(_fine(taken)) if taken else None,
        buttons(
            named_button(taken[0]) if taken else None,
            Button(_("I'm away"), Action("command", "away", cohort.id).encode()),
            shift_button(cohort.id),
            off_button(),
        ),
    )


def _fine(taken: Sequence[Item]) -> str:
    """What the completion of the course needs by an end may not be left for another week."""
    if any(item.required and item.taken_until is not None for item in taken):
        return _("Done already? That is fine. You need more time? Press 'Move my dates'.")
    return _("Done already, or not this week? That is fine.")


def off_button() -> Button:
    return Button(_("No reminders"), Action("reminders", "off").encode())


def _is_taken(item: Item, now: datetime) -> bool:
    return item.is_pending(now) or item.is_welcome(now)


def _line(item: Item, now: datetime) -> Text:
    return line(item, now) if _is_taken(item, now) or item.is_lost(now) else due_text(item, now)


def _more(number: int) -> Iterator[Text]:
    if number > 0:
        yield with_code(_n("And {n} more: `/cohort` shows it.", "And {n} more: `/cohort` shows them.", number))


def all_done() -> Message:
    """A reminder of which nothing is open any more."""
    return message(
        paragraph(_("Everything that this reminder named is done. Thank you.")),
        buttons(off_button()),
    )


def nothing_left() -> Message:
    """A reminder of what is not asked of its reader any more."""
    return message(
        paragraph(_("What this reminder named is not asked of you any more.")),
        buttons(off_button()),
    )


def setting(wanted: bool) -> Message:
    if wanted:
        return message(
            paragraph(_("You are reminded of what is open: privately, in your hours, about once a week.")),
            buttons(off_button()),
        )
    return message(
        paragraph(*with_code(_("You get no reminders. `/cohort` always shows what is open."))),
        buttons(Button(_("Remind me again"), Action("reminders", "on").encode())),
    )
