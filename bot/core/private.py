"""What a person writes to the bot alone, and what it may become.

Nobody else reads a private message before its author has said what it is. A feature offers meanings
(`Feature.meanings`) and takes a message once its author has chosen one (`Feature.takes`). `bot/features/talk` asks the
author and knows no kind of meaning by name.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.core.actions import Action
from bot.core.message import Button, Message, Text
from bot.core.people import MessageRef
from bot.core.translation import _


def held_key(person: int, anchor: str) -> str:
    """The anchor of what tells somebody that the post at `anchor` waits, was given up, or is there after all."""
    return f"held/{person}/{anchor}"


Audience = Literal["author", "team", "cohort"]
"""Who reads what a message becomes: nobody but its author, the course team alone, or everybody in the cohort."""


@dataclass(frozen=True, slots=True)
class Said:
    """A private message of `person`, who is still deciding, or has just decided, what it is."""

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
    """Something that a private message may become in a cohort.

    `text` says what happens to it and who will see it. `fits` names the messages for which it is offered first; with ''
    it fits every message equally. A 'wish' is offered only for words that ask for it, and comes before all others.
    `opening` is what the card with the choices says first, to somebody who has told something sad.
    `subject` belongs to the feature that takes the message. `title` distinguishes it from others of its kind in the
    same cohort. The runtime sets `kind`.

    Of several meanings with the same `group` one is offered, and the others on request under their `field`. `filled`:
    something is already there, and this would be added. `asked_only`: offered only to a person who was just asked for
    it. `exact`: the message is this and nothing else, such as a code word, so it is taken without being asked about.
    `in_all`: it can be done at once in all cohorts where the message may become it.
    """

    cohort: int
    label: str
    text: Text
    audience: Audience
    fits: Literal["wish", "statement", "question", ""] = ""
    subject: str = ""
    title: str = ""
    group: str = ""
    field: str = ""
    filled: bool = False
    asked_only: bool = False
    exact: bool = False
    opening: str = ""
    in_all: bool = False
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that the person's next private message answers.

    `subject` and `card` belong to the feature that asks: which question it is, and what else its card shows. `stopped`
    is shown after the person wrote 'stop', in whole sentences. `buttons` are other ways to answer.
    """

    subject: str
    text: str
    stopped: str
    buttons: tuple[Button, ...] = ()
    card: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What its author reads about a message that was taken. `message` replaces the choices; its first line says who
    sees what was taken. `asks` is the next question. `words_left`: the words were not passed on and say more than what
    was done, so their author is asked about them; `message` stands below."""

    message: Message
    asks: Asked | None = None
    words_left: bool = False


def answer_to(ref: MessageRef) -> str:
    """The anchor of the bot's answer to a private message."""
    return f"talk/{ref.workspace}/{ref.channel}/{ref.id}"


def workspace_of(anchor: str) -> str | None:
    """The workspace of an answer's anchor; None for other anchors."""
    parts = anchor.split("/")
    return parts[1] if parts[0] == "talk" and len(parts) > 3 else None


def skip(kind: str, cohort: int, subject: str) -> Button:
    """The button that skips the question of this subject."""
    return Button(_("Skip"), Action("talk", "skip", cohort, f"{kind}.{subject}").encode())
