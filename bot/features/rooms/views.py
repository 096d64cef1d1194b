"""What quiet rooms say."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from bot.core.actions import Action
from bot.core.contributions import Date, Extra, Upcoming
from bot.core.forms import ChoiceField, Form, TextField, yes_no
from bot.core.message import (
    Block,
    Bold,
    Button,
    Code,
    Instant,
    Message,
    Option,
    Text,
    bullets,
    buttons,
    message,
    note,
    paragraph,
    quote,
    shorten,
)
from bot.core.plain import plain_text
from bot.core.translation import _, _n, phrase, phrase_n
from bot.features.rooms import rules
from bot.features.rooms.rules import Slot
from bot.features.rooms.store import Room, Seat

LONGEST = 80
"""Characters of what somebody works on, or got done."""

GO_ON = "stay"

SHOWN = 20
"""People in the post by a line of their own."""

ROOM_FOR_HERE, ROOM_FOR_DONE = 900, 600
"""Characters of these lines: the post stays one message on every platform."""

NAME = 40
"""Characters of a name."""


def title(room: Room) -> str:
    return room.title or _("Quiet room")


def _button(label: str, name: str, room: Room) -> Button:
    return Button(label, Action("rooms", name, room.cohort, str(room.id)).encode())


def here_button(room: Room) -> Button:
    return _button(_("I am here"), "here", room)


def done_button(room: Room, label: str = "") -> Button:
    return _button(label or _("What I got done"), "done", room)


def open_button(cohort: int) -> Button:
    return Button(_("Open a quiet room"), Action("rooms", "open", cohort).encode())


# Forms


def open_form(cohort: int) -> Form:
    minutes = tuple(Option(str(n), _("{n} min", n=n)) for n in rules.MINUTES)
    length = ChoiceField("minutes", _("For how long"), minutes, value=str(rules.USUAL))
    action = Action("rooms", "open", cohort).encode()
    return Form(action, _("Open a quiet room"), (length, *_who()), _("Open it"), intro=_intro())


def here_form(room: Room, seat: Seat | None) -> Form:
    action = Action("rooms", "here", room.cohort, str(room.id)).encode()
    fields = _who(seat.about, seat.nameless) if seat is not None else _who()
    return Form(action, shorten(title(room), 40), fields, _("I am here"), intro=_intro())


def _intro() -> str:
    return _("Everybody works silently on their own. Who reads the channel sees that you are here, until you leave.")


def _who(about: str = "", nameless: bool = False) -> tuple[TextField, ChoiceField]:
    hint = _("One line, if you like.")
    return (
        TextField("about", _("I am here to work on …"), hint, required=False, max_length=LONGEST, value=about),
        yes_no("nameless", _("Without my name"), _("The others read “someone”."), nameless),
    )


def done_form(room: Room, seat: Seat) -> Form:
    hint = _("One line in the post, if you like.")
    field = TextField("done", _("What I got done"), hint, required=False, max_length=LONGEST, value=seat.done)
    then = (Option("leave", _("I leave the room")), Option(GO_ON, _("I go on here")))
    here = (ChoiceField("then", _("And then"), then, value="leave"),) if rules.is_here(room, seat) else ()
    action = Action("rooms", "done", room.cohort, str(room.id)).encode()
    return Form(action, _("What I got done"), (field, *here))


# The post


def post(room: Room, seats: Sequence[Seat], names: Mapping[int, str]) -> Message:
    """`names`: of those who are still members; nobody else is shown."""
    there = [seat for seat in seats if seat.person in names]
    return message(*(_open(room, there, names) if room.closed_at is None else _closed(room, there, names)))


def _open(room: Room, seats: Sequence[Seat], names: Mapping[int, str]) -> Iterator[Block | None]:
    until = Instant(room.ends_at, "time")
    yield paragraph(*phrase("{title}, open until {until}", title=Bold(title(room)), until=until))
    here = rules.here(seats)
    yield _lines([_said(seat, names, seat.about) for seat in here], ROOM_FOR_HERE)
    yield paragraph(_("Nobody is here at the moment.")) if not here else None
    yield from _done(seats, names)
    yield note(_("Work silently beside others, each on your own. Come and go as you like; nobody counts it."))
    yield buttons(here_button(room), done_button(room) if seats else None)


def _closed(room: Room, seats: Sequence[Seat], names: Mapping[int, str]) -> Iterator[Block | None]:
    yield paragraph(*phrase("{title} has closed.", title=Bold(title(room))))
    yield from _done(seats, names)
    yield buttons(done_button(room)) if rules.here(seats) else None


def _done(seats: Sequence[Seat], names: Mapping[int, str]) -> Iterator[Block | None]:
    done = rules.done(seats)
    if done:
        yield paragraph(_("Got done:"))
        yield _lines([_said(seat, names, seat.done) for seat in done], ROOM_FOR_DONE)


def _said(seat: Seat, names: Mapping[int, str], words: str) -> Text:
    name = _("someone") if seat.nameless else shorten(names[seat.person], NAME)
    return phrase("{name}: {words}", name=Bold(name), words=words) if words else (Bold(name),)


def _lines(found: Sequence[Text], most: int) -> Block | None:
    """As many as fit, and how many more there are."""
    shown: list[Text] = []
    for line in found[:SHOWN]:
        most -= len(plain_text(line))
        if shown and most < 0:
            break
        shown.append(line)
    more = len(found) - len(shown)
    return bullets(*shown, *([(_n("… and {n} more", "… and {n} more", more),)] if more else []))


# What one has of it


def own(room: Room, seat: Seat | None, now: datetime, *, seen: bool) -> Message:
    """What somebody has of a room in private. Without `seat` they left it. `seen`: the channel takes posts."""
    if seat is None or (seat.left and not seat.done):
        return _left(room)
    if seat.left or room.closed_at is not None:
        return _after(room, seat, now)
    who = _("The others read “someone”.") if seat.nameless else _("The others read your name.")
    if not seen:
        who = _("The channel takes no posts at the moment, so the others do not see it yet.")
    return message(
        paragraph(
            *phrase("You are in {title}, until {at}.", title=Bold(title(room)), at=Instant(room.ends_at, "time"))
        ),
        quote(seat.about) if seat.about else None,
        *((paragraph(_("Got done:")), quote(seat.done)) if seat.done else ()),
        note(f"{who} {_('It ends by itself; nothing more comes.')}"),
        buttons(done_button(room), _button(_("Change"), "here", room), _button(_("Leave"), "leave", room)),
    )


def _left(room: Room) -> Message:
    if room.closed_at is not None:
        return message(paragraph(*phrase("{title} has closed.", title=Bold(title(room)))))
    return message(
        paragraph(*phrase("You left {title}. The post does not have you any more.", title=Bold(title(room)))),
        buttons(here_button(room)),
    )


def _after(room: Room, seat: Seat, now: datetime) -> Message:
    """Once they said what they got done, or at the end."""
    name, can = Bold(title(room)), rules.takes_words(room, now)
    if seat.done:
        return message(
            paragraph(*phrase("What you got done in {title} stands in its post:", title=name)),
            quote(seat.done),
            note(_("It goes when the cohort ends, or when you take it back.")),
            buttons(
                done_button(room, _("Edit")) if can else None,
                _button(_("Take it back"), "leave", room),
                here_button(room) if room.closed_at is None else None,
            ),
        )
    return message(
        paragraph(*phrase("{title} has closed. Well worked.", title=name)),
        note(_("If you like, say in a line what you got done. It stands in the post.")) if can else None,
        buttons(done_button(room)) if can else None,
    )


def gone(cohort: int) -> Message:
    """In place of a room that has closed."""
    return message(paragraph(_("This room has closed.")), buttons(open_button(cohort)))


def not_in(room: Room) -> Message:
    """For somebody who is not in it, and presses what those in it can."""
    return message(paragraph(_("You are not in this room.")), buttons(here_button(room)))


def how_it_stands(cohort: int, room: Room | None, here: int, seat: Seat | None) -> Message:
    """For somebody who asks about rooms. It names nobody: the post does, as long as they are there."""
    if room is None:
        said = _("No quiet room is open at the moment. In one you work silently beside others, each on your own.")
        return message(paragraph(said), buttons(open_button(cohort)))
    found = upcoming(cohort, room, here, seat)
    leave = _button(_("Leave"), "leave", room) if seat is not None and not seat.left else None
    return message(
        paragraph(*found.text), note(_("Its post says who is there, and on what.")), buttons(found.button, leave)
    )


# Elsewhere


def upcoming(cohort: int, room: Room | None, here: int, seat: Seat | None) -> Upcoming:
    """`room`: the one that is open, with how many are in it."""
    if room is None:
        said: Text = (_("A quiet room: work silently beside others, whenever you like."),)
        return Upcoming(said, button=open_button(cohort), last=True)
    at = Instant(room.ends_at, "time")
    if seat is not None and not seat.left:
        said = phrase("You are in {title}, until {at}.", title=Bold(title(room)), at=at)
        return Upcoming(said, button=done_button(room), last=True, name=title(room))
    said = phrase_n(
        "{title} is open until {at}. One is there.",
        "{title} is open until {at}. {n} are there.",
        here,
        title=Bold(title(room)),
        at=at,
    )
    if not here:
        said = phrase("{title} is open until {at}.", title=Bold(title(room)), at=at)
    return Upcoming(said, button=here_button(room), last=True, name=title(room))


CARD = 3
"""Slots on the week card."""


def extra(cohort: int, slots: Sequence[Slot]) -> Extra:
    """The line of the week card. `slots`: those ahead, in the order of time."""
    button = open_button(cohort)
    if not slots:
        return Extra((_("A quiet room: work silently beside others, whenever you like."),), button)
    times: list[Text] = [(Instant(slot.at),) for slot in slots[:CARD]]
    said = times[0]
    for at in times[1:]:
        said = phrase("{one}; {other}", one=said, other=at)
    what = shorten(slots[0].title, 60) if len({slot.title for slot in slots}) == 1 else _("Quiet rooms")
    return Extra(phrase("{what}, if you like to work beside others: {times}", what=what, times=said), button)


def date(slot: Slot) -> Date:
    about = _("Work silently beside others, each on your own. Nobody counts who comes.")
    return Date(slot.at, "opens", f"room/{slot.name}", slot.title, slot.minutes, about)


def suggestion(room: str, slots: Sequence[str]) -> Text:
    """For the course team. `slots`: as the course file writes them."""
    return phrase(
        "“{title}” has no slots, so it is open when somebody opens it. These would suit your learners: {slots}",
        title=shorten(room, 60),
        slots=Code(f"slots: [{', '.join(slots)}]"),
    )
