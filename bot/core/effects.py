"""Effects: what people should see. A handler declares them, and the outbox carries them out.

An anchor is a feature's own name for a message, such as `question/17/root`. Showing the same anchor again edits the
message that stands there; the outbox knows where that is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Discriminator

from bot.core.message import Message, Status
from bot.core.people import Account, MessageRef, Place


@dataclass(frozen=True, slots=True)
class Direct:
    """The private conversation with a person, in the account of `workspace` or else in the newest one."""

    person: int
    workspace: str | None = None
    kind: Literal["direct"] = "direct"


@dataclass(frozen=True, slots=True)
class Below:
    """The thread below the message at an anchor. Waits until that message is posted."""

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
    """Posts `message` at `anchor` in `target`, or edits the message that is already there."""

    anchor: str
    target: Target
    message: Message
    kind: Literal["show"] = "show"


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Removes the message at `anchor`."""

    anchor: str
    kind: Literal["withdraw"] = "withdraw"


@dataclass(frozen=True, slots=True)
class React:
    """Adds or removes the bot's own reaction to a message. `state`: the new status of a conversation that a person
    began with it, for platforms that show one; None leaves it as it is."""

    ref: MessageRef
    emoji: str
    on: bool = True
    state: Status | None = None
    kind: Literal["react"] = "react"


@dataclass(frozen=True, slots=True)
class Whisper:
    """Shows something to one person in a conversation, unseen by the others. It is sent at most once and not kept.

    `instead`: what a platform does that cannot show it unseen in a channel, and would have to post a notice.
    """

    person: int
    place: Place
    message: Message
    instead: React | None = None
    kind: Literal["whisper"] = "whisper"


@dataclass(frozen=True, slots=True)
class Pin:
    """Pins or unpins the message of an anchor in its channel. Waits until it is posted."""

    anchor: str
    on: bool = True
    kind: Literal["pin"] = "pin"


@dataclass(frozen=True, slots=True)
class Create:
    """Creates a channel of this name with these people. An existing channel is used if the bot may write in it; a
    private one only if nobody but these `people` is in it. `place`: the channel, if we have it already; these people
    are let in. `PlaceMade` with the anchor reports the result. `forum`: each message opens a conversation with a
    title, if the workspace has such channels."""

    anchor: str
    workspace: str
    name: str
    topic: str = ""
    private: bool = False
    people: tuple[int, ...] = ()
    forum: bool = False
    place: Place | None = None
    kind: Literal["create"] = "create"


@dataclass(frozen=True, slots=True)
class RemoveMember:
    """Removes a person from a channel. If it is open to everybody, they may come back. `user`: their account there,
    noted when this is declared, since an erased person has none when it is delivered."""

    place: Place
    person: int
    user: str = ""
    kind: Literal["remove_member"] = "remove_member"


@dataclass(frozen=True, slots=True)
class Archive:
    """Archives a channel: its members can read it, and nobody can write in it, including the bot."""

    place: Place
    kind: Literal["archive"] = "archive"


@dataclass(frozen=True, slots=True)
class Forget:
    """Deletes what the adapter itself has stored about an erased person's account."""

    account: Account
    kind: Literal["forget"] = "forget"


Effect = Show | Withdraw | Whisper | React | Pin | Create | RemoveMember | Archive | Forget


def week_thread(cohort: int, week: int) -> str:
    """The anchor of the post that opens a week in the cohort's channel; the week's thread is below it."""
    return f"week/{cohort}/{week}/open"


def in_workspace(anchor: str, places: Sequence[Place], number: int) -> str:
    """The anchor, in the place of this number, of a message that is posted in several workspaces."""
    return f"{anchor}@{places[number].workspace}" if number else anchor
