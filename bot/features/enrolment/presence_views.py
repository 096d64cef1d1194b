"""What is said of learners whom no message reaches."""

from collections.abc import Sequence
from datetime import datetime

from bot.core.actions import Action
from bot.core.contributions import DeskItem, Pile
from bot.core.message import Bold, Button, Instant, Message, message, paragraph
from bot.core.people import Cohort, Person
from bot.core.translation import _, phrase

PILE = "enrolment/unreached"
SHUT = ("blocked", "closed")
"""They are there and take no messages."""


def item_name(person: int) -> str:
    return f"{PILE}/{person}"


def pile(items: Sequence[DeskItem]) -> Pile:
    return Pile(PILE, (_("Learners whom no message reaches"),), items, can_be_seen=True)


def item(cohort: Cohort, person: Person, since: datetime, why: str) -> DeskItem:
    name = Bold(person.name)
    if why == "banned":
        text = phrase("{name} is banned from the server since {since}.", name=name, since=Instant(since))
    elif why == "blocked":
        text = phrase("{name} has blocked me. I write to them no more.", name=name)
    elif why == "closed":
        text = phrase("{name} takes no direct messages. They can allow them, or use `/cohort`.", name=name)
    else:
        text = phrase("{name} is not there any more, noticed {since}.", name=name, since=Instant(since))
    if why in SHUT:
        return DeskItem(item_name(person.id), since, text, minutes=1)
    out = Button(
        _("Take {name} out", name=person.name),
        Action("enrolment", "take_out", cohort.id, str(person.id)).encode(),
    )
    hint = (_("They hear nothing, no figure counts them, and if they come back they go on."),)
    return DeskItem(item_name(person.id), since, text, hint=hint, buttons=(out,), minutes=1)


def not_gone() -> str:
    return _("They are there again, or are out already.")


def taken_out(cohort: Cohort, person: Person) -> Message:
    said = _(
        "{name} is out of {title}. If they come back, they join with its code.", name=person.name, title=cohort.title
    )
    return message(paragraph(said))
