"""What home says."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import zip_longest
from typing import TypeVar

from bot.core.actions import Action
from bot.core.commands import Command
from bot.core.contributions import Upcoming
from bot.core.message import (
    Block,
    Bold,
    Button,
    Code,
    Instant,
    Message,
    Text,
    bullets,
    buttons,
    heading,
    message,
    note,
    paragraph,
    shorten,
)
from bot.core.people import Cohort, Person, Role
from bot.core.time import say
from bot.core.translation import _, _n, phrase, phrase_n
from bot.course.calendar import week_line

T = TypeVar("T")

SHOWN = 6
"""Maximum lines of 'what is next' on one page; more would hide the first. They are one press away."""

WHOLE = 18
"""Maximum lines, and their buttons, on the page that has all of a cohort."""

CONTROLS = 12
"""Maximum buttons for what is next, shared by the cohorts. With all others they are fewer than the 25 that every
platform takes."""

LASTING = 6
"""Maximum buttons for how far one has come, after those, shared as well."""

COHORTS = 6
"""Cohorts on one page; of more, those that the person came to last."""

EARLIER = 3
"""Cohorts that have ended, on one page."""


def nowhere(ended: Cohort | None, pages: bool) -> Message:
    """`ended`: the cohort of the channel where this is said. `pages`: they are served."""
    return message(
        paragraph(_("{title} has ended. Everything that was said here is kept.", title=ended.title)) if ended else None,
        heading(_("You are in no cohort that runs")),
        paragraph(
            *phrase("Next: write {command} with the code of your invitation.", command=Code("/cohort join CODE"))
        ),
        note(_("No code? Ask whoever runs your course.")),
        buttons(Button(_("Lay out a course of my own"), Action("drafts", "open", 0, "0").encode())) if pages else None,
    )


def page(
    person: Person,
    now: datetime,
    cohorts: Sequence[tuple[Cohort, Sequence[Upcoming]]],
    ended: Sequence[Cohort] = (),
    runs: bool = True,
    more: int = 0,
    whole: bool = False,
) -> Message:
    """`ended`: cohorts that have ended, each behind a button. `runs`: the person is in a cohort that runs. `more`:
    how many others there are. `whole`: with all that is next in the one cohort."""
    blocks: list[Block | None] = []
    controls: list[list[tuple[Cohort, Button]]] = []
    firm: list[str] = []
    lasting: list[list[tuple[Cohort, Button]]] = []
    for cohort, upcoming in cohorts:
        blocks.append(heading(cohort.title))
        blocks.append(paragraph(*_week(cohort, person, now)))
        first = [u for u in upcoming if not u.last]
        waiting = _fitting(first, lambda u: u.always, WHOLE if whole else SHOWN)
        hidden = len(first) - len(waiting)
        nothing = None if cohort.ended_at else paragraph(_("Nothing waits for you. Well done."))
        blocks.append(bullets(*map(_line, waiting)) or nothing)
        blocks.append(note(_n("And {n} more.", "And {n} more.", hidden)) if hidden else None)
        far = [u for u in upcoming if u.last]
        blocks += [paragraph(*u.text) for u in far]
        controls.append([(cohort, button) for button in _told_apart(waiting)])
        firm += [u.button.action for u in waiting if u.button is not None and u.always]
        all_of_it = Button(_("Show all"), Action("home", "all", cohort.id).encode())
        lasting.append([(cohort, all_of_it)] if hidden and not whole else [])
        lasting[-1] += [(cohort, u.button) for u in far if u.button is not None]
    if more:
        others = phrase_n(
            "And one more: write {command} in its channel.",
            "And {n} more: write {command} in the channel of the one that you mean.",
            more,
            command=Code("/cohort"),
        )
        blocks.append(note(*others))
    if not runs:
        blocks.append(
            note(*phrase("You are in no cohort that runs. A new one: {command}", command=Code(_("/cohort join CODE"))))
        )
    order = [button.action for own in controls for _cohort, button in own]
    several = _fitting(_different(_in_turn(controls)), lambda b: b.action in firm, WHOLE if whole else CONTROLS)
    several.sort(key=lambda b: order.index(b.action))
    several += _different(_in_turn(lasting))[:LASTING]
    several += [
        Button(shorten(_("{title} (ended)", title=c.title), 60), Action("home", "ended", c.id).encode())
        for c in ended[:EARLIER]
    ]
    blocks.append(
        note(
            *phrase(
                "Your time zone: {replace}, now {say}. More: {command} and {command2}",
                replace=person.zone.replace("_", " "),
                say=say(now, person.zone, "time"),
                command=Code("/cohort settings"),
                command2=Code("/cohort help"),
            ),
        )
    )
    return message(*blocks, buttons(*several))


def next_thing(found: tuple[Cohort, Upcoming] | None) -> Message:
    if found is None:
        return message(
            paragraph(
                *phrase(
                    "{what} Good time to read on, or to answer somebody's question.",
                    what=Bold(_("Nothing waits for you.")),
                )
            ),
        )
    cohort, upcoming = found
    return message(
        paragraph(Bold(_("Next:")), " ", *_line(upcoming)),
        buttons(upcoming.button),
        note(cohort.title),
    )


def help_page(commands: Sequence[Command], roles: frozenset[Role], first: Upcoming | None) -> Message:
    """The commands that this person may use, and what is next."""
    if not roles:
        return message(
            heading(_("Help")),
            paragraph(*phrase("Next: {command} with your invitation's code.", command=Code(_("/cohort join CODE")))),
        )
    mine = [c for c in commands if not c.roles or Role.LEARNER in c.roles]
    staff = [c for c in commands if c.roles and Role.LEARNER not in c.roles]
    return message(
        heading(_("What you can do")),
        bullets(*(_command(c) for c in mine)),
        paragraph(Bold(_("For the course team"))) if staff else None,
        bullets(*(_command(c) for c in staff)),
        paragraph(Bold(_("Next:")), " ", *(_line(first) if first else (_("nothing waits for you."),))),
        buttons(first.button if first else None, Button(_("My settings"), Action("command", "settings").encode())),
    )


def _command(command: Command) -> Text:
    name = _("/cohort {name}", name=command.name).strip()
    return (Code(name), f"  {command.summary}")


def _line(upcoming: Upcoming) -> Text:
    return phrase("{what}, due {at}", what=upcoming.text, at=Instant(upcoming.at)) if upcoming.at else upcoming.text


def _week(cohort: Cohort, person: Person, now: datetime) -> Text:
    if cohort.ended_at is not None:
        return phrase("It ended {at}. What was said and written is kept.", at=Instant(cohort.ended_at, "date"))
    return week_line(cohort, person.zone, now)


def _fitting(found: Sequence[T], always: Callable[[T], bool], most: int) -> list[T]:
    """As many as fit, in their order: those that always have a place, and the first of the others, at least one."""
    firm = sum(map(always, found))
    room = max(most - firm, 1)
    chosen: list[T] = []
    for one in found:
        if always(one):
            chosen.append(one)
        elif room:
            chosen.append(one)
            room -= 1
    return chosen


def _in_turn(found: Sequence[Sequence[T]]) -> list[T]:
    """One of each in turn, so that none is left out for another's sake."""
    return [one for row in zip_longest(*found) for one in row if one is not None]


def _told_apart(upcoming: Sequence[Upcoming]) -> list[Button]:
    """The buttons of a cohort. Where several have the same label, each names what it is about."""
    labels = Counter(u.button.label for u in upcoming if u.button is not None)
    return [
        replace(u.button, label=shorten(_("{label}: {name}", label=u.button.label, name=u.name), 60))
        if u.name and labels[u.button.label] > 1
        else u.button
        for u in upcoming
        if u.button is not None
    ]


def _different(controls: Sequence[tuple[Cohort, Button]]) -> list[Button]:
    """Each button once. Where several cohorts have the same label, it names the cohort."""
    found = {button.action: (cohort, button) for cohort, button in controls}.values()
    cohorts = {label: {c.id for c, b in found if b.label == label} for label in {b.label for _, b in found}}
    return [
        replace(b, label=shorten(f"{b.label}: {c.title}", 60)) if len(cohorts[b.label]) > 1 else b for c, b in found
    ]
