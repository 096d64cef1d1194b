"""What enrolment says."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.actions import Action
from bot.core.contributions import Extra
from bot.core.forms import Form, TextField
from bot.core.message import (
    Bold,
    Button,
    Instant,
    Message,
    Option,
    Select,
    bullets,
    buttons,
    fields,
    heading,
    message,
    note,
    paragraph,
    with_code,
)
from bot.core.people import Cohort, Person, Role
from bot.core.time import place_of, say
from bot.core.translation import _, phrase
from bot.course.model import Messages

_ZONE = Action("enrolment", "zone").encode()
_HOUR = Action("enrolment", "hour").encode()


def _hours(person: Person, allowed: Messages) -> Select:
    """The hours to choose from; an earlier choice outside them counts as the nearest."""
    first, last = allowed.start.hour, max(allowed.start.hour, allowed.last_hour)
    options = tuple(Option(str(h), f"{allowed.hour(h):%H:%M}") for h in range(first, last + 1))
    return Select(_HOUR, _("Hour"), options, str(min(max(person.hour, first), last)))


def welcome(
    cohort: Cohort, person: Person, role: Role, allowed: Messages, now: datetime, extras: Sequence[Extra] = ()
) -> Message:
    """The one card that a new member gets: what happens here, their settings, who sees what, and what it offers besides
    (`extras`). `allowed`: when they may be written to."""
    hello = _("Hello {name}.", name=person.greeted) if person.greeted else _("Hello.")
    at = f"{allowed.hour(person.hour):%H:%M}"
    pace = {
        Role.LEARNER: _("{at} your time, at most once a day; a wrap-up comes when it opens", at=at),
        Role.INSTRUCTOR: _("{at} your time, at most once a workday", at=at),
        Role.MANAGER: _("{at} your time, on Mondays: one message for all your cohorts", at=at),
    }[role]
    return message(
        heading(_("Welcome to {title}", title=cohort.title)),
        paragraph(
            _(
                "{hello} Nobody has to be online at the same time as anybody else here: each week has its "
                "wrap-up, and questions get their own thread.",
                hello=hello,
            )
        )
        if role is Role.LEARNER
        else paragraph(
            *with_code(_("{hello} You are {a} here. `/cohort help` shows what you can do.", hello=hello, a=a(role)))
        ),
        fields(
            (
                _("Your time zone"),
                _("{replace}, now {say}", replace=person.zone.replace("_", " "), say=say(now, person.zone, "time")),
            ),
            (_("I write to you at"), pace),
        ),
        bullets(
            (_("Each field of a form says who will see it: the cohort, the course team, or the instructors alone."),),
            (_("Who has not answered is shown to the course team alone. Nobody is named in public."),),
            (_("You can ask without your name: then no role sees who asked."),),
        )
        if role is Role.LEARNER
        else None,
        note(*with_code(_("Next: check your zone and your hour, here below. `/cohort` always says what is next."))),
        _hours(person, allowed),
        buttons(Button(_("Change my zone"), _ZONE)),
        *(block for extra in extras for block in (paragraph(*extra.text), buttons(extra.button, extra.second))),
    )


def a(role: Role) -> str:
    """A role with its article."""
    return {
        Role.INSTRUCTOR: _("an instructor"),
        Role.MANAGER: _("a manager"),
        Role.LEARNER: _("a learner"),
    }[role]


def settings(person: Person, allowed: Messages, now: datetime, learns: bool) -> Message:
    return message(
        heading(_("Your settings")),
        fields(
            (
                _("Time zone"),
                _("{replace}, now {say}", replace=person.zone.replace("_", " "), say=say(now, person.zone, "time")),
            ),
            (_("Hour"), _("{at:%H:%M} your time", at=allowed.hour(person.hour))),
        ),
        _hours(person, allowed),
        buttons(
            Button(_("Change my zone"), _ZONE),
            Button(_("Reminders"), Action("reminders", "show").encode()) if learns else None,
        ),
    )


def zone_form(person: Person) -> Form:
    hint = _("A large city near you, such as Lisbon, or a zone such as Europe/Lisbon.")
    field = TextField(
        "zone", _("Your city or zone"), hint, max_length=60, value=person.zone if person.picked_zone else ""
    )
    return Form(_ZONE, _("Your time zone"), (field,), submit=_("Use it"))


def pick_zone(found: Sequence[tuple[str, str]]) -> Message:
    """Several zones fit what was typed."""
    options = tuple(Option(zone, label) for zone, label in found)
    return message(
        paragraph(_("Several zones fit. Which one is yours?")),
        Select(Action("enrolment", "pick_zone").encode(), _("Zone"), options),
    )


def other_zone(person: Person, profile: str) -> Message:
    """The zone of their profile is not the one that the person picked."""
    theirs, ours = place_of(profile), place_of(person.zone)
    use, keep = (Action("enrolment", verb, subject=profile).encode() for verb in ("use_zone", "keep_zone"))
    shown = message(
        paragraph(_("Your profile says {theirs}, and your times here are for {ours}.", theirs=theirs, ours=ours)),
        buttons(Button(_("Use {zone}", zone=theirs), use), Button(_("Keep {zone}", zone=ours), keep)),
    )
    return replace(shown, of="")


def zone_settled(person: Person) -> Message:
    said = (
        _("Your times here are for {zone}. They will not follow your profile.", zone=place_of(person.zone))
        if person.picked_zone
        else _("Your times here are for {zone} now, and follow your profile.", zone=place_of(person.zone))
    )
    shown = message(paragraph(said), note(*with_code(_("`/cohort settings` changes that."))))
    return replace(shown, of="")


def sure_to_leave(cohort: Cohort) -> Message:
    return message(
        paragraph(
            *phrase("Leave {title}? All its messages to you stop. What you wrote is kept.", title=Bold(cohort.title))
        ),
        buttons(Button(_("Leave"), Action("enrolment", "leave", cohort.id).encode(), "danger")),
    )


def left(cohort: Cohort, join_code: str) -> Message:
    return message(
        paragraph(_("You have left {title}. It was good to have you.", title=cohort.title)),
        note(*with_code(_("If you change your mind: `/cohort join {join_code}`.", join_code=join_code))),
    )


def named(cohort: Cohort, role: Role) -> Message:
    return message(
        paragraph(
            *with_code(
                _("You are now {a} of {title}. `/cohort help` shows what you can do.", a=a(role), title=cohort.title)
            )
        ),
    )


def link_code(code: str, until: datetime) -> Message:
    return message(
        paragraph(*phrase("Write this in your other account: {code}", code=Bold(f"/cohort link {code}"))),
        note(
            *phrase(
                "Good until {at}, once. Keep it to yourself: it makes that account yours.", at=Instant(until, "time")
            )
        ),
    )
