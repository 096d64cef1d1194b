"""What reminders say."""

from collections.abc import Sequence

from bot.core.actions import Action
from bot.core.message import Button, Instant, Message, bullets, buttons, heading, message, note, paragraph, with_code
from bot.core.people import Cohort
from bot.core.turn import Deadline

SHOWN = 5
"""Maximum items in one reminder; `/cohort` shows the rest."""


def reminder(cohort: Cohort, found: Sequence[Deadline]) -> Message:
    """Everything that is open, soonest first."""
    what = "One thing is" if len(found) == 1 else f"{len(found)} things are"
    return message(
        heading(f"{what} still open"),
        bullets(*((*d.text, ", due ", Instant(d.at)) for d in found[:SHOWN])),
        note(*with_code("Done already, or not this week? That is fine; this is the only reminder for it.")),
        buttons(
            found[0].button,
            Button("I'm away", Action("command", "away", cohort.id).encode()),
            Button("Move my dates", Action("milestones", "shift", cohort.id).encode()),
            Button("No reminders", Action("reminders", "off").encode()),
        ),
    )


def setting(wanted: bool) -> Message:
    if wanted:
        return message(
            paragraph("You are reminded of what is open: privately, in your hours, about once a week."),
            buttons(Button("No reminders", Action("reminders", "off").encode())),
        )
    return message(
        paragraph(*with_code("You get no reminders. `/cohort` always shows what is open.")),
        buttons(Button("Remind me again", Action("reminders", "on").encode())),
    )
