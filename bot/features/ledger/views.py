"""What people read about the time of a week."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.core.actions import Action
from bot.core.contributions import DeskItem, Figure, Pile, Upcoming
from bot.core.message import Button, Instant, Message, Text, buttons, message, note, paragraph, shorten
from bot.core.time import say_minutes
from bot.core.translation import N_, _, _n, phrase
from bot.course.audit import about
from bot.course.gate.payment import title_of
from bot.course.model import Course, Item
from bot.course.titles import same_title
from bot.features.ledger.rules import BUDGET, Over, Week, choices, item_of, mark
from bot.features.ledger.store import Entry, Report, on_desk

TITLE = 50
NAMED = 4
KINDS: Mapping[str, str] = {
    "materials": N_("material"),
    "milestones": N_("milestone"),
    "discussions": N_("discussion"),
    "scenarios": N_("scenario"),
    "reviews": N_("review"),
    "checkins": N_("check-in"),
    "live": N_("live session"),
}
"""What an item is, for people."""

MINUTES = 3


def action(name: str, cohort: int, subject: str) -> str:
    return Action("ledger", name, cohort, subject).encode()


def asked(cohort: int, found: Week, own: Report | None, items: Sequence[Item]) -> Message:
    """The question of the wrap-up, and once tapped its receipt. `items`: what can be named as longer than thought."""
    if own is None:
        said = _("How long did week {week} take you? One tap, if you like.", week=found.week)
        taps = [Button(say_minutes(n), action("took", cohort, f"{found.week}.{n}")) for n in choices(found.planned)]
        return message(paragraph(said), note(_("The course team sees totals, and no names.")), buttons(*taps))
    said = _("Noted: week {week} took you about {span}. Thank you.", week=found.week, span=say_minutes(own.minutes))
    more = own.minutes > found.planned and not own.item
    longest = [Button(_called(i, items), action("longer", cohort, f"{found.week}.{mark(i)}")) for i in items[:NAMED]]
    named = item_of(own, items) or own.item
    return message(
        paragraph(said),
        note(_("Longer than you thought: {item}.", item=_called(named, items))) if named else None,
        paragraph(_("What took longer than it should?")) if more and longest else None,
        buttons(
            *(longest if more else ()),
            Button(_("Change that"), action("ask", cohort, str(found.week))),
        ),
    )


def _called(item: Item | str, items: Sequence[Item]) -> str:
    """What people call an item of a week: its title, and what it is where `items` has another one with that title."""
    if isinstance(item, str):
        return shorten(item, TITLE)
    title = shorten(item.title, TITLE)
    is_alone = sum(same_title(one.title, item.title) for one in items) == 1
    return title if is_alone else _("{title} ({kind})", title=title, kind=_(KINDS[item.kind]))


def upcoming(cohort: int, found: Week, own: Report | None) -> Upcoming:
    planned = about(found.planned)
    said = _("Week {week}: about {planned} planned", week=found.week, planned=planned)
    if own is not None:
        said = _(
            "Week {week}: about {planned} planned, {span} by you",
            week=found.week,
            planned=planned,
            span=say_minutes(own.minutes),
        )
    return Upcoming((said,), None, Button(_("How long it took"), action("ask", cohort, str(found.week))), last=True)


# The course team


def on_the_week(found: Week, entries: Sequence[Entry], names: Mapping[int, str], course: Course) -> list[Text]:
    planned = _(
        "Week {week}: {planned} planned of {budget}.",
        week=found.week,
        planned=about(found.planned),
        budget=say_minutes(found.budget),
    )
    if found.reported is not None:
        planned += " " + _n(
            "{n} learner says {span} (the median).",
            "{n} learners say {span} (the median).",
            found.reports,
            span=say_minutes(found.reported),
        )
    moved = [e for e in entries if (e.week, e.name) == BUDGET][1:]
    return [
        (planned,),
        *(_entry(e, names, course, e.at == entries[0].at) for e in entries if e.week == found.week),
        *(_budget(e, names) for e in moved),
    ]


def _by(entry: Entry, names: Mapping[int, str]) -> str:
    """Who it was; empty: nobody."""
    return _("the operator, on the command line") if entry.by_operator else names.get(entry.by or 0, "")


def _budget(entry: Entry, names: Mapping[int, str]) -> Text:
    span, at, by = say_minutes(abs(entry.minutes)), Instant(entry.at), _by(entry, names)
    if by and entry.minutes > 0:
        return phrase("Each week has {span} more, {at}, by {name}", span=span, at=at, name=by)
    if by:
        return phrase("Each week has {span} less, {at}, by {name}", span=span, at=at, name=by)
    if entry.minutes > 0:
        return phrase("Each week has {span} more, {at}", span=span, at=at)
    return phrase("Each week has {span} less, {at}", span=span, at=at)


def _entry(entry: Entry, names: Mapping[int, str], course: Course, is_first: bool) -> Text:
    """`is_first`: it stands there since the cohort was made."""
    # Earlier versions kept the id of what pays in place of its title.
    title = title_of(entry.title, course, entry.week) if entry.name == f"paid/{entry.title}" else entry.title
    title, span, at = shorten(title, TITLE), say_minutes(abs(entry.minutes)), Instant(entry.at)
    by = "" if is_first else _by(entry, names)
    if by and entry.minutes > 0:
        return phrase("In: “{title}”, {span}, {at}, by {name}", title=title, span=span, at=at, name=by)
    if by:
        return phrase("Out: “{title}”, {span}, {at}, by {name}", title=title, span=span, at=at, name=by)
    if is_first and entry.minutes > 0:
        return (_("In: “{title}”, {span}, as the cohort was made", title=title, span=span),)
    if is_first:
        return (_("Out: “{title}”, {span}, as the cohort was made", title=title, span=span),)
    if entry.minutes > 0:
        return phrase("In: “{title}”, {span}, {at}", title=title, span=span, at=at)
    return phrase("Out: “{title}”, {span}, {at}", title=title, span=span, at=at)


def figure(found: Week, before: int | None, over: bool) -> Figure:
    """`before`: what the week before took; None: too few said so. `over`: it took too long."""
    said = timedelta(minutes=found.reported or 0)
    return Figure(
        "ledger/reported",
        _("Week {week} took (median)", week=found.week),
        said,
        timedelta(minutes=found.budget),
        None if before is None else timedelta(minutes=before),
        wants_a_look=over,
        more=[_n("{n} learner said so", "{n} learners said so", found.reports)],
        dated=True,
    )


def pile(cohort: int, found: Sequence[tuple[Over, Sequence[Item], datetime]]) -> Pile:
    """`found`: with what the week has, and since when the desk has it."""
    items = [
        DeskItem(on_desk(cohort, one.week.week), since, (_over(one),), hint=_named(one, items), minutes=MINUTES)
        for one, items, since in found
    ]
    return Pile("ledger", (_("Weeks that take longer than planned"),), items, can_be_seen=True)


def _over(found: Over) -> str:
    return _(
        "Week {week}: {more} of {n} report more than the {planned} planned.",
        week=found.week.week,
        more=found.more,
        n=found.week.reports,
        planned=about(found.week.planned),
    )


def _named(found: Over, items: Sequence[Item]) -> Text:
    by_title = sorted((-n, _called(item, items)) for item, n in found.items.items())
    listed = ", ".join(f"“{title}” ({-n})" for n, title in by_title[:NAMED])
    return (_("Longer than they thought: {listed}.", listed=listed),) if listed else ()
