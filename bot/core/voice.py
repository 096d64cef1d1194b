"""What a feature may say to a person unasked. It hands a remark in, and the voice decides when the person hears it.

The voice (bot/runtime/voice.py) keeps the message budget: it bundles, waits for the person's hour, and drops what is no
longer of use.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from bot.core.message import Block, Message, Text, message, paragraph
from bot.core.people import Role

URGENT = timedelta(hours=48)
"""A date that moves within this time may be told beyond the budget."""

Rank = Literal["first", "core", "spare", "rides", "echoes"]
"""What a card does to the budget.

- 'rides', the default: it is a part of the next message that another card leads, and never a message of its own.
- 'echoes': the same, but never in a message with the week card of its cohort, which says it already.
- 'core': a learner's week card, wrap-up prompt and final card, an instructor's desk, a manager's week. It leads a
  message, or joins a 'first' card of the same instant.
- 'first': about the person alone, such as a welcome back. It leads, precedes others, and also reaches people who are
  away or silent.
- 'spare': it leads at its time if the day and the week have a message left besides the planned ones, and is otherwise
  dropped.
"""


RIDING: Sequence[Rank] = ("rides", "echoes")
"""The ranks of what is a part of another card's message."""


@dataclass(frozen=True, slots=True)
class Card:
    """A private message with its own buttons, or a part of one. It is sent at `at` or as soon after as its rank and the
    budget allow, and not after `until`. One that rides waits for up to a week: give it that long.

    `role` says whose budget it counts against. `joins`: one that leads may also share the message of another card that
    is sent at the same time, and stands below that card. `about` names it in reports, where its first line does not.
    `lists_all`: it lists what is open, so no reminder of its cohort stands below it.
    """

    person: int
    cohort: int
    anchor: str
    message: Message
    at: datetime
    until: datetime
    role: Role = Role.LEARNER
    rank: Rank = "rides"
    joins: bool = False
    about: str = ""
    lists_all: bool = False

    @property
    def key(self) -> str:
        """The same as for a `Line`: a card's own name is its anchor."""
        return self.anchor

    @property
    def leads(self) -> bool:
        """Whether it can be a message without another card."""
        return self.rank not in RIDING


Dates = tuple[datetime | None, datetime | None]
"""A date before and after a change."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line for the person's next private message. `key` is the feature's own name for it: handing it in again
    replaces it while it has not been sent. What is `urgent` exceeds the budget, and is a part of its own: it is shown
    again at its key.

    `moved`: the date before and after that the text quotes; None if there was or is none. Handed in again before it was
    sent, the line quotes the date that the person knows, and is not sent if that is the date again. It becomes urgent
    as the date comes near.

    `knows` names the course that the person knows, if the text tells how it differs now. Handed in again before it was
    sent, the line has the text in `tells` for the course that they know, and is not sent if there is none. Without a
    `text` it only replaces one that waits.

    `below`: blocks that stand below the text, such as a button. It is then a part of its own."""

    person: int
    cohort: int
    key: str
    text: Text
    until: datetime
    role: Role = Role.LEARNER
    urgent: bool = False
    moved: Dates | None = None
    knows: str = ""
    tells: Mapping[str, Text] = field(default_factory=dict, compare=False)
    below: tuple[Block, ...] = ()

    @property
    def message(self) -> Message:
        return message(paragraph(*self.text), *self.below)

    @property
    def is_change(self) -> bool:
        """Whether it tells of a change to the course or its dates. Somebody who is away or silent reads it later."""
        return bool(self.moved or self.knows)

    def is_past(self, now: datetime) -> bool:
        """Whether the dates that it tells of are all over: somebody who comes back has nothing to do about them."""
        return self.moved is not None and all(at is None or at <= now for at in self.moved)

    def near_from(self, now: datetime) -> datetime | None:
        """From when on the date that moved is near; None if none of them is ahead."""
        return min((at - URGENT for at in self.moved or () if at is not None and at > now), default=None)


@dataclass(frozen=True, slots=True)
class Awaited:
    """A line that the person waits for: an answer, feedback, a decision on their request, or the end of something that
    they agreed to. It is sent at their next hour, together with all others of the day, and costs none of the messages
    of the week. While the person is away it waits. `key` is as for a `Line`.

    `below`: blocks that stand below the text, such as a quote with its button. It is then a part of the message that
    stays when a card above it changes. `moved` is as for a `Line`. `personal`: words of the course team to this person
    alone. Reminders and other spare cards do not come with them, and they precede what else is awaited."""

    person: int
    cohort: int
    key: str
    text: Text
    until: datetime
    below: tuple[Block, ...] = ()
    moved: Dates | None = None
    personal: bool = False

    @property
    def message(self) -> Message:
        return message(paragraph(*self.text), *self.below)


@dataclass(frozen=True, slots=True)
class Hush:
    """What was handed in under this key or anchor is not needed any more. `cards`: a card is not; lines still are."""

    key: str
    cards: bool = False


Notice = Card | Line | Awaited
"""What a person may be told unasked."""

Remark = Notice | Hush
