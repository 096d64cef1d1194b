"""Pure decisions about quiet rooms."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.people import Cohort
from bot.core.time import local_day
from bot.course.loader import course_of
from bot.course.model import Course
from bot.course.rooms import is_closed
from bot.features.rooms.store import Room, Seat

MINUTES = (25, 50, 90)
"""How long a room that somebody opens by hand can be open."""

USUAL = 50

LATER = timedelta(days=1)
"""How long after its end people can still say what they got done."""

LEAST = timedelta(minutes=10)
"""With less time left after a downtime, a room does not open any more."""


@dataclass(frozen=True, slots=True)
class Slot:
    """When a room of the course file opens by itself."""

    id: str
    title: str
    week: int
    number: int
    at: datetime
    minutes: int
    any_hour: bool

    @property
    def ends_at(self) -> datetime:
        return self.at + timedelta(minutes=self.minutes)

    @property
    def name(self) -> str:
        """Names it in the calendar."""
        return f"{self.id}/{self.week}/{self.number}"


def slots(cohort: Cohort, week: int | None = None) -> Iterator[Slot]:
    """The slots of a cohort, or of one of its weeks, at which rooms open. Holidays can put several on one instant: the
    first counts."""
    course = course_of(cohort.course_text)
    for room in course.rooms:
        seen: set[datetime] = set()
        for number in room.weeks if week is None else {week} & set(room.weeks):
            for n, moment in enumerate(room.slots):
                at = moment.at(cohort.timetable, number, cohort.zone)
                if at not in seen and not is_closed(course.messages, room, at, cohort.zone):
                    seen.add(at)
                    yield Slot(room.id, room.title, number, n, at, room.minutes, room.any_hour)


def offered(course: Course, week: int) -> bool:
    """Whether the course speaks of rooms in this week."""
    return any(week in room.weeks for room in course.rooms)


def here(seats: Sequence[Seat]) -> list[Seat]:
    """The seats of those who are in the room, or were when it closed."""
    return [seat for seat in seats if not seat.left]


def is_here(room: Room, seat: Seat) -> bool:
    """Whether somebody is in a room that is open."""
    return room.closed_at is None and not seat.left


def left(seat: Seat, done: str) -> Seat:
    """A seat after its person left: what they got done is all that stays."""
    return replace(seat, about="", done=done, left=True)


def done(seats: Sequence[Seat]) -> list[Seat]:
    """The seats of those who said what they got done."""
    return [seat for seat in seats if seat.done]


def takes_words(room: Room, now: datetime) -> bool:
    """Whether people can still say what they got done."""
    return room.closed_at is None or now < room.closed_at + LATER


def week_of(cohort: Cohort, now: datetime) -> int:
    """The week whose thread has a room that opens now."""
    return cohort.week_on(local_day(now, cohort.zone))
