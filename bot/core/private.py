"""What a person writes to the bot alone, and what it may become.

Nobody else reads it before its author has said what it is. Features declare meanings (`Feature.meanings`), and take a
message over once its author has chosen one (`Feature.takes`); `bot/features/talk` asks.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.core.message import Message, Text
from bot.core.people import MessageRef

Kind = Literal["wrapup", "team", "ask", "private"]
"""`team`: a note for the course team. `private`: a question to it. `ask`: a question for the question channel."""

Audience = Literal["team", "cohort"]
"""Who will read it: the course team alone, or everybody in the cohort."""


@dataclass(frozen=True, slots=True)
class Said:
    """A private message of `person`, as its author confirmed it."""

    person: int
    ref: MessageRef
    text: str
    at: datetime

    @property
    def anchor(self) -> str:
        """The anchor of the bot's answer to it."""
        return answer_to(self.ref)


@dataclass(frozen=True, slots=True)
class Meaning:
    """Something that a private message may become in a cohort. `text` says what comes of it and who will see it;
    `subject` is the taking feature's own. `title` tells it from others of its kind in the same cohort.

    Of several meanings with the same `group` one is offered, and the others on request under their `field`. `filled`:
    something is there already, and this would be added. `asked_only`: offered only to whoever was just asked for it.
    """

    kind: Kind
    cohort: int
    label: str
    text: Text
    subject: str = ""
    title: str = ""
    audience: Audience = "team"
    group: str = ""
    field: str = ""
    filled: bool = False
    asked_only: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that the person's next private message answers. `subject` and `card` are the asking feature's own:
    which question it is, and what else the card that asks it shows."""

    subject: str
    text: Text
    card: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a private message. `message` stands where the choices stood; `asks` is what is asked next."""

    message: Message
    asks: Asked | None = None


def answer_to(ref: MessageRef) -> str:
    """The anchor of the bot's answer to a private message."""
    return f"talk/{ref.workspace}/{ref.channel}/{ref.id}"


def workspace_of(anchor: str) -> str | None:
    """The workspace of an answer's anchor; None for other anchors."""
    parts = anchor.split("/")
    return parts[1] if parts[0] == "talk" and len(parts) > 3 else None
