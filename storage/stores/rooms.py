"""Quiet rooms, and who is in them."""

from collections.abc import Sequence
from dataclasses import replace

from sqlmodel import col, select

from bot.features.rooms.store import Room, Seat
from storage.sql.mapper import Mapper
from storage.sql.store import Store
from storage.tables.rooms import RoomRow, SeatRow

_ROOM = Mapper(Room, RoomRow)
_SEAT = Mapper(Seat, SeatRow)


class SqlRooms(Store):
    """The `RoomStore` of bot/features/rooms, over tables."""

    def open(self, room: Room) -> Room:
        return replace(room, id=self._add(RoomRow(**_ROOM.columns(room))).id)

    def change(self, room: Room) -> None:
        self._change(RoomRow, room.id, **_ROOM.columns(room))

    def room(self, cohort: int, room: int) -> Room | None:
        found = self._get(_ROOM, room)
        return found if found is not None and found.cohort == cohort else None

    def rooms(self, cohort: int) -> Sequence[Room]:
        return self._values(_ROOM, select(RoomRow).where(RoomRow.cohort == cohort).order_by(col(RoomRow.id)))

    def open_now(self, cohort: int) -> Sequence[Room]:
        there = (RoomRow.cohort == cohort, col(RoomRow.closed_at).is_(None), col(RoomRow.ends_at) > self._now)
        return self._values(_ROOM, select(RoomRow).where(*there).order_by(col(RoomRow.ends_at), col(RoomRow.id)))

    def seats(self, room: int) -> Sequence[Seat]:
        query = select(SeatRow).where(SeatRow.room == room)
        return self._values(_SEAT, query.order_by(col(SeatRow.at), col(SeatRow.person)))

    def seat(self, room: int, person: int) -> Seat | None:
        return self._get(_SEAT, (room, person))

    def held(self, person: int) -> Sequence[tuple[Room, Seat]]:
        query = select(RoomRow, SeatRow).join(SeatRow, col(SeatRow.room) == RoomRow.id).where(SeatRow.person == person)
        found = self._session.exec(query.order_by(col(RoomRow.id)))
        return [(_ROOM.read(room), _SEAT.read(seat)) for room, seat in found]

    def sit(self, seat: Seat) -> None:
        self._put(SeatRow(**_SEAT.columns(seat)))

    def stand(self, seat: Seat) -> None:
        self._delete(SeatRow, SeatRow.room == seat.room, SeatRow.person == seat.person)

    def forget(self, cohort: int) -> None:
        mine = select(RoomRow.id).where(RoomRow.cohort == cohort)
        self._delete(SeatRow, col(SeatRow.room).in_(mine))
        self._delete(RoomRow, RoomRow.cohort == cohort)
