"""What an outline says."""

from dataclasses import dataclass
from typing import Literal

Why = Literal["material", "exercise", "due", "day", "date", "dates", "budget", "slots", "minutes", "weeks"]
"""What was guessed: the kind of a line; an exercise, since a quiz asks nothing; a date with its time; one by its day; a
date that was left out; the dates of a week, which follow the start; the time a week; the times of a session; its
length; that rows of a table without a number are weeks."""


@dataclass(frozen=True, slots=True)
class Guess:
    """A line of the outline of which not all is certain. `took`: what was made of it."""

    why: Why
    text: str
    took: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What a line asks of learners. `kind`: a kind of material, or a list of the course file; '' where neither the line
    nor its heading says which, so that it is taken for a material. `due`: a moment of the week."""

    kind: str
    text: str
    minutes: int | None = None
    link: str = ""
    below: tuple[str, ...] = ()
    slots: tuple[str, ...] = ()
    due: str = ""


@dataclass(frozen=True, slots=True)
class OutlinedWeek:
    title: str
    goal: str = ""
    parts: tuple[Part, ...] = ()
    checks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outline:
    """`unread`: the lines, with their numbers from 1, that nothing is known of."""

    title: str = ""
    weekly_minutes: int | None = None
    weeks: tuple[OutlinedWeek, ...] = ()
    unread: tuple[tuple[int, str], ...] = ()
    guessed: tuple[Guess, ...] = ()
