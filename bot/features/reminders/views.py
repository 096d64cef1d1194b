"""What reminders say."""

from collections.abc import Sequence

from bot.core.actions import Action
from bot.core.message import Button, Instant, Message, bullets, buttons, heading, message, note, paragraph, with_code
from bot.core.people import Cohort
from bot.core.translation import _, _n
from bot.core.turn import Deadline

SHOWN = 5
"""Maximum items in one reminder; `/cohort` shows the rest."""


def reminder(cohort: Cohort, found: Sequence[Deadline]) -> Message:
    """Everything that is open, soonest first."""
    what = _n("One thing is", "{n} things are", len(found))
    return message(
        heading(_("{what} still open", what=what)),
        bullets(*((*d.text, _(", due "), Instant(d.at)) for d in found[:SHOWN])),
        note(*with_code(_("Done already, or not this week? That is fine; this is the only reminder for it."))),
        buttons(
            found[0].button,
            Button(_("I'm away"), Action("command", "away", cohort.id).encode()),
            Button(_("Move my dates"), Action("milestones", "shift", cohort.id).encode()),
            Button(_("No reminders"), Action("reminders", "off").encode()),
        ),
    )


def setting(wanted: bool) -> Message:
    if wanted:
        return message(
            paragraph(_("You are reminded of what is open: privately, in your hours, about once a week.")),
            buttons(Button(_("No reminders"), Action("reminders", "off").encode())),
        )
    return message(
        paragraph(*with_code(_("You get no reminders. `/cohort` always shows what is open."))),
        buttons(Button(_("Remind me again"), Action("reminders", "on").encode())),
    )
