"""What the desk says."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.actions import Action, stamp
from bot.core.contributions import Attention, DeskItem, Listing, Pile, Urgency
from bot.core.fingerprints import fingerprint
from bot.core.labels import Labels
from bot.core.message import (
    Block,
    Bold,
    Button,
    Code,
    Instant,
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
from bot.core.people import Cohort
from bot.core.plain import plain_text
from bot.core.time import say_span
from bot.core.translation import _, _n, phrase, phrase_n
from bot.core.typed import excerpt
from bot.course.audit import about
from bot.features.digests.desk_rules import ALL, LEARNERS, OLD, ON_A_LINE, PAGE, short_name, waiting
from bot.features.digests.store import Row, Sheet, Waiting

SHOWN = 5
"""Items on one page of a pile."""

BEGINNING = 300
"""Maximum characters of somebody's words."""

WORDS = 1600
"""Characters of words on a desk, shared by its lines."""

SHORTEST = 80
"""Characters that the words of each line get on any desk."""

PILES = 12
"""Piles without items, and buttons that lead to the rest, on a desk."""

PAGED = 5
"""Cohorts with a button to their pages."""

MINUTES_A_LEARNER = 2


def at(feature: str, name: str, cohort: int, subject: str = "") -> str:
    return Action(feature, name, cohort, subject).encode()


def desk(sheet: Sheet, day: str, now: datetime) -> Message:
    """What is new, each with its own buttons; then how much else waits, and where it is.

    No label occurs twice, so a renderer may join rows of buttons.
    """
    lines = sum(row.found.item.minutes for row in sheet.rows if row.found)
    minutes = lines + sum(pile.minutes for _cohort, pile in _shown_tasks(sheet))
    folded = sum(w.item.minutes for w in waiting(sheet.desks)) - lines
    labels, several = Labels(), len(sheet.desks) > 1
    rest, tasks = _rest(sheet, labels, now), _tasks(sheet, labels)
    shown = message(
        heading(
            _("Your desk, {day}: about {time}", day=day, time=about(minutes))
            if minutes
            else _("Your desk, {day}", day=day)
        ),
        *_rows(sheet, now, several),
        paragraph(said) if (said := _standing(sheet, rest)) else None,
        note(_("What has no line here takes about {time} more:", time=about(folded))) if folded > 0 else None,
        *rest,
        *tasks,
        *(
            note(*pile.title)
            for one in sheet.desks
            for pile in one.piles
            if _is_news(pile) and not (several or pile.items)
        ),
        *(block for one in sheet.desks if one.cohort.ended_at for block in _ended(one.cohort, labels)),
    )
    return replace(shown, of="" if several else None)


def _is_news(pile: Pile) -> bool:
    return pile.urgency is Urgency.FOR_INFORMATION


def _standing(sheet: Sheet, rest: Sequence[Block | None]) -> str:
    """What is said if no line is left to deal with, and nothing else to do."""
    if sheet.new or _shown_tasks(sheet) or any(row.found for row in sheet.rows):
        return ""
    if sheet.rows:
        return _("That was everything new. Well done.")
    news = any(_is_news(pile) and pile.buttons for one in sheet.desks for pile in one.piles)
    return _("Nothing is new.") if any(rest) or news else _("Nothing waits for you. Well done.")


def on_pages(cohorts: Sequence[Cohort]) -> Block | None:
    several = len(cohorts) > 1
    return buttons(
        *(
            Button(
                _("On pages ({title})", title=shorten(one.title, 30)) if several else _("On pages"),
                at("digests", "pages", one.id),
            )
            for one in cohorts[:PAGED]
        )
    )


def earlier(day: str) -> Message:
    """What is left of a desk once there is a newer one."""
    text = phrase("{day}'s desk. What waits now: {command}", day=day, command=Code("/cohort desk"))
    return replace(message(note(*text)), of="")


# Lines


def _rows(sheet: Sheet, now: datetime, several: bool) -> Iterable[Block | None]:
    """The lines, below the titles of their piles. Those of a posted desk keep their order."""
    texts = sum(1 for row in sheet.rows if row.found and row.found.item.words)
    beginning = max(SHORTEST, min(BEGINNING, WORDS // max(texts, 1)))
    last = ""
    for row in sheet.rows:
        number = str(row.number) if len(sheet.rows) > 1 else ""
        if (found := row.found) is None:
            yield _done(number, row, sheet.about.get(row.key, ()))
            continue
        title = _section(sheet, found, now)
        if plain_text(title) != last:
            yield paragraph(*title)
            last = plain_text(title)
        where = found.cohort.title if several else ""
        still_open = found.item.stands and found.key not in sheet.new
        yield from _item(found, number, now, beginning=beginning, where=where, still_open=still_open)


def _section(sheet: Sheet, found: Waiting, now: datetime) -> Text:
    title = plain_text(found.pile.title)
    if sheet.came_since(found):
        return (Bold(_("Came in since")), ":")
    if found.item.quick:
        return (Bold(_("One press each")), ":")
    if found.key not in sheet.new:
        return (Bold(_("{title}, from before", title=title)), ":")
    listed = [w for row in sheet.rows if (w := row.found) is not None and w.pile.name == found.pile.name]
    new = [w for w in listed if w.key in sheet.new and not w.item.quick and not sheet.came_since(w)]
    return (Bold(title), ": ", _counts(sheet, new, 0, now))


def _done(number: str, row: Row, about: Text) -> Block:
    which = (Bold(f"{number}. "),) if number else ()
    by = _("Done by {name}.", name=row.done_by) if row.done_by else _("Done.")
    if not (row.done or about):
        # Nobody dealt with it, and nothing is left of it.
        by = _("Deleted or settled.")
    return note(*which, _("Done by you.") if row.own else by, *((" ", *about) if about else ()))


def _item(
    found: Waiting,
    number: str,
    now: datetime,
    *,
    beginning: int = BEGINNING,
    where: str = "",
    page: bool = False,
    still_open: bool = False,
) -> list[Block | None]:
    """`number` tells its buttons from those of others; empty if there are no others. `where`: its cohort's title, if
    that is not clear. On a `page` it has all of its buttons. `still_open`: a broken promise that is not new."""
    item = found.item
    which, label = ((Bold(f"{number}. "),), f" ({number})") if number else ((), "")
    wait = now - item.since
    age: Text = (_("just now") if wait < timedelta(minutes=1) else _("waits {span}", span=say_span(wait)),)
    if item.replied:
        age = phrase("from {at}", at=Instant(item.since, "date"))
    elif still_open:
        age = phrase("still open since {at}", at=Instant(item.since, "date"))
    # The text of a learner's reasons already says since when each holds.
    told: Text = item.text
    if not (item.words or _tells_dates(item) or wait < timedelta(days=1)):
        is_sentence = plain_text(item.text)[-1:] in ".!?…"
        told = (*told, " (", *age, ")") if is_sentence else (*told, ", ", *age)
    told = (*told, f", {where}") if where else told
    row_of = [Button(f"{b.label}{label}", b.action, b.style) for b in item.buttons]
    if found.pile.can_be_seen:
        subject = (item.name, stamp(item.since), *((PAGE,) if page else ()))
        seen = Button(_("Seen{label}", label=label), at(found.pile.seen_by, "seen", found.cohort.id, ".".join(subject)))
        row_of = [*(row_of if page else row_of[: ON_A_LINE - 1]), seen]
    return [
        quote(*which, excerpt(item.words, beginning)) if item.words else paragraph(*which, *told),
        note(*age, ", ", *told) if item.words else None,
        note(*item.hint) if item.hint else None,
        buttons(*(row_of if page else row_of[:ON_A_LINE])),
    ]


def _tells_dates(item: DeskItem) -> bool:
    return any(isinstance(part, Instant) for part in item.text)


# The rest


def _counts(sheet: Sheet, found: Sequence[Waiting], more: int, now: datetime) -> str:
    """'2 new, 9 from before, 7 of them older than two weeks': of what was `found`, and `more` that is not new."""
    new = sum(w.key in sheet.new for w in found)
    before = len(found) - new + more
    old = sum(w.key not in sheet.new and now - w.item.since >= OLD for w in found)
    said = [_n("{n} new", "{n} new", new)] if new else []
    said += [_n("{n} from before", "{n} from before", before)] if before else []
    if old and old == before:
        said[-1] = _n("{n} older than two weeks", "{n} older than two weeks", old)
    elif old:
        said.append(_n("{n} of them older than two weeks", "{n} of them older than two weeks", old))
    return ", ".join(said)


def _rest(sheet: Sheet, labels: Labels, now: datetime) -> list[Block | None]:
    """How much of each pile has no line, and buttons to all that wait (and can be seen at once): one for each pile, or
    with several cohorts for each of these."""
    shown = {row.found.key for row in sheet.rows if row.found}
    piles: dict[str, Pile] = {p.name: p for one in sheet.desks for p in one.piles if p.items}
    hidden = {
        (one.cohort.id, p.name): sum((one.cohort.id, i.name) not in shown for i in p.items) + p.more
        for one in sheet.desks
        for p in one.piles
    }
    lines: list[Text] = []
    for name, pile in piles.items():
        folded = [w for w in waiting(sheet.desks) if w.pile.name == name and w.key not in shown]
        more = sum(p.more for one in sheet.desks for p in one.piles if p.name == name)
        if folded or more:
            lines.append((Bold(plain_text(pile.title)), ": ", _counts(sheet, folded, more, now)))
    row: list[Button] = []
    for one in sheet.desks:
        mark = shorten(one.cohort.title, 30)
        if len(sheet.desks) > 1:
            number = sum(len(p.items) + p.more for p in one.piles)
            if any(hidden[one.cohort.id, p.name] for p in one.piles):
                label = _("{title}: all {number}", title=mark, number=number)
                row.append(labels.once(Button(label, at("digests", "desk", one.cohort.id)), one.cohort.code))
            continue
        for pile in one.piles:
            if hidden[one.cohort.id, pile.name] or (pile.can_be_seen and len(pile.items) > 1):
                title, number = shorten(plain_text(pile.title), 50), len(pile.items) + pile.more
                label = _("{title}: all {number}", title=title, number=number)
                row.append(labels.once(Button(label, at("digests", "pile", one.cohort.id, f"{pile.name}.1")), mark))
            if pile.items:
                at_once = [_seen_at_once(one.cohort, pile)] if len(pile.items) > 1 and pile.seen_at_once else []
                row += [labels.once(b, mark) for b in (*at_once, *pile.buttons)]
    return [bullets(*lines), buttons(*row[:PILES])]


def _seen_at_once(cohort: Cohort, pile: Pile) -> Button:
    """Marks the whole pile as seen, as it is now."""
    subject = ".".join((pile.name, stamp(max(i.since for i in pile.items)), ALL))
    title = shorten(plain_text(pile.title), 40)
    label = _n("Seen: all {n} ({title})", "Seen: all {n} ({title})", len(pile.items), title=title)
    return Button(label, at(pile.seen_by, "seen", cohort.id, subject))


def _tasks(sheet: Sheet, labels: Labels) -> list[Block | None]:
    """Piles without items. With several cohorts each is one line."""
    several = len(sheet.desks) > 1
    blocks: list[Block | None] = []
    for cohort, pile in _shown_tasks(sheet):
        where: Text = (Bold(cohort.title), ": ") if several else ()
        listings = () if several else pile.listings
        # Lines without a title of their own are what the pile says.
        said = [line for listing in pile.listings if several and not listing.title for line in listing.lines]
        blocks.append(paragraph(*where, *pile.title, ":" if listings or said else "."))
        blocks.append(bullets(*said))
        for listing in listings:
            blocks += _listing(listing)
        row = pile.buttons[:1] if several else pile.buttons
        blocks.append(buttons(*(labels.once(b, shorten(cohort.title, 30)) for b in row)))
    return blocks


def _shown_tasks(sheet: Sheet) -> list[tuple[Cohort, Pile]]:
    return [(one.cohort, p) for one in sheet.desks for p in one.piles if not p.items and not _is_news(p)][:PILES]


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
    total = len(found.items) + found.more
    blocks: list[Block | None] = [paragraph(Bold(plain_text(found.title)), f" ({total}):")]
    listed = found.items[first : first + SHOWN]
    for number, item in enumerate(listed, first + 1):
        blocks += _item(Waiting(cohort, found, item), str(number), now, page=True)
    rest = len(found.items) - first - SHOWN
    more = Button(_("{rest} more", rest=rest), at("digests", "pile", cohort.id, f"{found.name}.{first // SHOWN + 2}"))
    label = (
        _("All seen")
        if len(found.items) <= SHOWN
        else _("Seen: {first} to {last}", first=first + 1, last=first + len(listed))
    )
    subject = ".".join((found.name, stamp(max(i.since for i in listed)), *map(short_name, listed)))
    seen = Button(label, at(found.seen_by, "seen", cohort.id, subject))
    return message(
        *blocks,
        note(_("And {more} between these: deal with some of these first.", more=found.more)) if found.more else None,
        buttons(
            more if rest > 0 else None,
            seen if found.can_be_seen and len(listed) > 1 else None,
            _seen_at_once(cohort, found) if found.seen_at_once and len(found.items) > SHOWN else None,
            *found.buttons,
        ),
    )


def page_of(found: Pile, item: DeskItem) -> int:
    """The page on which an item stands."""
    return [i.name for i in found.items].index(item.name) // SHOWN + 1


# Learners to talk to


def attention(cohort: Cohort, people: Mapping[int, Sequence[Attention]]) -> Pile:
    """Learners to talk to."""
    items = [
        DeskItem(
            learner_item(person),
            max(a.since for a in reasons),
            (Bold(reasons[0].name), ": ", *said_why(reasons)),
            buttons=[write_button(cohort.id, person), *help_buttons(reasons), *_pause(cohort, person, reasons)],
            minutes=MINUTES_A_LEARNER,
            parts=[_reason_name(a) for a in reasons],
        )
        for person, reasons in people.items()
    ]
    return Pile(LEARNERS, (_("Learners who may need a word"),), items, can_be_seen=True)


def learner_item(person: int) -> str:
    return f"digests/learner/{person}"


def said_why(reasons: Sequence[Attention]) -> Text:
    """'nothing under their name since 5 January; “Draft” was due on Friday'."""
    return tuple(part for n, a in enumerate(reasons) for part in (("; ",) if n else ()) + a.why)


def _reason_name(reason: Attention) -> str:
    """The name under which it is stored that a reason was seen. A reason may become known long after its `since`."""
    words = reason.key or f"{plain_text(reason.why)} {reason.since.isoformat()}"
    return f"digests/reason/{reason.person}/{fingerprint(words, 16)}"


def help_buttons(reasons: Sequence[Attention]) -> list[Button]:
    """One button of each kind."""
    return list({b.label: b for a in reasons for b in a.buttons}.values())


def _pause(cohort: Cohort, person: int, reasons: Sequence[Attention]) -> list[Button]:
    return [pause_button(cohort.id, person)] if any(reason.at_risk for reason in reasons) else []


def pause_button(cohort: int, person: int) -> Button:
    """Offers a pause to a learner who may drop out."""
    return Button(_("Offer a pause"), at("absence", "offer_pause", cohort, str(person)))


def write_button(cohort: int, person: int) -> Button:
    return Button(_("Write"), write_action(cohort, str(person)))


def write_action(cohort: int, subject: str) -> str:
    return at("questions", "write", cohort, subject)


# After the end


def _ended(cohort: Cohort, labels: Labels) -> list[Block | None]:
    """Where to read the work of an ended cohort."""
    assert cohort.ended_at is not None
    reads = (
        Button(_("Milestones"), at("milestones", "funnel", cohort.id)),
        Button(_("Wrap-ups"), at("wrapups", "answers", cohort.id)),
        Button(_("Completion"), at("completion", "list", cohort.id)),
    )
    ended = phrase(
        "{title} ended {day}. What came in, late work too:",
        title=Bold(cohort.title),
        day=Instant(cohort.ended_at, "date"),
    )
    return [paragraph(*ended), buttons(*(labels.once(b, shorten(cohort.title, 30)) for b in reads))]


def came_late(cohort: Cohort) -> Text:
    """To the course team of an ended cohort."""
    return phrase(
        "Late work or a question came in for {title}, which has ended; {command} leads to it.",
        title=cohort.title,
        command=Code("/cohort"),
    )


def on_the_desk(number: int) -> Text:
    return (_n("{n} thing is on your desk.", "{n} things are on your desk.", number),)


def desk_button(cohort: int) -> Button:
    return Button(_("Your desk"), at("digests", "desk", cohort))


def not_seen(pile: Pile) -> Text:
    """What stays on the desk when a cohort ends."""
    return phrase_n(
        "{title}: {n} that nobody has looked at yet, on the course team's desk still",
        "{title}: {n} that nobody has looked at yet, on the course team's desk still",
        len(pile.items) + pile.more,
        title=pile.title,
    )
