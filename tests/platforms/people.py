"""What humans do and see on a platform, so that one suite runs on all of them.

A platform takes part with a module `tests/platforms/NAME_stage.py` with `open_stage(folder)`: an asynchronous context
manager that gives a `Stage`. The stage has the channels 'general' and 'questions' and the people 'mia' (Mia,
Europe/Berlin), 'ben' (Ben, Asia/Kolkata) and 'ines', who is in no course, and `CROWD`. Its adapter is connected to
`stage.bot`. If the platform cannot run, it skips with the reason.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from bot.core.people import Account, Place
from bot.core.ports import Adapter
from tests.platforms.ears import Ears

CROWD = ("ada", "cem", "dia", "eva", "fay")
"""Further people in Berlin, for cohorts of more than two."""

Failure = Literal["gone", "waits", "paused", "tried again", "locked"]


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as one person sees it: `text` is what they read, without invisible characters. `buttons` has the labels
    of its buttons and selects, `calls` the people that it notifies ('mia', or 'everyone'); `private`: only this person
    sees it in a place that others see, too."""

    id: str
    text: str
    buttons: tuple[str, ...] = ()
    by_bot: bool = False
    private: bool = False
    calls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenForm:
    """An open form: its title, and the values by field name."""

    title: str
    values: Mapping[str, str] = field(default_factory=dict)


class People(Protocol):
    """The humans. `who` is 'mia' or 'ben'; `where` is a channel's name or id, or 'dm' for the direct
    conversation.

    Messages are named by the platform's ids, as in `MessageRef.id`.
    """

    async def say(self, who: str, where: str, text: str, below: str | None = None) -> str:
        """Says something, in the thread of the message `below` if given; returns its id."""
        ...

    async def send(self, who: str, where: str, medium: str, text: str = "") -> str:
        """Sends a voice message ('voice'), a picture ('image'), a file ('file'), something forwarded ('forward'), or if
        the platform has them a sticker or a poll; `text` goes with it."""
        ...

    async def edit(self, who: str, where: str, message: str, text: str) -> None: ...

    async def delete(self, who: str, where: str, message: str) -> None: ...

    async def react(self, who: str, where: str, message: str, emoji: str, on: bool = True) -> None: ...

    async def command(self, who: str, where: str, text: str) -> None:
        """Issues `/cohort TEXT`."""
        ...

    async def press(self, who: str, where: str, label: str, *, below: str | None = None) -> None:
        """Presses the button with this label on the newest message that shows one, in the thread of `below` if
        given."""
        ...

    async def choose(self, who: str, where: str, label: str, option: str) -> None:
        """Chooses an option, by its label, in the newest list with this label."""
        ...

    async def form(self, who: str) -> OpenForm | None:
        """The form that a person has open."""
        ...

    async def submit(self, who: str, values: Mapping[str, str]) -> None:
        """Submits the open form with these values changed."""
        ...

    async def problems(self, who: str) -> str:
        """The text that the person reads about a form that was just refused."""
        ...

    async def reopen(self, who: str) -> OpenForm:
        """Returns to a refused form: it is still open, or a button opens it again."""
        ...

    async def sees(self, who: str, where: str, below: str | None = None) -> list[Seen]:
        """The messages of a place, oldest first: its root messages, or the replies to `below`."""
        ...


class Stage(Protocol):
    """A platform with people and our adapter connected. `media` are the media besides text that people can send."""

    media: Sequence[str]

    adapter: Adapter
    bot: Ears
    people: People

    def place(self, channel: str) -> Place: ...

    def account(self, who: str) -> Account: ...

    def inside(self, place: Place) -> set[str]:
        """The people in a private channel."""
        ...

    def fail(self, how: Failure) -> None:
        """The platform refuses the bot's next message, so that it is given up ('gone'), waits until somebody has
        changed something ('waits'), waits for a while ('paused') or is tried again; its next reply in a thread is
        given up, since that is 'locked'."""
        ...

    def leave(self, who: str) -> None:
        """Somebody leaves: the platform refuses the bot's messages to them."""
        ...

    def lose_answer(self, arrived: bool) -> None:
        """The answer to the bot's next message is lost, after the platform took it (`arrived`) or before."""
        ...

    def close(self, channel: str) -> None:
        """The bot cannot write in a channel from now on."""
        ...

    async def restart(self, meanwhile: Callable[[], Awaitable[None]] | None = None) -> None:
        """Replaces the bot's process by a new one; `meanwhile` happens in between."""
        ...
