"""What quiet rooms keep while the cohort runs: the rooms, who is in them and on what, and what they got done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.feature import Feature
from bot.core.keeping import KeptTable
from bot.core.translation import N_


@dataclass(frozen=True, slots=True)
class Room:
    """A room that was opened. Its post is in the thread of `week`. `title`: empty if
    somebody opened it by hand. `stays`: it is open until `ends_at` also if nobody
    is in it. `closed_at`: None while it is open."""

    id: int
    cohort: int
    week: int
    title: str
    opened_at: datetime
    ends_at: datetime
    stays: bool
    closed_at: datetime | None = None

    @property
    def anchor(self) -> str:
        return f"room/{self.cohort}/{self.id}"

    def own_anchor(self, person: int) -> str:
        """The anchor of what somebody has of it in their direct messages."""
        return f"{self.anchor}/own/{person}"


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody in a room. `about`: what they work on; `nameless`: they are 'someone' to the others. `done`: what they
    got done, maybe while they go on. `left`: they are not there any more; without `done` nothing is kept of them. `at`:
    when they came, and when they came again."""

    room: int
    person: int
    about: str
    nameless: bool
    done: str
    left: bool
    at: datetime

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(text for text in (self.about, self.done) if text)


class RoomStore(Protocol):
    def open(self, room: Room) -> Room:
        """Keeps a new room; its `id` is made here."""
        ...

    def change(self, room: Room) -> None: ...

    def room(self, cohort: int, room: int) -> Room | None:
        """None: the cohort has no room with this `id`."""
        ...

    def rooms(self, cohort: int) -> Sequence[Room]:
        """Every room that was opened, by `id`."""
        ...

    def open_now(self, cohort: int) -> Sequence[Room]:
        """The rooms that are open and have time left; the one that closes last is the last."""
        ...

    def seats(self, room: int) -> Sequence[Seat]:
        """Who is in a room, or said what they got done there, in the order in which they came."""
        ...

    def seat(self, room: int, person: int) -> Seat | None:
        """None: they were never in it, or nothing is kept of that."""
        ...

    def held(self, person: int) -> Sequence[tuple[Room, Seat]]:
        """A person's seats in all cohorts, also those that they left and those of closed rooms."""
        ...

    def sit(self, seat: Seat) -> None:
        """Keeps a seat, or changes it."""
        ...

    def stand(self, seat: Seat) -> None:
        """Keeps nothing of a seat."""
        ...

    def forget(self, cohort: int) -> None:
        """Keeps nothing of a cohort's rooms."""
        ...


feature: Feature[RoomStore] = Feature("rooms")
feature.keeps(
    KeptTable("rooms", "A quiet room that was opened in a cohort", until="until the cohort ends"),
    KeptTable(
        "room_seats",
        "That you are in a quiet room, on what you work there, and what you said that you got done",
        of="person",
        until="until you leave the room, or a day after it closed; what you got done, until the cohort ends",
    ),
    purpose=N_("So that a quiet room shows who works there"),
)
