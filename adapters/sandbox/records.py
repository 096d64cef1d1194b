"""The values that the chat service stores."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.core.events import Medium
from bot.core.forms import Form
from bot.core.message import Message

WORKSPACE = "sandbox"
"""The one workspace that the sandbox is."""

BOT = "bot"
"""The author of the bot's messages; no person may have this id."""


@dataclass(frozen=True, slots=True)
class Human:
    """A person of the chat. `id` is a short word such as `mia`; `title` describes them, such as 'learner, Berlin'.

    `groups` are the chat's groups that they are in, None if none were ever set; `admin`: they administer the chat.
    """

    id: str
    name: str
    zone: str
    title: str = ""
    active: bool = True
    admin: bool = False
    groups: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Room:
    """A channel, or the direct conversation of one person (`owner`) with the bot.

    `members` None: everybody is in it. `archived`: it is closed to writing.
    """

    id: str
    kind: Literal["channel", "direct"]
    name: str
    topic: str = ""
    owner: str | None = None
    members: frozenset[str] | None = None
    archived: bool = False

    def open_to(self, person: str) -> bool:
        """Whether the person is in it."""
        if self.kind == "direct":
            return self.owner == person
        return self.members is None or person in self.members


@dataclass(frozen=True, slots=True)
class Post:
    """A message. `thread` is the id of the one it hangs below; `to` the person who alone sees it.

    `text` is the plain text; the bot's messages also have `message`, and `medium` is a person's message's medium.
    `zone` is that of the only reader, if there is one. `mentions` maps the bot's person ids to people here, `links` its
    anchors to addresses. `changed` grows with every change of any message, so that a page can fetch only changes.
    """

    id: int
    place: str
    thread: int | None
    by: str
    at: datetime
    text: str
    changed: int
    message: Message | None = None
    revision: int = 0
    deleted: bool = False
    to: str | None = None
    anchor: str | None = None
    zone: str | None = None
    mentions: Mapping[int, str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    pinned: bool = False
    medium: Medium = "text"

    @property
    def edited(self) -> bool:
        return self.revision > 0


@dataclass(frozen=True, slots=True)
class OpenForm:
    """A form that a person has open, and where they opened it."""

    form: Form
    place: str
    thread: int | None = None


@dataclass(frozen=True, slots=True)
class Delivered:
    """An event that was handed to the bot under a delivery id, stored so that it can be handed over again.

    `event` is its JSON, None if there was no event; `message` is the message created or changed.
    """

    seq: int
    person: str
    do: str
    event: str | None
    message: int | None
