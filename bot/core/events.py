"""Events: what happened on a platform, as values. Frozen, named by past participles.

Each has a natural `key`, made of what the platform cannot change between two deliveries of the same event. Delivery ids
are not reliable for that.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.core.errors import Why
from bot.core.forms import Upload
from bot.core.people import Actor, MessageRef, Place
from bot.core.translation import N_

Medium = Literal["text", "voice", "image", "sticker", "forward", "poll", "file"]
"""What a message contains apart from its words. A picture with a caption is an 'image' whose text is the caption; names
of files are in no text. The text of a 'forward' is what was forwarded, below words of the author's own if there are
some."""

MEDIA: Mapping[Medium, str] = {
    "voice": N_("a voice message"),
    "image": N_("a picture"),
    "sticker": N_("a sticker"),
    "forward": N_("a forwarded message"),
    "poll": N_("a poll"),
    "file": N_("a file"),
}
"""What a medium is called in messages to people; `_` translates it."""


def conversation(place: Place, message: str) -> str:
    """The unit in which events stay in order: a thread together with its root."""
    return f"{place.workspace}/{place.channel}/{place.thread or message}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Happened:
    """What happened at a place of the platform. `id` is that of the message, or of the interaction."""

    place: Place
    id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfMessage(_Happened):
    """Something that happened to a message."""

    @property
    def lane(self) -> str:
        return conversation(self.place, self.id)

    @property
    def posting(self) -> str:
        """The key of the event that the message was posted."""
        return f"message/{self._where}"

    @property
    def _where(self) -> str:
        return f"{self.place.workspace}/{self.place.channel}/{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Interaction(_Happened):
    """A person did something and waits for the answer. `kind` is the word before the key."""

    actor: Actor
    kind: str

    @property
    def key(self) -> str:
        return f"{self.kind}/{self.place.workspace}/{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePosted(_OfMessage):
    """`unread` counts the characters at the end that were not read: the runtime sets it, and tells the author.
    `titled`: it opens a conversation in a forum, and its text begins with the title."""

    actor: Actor
    text: str
    medium: Medium = "text"
    titled: bool = False
    unread: int = 0
    kind: Literal["posted"] = "posted"

    @property
    def key(self) -> str:
        return self.posting


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageEdited(_OfMessage):
    """`revision` grows with each edit of one message (a counter or the edit's time). `unread`, `titled`: see
    `MessagePosted`."""

    actor: Actor
    text: str
    revision: str
    medium: Medium = "text"
    titled: bool = False
    unread: int = 0
    kind: Literal["edited"] = "edited"

    @property
    def key(self) -> str:
        return f"edit/{self._where}/{self.revision}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDeleted(_OfMessage):
    """`actor` is None if it is not known who deleted it."""

    actor: Actor | None = None
    kind: Literal["deleted"] = "deleted"

    @property
    def key(self) -> str:
        return f"delete/{self._where}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionChanged(_OfMessage):
    """A reaction was added (`added`) or removed. `emoji` is the character itself.

    `turn` distinguishes a second addition from a repeated delivery (the event's time, or a counter).
    """

    actor: Actor
    emoji: str
    added: bool
    turn: str
    kind: Literal["reaction"] = "reaction"

    @property
    def key(self) -> str:
        sign = "+" if self.added else "-"
        return f"reaction/{self._where}/{self.actor.account.user}/{self.emoji}{sign}/{self.turn}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChanged:
    """The platform says that somebody's account changed: a new zone, deactivated, or active again. `why`
    messages do not reach it, if they do not: 'left' or 'banned' if it is not active, 'blocked' or 'closed' if it is."""

    actor: Actor
    at: datetime
    active: bool
    turn: str
    why: Why = ""
    kind: Literal["account"] = "account"

    @property
    def key(self) -> str:
        return f"account/{self.actor.account.workspace}/{self.actor.account.user}/{self.turn}"

    @property
    def lane(self) -> str:
        return f"account/{self.actor.account.workspace}/{self.actor.account.user}"


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupListed:
    """The members of one of the platform's groups or roles, at the moment that `turn` names."""

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
    """We can no longer write in a channel, for the cause `why`. A
    `place` without a channel is the whole workspace. `needs` names the missing permission in the platform's own words,
    if it is known. `guessed`: the cause is read from a refused post, so a cause that is known already stays."""

    place: Place
    why: Why
    at: datetime
    turn: str
    needs: str = ""
    guessed: bool = False
    actor: None = None
    kind: Literal["lost"] = "lost"

    @property
    def key(self) -> str:
        return f"lost/{self.place.workspace}/{self.place.channel}/{self.turn}"

    @property
    def lane(self) -> str:
        return f"place/{self.place.workspace}/{self.place.channel}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceLimited:
    """We can write in a channel, but not do all that belongs there: `needs` names the missing permission in the
    platform's own words. One that is reported again before the first report is forgotten is no event."""

    place: Place
    needs: str
    at: datetime
    actor: None = None
    kind: Literal["limited"] = "limited"

    @property
    def key(self) -> str:
        return f"limited/{self.place.workspace}/{self.place.channel}/{self.needs}"

    @property
    def lane(self) -> str:
        return f"place/{self.place.workspace}/{self.place.channel}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceFound:
    """We can write in a channel again: it was unarchived, or the bot was invited or has its permission back. A `place`
    without a channel is the whole workspace."""

    place: Place
    at: datetime
    turn: str
    actor: None = None
    kind: Literal["found"] = "found"

    @property
    def key(self) -> str:
        return f"found/{self.place.workspace}/{self.place.channel}/{self.turn}"

    @property
    def lane(self) -> str:
        return f"place/{self.place.workspace}/{self.place.channel}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceMoved:
    """The platform gave a channel another id. Its people and messages are the same, and their ids stay."""

    place: Place
    to: Place
    at: datetime
    actor: None = None
    kind: Literal["moved"] = "moved"

    @property
    def key(self) -> str:
        return f"moved/{self.place.workspace}/{self.place.channel}/{self.to.channel}"

    @property
    def lane(self) -> str:
        return f"place/{self.place.workspace}/{self.place.channel}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostHeld:
    """A post is not in its channel yet: it waits ('waits'), is there after it waited ('posted'), was given up ('lost')
    or taken back ('dropped'). It is made by an act of `person` at `since`, if by anybody's; `anchor` is the post's.
    `why` and `needs` are the platform's reason, as in `DeliveryError`. `change`: the post is there, and its newer
    wording is not."""

    place: Place
    anchor: str
    person: int | None
    state: Literal["waits", "posted", "lost", "dropped"]
    since: datetime
    at: datetime
    cohort: int | None = None
    why: Why = ""
    needs: str = ""
    change: bool = False
    actor: None = None
    kind: Literal["held"] = "held"

    @property
    def key(self) -> str:
        return f"held/{self.anchor}/{self.person}/{self.state}/{self.at.isoformat()}"

    @property
    def lane(self) -> str:
        return f"place/{self.place.workspace}/{self.place.channel}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceMade:
    """The result of `Create`: where the channel is, or (`place` None) why there is none. `anchor` is that of the
    `Create`. `name_taken`: with another name there can be one."""

    anchor: str
    place: Place | None
    at: datetime
    why: str = ""
    name_taken: bool = False
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
class CommandIssued(_Interaction):
    """`values` holds parameters that the platform parsed, `files` those that are files; `text` is the unparsed rest.
    `id` is the interaction's."""

    name: str
    text: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, Upload] = field(default_factory=dict)
    kind: Literal["command"] = "command"


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonPressed(_Interaction):
    """A button or a select; `value` is what was selected. `message` is None if it was on a form or page."""

    action: str
    value: str = ""
    message: MessageRef | None = None
    kind: Literal["button"] = "button"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortcutUsed(_Interaction):
    """Somebody chose an entry of a message's own menu. `name` is the shortcut's, `text` the message's text, and
    `author` who wrote it, None if that is the bot. `place.thread` is the root of its thread."""

    name: str
    message: MessageRef
    text: str = ""
    author: Actor | None = None
    kind: Literal["shortcut"] = "shortcut"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSubmitted(_Interaction):
    """`files`: the files in the form's upload fields; `values` then has their names. `forums`: which of the channels in
    `values` are forums, each with the permission that the bot lacks for the tags of people's posts, or ''."""

    action: str
    values: Mapping[str, str]
    draft: str | None = None
    files: Mapping[str, Upload] = field(default_factory=dict)
    forums: Mapping[str, str] = field(default_factory=dict)
    kind: Literal["form"] = "form"


@dataclass(frozen=True, slots=True)
class ActorMet:
    """Somebody acts, and the platform says which of its groups they are in. Published before their permissions are
    looked up, in the same unit of work."""

    actor: Actor


Chat = (
    MessagePosted
    | MessageEdited
    | MessageDeleted
    | ReactionChanged
    | AccountChanged
    | GroupListed
    | PlaceLost
    | PlaceLimited
    | PlaceFound
    | PlaceMoved
    | PostHeld
    | PlaceMade
)
"""Acknowledged once stored; handled afterwards, in order within a conversation."""

Interaction = CommandIssued | ShortcutUsed | ButtonPressed | FormSubmitted
"""Answered at once, after the commit."""

Event = Chat | Interaction
