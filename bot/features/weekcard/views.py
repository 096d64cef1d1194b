"""What the week card says."""

from collections.abc import Sequence
from datetime import datetime

from bot.core.actions import Action
from bot.core.contributions import Extra, Item
from bot.core.items import due_text, line, over
from bot.core.message import (
    Block,
    Button,
    Inline,
    Instant,
    Italic,
    Link,
    Message,
    Note,
    Paragraph,
    Text,
    bullets,
    buttons,
    heading,
    message,
    note,
    paragraph,
    shorten,
    with_code,
)
from bot.core.people import Cohort
from bot.core.plain import plain
from bot.core.time import say, say_minutes
from bot.core.translation import _, _n, all_of, phrase, phrase_n
from bot.course.audit import about
from bot.course.model import Material, Week
from bot.features.weekcard import rules
from bot.features.weekcard.rules import Entry
from bot.features.weekcard.store import Own

LONGEST = 2800
"""Maximum characters of a card, including its links: below the narrowest platform's limit for one message."""

TITLE = 120
GUIDE = 100


def this_week_button(cohort: int, week: int | None = None) -> Button:
    subject = "" if week is None else str(week)
    return Button(
        _("This week") if week is None else _("Week {week}", week=week),
        Action("weekcard", "show", cohort, subject).encode(),
    )


# The card


def card(cohort: int, week: Week, own: Own, now: datetime, extras: Sequence[Extra] = ()) -> Message:
    """A learner's card, in at most `LONGEST` characters: guides' texts are shortened first, then the last materials."""
    made = _card(cohort, week, own, now, extras, guides=GUIDE, hidden=0)
    for hidden in range(len(week.materials) + 1):
        if len(plain(made)) <= LONGEST:
            break
        made = _card(cohort, week, own, now, extras, guides=0, hidden=hidden)
    return made


def page(cohort: int, week: Week, own: Own, now: datetime, extras: Sequence[Extra] = ()) -> Message:
    """The whole card, uncut, and a button to the previous week."""
    whole = _card(cohort, week, own, now, extras, guides=None, hidden=0)
    earlier = this_week_button(cohort, week.number - 1) if week.number > 1 else None
    return message(*whole.blocks, buttons(earlier))


def preview(cohort: Cohort, week: Week, own: Own, extras: Sequence[Extra], at: datetime) -> Message:
    """A preview of the card for the course team: without its buttons, which are for learners."""
    shown = card(cohort.id, week, own, at, extras)
    words = note(
        *phrase(
            "A preview, for you alone: as a learner in your time zone gets it on {at}. "
            "Each learner reads their own dates.",
            at=Instant(at),
        ),
    )
    return Message(tuple(b for b in shown.blocks if b.kind != "buttons")).with_blocks(words)


def _card(
    cohort: int, week: Week, own: Own, now: datetime, extras: Sequence[Extra], *, guides: int | None, hidden: int
) -> Message:
    """`guides`: maximum characters of each guide's text, None for all; `hidden`: how many materials are left out."""
    every = rules.entries(week, own)
    shown = every[: len(week.materials) - hidden] + every[len(week.materials) :]
    return message(
        heading(_title(week, own, extras)),
        _goal(week),
        bullets(*(_line(e, guides, now) for e in shown), numbered=True),
        _and_more(hidden, guides),
        _dates(shown, own, now),
        *(_carried(i, now) for i in own.carried),
        *(paragraph(*over(i), ".") for i in own.lost),
        paragraph(_n("And {n} more to do.", "And {n} more to do.", own.more)) if own.more else None,
        _short_of_time(week, shown, own),
        *(block for extra in extras for block in (paragraph(*extra.text), buttons(extra.button, extra.second))),
        _late_joiner(own),
        _last(own),
        _controls(cohort, own, now),
    )


def _title(week: Week, own: Own, extras: Sequence[Extra]) -> str:
    minutes = rules.minutes(week, own, extras)
    if not minutes:
        return _("Week {number}: {title}", number=week.number, title=week.title)
    return _("Week {number}: {title}. About {hours}", number=week.number, title=week.title, hours=about(minutes))


def _goal(week: Week) -> Paragraph | None:
    return paragraph(_("Goal: {goal}", goal=shorten(week.goal, 400))) if week.goal else None


def _line(entry: Entry, guides: int | None, now: datetime) -> Text:
    title = shorten(entry.title, TITLE)
    minutes = [f" · {say_minutes(entry.minutes)}"] if entry.minutes else []
    if isinstance(entry, Item):
        instead = [" · ", *entry.instead] if entry.instead else []
        state: Text = (entry.state,)
        if entry.opens_at > now and entry.is_asked:
            state = phrase("from {at}", at=Instant(entry.opens_at))
        return (title, *minutes, *([" · ", *state] if entry.state else []), *instead)
    if entry.awaits_link:
        return (title, *minutes, " · ", _("the link comes here"))
    return (Link(entry.link, title) if entry.link else title, *minutes, *_ways_in(entry), *_guide(entry, guides))


def _ways_in(material: Material) -> list[Inline]:
    """Captions and transcript, if there are any."""
    parts: list[Inline] = [" · ", _("captions")] if material.captions else []
    if Link(material.transcript, "").safe:
        parts += [" · ", Link(material.transcript, _("transcript"))]
    elif material.transcript:
        parts += [" · ", _("transcript")]
    return parts


def _guide(material: Material, length: int | None) -> list[Inline]:
    if not material.guide or length == 0:
        return []
    if length is None:
        return [" · ", Italic(" ".join(material.guide))]
    first, more = shorten(material.guide[0], length), len(material.guide) - 1
    return [" · ", Italic(_("{first} (and {number} more)", first=first, number=more) if more else first)]


def _and_more(hidden: int, guides: int | None) -> Paragraph | None:
    if hidden:
        return paragraph(*with_code(_("And {hidden} more to study: `/cohort` shows the whole week.", hidden=hidden)))
    return paragraph(*with_code(_("The guided notes: `/cohort` shows the whole week."))) if guides == 0 else None


def _dates(shown: Sequence[Entry], own: Own, now: datetime) -> Paragraph | None:
    """'3 and 4 are due Mon 12 Jan, 12:59 your time.'"""
    found = [(n, e) for n, e in enumerate(shown, 1) if isinstance(e, Item) and not (e.done or e.waits or e in own.lost)]
    parts: list[Inline] = []
    for at, closed, of in rules.by_date(found, now):
        given: dict[str, Inline] = {"numbers": all_of(list(map(str, of))), "at": Instant(at)}
        if closed:
            due = phrase_n("{numbers} closed {at}", "{numbers} closed {at}", len(of), **given)
        elif at < now:
            due = phrase_n("{numbers} was due {at}", "{numbers} were due {at}", len(of), **given)
        else:
            due = phrase_n("{numbers} is due {at}", "{numbers} are due {at}", len(of), **given)
        parts += ["; " if parts else "", *due]
    return paragraph(*phrase("{dates} your time.", dates=tuple(parts))) if parts else None


def _carried(item: Item, now: datetime) -> Paragraph:
    if item.due_at < now:
        return paragraph(*phrase("From week {week}: {line}.", week=item.week, line=line(item, now)))
    what = due_text(item, now, (shorten(item.title, TITLE),))
    return paragraph(
        *phrase("From week {week}, {state}: {what} your time.", week=item.week, state=item.state, what=what),
    )


def _short_of_time(week: Week, shown: Sequence[Entry], own: Own) -> Paragraph | None:
    found = rules.smallest(week, own)
    if isinstance(found, str):
        return paragraph(_("Short of time? {found}.", found=found))
    picked = [n for n, e in enumerate(shown, 1) if e in found] if found else []
    return paragraph(_("Short of time? Do {numbers}.", numbers=all_of(list(map(str, picked))))) if picked else None


def _late_joiner(own: Own) -> Note | None:
    last = own.optional_before
    if not last:
        return None
    if last == 1:
        return note(*with_code(_("Week 1 is optional for you; `/cohort` shows it.")))
    weeks = _("Weeks 1 and 2") if last == 2 else _("Weeks 1 to {last}", last=last)
    return note(*with_code(_("{weeks} are optional for you; `/cohort` shows them.", weeks=weeks)))


def _last(own: Own) -> Note | None:
    end = own.late_end
    if end is not None and end.some_without:
        if end.at is None:
            return note(_("This is the last week. What comes late is taken, without an end."))
        at = Instant(end.at)
        return note(
            *phrase("This is the last week. What comes late is taken until {at} your time, some without an end.", at=at)
        )
    if end is not None and end.at is not None:
        at = Instant(end.at)
        return note(
            *phrase("This is the last week. What comes late is taken until {at} your time at the latest.", at=at)
        )
    return note(_("This is the last week.")) if own.last else None


def _controls(cohort: int, own: Own, now: datetime) -> Block | None:
    todo, shift = rules.buttons(own, now)
    return buttons(
        *todo,
        Button(_("Ask privately"), Action("questions", "ask_privately", cohort).encode()) if own.lost else None,
        Button(_("Ask"), Action("command", "ask", cohort).encode()),
        Button(_("I'm away"), Action("command", "away", cohort).encode()),
        shift,
    )


# The cohort's channel


def opening(cohort: Cohort, week: Week, items: Sequence[Item], now: datetime) -> Message:
    """The post that opens the week, and its thread. `items` have the dates that most learners have."""
    here = cohort.place("questions") == cohort.place("main")
    return message(
        heading(_("Week {number}: {title}", number=week.number, title=week.title)),
        _goal(week),
        bullets(*(_due_for_all(cohort, i, now) for i in sorted(items, key=lambda i: i.due_at))),
        note(
            _("Questions are welcome here.") + " " if here else _("Questions go into the questions channel.") + " ",
            _("Your own card is in your direct messages."),
        ),
    )


def _due_for_all(cohort: Cohort, item: Item, now: datetime) -> Text:
    title = shorten(item.title, TITLE)
    if not item.own_clock:
        return due_text(item, now, (title,))
    return phrase("{title}, due {at} by your own clock", title=title, at=say(item.due_at, cohort.zone))


# When there is no card


def not_yet(cohort: Cohort, at: datetime) -> Message:
    return message(
        paragraph(*phrase("{title} has not begun. The card of week 1 comes {at}.", title=cohort.title, at=Instant(at)))
    )
