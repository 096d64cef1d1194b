"""What the digests say."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import chain, count

from bot.core.actions import Action
from bot.core.contributions import Attention, DeskItem, Listing, Pile, Urgency
from bot.core.message import (
    Block,
    Bold,
    Button,
    Code,
    Instant,
    Italic,
    Message,
    Text,
    bullets,
    buttons,
    heading,
    message,
    note,
    paragraph,
    quote,
    shorten,
)
from bot.core.people import Cohort, Person
from bot.core.plain import plain_text
from bot.core.time import say_span
from bot.core.translation import _, phrase
from bot.core.typed import excerpt
from bot.features.digests.rules import share, short_name, stamp
from bot.features.digests.store import Desk

SHOWN = 5
"""Items on one page of a pile."""

BEGINNING = 300
"""Maximum characters of somebody's words."""

WORDS = 1600
"""Characters of words on a desk, shared by its items."""

SHORTEST = 80
"""Characters that the words of each item get on any desk."""


def _at(feature: str, name: str, cohort: int, subject: str = "") -> str:
    return Action(feature, name, cohort, subject).encode()


# The desk


def desk(desks: Sequence[Desk], day: str, now: datetime, handled: Sequence[str] = ()) -> Message:
    """What waits, with its age. Several cohorts stand below one another.

    Every pile shows at least one item, and has a button to a page with all of them if some lack buttons. No label
    occurs twice, so a renderer may join rows of buttons. `handled`: what was just done, and by whom.
    """
    full = [d for d in desks if not d.is_empty]
    minutes = sum(d.minutes for d in full)
    about = _(": about {minutes} min", minutes=minutes) if minutes else ""
    blocks: list[Block | None] = [heading(_("Your desk, {day}{about}", day=day, about=about))]
    blocks += [note(line) for line in handled]
    acts, labels = share(full), _Labels()
    shown = sum(max(acts[one.cohort.id, p.name], min(len(p.items), 1)) for one in full for p in one.piles)
    beginning = max(SHORTEST, min(BEGINNING, WORDS // max(acts.total(), 1)))
    numbers = count(1) if shown > 1 else None
    for one in full:
        if len(desks) > 1:
            blocks.append(paragraph(Bold(one.cohort.title)))
        for pile in one.piles:
            blocks += _pile(one.cohort, pile, acts[one.cohort.id, pile.name], numbers, labels, beginning, now)
    if not full:
        blocks.append(paragraph(_("Nothing waits for you. Well done.")))
    for cohort in (d.cohort for d in desks if d.cohort.ended_at is not None):
        blocks += _ended(cohort, labels)
    return message(*blocks)


def earlier(day: str) -> Message:
    """What is left of a desk once there is a newer one."""
    text = phrase("{day}'s desk. What waits now: {command}", day=day, command=Code("/cohort desk"))
    return message(note(*text))


def has_written(writer: Person, learner: Person) -> str:
    return _("{writer} has written to {learner}.", writer=writer.name, learner=learner.name)


class _Labels:
    """The labels of one desk, each used once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def once(self, button: Button, mark: str) -> Button:
        """The button; if its label is used already, with `mark`, and with a number if that is used, too."""
        labels = chain((button.label, f"{button.label} ({mark})"), (f"{button.label} ({mark}, {n})" for n in count(2)))
        label = next(one for one in labels if one not in self._taken)
        self._taken.add(label)
        return replace(button, label=label)


def _pile(
    cohort: Cohort,
    pile: Pile,
    acts: int,
    numbers: Iterator[int] | None,
    labels: _Labels,
    beginning: int,
    now: datetime,
) -> list[Block | None]:
    """`acts`: how many items have buttons. `numbers` tell the items of a desk apart."""
    if pile.urgency is Urgency.FOR_INFORMATION:
        return [note(*pile.title)]
    blocks: list[Block | None] = [_title(pile)]
    first = ""
    for n, item in enumerate(pile.items[: max(acts, 1)]):
        number = str(next(numbers)) if numbers is not None else ""
        first = first or number
        blocks += _item(cohort, pile, item, number, now, with_buttons=n < acts, beginning=beginning)
    for listing in pile.listings:
        blocks += _listing(listing)
    row = [labels.once(b, shorten(cohort.title, 30)) for b in pile.buttons]
    if acts < len(pile.items):
        label = _("All {number}", number=len(pile.items))
        more = Button(label, _at("digests", "pile", cohort.id, f"{pile.name}.1"))
        row.insert(0, labels.once(more, first))
    return [*blocks, buttons(*row)]


def _title(pile: Pile) -> Block:
    number = f" ({len(pile.items)})" if pile.can_be_seen else ""
    return paragraph(*pile.title, f"{number}:" if pile.items or pile.listings else ".")


def _item(
    cohort: Cohort,
    pile: Pile,
    item: DeskItem,
    number: str,
    now: datetime,
    *,
    with_buttons: bool = True,
    beginning: int = BEGINNING,
) -> list[Block | None]:
    """`number` tells its buttons from those of others; empty if there are no others. Without buttons it is one line."""
    which, label = ((Bold(f"{number}. "),), f" ({number})") if number else ((), "")
    wait = now - item.since
    age = _("just now") if wait < timedelta(minutes=1) else _("waits {span}", span=say_span(wait))
    # The text of an item with `parts` already says since when each holds.
    told = item.text if item.parts or wait < timedelta(days=1) else (*item.text, ", ", age)
    if not with_buttons:
        words = (Italic(shorten(item.words, SHORTEST)), ", ") if item.words else ()
        return [paragraph(*which, *words, *told)]
    row = [Button(f"{b.label}{label}", b.action, b.style) for b in item.buttons]
    if pile.can_be_seen:
        row.append(Button(_("Seen{label}", label=label), _seen(cohort, item.name, [item])))
    return [
        quote(*which, excerpt(item.words, beginning)) if item.words else paragraph(*which, *told),
        note(age, ", ", *item.text) if item.words else None,
        note(*item.hint) if item.hint else None,
        buttons(*row),
    ]


def _seen(cohort: Cohort, name: str, items: Sequence[DeskItem], *listed: str) -> str:
    """Marks these items as seen, as they are now: what changes later, or comes later, stays on the desk."""
    return _at("digests", "seen", cohort.id, ".".join((name, stamp(max(i.since for i in items)), *listed)))


def _listing(listing: Listing) -> list[Block | None]:
    if not listing.lines:
        return []
    title = paragraph(f"{listing.title}:") if listing.title else None
    return [title, bullets(*listing.lines, numbered=listing.numbered)]


def pile(cohort: Cohort, found: Pile | None, page: int, now: datetime) -> Message:
    """A page of a pile, from 1; None: nothing of it is left."""
    if found is None or not found.items:
        return message(paragraph(_("Nothing of this waits any more.")), buttons(desk_button(cohort.id)))
    first = min(page - 1, (len(found.items) - 1) // SHOWN) * SHOWN
    blocks: list[Block | None] = [_title(found)]
    for number, item in enumerate(found.items[first : first + SHOWN], first + 1):
        blocks += _item(cohort, found, item, str(number), now)
    rest = len(found.items) - first - SHOWN
    more = Button(_("{rest} more", rest=rest), _at("digests", "pile", cohort.id, f"{found.name}.{first // SHOWN + 2}"))
    listed = found.items[first : first + SHOWN]
    label = (
        _("All seen")
        if len(found.items) <= SHOWN
        else _("Seen: {first} to {last}", first=first + 1, last=first + len(listed))
    )
    seen = Button(label, _seen(cohort, found.name, listed, *map(short_name, listed)))
    return message(*blocks, buttons(more if rest > 0 else None, seen if found.can_be_seen else None))


def attention(cohort: Cohort, people: Mapping[int, Sequence[Attention]]) -> Pile:
    """Learners to talk to."""
    items = [
        DeskItem(
            f"digests/learner/{person}",
            max(a.since for a in reasons),
            (Bold(reasons[0].name), ": ", *said_why(reasons)),
            buttons=[*help_buttons(reasons)[:2], write_button(cohort.id, person)],
            minutes=MINUTES_A_LEARNER,
            parts=[_reason_name(a) for a in reasons],
        )
        for person, reasons in people.items()
    ]
    return Pile("digests/learners", (_("Learners who may need a word"),), items, can_be_seen=True)


MINUTES_A_LEARNER = 2


def said_why(reasons: Sequence[Attention]) -> Text:
    """'quiet since 5 January; “Draft” was due on Friday'."""
    return tuple(part for n, a in enumerate(reasons) for part in (("; ",) if n else ()) + a.why)


def _reason_name(reason: Attention) -> str:
    """The name under which it is stored that a reason was seen. A reason may become known long after its `since`."""
    words = f"{plain_text(reason.why)} {reason.since.isoformat()}"
    return f"digests/reason/{reason.person}/{sha256(words.encode()).hexdigest()[:16]}"


def help_buttons(reasons: Sequence[Attention]) -> list[Button]:
    """One button of each kind: that of the newest reason."""
    return list({b.label: b for a in reasons for b in a.buttons}.values())


def write_button(cohort: int, person: int) -> Button:
    return Button(_("Write"), write_action(cohort, str(person)))


def write_action(cohort: int, subject: str) -> str:
    return _at("questions", "write", cohort, subject)


def _ended(cohort: Cohort, labels: _Labels) -> list[Block | None]:
    """Where to read the work of an ended cohort."""
    assert cohort.ended_at is not None
    reads = (
        Button(_("Milestones"), _at("milestones", "funnel", cohort.id)),
        Button(_("Wrap-ups"), _at("wrapups", "answers", cohort.id)),
        Button(_("Completion"), _at("completion", "list", cohort.id)),
    )
    return [
        paragraph(
            Bold(cohort.title), _(" ended "), Instant(cohort.ended_at, "date"), _(". What came in, late work too:")
        ),
        buttons(*(labels.once(b, shorten(cohort.title, 30)) for b in reads)),
    ]


def came_late(cohort: Cohort) -> Text:
    """To the course team of an ended cohort."""
    return phrase(
        "Late work came in for {title}, which has ended; {command} leads to it.",
        title=cohort.title,
        command=Code("/cohort"),
    )


def desk_button(cohort: int) -> Button:
    return Button(_("Your desk"), _at("digests", "desk", cohort))
