"""Rooms open by hand or at a slot. They close at their end, or when the last one leaves."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.due import Due, Plan
from bot.core.effects import week_thread
from bot.core.errors import FormRefused, Refused
from bot.core.events import PostHeld
from bot.core.facts import CohortEnded
from bot.core.feature import Press, Reply, Submission
from bot.core.people import MEMBERS
from bot.core.planning import Planning
from bot.core.translation import _
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.rooms import rules, views
from bot.features.rooms.rules import Slot
from bot.features.rooms.store import Room, RoomStore, Seat, feature

OPEN = "rooms.open"
CLOSE = "rooms.close"
SETTLE = "rooms.settle"

Rooms = Turn[RoomStore]


# By hand


@dataclass(frozen=True)
class OpenRoom:
    """Open a quiet room, or join the one that is open: work silently beside others."""


def to_join(turn: Rooms) -> Room | None:
    """The room that somebody who wants one comes to: of several that are open, the one that closes last."""
    return next(reversed(turn.store.open_now(turn.here.id)), None)


@feature.action("open", roles=MEMBERS, lane="form")
def ask(turn: Rooms, press: Press) -> Reply:
    """The form that opens a room, or the one that joins the room that is open."""
    if (room := to_join(turn)) is not None:
        return views.here_form(room, turn.store.seat(room.id, turn.me.id))
    if not takes_posts(turn):
        raise Refused(_("The channel takes no posts at the moment, so nobody would see a room. Try again later."))
    return views.open_form(turn.here.id)


@feature.command("room", example="/cohort room", roles=MEMBERS)
def ask_by_command(turn: Rooms, typed: OpenRoom) -> Reply:
    return ask(turn, Press(""))


def open_by_hand(turn: Rooms, filled: Submission) -> Room:
    """The room of a form that opens one. If another is open by now, it is that one."""
    minutes = filled.values.get("minutes", "")
    if minutes not in map(str, rules.MINUTES):
        raise FormRefused({"minutes": _("Choose one of these.")})
    room = to_join(turn)
    if room is None:
        ends = turn.now + timedelta(minutes=int(minutes))
        room = _begin(turn, "", rules.week_of(turn.here, turn.now), ends, stays=turn.is_staff)
    return room


def takes_posts(turn: Rooms) -> bool:
    """Whether a channel of the cohort takes posts."""
    return any(turn.here.lost_at(place) is None for place in turn.here.places("main"))


def _begin(turn: Rooms, title: str, week: int, ends: datetime, *, stays: bool) -> Room:
    room = turn.store.open(Room(0, turn.here.id, week, title, turn.now, ends, stays))
    _plan_end(turn, room)
    return room


def _plan_end(turn: Rooms, room: Room) -> None:
    turn.plan(Plan(CLOSE, _subject(room), room.ends_at.isoformat(), room.ends_at, room.cohort))


def _subject(room: Room) -> str:
    return f"{room.cohort}/room.{room.id}"


# At a slot


@feature.planned("open")
def plan(turn: Rooms, planning: Planning) -> Iterator[Plan]:
    """Each slot that has enough time left; one that has begun opens now."""
    if planning.whole:
        cohort = planning.cohort
        for slot in rules.slots(cohort):
            if slot.ends_at - rules.LEAST > turn.now:
                yield Plan(OPEN, f"{cohort.id}/{slot.id}", slot.at.isoformat(), max(slot.at, turn.now), cohort.id)


@feature.due("open", within=timedelta(hours=8))
def open_slots(turn: Rooms, batch: Sequence[Due]) -> None:
    """A slot that a downtime missed still opens, within the hours for posts, if enough of its time is left."""
    hours = course_of(turn.here.course_text).messages
    by_day = hours.posting(turn.now, turn.here.zone) == turn.now
    there = {(f"{turn.here.id}/{slot.id}", slot.at.isoformat()): slot for slot in rules.slots(turn.here)}
    for due in batch:
        slot = there.get((due.subject, due.occurrence))
        if slot is None or not (slot.any_hour or by_day):
            continue
        if slot.ends_at - rules.LEAST > turn.now and takes_posts(turn):
            _open_slot(turn, slot)


def _open_slot(turn: Rooms, slot: Slot) -> None:
    """If a room is open, it becomes that of the slot, so that nobody has to change rooms: one that was opened by hand,
    of an earlier slot of the same title, or of a title that is not in the course any more."""
    others = {room.title for room in course_of(turn.here.course_text).rooms} - {slot.title}
    there = next((room for room in turn.store.open_now(turn.here.id) if room.title not in others), None)
    if there is None:
        show(turn, _begin(turn, slot.title, slot.week, slot.ends_at, stays=True))
        return
    room = replace(there, title=slot.title, ends_at=max(there.ends_at, slot.ends_at), stays=True)
    turn.store.change(room)
    _plan_end(turn, room)
    show(turn, room)
    _follow_own(turn, room)


# The post


def show(turn: Rooms, room: Room) -> None:
    """The post as it is now, in the thread of its week if that is there. Nothing stays of a room in which nobody said
    anything."""
    seats = turn.store.seats(room.id)
    if room.closed_at is not None and not seats:
        turn.withdraw_post("main", room.anchor)
        return
    turn.people.fetch([seat.person for seat in seats])
    active = (seat.person for seat in seats if turn.people.is_active(seat.person))
    names = {person: turn.people.person(person).name for person in active}
    root = week_thread(room.cohort, room.week)
    below = root if turn.links.shown([root]) else ""
    turn.post("main", room.anchor, views.post(room, seats, names), below=below)


# Who is in it


def change_seat(turn: Rooms, before: Seat, after: Seat) -> Seat | None:
    """Stores a seat and forgets the words that are not in it any more. Returns it; None if nothing of it is kept, since
    its person left without a word about what they got done."""
    turn.forget(*(text for text in before.words if text not in after.words))
    if after.left and not after.done:
        turn.store.stand(after)
        return None
    turn.store.sit(after)
    return after


def follow(turn: Rooms, room: Room) -> Room:
    """Shows a room after a seat changed. One that was opened by hand closes with the last one. Returns it as it is
    then."""
    if room.closed_at is None and not room.stays and not rules.here(turn.store.seats(room.id)):
        return close(turn, room)
    show(turn, room)
    return room


# The end


@feature.due("close", within=timedelta(days=30))
def close_due(turn: Rooms, batch: Sequence[Due]) -> None:
    """A room that goes on with a later slot has a later row."""
    for room in _meant(turn, batch):
        if room.closed_at is None and room.ends_at <= turn.now:
            close(turn, room)


def close(turn: Rooms, room: Room) -> Room:
    """Closes a room and returns it. What people have of it in private changes in place. They stay in it until `settle`,
    so that they can say what they got done."""
    room = replace(room, closed_at=turn.now)
    turn.store.change(room)
    show(turn, room)
    _follow_own(turn, room)
    if rules.here(turn.store.seats(room.id)):
        at = turn.now + rules.LATER
        turn.plan(Plan(SETTLE, _subject(room), at.isoformat(), at, room.cohort))
    return room


@feature.due("settle", within=timedelta(days=30))
def settle(turn: Rooms, batch: Sequence[Due]) -> None:
    """Keeps what people said that they got done, and nothing else."""
    for room in _meant(turn, batch):
        _follow_own(turn, room)
        for seat in rules.here(turn.store.seats(room.id)):
            change_seat(turn, seat, rules.left(seat, seat.done))
        show(turn, room)


def _follow_own(turn: Rooms, room: Room, *, seen: bool = True) -> None:
    """What those in the room have of it in private."""
    seats = {room.own_anchor(seat.person): seat for seat in rules.here(turn.store.seats(room.id))}
    for anchor in sorted(turn.links.shown(list(seats))):
        turn.show_to(seats[anchor].person, anchor, views.own(room, seats[anchor], turn.now, seen=seen))


@feature.on(PostHeld)
def follow_held(turn: Rooms, event: PostHeld) -> None:
    """Whoever is in a room reads whether the others see it."""
    match event.anchor.partition("@")[0].split("/"):
        case ["room", cohort, room] if (home := turn.people.cohort(int(cohort))) is not None:
            found = turn.store.room(home.id, int(room))
            if found is not None and found.closed_at is None:
                _follow_own(replace(turn, cohort=home), found, seen=event.state == "posted")


def _meant(turn: Rooms, batch: Sequence[Due]) -> Iterator[Room]:
    for due in batch:
        room = turn.store.room(turn.here.id, int(due.subject.rpartition(".")[2]))
        if room is not None:
            yield room


@feature.on(CohortEnded)
def end(turn: Rooms, fact: CohortEnded) -> None:
    """Nothing of a room outlasts the run: neither posts nor words."""
    here = replace(turn, cohort=turn.people.cohort(fact.cohort))
    for room in turn.store.rooms(fact.cohort):
        here.withdraw_post("main", room.anchor)
        for seat in turn.store.seats(room.id):
            here.withdraw(room.own_anchor(seat.person))
            here.forget(*seat.words)
    turn.store.forget(fact.cohort)
