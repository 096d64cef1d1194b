"""Events: what happened on a platform, as values. Frozen, named by past participles.

Each has a natural `key`, built from what the platform cannot change between two deliveries of the same
thing; delivery ids are not trusted for that.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.core.forms import Upload
from bot.core.people import Actor, MessageRef, Place

Medium = Literal["text", "voice", "image", "sticker", "forward", "poll", "file"]
"""What a message is beside its words. A picture with a caption is an 'image' whose text is the caption; the words of
somebody else in a 'forward' are not the author's, and are not in its text."""

MEDIA: Mapping[Medium, str] = {
    "voice": "a voice message",
    "image": "a picture",
    "sticker": "a sticker",
    "forward": "a forwarded message",
    "poll": "a poll",
    "file": "a file",
}
"""How people are told what a message is."""


def conversation(place: Place, message: str) -> str:
    """What keeps its order: a thread together with its root."""
    return f"{place.workspace}/{place.channel}/{place.thread or message}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePosted:
    """`unread` counts the characters at the end that were not read: the runtime sets it, and tells the author."""

    actor: Actor
    place: Place
    id: str
    at: datetime
    text: str
    medium: Medium = "text"
    unread: int = 0
    kind: Literal["posted"] = "posted"

    @property
    def key(self) -> str:
        return f"message/{self.place.workspace}/{self.place.channel}/{self.id}"

    @property
    def lane(self) -> str:
        return conversation(self.place, self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageEdited:
    """`revision` grows with each edit of one message (a counter or the edit's time). `unread`: see `MessagePosted`."""

    actor: Actor
    place: Place
    id: str
    at: datetime
    text: str
    revision: str
    medium: Medium = "text"
    unread: int = 0
    kind: Literal["edited"] = "edited"

    @property
    def key(self) -> str:
        return f"edit/{self.place.workspace}/{self.place.channel}/{self.id}/{self.revision}"

    @property
    def lane(self) -> str:
        return conversation(self.place, self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDeleted:
    """Who deleted it is not always known; `actor` is then None."""

    place: Place
    id: str
    at: datetime
    actor: Actor | None = None
    kind: Literal["deleted"] = "deleted"

    @property
    def key(self) -> str:
        return f"delete/{self.place.workspace}/{self.place.channel}/{self.id}"

    @property
    def lane(self) -> str:
        return conversation(self.place, self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionChanged:
    """A reaction was put (`added`) or taken away. `emoji` is the character itself.

    `turn` tells a second putting from a repeated delivery (the event's time, or a counter).
    """

    actor: Actor
    place: Place
    id: str
    at: datetime
    emoji: str
    added: bool
    turn: str
    kind: Literal["reaction"] = "reaction"

    @property
    def key(self) -> str:
        sign = "+" if self.added else "-"
        return (
            f"reaction/{self.place.workspace}/{self.place.channel}/{self.id}/"
            f"{self.actor.account.user}/{self.emoji}{sign}/{self.turn}"
        )

    @property
    def lane(self) -> str:
        return conversation(self.place, self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChanged:
    """The platform says that somebody's account changed: a new zone, deactivated, or active again."""

    actor: Actor
    at: datetime
    active: bool
    turn: str
    kind: Literal["account"] = "account"

    @property
    def key(self) -> str:
        return f"account/{self.actor.account.workspace}/{self.actor.account.user}/{self.turn}"

    @property
    def lane(self) -> str:
        return f"account/{self.actor.account.workspace}/{self.actor.account.user}"


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupListed:
    """Who is in one of the platform's own groups or roles, as it stands at the moment that `turn` names."""

    workspace: str
    group: str
    members: tuple[Actor, ...]
    at: datetime
    turn: str
    actor: None = None
    kind: Literal["group"] = "group"

    @property
    def key(self) -> str:
        return f"group/{self.workspace}/{self.group}/{self.turn}"

    @property
    def lane(self) -> str:
        return f"group/{self.workspace}/{self.group}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceLost:
    """We can write in a channel no more: it was deleted or archived, the bot was removed from it, or it may not.
    A `place` without a channel is the whole workspace."""

    place: Place
    why: Literal["gone", "archived", "removed", "forbidden"]
    at: datetime
    turn: str
    actor: None = None
    kind: Literal["lost"] = "lost"

    @property
    def key(self) -> str:
        return f"lost/{self.place.workspace}/{self.place.channel}/{self.turn}"

    @property
    def lane(self) -> str:
        return f"place/{self.place.workspace}/{self.place.channel}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceMade:
    """What became of a channel that `Create` asked for: where it is, or (`place` None) why there is none. `anchor` is
    the one that was given."""

    anchor: str
    place: Place | None
    at: datetime
    why: str = ""
    actor: None = None
    kind: Literal["made"] = "made"

    @property
    def key(self) -> str:
        made = f"{self.place.workspace}/{self.place.channel}" if self.place else self.at.isoformat()
        return f"made/{self.anchor}/{made}"

    @property
    def lane(self) -> str:
        return f"made/{self.anchor}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandIssued:
    """`values` holds parameters that the platform parsed; `text` is what it left to us. `id` is the interaction's."""

    actor: Actor
    place: Place
    id: str
    at: datetime
    name: str
    text: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    kind: Literal["command"] = "command"

    @property
    def key(self) -> str:
        return f"command/{self.place.workspace}/{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonPressed:
    """A button or a select; `value` is what was selected. `message` is None where a form or page carried it."""

    actor: Actor
    place: Place
    id: str
    at: datetime
    action: str
    value: str = ""
    message: MessageRef | None = None
    kind: Literal["button"] = "button"

    @property
    def key(self) -> str:
        return f"button/{self.place.workspace}/{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortcutUsed:
    """Something was chosen from a message's own menu; `name` is the shortcut's, `text` what the message says, and
    `author` who wrote it, None where that is the bot. `place.thread` is the root of the thread that it is in."""

    actor: Actor
    place: Place
    id: str
    at: datetime
    name: str
    message: MessageRef
    text: str = ""
    author: Actor | None = None
    kind: Literal["shortcut"] = "shortcut"

    @property
    def key(self) -> str:
        return f"shortcut/{self.place.workspace}/{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSubmitted:
    """`files`: what was put into the form's upload fields; `values` then has the file's name."""

    actor: Actor
    place: Place
    id: str
    at: datetime
    action: str
    values: Mapping[str, str]
    draft: str | None = None
    files: Mapping[str, Upload] = field(default_factory=dict)
    kind: Literal["form"] = "form"

    @property
    def key(self) -> str:
        return f"form/{self.place.workspace}/{self.id}"


@dataclass(frozen=True, slots=True)
class ActorMet:
    """Somebody acts, and the platform says which of its groups they are in. Published before anything that they may
    do is looked up, in the same unit of work."""

    actor: Actor


Chat = (
    MessagePosted
    | MessageEdited
    | MessageDeleted
    | ReactionChanged
    | AccountChanged
    | GroupListed
    | PlaceLost
    | PlaceMade
)
"""Acknowledged once stored, handled afterwards, in order within a conversation."""

Interaction = CommandIssued | ShortcutUsed | ButtonPressed | FormSubmitted
"""Answered in the same breath, once committed."""

Event = Chat | Interaction
