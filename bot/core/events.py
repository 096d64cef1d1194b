"""Events: what happened on a platform, as values. Frozen, named by past participles.

Each has a natural `key`, built from what the platform cannot change between two deliveries of the same
thing; delivery ids are not trusted for that.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.core.people import Actor, MessageRef, Place


def conversation(place: Place, message: str) -> str:
    """What keeps its order: a thread together with its root."""
    return f"{place.workspace}/{place.channel}/{place.thread or message}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePosted:
    actor: Actor
    place: Place
    id: str
    at: datetime
    text: str
    kind: Literal["posted"] = "posted"

    @property
    def key(self) -> str:
        return f"message/{self.place.workspace}/{self.place.channel}/{self.id}"

    @property
    def lane(self) -> str:
        return conversation(self.place, self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageEdited:
    """`revision` grows with each edit of one message (a counter or the edit's time)."""

    actor: Actor
    place: Place
    id: str
    at: datetime
    text: str
    revision: str
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
class FormSubmitted:
    actor: Actor
    place: Place
    id: str
    at: datetime
    action: str
    values: Mapping[str, str]
    draft: str | None = None
    kind: Literal["form"] = "form"

    @property
    def key(self) -> str:
        return f"form/{self.place.workspace}/{self.id}"


Chat = MessagePosted | MessageEdited | MessageDeleted | ReactionChanged | AccountChanged
"""Acknowledged once stored, handled afterwards, in order within a conversation."""

Interaction = CommandIssued | ButtonPressed | FormSubmitted
"""Answered in the same breath, once committed."""

Event = Chat | Interaction
