"""What a feature may say to a person unasked: it hands it in here, and the one voice decides when.

The voice (bot/runtime/voice.py) keeps the message budget: it folds, waits for the person's hour, and drops
what is no longer of use.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.core.message import Message, Text
from bot.core.people import Role

Rank = Literal["first", "usual", "spare"]
"""The priority of a card. A 'first' card precedes others and also reaches people who are away or silent. A 'spare' card
is sent at its time if the budget of the day and the week has a message left, and otherwise dropped."""


@dataclass(frozen=True, slots=True)
class Card:
    """A private message of its own, such as a prompt. Said at `at` or as soon after as the budget allows.

    `role` says whose budget it counts against; after `until` it is not said any more.
    """

    person: int
    cohort: int
    anchor: str
    message: Message
    at: datetime
    until: datetime
    role: Role = Role.LEARNER
    rank: Rank = "usual"


@dataclass(frozen=True, slots=True)
class Line:
    """A line for the person's next private message. `key` is the feature's own name for it: handing it in
    again replaces it while it has not been said. `urgent` only for a date that moved within 48 hours."""

    person: int
    cohort: int
    key: str
    text: Text
    until: datetime
    role: Role = Role.LEARNER
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Hush:
    """What was handed in under this key or anchor need not be said any more."""

    key: str


Remark = Card | Line | Hush
