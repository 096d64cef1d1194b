"""What enrolment says."""

from collections.abc import Sequence
from datetime import datetime

from bot.core.actions import Action
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
from bot.core.time import say

_ZONE = Action("enrolment", "zone").encode()
_HOUR = Action("enrolment", "hour").encode()


def _hours() -> tuple[Option, ...]:
    return tuple(Option(str(h), f"{h:02}:00") for h in range(24))


def welcome(cohort: Cohort, person: Person, role: Role, now: datetime, named: bool) -> Message:
    """The one card that a new member gets: what happens here, their settings, and who sees what. `named`: their name is
    known, and not only the id of an account."""
    hello = f"Hello {person.name}." if named else "Hello."
    pace = "day; a wrap-up comes when it opens" if role is Role.LEARNER else "workday"
    return message(
        heading(f"Welcome to {cohort.title}"),
        paragraph(
            f"{hello} Nobody has to be online at the same time as anybody else here: "
            "each week has its wrap-up, and questions get their own thread."
        )
        if role is Role.LEARNER
        else paragraph(*with_code(f"{hello} You are {a(role)} here. `/cohort help` shows what you can do.")),
        fields(
            ("Your time zone", f"{person.zone.replace('_', ' ')}, now {say(now, person.zone, 'time')}"),
            ("I write to you at", f"{person.hour:02}:00 your time, at most once a {pace}"),
        ),
        bullets(
            ("Each field of a form says who will see it: the cohort, or the instructors alone.",),
            ("Who has not answered is shown to the instructors alone. Nobody is named in public.",),
            ("You can ask without your name: then no role sees who asked.",),
        )
        if role is Role.LEARNER
        else None,
        note(*with_code("Next: check your zone and your hour, here below. `/cohort` always says what is next.")),
        Select(_HOUR, "Hour", _hours(), str(person.hour)),
        buttons(Button("Change my zone", _ZONE)),
    )


def a(role: Role) -> str:
    """A role with its article."""
    return f"an {role.value}" if role is Role.INSTRUCTOR else f"a {role.value}"


def settings(person: Person, now: datetime, learns: bool) -> Message:
    return message(
        heading("Your settings"),
        fields(
            ("Time zone", f"{person.zone.replace('_', ' ')}, now {say(now, person.zone, 'time')}"),
            ("Hour", f"{person.hour:02}:00 your time"),
        ),
        Select(_HOUR, "Hour", _hours(), str(person.hour)),
        buttons(
            Button("Change my zone", _ZONE),
            Button("Reminders", Action("reminders", "show").encode()) if learns else None,
        ),
    )


def zone_form(person: Person) -> Form:
    hint = "A large city near you, such as Lisbon, or a zone such as Europe/Lisbon."
    field = TextField("zone", "Your city or zone", hint, max_length=60, value=person.zone if person.picked_zone else "")
    return Form(_ZONE, "Your time zone", (field,), submit="Use it")


def pick_zone(found: Sequence[tuple[str, str]]) -> Message:
    """Several zones fit what was typed."""
    options = tuple(Option(zone, label) for zone, label in found)
    return message(
        paragraph("Several zones fit. Which one is yours?"),
        Select(Action("enrolment", "pick_zone").encode(), "Zone", options),
    )


def sure_to_leave(cohort: Cohort) -> Message:
    return message(
        paragraph("Leave ", Bold(cohort.title), "? All its messages to you stop. What you wrote is kept."),
        buttons(Button("Leave", Action("enrolment", "leave", cohort.id).encode(), "danger")),
    )


def left(cohort: Cohort, join_code: str) -> Message:
    return message(
        paragraph(f"You have left {cohort.title}. It was good to have you."),
        note(*with_code(f"If you change your mind: `/cohort join {join_code}`.")),
    )


def named(cohort: Cohort, role: Role) -> Message:
    return message(
        paragraph(*with_code(f"You are now {a(role)} of {cohort.title}. `/cohort help` shows what you can do.")),
    )


def link_code(code: str, until: datetime) -> Message:
    return message(
        paragraph("Write this in your other account: ", Bold(f"/cohort link {code}")),
        note("Good until ", Instant(until, "time"), ", once. Keep it to yourself: it makes that account yours."),
    )
