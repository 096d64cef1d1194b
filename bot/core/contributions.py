"""What features contribute to views that one of them draws: a person's own page, the desk, the manager's week, the week
card, the calendar, completion.

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
from typing import Generic, Literal, ParamSpec, TypeVar

from bot.core.message import Button, Document, Text
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


# One's own page


@dataclass(frozen=True, slots=True)
class Upcoming:
    """Something that a person could do next. `at` is when it is due, None when any time will do. `first`: how things
    stand, said before everything that could be done; `last`: how far one has come, said after it. `answers_later`: it
    opens then, and takes private messages from then on."""

    text: Text
    at: datetime | None = None
    button: Button | None = None
    first: bool = False
    last: bool = False
    answers_later: bool = False


AGENDA: Contribution[[Person, Cohort], Upcoming] = Contribution("agenda")
"""What a person can do next in a cohort that runs. `turn.features.upcoming` puts all of it in order."""

AGENDA_AFTER_END: Contribution[[Person, Cohort], Upcoming] = Contribution("agenda after the end")
"""What a person still has, or can still do, in a cohort that has ended."""


# The instructor's desk


class Urgency(IntEnum):
    """How urgent a pile is; the most urgent one is on top of the desk. What is there for information is small print,
    and makes no desk by itself."""

    OVERDUE = 0
    DUE = 1
    USUAL = 2
    FOR_INFORMATION = 3


@dataclass(frozen=True, slots=True)
class DeskItem:
    """One thing in a pile. `name` is the feature's own and stays the same ('questions/17'), in at most 50 characters.

    `since`: since when it waits. `text`: who and what, in one line. `words`: what a learner wrote; the desk quotes its
    beginning. `hint`: one line more, such as a suggestion. `buttons`: what can be done, at most three. `minutes`: how
    long that takes, 0 where somebody else has taken it.
    """

    name: str
    since: datetime
    text: Text
    words: str = ""
    hint: Text = ()
    buttons: Sequence[Button] = ()
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class Listing:
    """A list below its own title, which may be empty."""

    title: str
    lines: Sequence[Text]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Pile:
    """Things of one kind on an instructor's desk, below one title ('3 questions wait').

    `items` are the oldest ones, of which the desk shows some; `minutes` is how long all that is no item takes, and
    `buttons` are for the pile as a whole. `can_be_seen`: each item has a button 'Seen', which takes it off the desk of
    the course team until its `since` changes. All items are given then, and the desk adds their number to the title.
    """

    name: str
    title: Text
    items: Sequence[DeskItem] = ()
    listings: Sequence[Listing] = ()
    buttons: Sequence[Button] = ()
    minutes: int = 0
    urgency: Urgency = Urgency.USUAL
    can_be_seen: bool = False


DESK: Contribution[[Cohort, Person], Pile] = Contribution("desk")
"""What waits in a cohort for somebody of its course team. Managers look at the desk, too: what the instructors alone
read is given for an instructor only. The cohort may have ended."""

OUTLINE: Contribution[[Cohort, datetime], Listing] = Contribution("outline")
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


# What a course asks of a learner: the week card, the channel's opening, the calendar, reminders


@dataclass(frozen=True, slots=True)
class Item:
    """Something to do in a week of the course, as one learner has it: its dates are stored, or follow from the course
    file for a person without any (the course team; `Person.id` 0 stands for any learner in that zone).

    `name` is the feature's own and stays the same ('milestone/draft'), `id` the one in the course file. `to_do` says
    what to do, without the date ('Hand in “The page”'); `state` how it stands on the card ('to hand in', 'handed in').
    `optional`: this learner need not. `grace`: how long after `due_at` it counts as on time; `late_until`: until when
    it is taken, None where that has no end, or ends with `due_at`. `closes`: it can be done until `due_at` ('closes'
    instead of 'is due'). `own_clock`: `due_at` goes by each learner's clock. `button` does it; `shift` moves its date.
    `apart`: it has a card of its own, so the week card does not list it, and says this to whoever is short of time
    and has nothing else to do ('Answer the wrap-up at the end of the week').
    """

    name: str
    id: str
    week: int
    title: str
    to_do: Text
    opens_at: datetime
    due_at: datetime
    minutes: int = 0
    done: bool = False
    optional: bool = False
    essential: bool = False
    state: str = ""
    grace: timedelta = timedelta(0)
    late_until: datetime | None = None
    closes: bool = False
    own_clock: bool = False
    button: Button | None = None
    shift: Button | None = None
    apart: str = ""

    def is_ahead(self, now: datetime) -> bool:
        """Whether the learner still has to do it, by `due_at`."""
        return not self.done and not self.optional and now < self.due_at


ITEMS: Contribution[[Cohort, Sequence[Person]], tuple[int, Item]] = Contribution("items")
"""What is asked of these people, with the person's id, in the order of the course; ask the database once for all of
them. Publish `ItemDone`, `ItemTakenBack` and `ItemMoved`: cards, reminders and completion follow these facts."""

DateKind = Literal["week", "opens", "reminder", "live", "closes", "due", "late until", "report", "end"]
"""What happens. Where several happen at one instant, they are listed in this order."""


@dataclass(frozen=True, slots=True)
class Date:
    """`kind` happens to `subject` (words for a person) at `at`. (kind, id) is unique within a calendar. `minutes`: how
    long the person is busy with it; 0 for a mere instant."""

    at: datetime
    kind: DateKind
    id: str
    subject: str
    minutes: int = 0


DATES: Contribution[[Cohort, Person], Date] = Contribution("dates")
"""What stands in the calendar of a learner like this person, beside the dates of `ITEMS`."""


# Completion, and the end of a cohort


@dataclass(frozen=True, slots=True)
class Promise:
    """What a learner was told is still taken. Those with the same promise are listed together, by `order`."""

    order: tuple[int, bool, str]
    text: Text


@dataclass(frozen=True, slots=True)
class Credit:
    """How far a learner has come in one part of the completion rule: `done` of `needed`; `done_at`: when the last that
    was needed came. `noun` is what is counted, in the singular ('essential milestone'); `column` its name in
    completion.csv.

    `did` lists what they did, `missing` what is missing and whether it is still taken, `choice` how many of that will
    do; `buttons` do it. `taken`: how much of what is missing is still taken. `lacks` is what is missing in one line,
    for the course team.
    """

    noun: str
    column: str
    needed: int
    done: int
    done_at: datetime | None = None
    did: tuple[Text, ...] = ()
    missing: tuple[Text, ...] = ()
    choice: str = ""
    lacks: str = ""
    taken: int = 0
    buttons: tuple[Button, ...] = ()
    promises: tuple[Promise, ...] = ()

    @property
    def complete(self) -> bool:
        return self.done >= self.needed


CREDITS: Contribution[[Cohort, Sequence[Person]], tuple[int, Credit]] = Contribution("credits")
"""What these learners have done of what the completion rule asks for, with the person's id."""


@dataclass(frozen=True, slots=True)
class OpenEnd:
    """Something that is open when a cohort ends: `stays` with its words, or ends with it."""

    text: Text
    stays: bool = True


OPEN_ENDS: Contribution[[Cohort], OpenEnd] = Contribution("open ends")
"""What is open in a cohort that would end now."""

EVIDENCE: Contribution[[Cohort, frozenset[int]], tuple[str, str]] = Contribution("evidence")
"""What a run taught about the course, for its next run: (path in the course file, what was seen), counted over these
learners. Figures alone: no names, and nobody's words."""


@dataclass(frozen=True, slots=True)
class Filed:
    """A file of a cohort's archive; `about` says what is in it."""

    document: Document
    about: str


ARCHIVE: Contribution[[Cohort], Filed] = Contribution("archive")
"""The files that stay of a run."""
