"""Messages from before the bot was there, read from an export, as values."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.people import MessageRef


@dataclass(frozen=True, slots=True)
class PastReaction:
    """`emoji` is the character itself; `by` are the accounts that the export names."""

    emoji: str
    by: frozenset[str]


@dataclass(frozen=True, slots=True)
class PastMessage:
    """A message that others could read.

    `author` is their account in the message's workspace; None if the export does not say who wrote it. `below` is the
    id of the message that it answers, in the same channel. `text` names nobody: mentions are replaced by '@someone'.
    """

    ref: MessageRef
    author: str | None
    at: datetime
    text: str
    below: str | None = None
    reactions: tuple[PastReaction, ...] = ()


@dataclass(frozen=True, slots=True)
class PastPerson:
    """An account that an export tells about. `names` are all forms of its name, to be kept out of what is shown; `zone`
    is an IANA zone, empty if the export does not say."""

    names: frozenset[str]
    zone: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A message that is skipped on purpose; `why` is the reason in the plural ('in private channels')."""

    why: str


@dataclass(frozen=True, slots=True)
class Unread:
    """Something unreadable; reading goes on. `where` is a file of the export, `why` a sentence."""

    where: str
    why: str


@dataclass(frozen=True, slots=True)
class PastThread:
    """A message and its replies, in chronological order."""

    root: PastMessage
    replies: tuple[PastMessage, ...]
