"""What talk keeps: values, and the store that the feature needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from bot.core.events import Medium
from bot.core.feature import Feature
from bot.core.keeping import KeptTable
from bot.core.people import MessageRef
from bot.core.private import Asked, Said
from bot.core.translation import N_

State = Literal["open", "taken", "sent", "dropped", "deleted"]
"""`open`: its author has not said yet what it is. `sent`: a form was sent with words of it, and its own card changes
them. In any other state than `open` its words are not stored here; the feature that took the message stores them."""


@dataclass(frozen=True, slots=True)
class PrivateMessage:
    """A private message that the bot has asked about."""

    id: int
    said: Said
    medium: Medium
    state: State


Waiting = Literal["open", "passed", "stopped"]
"""`open`: the next message answers it. `passed`: something else came in between. `stopped`: its author wants no more
questions."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """What a person was asked last in private, and by which message (`anchor`)."""

    kind: str
    cohort: int
    asked: Asked
    anchor: str
    at: datetime
    state: Waiting = "open"


class TalkStore(Protocol):
    """Private messages until their authors have decided, and what people were asked."""

    def keep(self, said: Said, medium: Medium) -> PrivateMessage:
        """Stores a message as open, or its new words."""
        ...

    def find(self, ref: MessageRef) -> PrivateMessage | None: ...

    def get(self, id: int) -> PrivateMessage | None: ...

    def open_in(self, workspace: str, channel: str) -> Sequence[PrivateMessage]:
        """The messages of a direct conversation that wait for their author's word."""
        ...

    def settle(self, id: int, state: State) -> None:
        """Ends the question about a message; its words are blanked."""
        ...

    def awaited(self, person: int) -> Awaited | None: ...

    def wait(self, person: int, awaited: Awaited) -> None:
        """Stores what a person was asked, in place of what they were asked before."""
        ...

    def stop_waiting(self, person: int) -> None:
        """Forgets what a person was asked last."""
        ...

    def spoken_since(self, person: int, at: datetime) -> bool:
        """Whether the bot has written to the person unasked after an instant."""
        ...


feature: Feature[TalkStore] = Feature("talk")
feature.keeps(
    KeptTable("talk_said", "A private message to the bot until you decided what it is", of="person", until="30 days"),
    KeptTable("talk_awaited", "What the bot asked you last in private", of="person"),
    purpose=N_("So that what you write to me in private goes where you want it"),
)
