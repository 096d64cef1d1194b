"""Effects: what people should see. A handler declares them, and the outbox carries them out.

An anchor is a feature's own name for a message, such as `question/17/root`. Showing the same anchor again edits the
message that stands there; the outbox knows where that is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Discriminator

from bot.core.message import Message
from bot.core.people import MessageRef, Place


@dataclass(frozen=True, slots=True)
class Direct:
    """The private conversation with a person; in the account that `workspace` names, else the newest one."""

    person: int
    workspace: str | None = None
    kind: Literal["direct"] = "direct"


@dataclass(frozen=True, slots=True)
class Below:
    """The thread of the message that stands at an anchor. Waits until that is posted."""

    anchor: str
    kind: Literal["below"] = "below"


@dataclass(frozen=True, slots=True)
class In:
    """A channel, or a thread whose root the platform named."""

    place: Place
    kind: Literal["in"] = "in"


Target = Annotated[Direct | Below | In, Discriminator("kind")]


@dataclass(frozen=True, slots=True)
class Show:
    """`message` stands at `anchor` in `target`: posts it, or edits it where it stands already."""

    anchor: str
    target: Target
    message: Message
    kind: Literal["show"] = "show"


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Nothing stands at `anchor` any more."""

    anchor: str
    kind: Literal["withdraw"] = "withdraw"


@dataclass(frozen=True, slots=True)
class Whisper:
    """Says something to one person in a conversation, unseen by the others; at most once, and not kept."""

    person: int
    place: Place
    message: Message
    kind: Literal["whisper"] = "whisper"


@dataclass(frozen=True, slots=True)
class React:
    """Puts the bot's own reaction on a message, or takes it away."""

    ref: MessageRef
    emoji: str
    on: bool = True
    kind: Literal["react"] = "react"


@dataclass(frozen=True, slots=True)
class Pin:
    """The message of an anchor is pinned in its channel, or no longer. Waits until it is posted."""

    anchor: str
    on: bool = True
    kind: Literal["pin"] = "pin"


@dataclass(frozen=True, slots=True)
class Create:
    """There shall be a channel of this name with these people in it; `PlaceMade` with the anchor says what came of
    it. One that exists already is taken, where the bot may write in it."""

    anchor: str
    workspace: str
    name: str
    topic: str = ""
    private: bool = False
    people: tuple[int, ...] = ()
    kind: Literal["create"] = "create"


@dataclass(frozen=True, slots=True)
class RemoveMember:
    """A person is no longer in a channel. Where it is open to everybody, they may come back."""

    place: Place
    person: int
    kind: Literal["remove_member"] = "remove_member"


@dataclass(frozen=True, slots=True)
class Archive:
    """A channel is closed: its members can read it, and nobody writes in it, the bot included."""

    place: Place
    kind: Literal["archive"] = "archive"


Effect = Show | Withdraw | Whisper | React | Pin | Create | RemoveMember | Archive


def week_thread(cohort: int, week: int) -> str:
    """The anchor of the post that opens a week in the cohort's channel; the week's thread hangs below it."""
    return f"week/{cohort}/{week}/open"


def in_workspace(anchor: str, places: Sequence[Place], number: int) -> str:
    """The anchor of a message that stands in several workspaces, in the place of this number."""
    return f"{anchor}@{places[number].workspace}" if number else anchor
