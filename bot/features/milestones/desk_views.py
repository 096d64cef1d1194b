"""What the course team sees of milestones."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from bot.core.actions import Action
from bot.core.contributions import Attention, Figure, Passage
from bot.core.forms import ChoiceField, Form, PersonField, TextField
from bot.core.labels import Labels
from bot.core.message import (
    CHOICES,
    Block,
    Bold,
    Button,
    Inline,
    Instant,
    Message,
    Option,
    Text,
    bullets,
    buttons,
    fields,
    heading,
    message,
    note,
    paragraph,
    quote,
    shorten,
)
from bot.core.moving import Moved, falls_away, when_told
from bot.core.people import Cohort, Person
from bot.core.time import say, say_span
from bot.core.translation import _, _n, phrase
from bot.course.model import Milestone, Review
from bot.features.milestones.rules import closes
from bot.features.milestones.store import Counts, Submission, Window
from bot.features.milestones.views import action, attached, versions_action, what

SHOWN = 40
"""Names in one message."""

WRITTEN_TO = 5
"""Of these with a button of their own to write to them."""

LISTED = CHOICES - 1
"""Options in one list beside the empty one."""


def funnel(cohort: Cohort, rows: Sequence[tuple[Milestone, datetime, Counts]]) -> Message:
    more = buttons(
        Button(_("Extend a date"), action("extend", cohort.id)),
        Button(_("More time for one, always"), action("accommodations", cohort.id)),
    )
    if not rows:
        return message(paragraph(_("This course has no milestones.")), more)
    return message(
        heading(_("Milestones")),
        bullets(
            *(
                (
                    *phrase(
                        "{title} (week {week}), due {at}", title=Bold(m.title), week=m.week, at=_for_all(cohort, m, due)
                    ),
                    f": {_figures(counts)}",
                )
                for m, due, counts in rows
            )
        ),
        note(_("Who was away in the week before a date counts if they handed in. Only the course team sees this.")),
        buttons(*(Button(shorten(m.title, 40), action("look", cohort.id, m.id)) for m, _, _ in rows[-4:])),
        more,
    )


def _at(cohort: Cohort, meant: Milestone, due: datetime) -> Inline:
    """When it is due for most. On each learner's own clock it is one wall time for all, and not one instant."""
    return say(due, cohort.zone) if meant.due.zone == "learner" else Instant(due)


def _for_all(cohort: Cohort, meant: Milestone, due: datetime) -> Text:
    at = _at(cohort, meant, due)
    return phrase("{at} by each learner's own clock", at=at) if meant.due.zone == "learner" else (at,)


def _for_one(meant: Milestone, who: Person, due: datetime) -> Text:
    """A date on each learner's own clock is told by theirs."""
    if meant.due.zone != "learner":
        return (Instant(due),)
    return (_("{at} by the clock of {name}", at=say(due, who.zone), name=who.name),)


def _figures(counts: Counts) -> str:
    if not counts.asked:
        return _("no learner to count")
    waiting = counts.asked - counts.came
    said = (
        _("{n} of {asked} handed in ({late} late)", n=counts.came, asked=counts.asked, late=counts.late)
        if counts.late
        else _("{n} of {asked} handed in", n=counts.came, asked=counts.asked)
    )
    coming = waiting - counts.overdue
    if not waiting:
        return _("{said}, none to come", said=said)
    if not counts.overdue:
        return _("{said}, {n} to come", said=said, n=coming)
    if not coming:
        return _("{said}, {n} overdue", said=said, n=counts.overdue)
    return _("{said}, {n} to come, {overdue} overdue", said=said, n=coming, overdue=counts.overdue)


def milestone(cohort: Cohort, meant: Milestone, due: datetime, counts: Counts) -> Message:
    return message(
        heading(meant.title),
        paragraph(
            *(*phrase("Due {at} for most.", at=_for_all(cohort, meant, due)), " "), _figures(counts).capitalize(), "."
        ),
        buttons(
            Button(_("What came in"), action("work", cohort.id, meant.id)),
            Button(_("Who is missing"), action("missing", cohort.id, meant.id)),
            Button(_("Extend the date"), action("extend", cohort.id, meant.id)),
        ),
    )


def mark(away: bool, counted: bool, joined_late: bool) -> str:
    """Beside a name. `away`: they are away now. `counted`: by the figures, which leave out who was away in the week
    before the date or (`joined_late`) joined too late for it."""
    if counted:
        return _("away") if away else ""
    if joined_late:
        return _("not counted: joined late")
    return _("not counted: is away") if away else _("not counted: was away")


def missing(
    meant: Milestone,
    rows: Sequence[tuple[str, datetime, str]],
    late: Sequence[tuple[str, timedelta]],
    acts: Sequence[Button],
) -> Message:
    """`rows`: name, due date, and what else is to be said of them. `late`: who handed it in late, and by how much."""
    more = len(rows) - SHOWN
    blocks: list[Block | None] = []
    if rows or not late:
        blocks = [
            paragraph(*phrase("Not handed in: {title}", title=Bold(meant.title))),
            bullets(
                *(
                    phrase("{name}, due {at}, {mark}", name=name, at=Instant(due), mark=mark)
                    if mark
                    else phrase("{name}, due {at}", name=name, at=Instant(due))
                    for name, due, mark in rows[:SHOWN]
                )
            )
            or paragraph(_("Nobody is missing.")),
            paragraph(_("And {more} more.", more=more)) if more > 0 else None,
        ]
    if late:
        more = len(late) - SHOWN
        blocks += [
            paragraph(*phrase("Handed in late: {title}", title=Bold(meant.title))),
            bullets(*(_("{name}, {span} late", name=name, span=say_span(by)) for name, by in late[:SHOWN])),
            paragraph(_("And {more} more.", more=more)) if more > 0 else None,
        ]
    reminded = _("Only the course team sees this. Reminders go by themselves, privately.")
    return message(
        *blocks,
        buttons(*acts),
        note(reminded if rows else _("Only the course team sees this.")),
    )


def more_time(cohort: Cohort, meant: Milestone, *, ahead: bool) -> Button:
    """`ahead`: it has not opened yet."""
    label = _("More time for “{title}”", title=shorten(meant.title, 30)) if ahead else _("More time for all")
    return Button(label, action("extend", cohort.id, meant.id))


def words_to(cohort: Cohort, whom: Mapping[int, str]) -> list[Button]:
    """For the first of them a button to write to them."""
    labels = Labels()
    return [
        labels.once(
            Button(
                _("Write to {name}", name=shorten(name, 30)),
                Action("questions", "write", cohort.id, str(person)).encode(),
            )
        )
        for person, name in list(whom.items())[:WRITTEN_TO]
    ]


def work(cohort: Cohort, meant: Milestone, rows: Sequence[tuple[str, Submission]], page: int, pages: int) -> Message:
    blocks: list[Block | None] = [heading(_("{title}: what came in", title=meant.title))]
    for name, piece in rows:
        late = (", ", _("late")) if piece.late else ()
        blocks += [paragraph(Bold(name), " ", Instant(piece.changed_at), *late), quote(*what(piece))]
        blocks.append(attached(piece))
    if not rows:
        blocks.append(paragraph(_("Nothing yet.")))
    more = Button(
        _("Page {page} of {pages}", page=page + 1, pages=pages), action("work", cohort.id, f"{meant.id}.{page + 1}")
    )
    before = [
        Button(_("Before: {name}", name=shorten(name, 40)), versions_action(cohort.id, piece))
        for name, piece in rows
        if piece.changed_at > piece.first_at
    ]
    return message(*blocks, buttons(*before, more if page < pages else None))


# More time


def move_form(
    cohort: Cohort,
    subject: str,
    found: Sequence[tuple[Milestone, datetime]],
    chosen: str,
    days: int,
    learners: Sequence[Person],
    person: str,
    zone: str,
) -> Form:
    """`days`: by how many it is moved unless another number is written. `person`: for whom, as a number; empty: for
    everybody."""
    options = tuple(
        Option(
            m.id,
            _choice(m, say(due, cohort.zone if m.due.zone == "learner" else zone)),
        )
        for m, due in found
    )
    shown = (
        ChoiceField("milestone", _("What"), options, value=chosen),
        TextField(
            "days", _("By how many days"), _("Its time of day stays."), max_length=3, value=str(days), number=True
        ),
        *([for_whom(learners, person, _("Leave it empty to move it for everybody."))] if learners else []),
    )
    return Form(action("extend", cohort.id, subject), _("Extend a date"), shown, _("Look at it first"))


def _choice(meant: Milestone, at: str) -> str:
    title = shorten(meant.title, 44)
    if meant.due.zone == "learner":
        title = shorten(meant.title, 27)
        return (
            _("{title}, open until {say} by their own clock", title=title, say=at)
            if closes(meant.id)
            else _("{title}, due {say} by their own clock", title=title, say=at)
        )
    return (
        _("{title}, open until {say}", title=title, say=at)
        if closes(meant.id)
        else _("{title}, due {say}", title=title, say=at)
    )


def for_whom(learners: Sequence[Person], person: str, hint: str, required: bool = False) -> ChoiceField | PersonField:
    """The learners alone, by name. More than a list holds can only be offered by the platform's list of people, where
    the form refuses everybody else."""
    label = _("For whom")
    if len(learners) > LISTED:
        return PersonField("person", label, hint, required, value=person)
    options = tuple(Option(str(p.id), shorten(p.name, 70)) for p in learners)
    return ChoiceField("person", label, options, hint, required, value=person)


def stands(meant: Milestone, due: datetime, zone: str) -> str:
    title, at = shorten(meant.title, 60), say(due, zone)
    if closes(meant.id):
        return _("“{title}” closes {say} now", title=title, say=at)
    return _("“{title}” is due {say} now", title=title, say=at)


def past(then: datetime, days: int, zone: str) -> str:
    """Refuses a new date that has passed. `days`: a number that would do."""
    return _("That would be {date}, which has passed: write {days}, for example.", date=say(then, zone), days=days)


def stamp(due: datetime) -> str:
    """A due date, short enough for a button: the presser means this date."""
    return f"{int(due.timestamp()) // 60:x}"


def sure_to_move(
    cohort: Cohort,
    meant: Milestone,
    who: Person | None,
    dates: tuple[datetime, datetime],
    days: int,
    told: Mapping[int, Moved],
    others: Sequence[tuple[str, Text]],
    along: Sequence[Review],
    gone: Collection[int],
    now: datetime,
) -> Message:
    """`dates`: the present and the new due date. `told`: the moves that people are told; `gone`: which of them are away
    or silent. `others`: who has another date then."""
    due, then = (_for_one(meant, who, at) if who else _for_all(cohort, meant, at) for at in dates)
    whom = who.name if who else _("everybody")
    subject = f"{meant.id}.{who.id if who else 0}.{days}.{stamp(dates[0])}"
    said = _n("It concerns {n} learner.", "It concerns {n} learners.", len(told))
    moved = {person: [one] for person, one in told.items()}
    when = when_told(moved, now, gone, asked_for=who is not None)
    return message(
        paragraph(*phrase("Move {title} for {whom}?", title=Bold(meant.title), whom=whom)),
        fields((_("Due now"), due), (_("Then"), then)),
        *_others(_("By dates of their own then, for:"), others),
        bullets(*(_("Moves along: {title}", title=shorten(r.title, 80)) for r in along)),
        note(
            " ".join(filter(None, (said, falls_away(moved), when))) + " "
            if told
            else _("Nobody waits for it, so nobody is told.") + " ",
            _("Cards that show the old date are changed."),
        ),
        buttons(Button(_("Move it"), action("move", cohort.id, subject), "primary")),
    )


def _others(title: str, others: Sequence[tuple[str, Text]]) -> Iterator[Block | None]:
    if others:
        more = len(others) - SHOWN
        yield paragraph(title)
        yield bullets(*((name, ", ", *at) for name, at in others[:SHOWN]))
        yield paragraph(_("And {more} more.", more=more)) if more > 0 else None


def moved(
    cohort: Cohort, meant: Milestone, who: Person | None, due: datetime, people: int, others: Sequence[tuple[str, Text]]
) -> Message:
    """`people`: how many have this date; `others`: whose date moved to another one."""
    whom = who.name if who else _n("1 learner", "{n} learners", people) if people else _("everybody who joins")
    at = _for_one(meant, who, due) if who else _for_all(cohort, meant, due)
    given: dict[str, Inline | Text] = {"title": Bold(meant.title), "at": at, "whom": whom}
    said = (
        phrase("{title} closes {at} now, for {whom}.", **given)
        if closes(meant.id)
        else phrase("{title} is due {at} now, for {whom}.", **given)
    )
    return message(
        paragraph(*said),
        *_others(_("By dates of their own now, for:"), others),
    )


# On the desk, and in the manager's week


def whose(meant: Milestone, name: str) -> Text:
    return (f"{name}, “{shorten(meant.title, 60)}”",)


def was_due(meant: Milestone, window: Window) -> Text:
    return phrase("“{title}” was due {at}", title=shorten(meant.title, 60), at=Instant(window.due_at, "date"))


def overdue(
    cohort: Cohort, meant: Milestone, name: str, window: Window, why: Text, at_risk: bool, may_move: bool
) -> Attention:
    """`may_move`: with the button for more time."""
    more = Button(_("Give more time"), action("extend", cohort.id, f"{meant.id}.{window.person}"))
    return Attention(window.person, name, why, window.due_at, at_risk, buttons=(more,) if may_move else ())


def handed_in(meant: Milestone, counts: Counts) -> Passage:
    """For the instructor's recap of the week. Without a base: readers know neither who is away nor who joined late."""
    text = _("{came} of you have handed in “{title}”. Well done.", came=counts.came, title=shorten(meant.title, 60))
    return Passage(f"milestones/{meant.id}", "numbers", text)


def figure(cohort: Cohort, meant: Milestone, counts: Counts, look: bool) -> Figure:
    """`look`: too few have handed it in, or too many late."""
    title = shorten(meant.title, 40)
    all_came = counts.came == counts.asked and counts.late
    label = _("Who was late: {title}", title=title) if all_came else _("Who is missing: {title}", title=title)
    missing = Button(label, action("missing", cohort.id, meant.id))
    label = _("“{title}” handed in", title=shorten(meant.title, 60))
    more = [
        _n("{n} late", "{n} late", counts.late) if counts.late else "",
        _n("{n} overdue", "{n} overdue", counts.overdue) if counts.overdue else "",
    ]
    name = f"milestones/{meant.id}"
    return Figure(
        name,
        label,
        counts.came,
        counts.asked,
        counts.before,
        look,
        missing,
        more=[text for text in more if text],
        dated=True,
    )
