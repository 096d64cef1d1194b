"""What drafts say: the page on which a course is laid out, and its forms."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.core.actions import Action
from bot.core.calendar import words
from bot.core.contributions import Date
from bot.core.forms import DateField, Form, TextField
from bot.core.message import (
    Block,
    Bold,
    Button,
    Link,
    Message,
    Text,
    bullets,
    buttons,
    fields,
    heading,
    message,
    note,
    paragraph,
    shorten,
    with_code,
)
from bot.core.people import Cohort
from bot.core.time import local_day, say, say_day, say_minutes
from bot.core.timetable import Timetable
from bot.core.translation import N_, _, _n
from bot.course.edit import Item
from bot.course.grammar import ListOf, MapOf
from bot.course.item_forms import ADD
from bot.course.keys import COURSE_FILE
from bot.course.model import Course
from bot.course.outline.values import Outline, Why
from bot.course.problems import Problem
from bot.course.sections import RARE, Section
from bot.features.drafts.rules import week_of, week_of_date
from bot.features.drafts.store import Rehearsal

SHOWN = 20
"""Lines of an outline that are named at once; the file has all of them."""

LONGEST = 60_000
"""Characters of a pasted text."""

LABEL = 75
IN_WEEK = ("materials", "milestones", "discussions", "prompts", "live")
RARELY = ("weeks", "checkins", "reviews", "rooms")


@dataclass(frozen=True, slots=True)
class Layout:
    """A draft as its page shows it. `cohort`: the one that it is for. `address`: of the file."""

    of: int
    course: Course
    items: Sequence[Item]
    table: Timetable
    problems: Sequence[Problem]
    dates: Sequence[Date]
    address: str
    can_undo: bool
    cohort: Cohort | None = None
    zone: str = "UTC"
    other: Cohort | None = None
    """The cohort from whose page another course was begun."""
    rehearsal: Rehearsal | None = None
    share: float | None = None
    """How much of the rehearsal was played, while it goes on."""
    is_older: bool = False
    """Whether the course was changed since the rehearsal."""


def do(name: str, of: int, subject: str = "") -> str:
    return Action("drafts", name, 0, f"{of}.{subject}").encode()


# Without a draft


def empty(of: int, cohort: Cohort | None) -> Message:
    return message(
        paragraph(
            _(
                "Lay out a course here, by forms: its weeks, what there is to study, to do and to talk about. Beside "
                "it stand the minutes, the dates and what learners would stumble over. Nobody sees it but you, and "
                "nothing runs by it before you say so."
            )
        ),
        buttons(
            Button(_("Take this cohort's course"), do("take", of), "primary") if cohort else None,
            Button(_("Take an outline or a course file"), do("paste", of), "plain" if cohort else "primary"),
            Button(_("Begin with empty weeks"), do("new", of)),
        ),
        note(_("What you do not change for 30 days is deleted.")),
    )


# The page


def page(layout: Layout, behind: Sequence[Block | None]) -> Message:
    """`behind`: what others have changed since it began."""
    course, of = layout.course, layout.of
    # Once there is one, it is what its reader came back for.
    rehearsal = (heading(_("A rehearsal")), *_rehearsal(layout))
    shown = message(
        paragraph(Bold(course.title), *_for(layout)),
        *behind,
        fields(
            (_("Begins"), say_day(layout.table.starts_on, "year")),
            (_("Time a week"), say_minutes(course.weekly_minutes)),
            (_("All times by"), _clock(layout)),
            (_("The audit"), _audit(layout)),
        ),
        bullets(*(_finding(p) for p in layout.problems if week_of(course, p.path) == 0)),
        buttons(
            Button(_("Title, time and completion"), do("item", of, "course")),
            None if layout.cohort else Button(_("The start"), do("start", of)),
            Button(_("Take an outline or a course file"), do("paste", of)),
            Button(_("Undo the last change"), do("undo", of)) if layout.can_undo else None,
        ),
        *(rehearsal if layout.rehearsal else ()),
        *(block for week in course.weeks for block in _week(layout, week.number)),
        heading(_("In several weeks")),
        _items(layout, 0),
        buttons(
            *(Button(_(ADD[kind]), do("add", of, f"{kind}.0")) for kind in RARELY),
            Button(_("What no form holds, as text"), do("text", of)),
        ),
        *(() if layout.rehearsal else rehearsal),
        heading(_("And then")),
        *_after(layout),
    )
    return replace(shown, goes_on=layout.share is not None)


def as_text(of: int, sections: Sequence[str]) -> Message:
    absent = [name for name in RARE if name not in sections]
    return message(
        note(_("What no form holds is written here, as the course file has it. An error is said with its line.")),
        buttons(*(Button(named(name), do("section", of, name)) for name in sections)),
        buttons(*(Button(_("Add: {section}", section=named(name)), do("section", of, name)) for name in absent)),
    )


def _for(layout: Layout) -> Text:
    if layout.other:
        return (" · ", _("another course than {cohort} runs by", cohort=layout.other.code))
    return (" · ", _("for {cohort}", cohort=layout.cohort.code)) if layout.cohort else ()


def _clock(layout: Layout) -> str:
    """Whose clock the dates and the audit go by: one for both."""
    place = layout.zone.rpartition("/")[2].replace("_", " ")
    if layout.cohort:
        return _("the cohort's clock ({place})", place=place)
    return _("your clock ({place}), until a cohort has its own", place=place)


def _audit(layout: Layout) -> str:
    """How many findings the page lists, and how many of them keep a live session from being held."""
    if not layout.problems:
        return _("nothing to say, a rehearsal would be next")
    said = _n("{n} thing to look at", "{n} things to look at", len(layout.problems))
    if errors := sum(p.severity == "error" for p in layout.problems):
        of_live = _n("{n} is an answer of a live session", "{n} are answers of live sessions", errors)
        return _("{said}, of which {of_live}", said=said, of_live=of_live)
    return said


def _week(layout: Layout, number: int) -> Iterator[Block | None]:
    yield from _sums(layout, number)
    yield _items(layout, number)
    added = (Button(_(ADD[kind]), do("add", layout.of, _list(kind, number))) for kind in IN_WEEK)
    yield buttons(*added)


def _sums(layout: Layout, number: int) -> Iterator[Block | None]:
    """The name of a week, its days and minutes, what the audit says of it, and its dates."""
    course = layout.course
    week = course.weeks[number - 1]
    planned = course.minutes(number)
    yield heading(_("Week {number}: {title}", number=number, title=week.title))
    monday = layout.table.monday(number)
    days = _("{first} to {last}", first=say_day(monday), last=say_day(monday + timedelta(days=6)))
    said = _("{planned} of {budget}", planned=say_minutes(planned), budget=say_minutes(course.weekly_minutes))
    over = planned > course.weekly_minutes
    yield paragraph(days, " · ", Bold(said) if over else said, *([" · ", week.goal] if week.goal else []))
    yield bullets(*(_finding(p) for p in layout.problems if week_of(course, p.path) == number))
    yield bullets(*(_date(layout, d) for d in layout.dates if _week_of(layout, d) == number))


def _list(kind: str, number: int) -> str:
    return f"{kind}.{number}"


def _items(layout: Layout, number: int) -> Block | None:
    """What belongs to a week, each a button to its form."""
    found = [one for one in layout.items if one.name != "course" and week_of(layout.course, one.path) == number]
    return buttons(*(Button(shorten(one.label, LABEL), do("item", layout.of, one.name)) for one in found))


def _finding(problem: Problem) -> str:
    return f"{problem.message} {problem.how or problem.fix}".rstrip().replace("`", "")


def _week_of(layout: Layout, one: Date) -> int:
    """The week of a date. A check-in comes several times, each on its day."""
    if one.id.partition("/")[0] in {c.id for c in layout.course.checkins}:
        return layout.table.week_on(local_day(one.at, layout.zone))
    return one.week or week_of_date(layout.course, one.id)


def _date(layout: Layout, one: Date) -> Text:
    return (words(one.kind, one.subject), ": ", say(one.at, layout.zone))


def _rehearsal(layout: Layout) -> Iterator[Block | None]:
    last = layout.rehearsal
    if layout.share is not None:
        share = int(100 * layout.share)
        yield paragraph(Bold(_("The course is being played: {share} %.", share=share)))
        yield note(
            _("What it finds will stand here. It goes on when you leave this page; look again in a minute or two.")
        )
        yield paragraph(Link(layout.address.rpartition("/")[0], _("Look again")))
        return
    if last is None:
        yield paragraph(
            _(
                "Invented learners take the whole course, with all its messages, in a few minutes. Nobody is written "
                "to. It shows what comes twice, at a wrong time, too often or never."
            )
        )
    else:
        yield paragraph(Bold(_played(last)), *([" ", _("The course was changed since.")] if layout.is_older else []))
        yield bullets(*_lines(last.found))
        yield note(" ".join(last.notes.splitlines())) if last.notes else None
    again = last is not None and last.outcome != ""
    yield buttons(Button(_("Rehearse it again") if again else _("Rehearse it"), do("rehearse", layout.of), "primary"))


def _played(last: Rehearsal) -> str:
    if last.outcome == "well":
        return _("Rehearsed: nothing to fix. All came once, at its time, within the budget.")
    if last.outcome == "found":
        return _n("Rehearsed: {n} thing to fix.", "Rehearsed: {n} things to fix.", len(last.found.splitlines()))
    return _("The rehearsal did not come to its end.")


def _lines(text: str) -> list[str]:
    """As many as are read at once, and how many more there are."""
    said = text.splitlines()
    more = len(said) - SHOWN
    return [*said[:SHOWN], *([_n("And {n} more.", "And {n} more.", more)] if more > 0 else [])]


def rehearsing() -> Message:
    return message(paragraph(_("The rehearsal has begun. What it finds will stand on this page.")))


def _after(layout: Layout) -> Iterator[Block | None]:
    name = f"{layout.course.id}.yaml"
    yield paragraph(Link(layout.address, _("Download the course file")))
    if layout.cohort is not None:
        use = Action("drafts", "propose", layout.cohort.id, str(layout.of)).encode()
        yield buttons(
            Button(_("Use it for {cohort}", cohort=shorten(layout.cohort.title, 40)), use, "primary"),
            Button(_("Take this cohort's course"), do("take", layout.of)),
        )
        yield note(_("You see first what it would change, for whom, and nothing changes before you say so."))
    if layout.other is not None:
        yield paragraph(another(layout.other))
        yield buttons(Button(_("Take this cohort's course"), do("take", layout.of)))
    of_file = {"file": name, "start": layout.table.starts_on.isoformat(), "zone": layout.zone}
    rehearsal = _(
        "With more learners, and all that was said: `pacekeeper rehearse {file} --start {start} --learners 30 --out "
        "rehearsal`",
        **of_file,
    )
    yield paragraph(*with_code(rehearsal))
    if layout.cohort is None:
        making = _(
            "Whoever runs the bot makes a cohort of the file: `pacekeeper cohort create {file} --start {start} --zone "
            "{zone}`",
            **of_file,
        )
        yield paragraph(*with_code(making))


def another(cohort: Cohort) -> str:
    return _(
        "This is another course than {cohort} runs by. So it cannot be used there; it needs a cohort of its own.",
        cohort=cohort.title,
    )


def saved(what: str, layout: Layout) -> Message:
    """The receipt of a change: what it was, and what the audit says now."""
    return message(paragraph(what, " ", _("The audit: {said}.", said=_audit(layout))))


def tried(layout: Layout, number: int) -> Message:
    """What stands beside a form: the week that it is about with its minutes and dates, or all weeks."""
    weeks = [number] if number else [week.number for week in layout.course.weeks]
    shown = [block for n in weeks for block in _sums(layout, n)]
    general = [_finding(p) for p in layout.problems if week_of(layout.course, p.path) == 0]
    return message(paragraph(Bold(_("The audit: {said}.", said=_audit(layout)))), bullets(*general), *shown)


def nothing_yet() -> Message:
    return message(note(_("What the text becomes will stand here.")))


GUESSES: dict[Why, str] = {
    "material": N_("“{text}”: taken for a material, since nothing says what it is."),
    "exercise": N_("“{text}”: an exercise, since no question is in it."),
    "due": N_("“{text}”: due {took}, by the cohort's clock."),
    "day": N_("“{text}”: due {took}, anywhere on earth, since no time is written."),
    "date": N_("“{text}”: ‘{took}’ was left out; its date here is by the day of its week, in its form."),
    "dates": N_("“{text}”: ‘{took}’ was left out; the weeks here follow the start."),
    "budget": N_("“{text}”: of this, ‘{took}’ was read as the time a week."),
    "slots": N_("“{text}”: no time was read, so its times here are only examples."),
    "minutes": N_("“{text}”: no length was read, so its minutes here are only an example."),
    "weeks": N_("“{text}”: the rows without a number are weeks, too, in their order."),
}
"""What is said of what was guessed."""


def taken(outline: Outline, layout: Layout) -> Message:
    """What an outline became: nothing of it is dropped unsaid."""
    said = _n("{n} week was read.", "{n} weeks were read.", len(outline.weeks))
    guessed, unread = outline.guessed, outline.unread
    return message(
        paragraph(said, " ", _("The audit: {said}.", said=_audit(layout))),
        paragraph(Bold(_("Guessed, so please look at it:"))) if guessed else None,
        bullets(*(_(GUESSES[one.why], text=shorten(one.text, 120), took=one.took) for one in guessed[:SHOWN])),
        more(len(guessed)),
        paragraph(Bold(_("Not understood, and kept as comments at the end of the file:"))) if unread else None,
        bullets(*(_("Line {n}: {text}", n=n, text=shorten(text, 200)) for n, text in unread[:SHOWN])),
        more(len(unread)),
        note(_("Each week also has a wrap-up of three questions, which no outline has.")),
    )


def more(number: int) -> Block | None:
    more = number - SHOWN
    return note(_n("And {n} more.", "And {n} more.", more)) if more > 0 else None


# Forms

FIRST = {
    "course": ("title", "weekly_minutes", "completion", "live_only"),
    "weeks": ("title", "goal", "minutes", "after"),
    "materials": ("title", "link", "minutes", "kind"),
    "milestones": ("title", "week", "due", "minutes", "essential"),
    "prompts": ("title", "week", "weekly", "opens", "questions.text", "questions.audience", "questions.kind"),
    "discussions": ("title", "question", "week", "closes", "minutes"),
    "checkins": ("title", "week", "weekly", "days", "minutes"),
    "reviews": ("milestone", "title", "rubric", "week", "due", "minutes"),
    "live": (
        *("title", "week", "minutes", "slots", "kind", "objective", "goal", "optional", "alternative", "recorded"),
        *("reflection", "pays", "metric"),
    ),
    "rooms": ("title", "week", "weekly", "slots", "minutes"),
}
"""The fields that people fill in, of each list; the rest has values that suit most."""


def in_order(form: Form, kind: str) -> Form:
    """The form with its most important fields first, and the rest folded. A field that has to be filled in is first."""
    first = FIRST.get(kind, ())
    open_fields = [f for f in form.fields if f.name in first or (f.required and not f.value)]
    if not open_fields:
        return form
    open_fields.sort(key=lambda f: first.index(f.name) if f.name in first else len(first))
    rest = [f for f in form.fields if f not in open_fields]
    return replace(form, fields=(*open_fields, *rest), first=len(open_fields) if rest else 0)


def new_form(of: int) -> Form:
    shown = (
        TextField("title", _("Title"), _("What learners read."), max_length=200),
        TextField("weeks", _("Weeks"), _("How many; more can be added."), max_length=2, number=True, value="5"),
        _minutes(),
    )
    return Form(do("new", of), _("Begin with empty weeks"), shown, _("Make them"))


def paste_form(of: int) -> Form:
    hint = _(
        "Headings are weeks, lines are what there is to do: 'Read …', 'Watch …', 'Hand in: …', 'Discuss: …', "
        "'Goal: …', 'Live: …', with '(30 min)' and links. A course file (YAML) keeps its comments and its order."
    )
    shown = (
        TextField("text", _("Outline or course file"), hint, long=True, max_length=LONGEST, from_file=True),
        TextField("title", _("Title"), _("If the text has none."), required=False, max_length=200),
        _minutes(),
    )
    return Form(do("paste", of), _("Take an outline or a course file"), shown, _("Read it"))


def _minutes() -> TextField:
    hint = _("How much time a learner has for the course in a week, in minutes.")
    return TextField("weekly_minutes", _("Minutes a week"), hint, max_length=4, number=True, value="240")


def named(section: str) -> str:
    return section.replace("_", " ").capitalize()


def section_form(of: int, section: Section) -> Form:
    declared = next(key for key in COURSE_FILE.keys if key.name == section.name)
    item = declared.value.item if isinstance(declared.value, ListOf) else declared.value
    keys = ", ".join(key.name for key in item.keys) if isinstance(item, MapOf) else ""
    hint = " ".join(
        [_(declared.doc), _("Its keys: {keys}.", keys=keys), _("An empty text takes the section out of the file.")]
    )
    text = section.text or f"{section.name}:\n  "
    shown = TextField("text", named(section.name), hint, required=False, long=True, max_length=LONGEST, value=text)
    return Form(do("section", of, section.name), named(section.name), (shown,), _("Save"))


def start_form(of: int, starts_on: date) -> Form:
    hint = _("The first day; its week is week 1. The dates on the page go by it.")
    return Form(
        do("start", of),
        _("The start"),
        (DateField("starts_on", _("Start"), hint, value=starts_on.isoformat()),),
        _("Save"),
    )
