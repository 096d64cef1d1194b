"""A bot that listens: it keeps what it is told, and answers interactions as a test says."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, TypeVar

from bot.core.commands import Command
from bot.core.errors import Unavailable
from bot.core.events import Event, Interaction
from bot.core.message import Option
from bot.core.people import Actor, Place
from bot.core.ports import Answer
from bot.core.time import SystemClock

E = TypeVar("E")


class Watched(NamedTuple):
    """A channel, and the newest message that we have from there."""

    place: Place
    after: str | None


@dataclass
class Ears:
    """The `Bot` of bot/core/ports.py. An event with a known key is taken as a repeated delivery, as the real one does.

    `deaf`: nothing can be saved at present.
    """

    commands: Sequence[Command] = ()
    answer: Callable[[Interaction], Answer] = lambda event: Answer()
    heard: dict[str, Event] = field(default_factory=dict)
    repeated: list[str] = field(default_factory=list)
    places: list[Watched] = field(default_factory=list)
    deaf: bool = False

    def now(self) -> datetime:
        return SystemClock().now()

    async def receive(self, event: Event) -> Answer:
        if self.deaf:
            raise Unavailable
        if event.key in self.heard:
            self.repeated.append(event.key)
        if not isinstance(event, Interaction):
            self.heard.setdefault(event.key, event)
            return Answer()
        answer = self.answer(event)
        if not answer.problems:
            self.heard.setdefault(event.key, event)
        return answer

    async def options(self, actor: Actor, place: Place, command: str, parameter: str, typed: str) -> Sequence[Option]:
        return ()

    def all(self, kind: type[E]) -> list[E]:
        """What was heard of one class, in order."""
        return [e for e in self.heard.values() if isinstance(e, kind)]

    async def last(self, kind: type[E]) -> E | None:
        found = self.all(kind)
        return found[-1] if found else None

    def watch(self, place: Place, after: str | None) -> None:
        """A cohort uses this channel, and `after` is the newest message that is stored from there."""
        self.places = [*(w for w in self.places if w.place != place), Watched(place, after)]

    async def watched(self, workspace: str) -> Sequence[Watched]:
        return [w for w in self.places if w.place.workspace == workspace]

    async def groups(self, workspace: str) -> Sequence[str]:
        return ()
