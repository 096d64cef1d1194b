"""Cohorts by name, for people in several: which one a private message is about, and which one they mean."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.core.message import Block, Button, Heading, Message, buttons, message, note
from bot.core.people import Cohort
from bot.core.plain import plain
from bot.core.ports import Directory
from bot.core.translation import _n

CHOICES = 20
"""Cohorts to choose from; of more, those that the person came to last."""


def name_of(people: Directory, person: int, cohort: Cohort) -> str:
    """The cohort's title, with its code if another running cohort of the person has the same title."""
    others = [c for id in _running(people, person) - {cohort.id} if (c := people.cohort(id)) is not None]
    return f"{cohort.title} ({cohort.code})" if any(c.title == cohort.title for c in others) else cohort.title


def named(people: Directory, person: int, cohort: Cohort | None, shown: Message) -> Message:
    """The message with the name of its cohort, if the person is in several: below its heading, unless that says it."""
    if cohort is None or shown.of is not None or not shown.blocks or not in_several(people, person):
        return shown
    name = name_of(people, person, cohort)
    if name in plain(message(shown.blocks[0])):
        return replace(shown, of=name)
    at = 1 if isinstance(shown.blocks[0], Heading) else 0
    return replace(shown, blocks=(*shown.blocks[:at], note(name), *shown.blocks[at:]), of=name)


def choices(cohorts: Sequence[Cohort], act: Callable[[Cohort], str]) -> list[Block | None]:
    """A button for each cohort, and how to reach those without one."""
    return [buttons(*(Button(c.title, act(c)) for c in cohorts[-CHOICES:])), beyond(len(cohorts))]


def beyond(number: int) -> Block | None:
    """What is said to somebody who chooses from more cohorts than have a button."""
    more = number - CHOICES
    if more <= 0:
        return None
    return note(
        _n(
            "You are in one more: write this in its own channel.",
            "You are in {n} more: write this in the channel of the one that you mean.",
            more,
        )
    )


def in_several(people: Directory, person: int) -> bool:
    return len(_running(people, person)) > 1


def _running(people: Directory, person: int) -> set[int]:
    return {m.cohort for m in people.memberships(person)}
