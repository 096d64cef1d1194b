"""Coming into a room, leaving it, and saying what one got done."""

from collections.abc import Iterator
from dataclasses import replace

from bot.core import nameless
from bot.core.actions import read_number
from bot.core.errors import NotFound, Refused, Spent
from bot.core.facts import Left, NameChanged, PersonErased, PresenceChanged
from bot.core.feature import Press, Reply, Submission
from bot.core.forms import Doubt, Stored
from bot.core.message import Message, unwrapped
from bot.core.people import MEMBERS
from bot.core.translation import _
from bot.core.typed import visible
from bot.features.rooms import opening, rules, views
from bot.features.rooms.opening import Rooms
from bot.features.rooms.store import Room, Seat, feature


def _known(turn: Rooms, subject: str) -> Room:
    """A room of the acting person's cohort. Raises NotFound."""
    room = turn.store.room(turn.here.id, read_number(subject) or 0)
    if room is None:
        raise NotFound
    return room


def _open(turn: Rooms, subject: str) -> Room:
    """The same while it is open. Raises Refused."""
    room = _known(turn, subject)
    if room.closed_at is not None or room.ends_at <= turn.now:
        raise Refused(reply=views.gone(turn.here.id))
    return room


def _mine(turn: Rooms, subject: str) -> tuple[Room, Seat]:
    """A room, and the acting person's seat in it. Raises Refused."""
    room = _known(turn, subject)
    seat = turn.store.seat(room.id, turn.me.id)
    if seat is None:
        raise Refused(reply=views.not_in(room) if room.closed_at is None else views.gone(turn.here.id))
    return room, seat


def seat_of(turn: Rooms, person: int) -> tuple[Room, Seat] | None:
    """The room that somebody is in, and their seat there."""
    held = turn.store.held(person)
    return next(((r, s) for r, s in held if r.cohort == turn.here.id and rules.is_here(r, s)), None)


def _typed(filled: Submission, name: str) -> str:
    return unwrapped(visible(filled.values.get(name, "")))[: views.LONGEST]


# Here


@feature.action("here", roles=MEMBERS, lane="form")
def ask_here(turn: Rooms, press: Press) -> Reply:
    room = _open(turn, press.subject)
    return views.here_form(room, turn.store.seat(room.id, turn.me.id))


def about_stored(turn: Rooms, filled: Submission) -> list[Stored | Doubt]:
    """What somebody in the room works on, and what in the new words may show who they are."""
    room = _open(turn, filled.subject)
    seat = turn.store.seat(room.id, turn.me.id)
    doubts = about_doubted(turn, filled)
    if seat is None or seat.left:
        return [Stored({}, _("you left the room")), *doubts]
    stored = {"about": seat.about, "nameless": "yes" if seat.nameless else ""}
    return [Stored(stored, _("changed in between")), *doubts]


def about_doubted(turn: Rooms, filled: Submission) -> list[Doubt]:
    """What may show who somebody is that comes without their name."""
    return nameless.own_doubts(turn, about=_typed(filled, "about")) if _is_nameless(filled) else []


def _is_nameless(filled: Submission) -> bool:
    return filled.values.get("nameless") == "yes"


@feature.form("here", roles=MEMBERS, replaces=about_stored)
def take_here(turn: Rooms, filled: Submission) -> Reply:
    return _sit(turn, _open(turn, filled.subject), filled)


@feature.form("open", roles=MEMBERS, replaces=about_doubted)
def take_open(turn: Rooms, filled: Submission) -> Reply:
    return _sit(turn, opening.open_by_hand(turn, filled), filled)


def _sit(turn: Rooms, room: Room, filled: Submission) -> Reply:
    """Whoever comes into a room leaves the one in which they were."""
    there = seat_of(turn, turn.me.id)
    if there is not None and there[0].id != room.id:
        _leave(turn, *there)
    before = turn.store.seat(room.id, turn.me.id) or Seat(room.id, turn.me.id, "", False, "", True, turn.now)
    at = turn.now if before.left else before.at
    after = replace(before, about=_typed(filled, "about"), nameless=_is_nameless(filled), left=False, at=at)
    return _answered(turn, *_change(turn, room, before, after))


def _change(turn: Rooms, room: Room, before: Seat, after: Seat) -> tuple[Room, Seat | None]:
    """Returns the room and the seat as they are then; None: nothing is kept of the seat."""
    seat = opening.change_seat(turn, before, after)
    return opening.follow(turn, room), seat


# Leaving


@feature.action("leave", roles=MEMBERS, lane="private")
def leave(turn: Rooms, press: Press) -> Reply:
    """Leaves a room, or takes back what one got done in one that they left or that has closed."""
    room, seat = _mine(turn, press.subject)
    if rules.is_here(room, seat):
        return _answered(turn, *_leave(turn, room, seat))
    return _answered(turn, *_vanish(turn, room, seat))


def go(turn: Rooms, room: Room, seat: Seat) -> Message:
    """Leaves a room. Returns what one has of it then."""
    room, after = _leave(turn, room, seat)
    _answered(turn, room, after)
    return views.own(room, after, turn.now, seen=True)


def _leave(turn: Rooms, room: Room, seat: Seat) -> tuple[Room, Seat | None]:
    """What somebody got done stays when they leave, and nothing else."""
    return _change(turn, room, seat, rules.left(seat, seat.done))


def _vanish(turn: Rooms, room: Room, seat: Seat) -> tuple[Room, Seat | None]:
    """Nothing stays of somebody."""
    return _change(turn, room, seat, rules.left(seat, ""))


@feature.action("done", roles=MEMBERS, lane="form")
def ask_done(turn: Rooms, press: Press) -> Reply:
    room, seat = _can_say(turn, press.subject)
    return views.done_form(room, seat)


def _can_say(turn: Rooms, subject: str) -> tuple[Room, Seat]:
    room, seat = _mine(turn, subject)
    if not rules.takes_words(room, turn.now):
        raise Spent(_("This room has been closed for a day, so its post stays as it is."))
    return room, seat


def done_stored(turn: Rooms, filled: Submission) -> list[Stored | Doubt]:
    """What somebody said that they got done, and what in the new words may show who they are."""
    room = _known(turn, filled.subject)
    seat = turn.store.seat(room.id, turn.me.id)
    stored = Stored({"done": seat.done} if seat is not None and seat.done else {}, _("changed in between"))
    unnamed = seat is not None and seat.nameless
    return [stored, *(nameless.own_doubts(turn, done=_typed(filled, "done")) if unnamed else [])]


@feature.form("done", roles=MEMBERS, replaces=done_stored)
def take_done(turn: Rooms, filled: Submission) -> Reply:
    """What somebody got done stands in the post. They leave with it unless they go on."""
    room, seat = _can_say(turn, filled.subject)
    done, stays = _typed(filled, "done"), rules.is_here(room, seat) and filled.values.get("then") == views.GO_ON
    after = replace(seat, done=done) if stays else rules.left(seat, done)
    return _answered(turn, *_change(turn, room, seat, after))


def _answered(turn: Rooms, room: Room, seat: Seat | None) -> Reply:
    """What one has of the room stands in the direct messages, and changes there. That is the answer to whoever has it,
    wherever they pressed; the post shows them, too."""
    anchor, mine = room.own_anchor(turn.me.id), views.own(room, seat, turn.now, seen=opening.takes_posts(turn))
    if seat is None and not turn.links.shown([anchor]):
        return mine
    turn.show_to(turn.me.id, anchor, mine)
    return None


# When people change


@feature.on(Left)
def follow_leaving(turn: Rooms, fact: Left) -> None:
    for home, room, seat in _held(turn, fact.person):
        if room.cohort == fact.cohort:
            home.withdraw(room.own_anchor(fact.person))
            _vanish(home, room, seat)


@feature.on(PersonErased)
def erase(turn: Rooms, fact: PersonErased) -> None:
    for home, room, seat in _held(turn, fact.person):
        home.withdraw(room.own_anchor(fact.person))
        _vanish(home, room, seat)


@feature.on(NameChanged)
def follow_name(turn: Rooms, fact: NameChanged) -> None:
    for home, room, _seat in _held(turn, fact.person):
        opening.show(home, room)


@feature.on(PresenceChanged)
def follow_presence(turn: Rooms, fact: PresenceChanged) -> None:
    """Nobody is shown who has no account any more."""
    for home, room, _seat in _held(turn, fact.person):
        opening.show(home, room)


def _held(turn: Rooms, person: int) -> Iterator[tuple[Rooms, Room, Seat]]:
    for room, seat in turn.store.held(person):
        home = turn.people.cohort(room.cohort)
        if home is not None:
            yield replace(turn, cohort=home), room, seat
