"""What a feature may say to a person unasked. It hands a remark in, and the voice decides when the person hears it.

The voice (bot/runtime/voice.py) keeps the message budget: it bundles, waits for the person's hour, and drops what is no
longer of use.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.core.message import Block, Message, Text, message, paragraph
from bot.core.people import Role

Rank = Literal["first", "usual", "spare"]
"""The priority of a card. A 'first' card precedes others and also reaches people who are away or silent. A 'spare' card
is sent at its time if the budget of the day and the week has a message left, and otherwise dropped."""


@dataclass(frozen=True, slots=True)
class Card:
    """A private message of its own, such as a prompt. It is sent at `at` or as soon after as the budget allows, and
    not after `until`.

    `role` says whose budget it counts against. `joins`: it may share the message of another card that is sent at the
    same time, and stands below that card. `about` names it in reports, where its first line does not.
    """

    person: int
    cohort: int
    anchor: str
    message: Message
    at: datetime
    until: datetime
    role: Role = Role.LEARNER
    rank: Rank = "usual"
    joins: bool = False
    about: str = ""

    @property
    def key(self) -> str:
        """The same as for a `Line`: a card's own name is its anchor."""
        return self.anchor


@dataclass(frozen=True, slots=True)
class Line:
    """A line for the person's next private message. `key` is the feature's own name for it: handing it in again
    replaces it while it has not been sent. `urgent` is only for a date that moved within 48 hours."""

    person: int
    cohort: int
    key: str
    text: Text
    until: datetime
    role: Role = Role.LEARNER
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Awaited:
    """A line that the person waits for: an answer, feedback, a decision on their request, or the end of something that
    they agreed to. It is sent at their next hour, together with all others of the day, and costs none of the messages
    of the week. While the person is away it waits. `key` is as for a `Line`.

    `below`: blocks that stand below the text, such as a quote with its button. It is then a part of the message that
    stays when a card above it changes."""

    person: int
    cohort: int
    key: str
    text: Text
    until: datetime
    below: tuple[Block, ...] = ()

    @property
    def message(self) -> Message:
        return message(paragraph(*self.text), *self.below)


@dataclass(frozen=True, slots=True)
class Hush:
    """What was handed in under this key or anchor is not needed any more."""

    key: str


Notice = Card | Line | Awaited
"""What a person may be told unasked."""

Remark = Notice | Hush
