"""What features contribute to views that one of them draws: the instructor's desk, the manager's week.

A feature declares a function for a kind, in its own folder:

@feature.contributes(DESK)
def on_the_desk(turn: Turn[QuestionStore], cohort: Cohort, instructor: Person) -> Sequence[Pile]: ...

Whoever draws the view collects what all features return, with `turn.collect(DESK, cohort, instructor)`, and knows
nothing else of them. A new kind is a value class and a constant in this module.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Generic, ParamSpec, TypeVar

from bot.core.message import Button, Text
from bot.core.people import Cohort, Person

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Contribution(Generic[P, R]):
    """A kind of contribution: a function gets a turn and the arguments P, and returns any number of R."""

    name: str


# Who did something


@dataclass(frozen=True, slots=True)
class Activity:
    """A person did something in a cohort; `at` is the last time within the span that was asked about."""

    person: int
    at: datetime


ACTIVITY: Contribution[[Cohort, datetime, datetime], Activity] = Contribution("activity")
"""Who did something in a cohort from an instant on and before another. Only what takes part in the course counts:
a question, an answer, work; not a press of a button."""


# The instructor's desk


class Urgency(IntEnum):
    """How urgent a pile is; the most urgent one is on top of the desk."""

    OVERDUE = 0
    DUE = 1
    USUAL = 2
    FOR_INFORMATION = 3


@dataclass(frozen=True, slots=True)
class DeskItem:
    """One thing in a pile. `name` is the feature's own and stays the same ('questions/17').

    `since`: since when it waits. `words`: what a learner wrote; the desk shows its beginning. `text` says who and
    what, in one line. `hint` is one more line, such as a suggestion. `buttons` are the acts, at most three.
    """

    name: str
    since: datetime
    text: Text = ()
    words: str = ""
    hint: Text = ()
    buttons: Sequence[Button] = ()


@dataclass(frozen=True, slots=True)
class Pile:
    """Things of one kind that wait on an instructor's desk, under one title ('3 questions wait').

    `items` are the oldest ones first, of `total` (None: these are all). `lines` are listed instead where nothing waits
    one by one. `minutes` is an estimate for the whole pile. `buttons` are the acts for the whole pile.
    `can_be_seen`: each item has a button 'Seen', which takes it off the desk until it changes (`DeskItem.since`); all
    items have to be given then.
    """

    name: str
    title: Text
    items: Sequence[DeskItem] = ()
    total: int | None = None
    lines: Sequence[Text] = ()
    minutes: int = 0
    urgency: Urgency = Urgency.USUAL
    buttons: Sequence[Button] = ()
    can_be_seen: bool = False


DESK: Contribution[[Cohort, Person], Pile] = Contribution("desk")
"""What waits for an instructor (or a manager who looks at the desk) in a cohort, ended ones included. A pile without
items, lines or buttons is left out."""


@dataclass(frozen=True, slots=True)
class OutlinePart:
    """A list in the outline of an instructor's own wrap-up, under a title ('Common this week')."""

    title: str
    lines: Sequence[Text]
    numbered: bool = False


OUTLINE: Contribution[[Cohort, datetime], OutlinePart] = Contribution("outline")
"""What an instructor could tell in their own wrap-up of the week that began then."""


# The manager's week


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a cohort's last seven days, for its manager: `label`, then `value`, of `base` where it is a part.

    `before` is the same figure of the seven days before, None where there is none to compare with. `wants_a_look`: it
    is beyond its threshold; `button` is what the manager can do about it. Count over `Directory.expected`, and give no
    figure about what the instructors alone read for fewer people than the course's `smallest_group`.
    """

    name: str
    label: str
    value: int | timedelta
    base: int | None = None
    before: int | None = None
    wants_a_look: bool = False
    button: Button | None = None


WEEK: Contribution[[Cohort], Figure] = Contribution("week")
"""The figures of a cohort's last seven days."""


@dataclass(frozen=True, slots=True)
class Attention:
    """Why the course team might want a word with a learner ('quiet since 5 January', 'came back on Monday').

    `since`: since when that holds. `at_risk`: they may drop out. `buttons`: what helps, such as more time. Managers
    read it, too: it says nothing of what the instructors alone read.
    """

    person: int
    name: str
    why: Text
    since: datetime
    at_risk: bool = True
    buttons: Sequence[Button] = ()


ATTENTION: Contribution[[Cohort], Attention] = Contribution("attention")
"""Learners with whom the course team might want a word."""
