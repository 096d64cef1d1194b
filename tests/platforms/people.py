"""What humans do and see on a platform, so that one suite can be played on all of them.

A platform joins by a module `tests/platforms/NAME_stage.py` with `open_stage(folder)`: an asynchronous context manager
that gives a `Stage`. It has the channels 'general' and 'questions' and the people 'mia' (Mia, Europe/Berlin) and 'ben'
(Ben, Asia/Kolkata), the adapter is connected to `stage.bot`, and where it cannot be run it skips with the reason.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from bot.core.people import Account, Place
from bot.core.ports import Adapter
from tests.platforms.ears import Ears

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as one person sees it: `text` is what they read, without invisible letters. `buttons` has the labels of
    its buttons and selects, `calls` whom it notifies ('mia', or 'everyone'); `private`: shown to this person alone in
    a place that others see, too."""

    id: str
    text: str
    buttons: tuple[str, ...] = ()
    by_bot: bool = False
    private: bool = False
    calls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenForm:
    """A form as it stands before a person: its title, and what is filled in, by the fields' names."""

    title: str
    values: Mapping[str, str] = field(default_factory=dict)


class People(Protocol):
    """The humans. `who` is 'mia' or 'ben'; `where` a channel's name, or 'dm': the conversation with the bot alone.

    Messages are named by the platform's own ids, as they stand in `MessageRef.id`.
    """

    async def say(self, who: str, where: str, text: str, below: str | None = None) -> str:
        """Says something, in the thread of the message `below` where one is named; returns its id."""
        ...

    async def send(self, who: str, where: str, medium: str, text: str = "") -> str:
        """Sends a voice message ('voice'), a picture ('image'), a file ('file') or something forwarded ('forward'), and
        where the platform has them a sticker or a poll; `text` are the words that stand with it."""
        ...

    async def edit(self, who: str, where: str, message: str, text: str) -> None: ...

    async def delete(self, who: str, where: str, message: str) -> None: ...

    async def react(self, who: str, where: str, message: str, emoji: str, on: bool = True) -> None: ...

    async def command(self, who: str, where: str, text: str) -> None:
        """Issues `/cohort TEXT`."""
        ...

    async def press(self, who: str, where: str, label: str) -> None:
        """Presses the button with this label on the newest message that shows one."""
        ...

    async def form(self, who: str) -> OpenForm | None:
        """The form that stands open before a person."""
        ...

    async def submit(self, who: str, values: Mapping[str, str]) -> None:
        """Sends the open form with these values changed in it."""
        ...

    async def problems(self, who: str) -> str:
        """What the person reads about a form that was just refused, wherever the platform says it."""
        ...

    async def reopen(self, who: str) -> OpenForm:
        """Goes back to a form that was refused: it is still open, or a button opens it again."""
        ...

    async def sees(self, who: str, where: str, below: str | None = None) -> list[Seen]:
        """The messages of a place, oldest first: its roots, or what hangs below a message (without that)."""
        ...


class Stage(Protocol):
    """A platform with people on it and our adapter connected. `media`: what people can send there beside words."""

    media: Sequence[str]

    adapter: Adapter
    bot: Ears
    people: People

    def place(self, channel: str) -> Place: ...

    def account(self, who: str) -> Account: ...

    def inside(self, place: Place) -> set[str]:
        """The people in a private channel."""
        ...

    async def restart(self, meanwhile: Callable[[], Awaitable[None]] | None = None) -> None:
        """The bot's process ends and another begins; `meanwhile` happens while nobody runs."""
        ...


async def eventually(look: Callable[[], Awaitable[T | None]], seconds: float = 60.0) -> T:
    """What `look` finds as soon as it finds something (truthy). Platforms deliver when they deliver."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while True:
        found = await look()
        if found:
            return found
        if loop.time() > end:
            raise AssertionError(f"Nothing came within {seconds:.0f} s; the last look gave {found!r}.")
        await asyncio.sleep(0.02)
