"""What was said before we were there: the messages of an export, as values."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.people import MessageRef


@dataclass(frozen=True, slots=True)
class PastReaction:
    """`emoji` is the character itself; `by` are the accounts of whom the export names."""

    emoji: str
    by: frozenset[str]


@dataclass(frozen=True, slots=True)
class PastMessage:
    """Something that a person wrote where others could read it.

    `author` is their account in the message's workspace; None where the export does not say whose it was. `below` is
    the id of the message that it answers, in the same channel. Nobody is named in `text`: whoever was called is
    '@someone' there.
    """

    ref: MessageRef
    author: str | None
    at: datetime
    text: str
    below: str | None = None
    reactions: tuple[PastReaction, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A message that is none of our business: `why` says so in the plural ('in private channels')."""

    why: str


@dataclass(frozen=True, slots=True)
class Unread:
    """Something that could not be read; the rest goes on. `where` is a file of the export, `why` a sentence."""

    where: str
    why: str


@dataclass(frozen=True, slots=True)
class PastThread:
    """A message and what was answered to it, in the order of time."""

    root: PastMessage
    replies: tuple[PastMessage, ...]
