"""What revisions say."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from bot.core.actions import Action
from bot.core.calendar import words
from bot.core.contributions import Date, Figure, Upcoming
from bot.core.forms import DateField, FileField, Form, TextField
from bot.core.holidays import NAMELESS
from bot.core.message import (
    CHOICES,
    Block,
    Bold,
    Button,
    Document,
    Inline,
    Instant,
    Message,
    Option,
    Select,
    Text,
    bullets,
    buttons,
    fields,
    heading,
    message,
    note,
    paragraph,
    shorten,
)
from bot.core.moving import falls_away, when_told
from bot.core.people import Cohort, Person
from bot.core.time import local, say, say_day, say_minutes
from bot.core.translation import N_, _, _n, all_of, phrase, some_of
from bot.course.difference import Change, Fact
from bot.course.edit import Item
from bot.course.gate.announcing import on_the_card
from bot.course.gate.loosening import ANONYMOUS, Loosened, in_words
from bot.course.gate.loosening import loosened as loosens
from bot.course.item_forms import ADD, places
from bot.course.model import Course, Week
from bot.course.problems import Problem
from bot.course.weeks import Run
from bot.features.revisions import rules
from bot.features.revisions.rules import Difference, GivenUp, Pair, Past, Short, Study, Uncounted
from bot.features.revisions.store import Proposal, Setup, Version

SHOWN = 10
"""Maximum lines of one kind in a preview; more would hide the rest."""

VERSIONS = 5
WEEKLY = "course.weekly_minutes"


def do(cohort: Cohort, name: str, subject: str = "") -> str:
    return Action("revisions", name, cohort.id, subject).encode()


def page(cohort: Cohort, setup: Setup, newest: Version | None, by: str, now: datetime, pages: bool) -> Message:
    """How the course stands, and what can be done with it. `pages`: they are served."""
    course = setup.course
    return message(
        heading(_("The course: {title}", title=course.title)),
        fields(
            (_("Version"), _since(newest, by)),
            (_("In it"), ", ".join(_parts(course))),
            (_("Starts"), say_day(setup.starts_on, "year")),
            (_("Zone"), setup.zone.replace("_", " ")),
            (_("Holidays"), _holidays(setup, now.date())),
        ),
        buttons(
            Button(_("Change dates"), do(cohort, "dates")),
            Button(_("Edit an item"), do(cohort, "items")),
            Button(_("On a page"), Action("drafts", "open", cohort.id, str(cohort.id)).encode()) if pages else None,
            Button(_("Download"), do(cohort, "download")),
            Button(_("Upload"), do(cohort, "upload")),
            Button(_("Versions"), do(cohort, "versions")),
        ),
        note(_("Each change is shown to you first, with the dates that it moves. Nothing changes before you say "
"so.",)),
    )  # fmt: skip


def _since(version: Version | None, by: str) -> Text:
    if version is None:
        return (_("1, as the cohort was made"),)
    return (f"{version.number}, ", *_when(version, by))


def _when(version: Version, by: str) -> Text:
    return (
        phrase("since {at}, by {by}", at=Instant(version.at), by=by) if version.at else (_("as the cohort was made"),)
    )


def _parts(course: Course) -> tuple[str, ...]:
    found = [_n("{n} week", "{n} weeks", len(course.weeks))]
    if course.milestones:
        found.append(_n("{n} milestone", "{n} milestones", len(course.milestones)))
    if course.prompts:
        found.append(_n("{n} prompt", "{n} prompts", len(course.prompts)))
    return tuple(found)


def _holidays(setup: Setup, today: date) -> str:
    if not setup.holidays:
        return _("none")
    said = number = str(len(setup.holidays))
    if setup.country:
        said = _("{number}, with those of {country}", number=number, country=setup.country)
    coming = next(((d, n) for d, n in sorted(setup.holidays.items()) if d >= today), None)
    if coming is None:
        return said
    return _("{said}; next {day}, {coming}", said=said, day=say_day(coming[0], "year"), coming=_named(coming[1]))


def _named(holiday: str) -> str:
    return _(NAMELESS) if holiday == NAMELESS else holiday


# The file


def download(cohort: Cohort, setup: Setup, number: int) -> Message:
    name = f"{setup.course.id}-{number}.yaml"
    said = _("The course file, version {number}. Change it, and send it in with ‘Upload’.", number=number)
    return message(paragraph(said), Document(name, setup.text), buttons(Button(_("Upload"), do(cohort, "upload"))))


def upload_form(cohort: Cohort) -> Form:
    hint = _("The whole file. You see what it would change before anything happens.")
    field = FileField("file", _("Course file"), hint, endings=(".yaml", ".yml"))
    return Form(do(cohort, "upload"), _("Upload the course"), (field,), submit=_("Look at it"))


def file_problem(found: Sequence[str]) -> str:
    """The first of what is wrong with a file, and how many more."""
    rest = len(found) - SHOWN
    more = [_("And {rest} more; fix these first.", rest=rest)] if rest > 0 else []
    return "\n".join([*(shorten(one, 400) for one in found[:SHOWN]), *more])


# One item


_KINDS = {
    "weeks": N_("Weeks"),
    "prompts": N_("Prompts"),
    "milestones": N_("Milestones"),
    "discussions": N_("Discussions"),
    "checkins": N_("Check-ins"),
    "scenarios": N_("Scenarios"),
    "reviews": N_("Reviews"),
    "live": N_("Live sessions"),
    "rooms": N_("Quiet rooms"),
}


_IN_CHAT = ("weeks", "milestones", "prompts", "discussions")
"""The lists that the chat offers to add to; a material is added to its week."""


def pick_item(cohort: Cohort, items: Sequence[Item]) -> Message:
    """A list for each kind of item, in parts where it is long."""
    kinds: dict[str, list[Item]] = {}
    for item in items:
        kind = "weeks" if item.name == "course" else item.name.partition(".")[0]
        kinds.setdefault(kind, []).append(item)
    kinds.pop("materials", None)
    lists: list[Block] = []
    for kind, some in kinds.items():
        lists += _lists(cohort, "item", kind, _(_KINDS[kind]), [Option(i.name, shorten(i.label, 75)) for i in some])
        if kind == "weeks":
            lists += _lists(cohort, "materials", kind, _("Materials of"), places(items, "weeks")[1:])
    return message(
        paragraph(_("What would you like to edit?")),
        *lists,
        buttons(
            *(Button(_(ADD[kind]), do(cohort, "add", kind)) for kind in _IN_CHAT),
            Button(_("Propose a live session"), Action("live", "propose", cohort.id, "").encode()),
        ),
        note(_("‘On a page’ of `/cohort course` has all kinds, such as reviews; scenarios are added in the file.")),
    )


def _lists(cohort: Cohort, action: str, kind: str, label: str, options: Sequence[Option]) -> Iterator[Select]:
    for start in range(0, len(options), CHOICES):
        part = tuple(options[start : start + CHOICES])
        yield Select(do(cohort, action, f"{kind}.{start}"), label, part)


def materials(cohort: Cohort, week: Week, items: Sequence[Item], course: Course) -> Message:
    """What there is to study in a week, to edit or to add to."""
    of = {"minutes": say_minutes(course.minutes(week.number)), "budget": say_minutes(course.weekly_minutes)}
    options = [Option(i.name, shorten(i.label, 75)) for i in items]
    return message(
        heading(_("Week {number}: {title}", number=week.number, title=week.title)),
        paragraph(_("{minutes} of {budget} are planned.", **of)),
        *_lists(cohort, "item", f"materials.{week.number}", _("Materials"), options),
        buttons(Button(_("Add a material"), do(cohort, "add", f"materials.{week.number}"))),
    )


# Dates


def dates_form(cohort: Cohort, setup: Setup) -> Form:
    return Form(
        do(cohort, "dates"),
        _("Change dates"),
        (
            DateField("starts_on", _("Start"), _("The first day; its week is week 1.")),
            TextField("zone", _("Time zone"), _("The cohort's own, such as Europe/Berlin."), max_length=60),
            TextField(
                "holidays",
                _("Own holidays"),
                _(
                    "One a line: 2026-12-24, or 2026-12-21..2027-01-03; a name may follow. A week that is all "
                    "holidays is a break, and is not counted.",
                ),
                required=False,
                long=True,
            ),
            TextField(
                "country",
                _("Public holidays of"),
                _("A country such as DE, or a part of it such as DE-BY. Empty: of none."),
                required=False,
                max_length=60,
            ),
        ),
        submit=_("Look at it"),
    ).filled(rules.date_values(setup))


# Versions


def versions(cohort: Cohort, found: Sequence[Version], names: Mapping[int, str]) -> Message:
    if len(found) < 2:
        return message(paragraph(_("There is one version so far. Each change that is used makes another.")))
    rows: list[Block | None] = [heading(_("Versions"))]
    for n, version in enumerate(found[:VERSIONS]):
        number = str(version.number)
        setup = version.setup
        of = _(
            "Starts {day}, {count}",
            day=say_day(setup.starts_on, "year"),
            count=_n("{n} week", "{n} weeks", len(setup.course.weeks)),
        )
        by = names.get(version.by or 0, _("the operator"))
        rows.append(
            paragraph(
                Bold(_("Version {number}", number=number)),
                " ",
                *_when(version, by),
                ". ",
                of,
                *(() if n else (", ", _("used now"))),
            )
        )
        rows.append(
            buttons(
                Button(_("Download {number}", number=number), do(cohort, "download", number)),
                Button(_("Use {number} again", number=number), do(cohort, "again", number)) if n else None,
            )
        )
    older = len(found) - VERSIONS
    rows.append(note(_("{older} older ones are kept as well.", older=older)) if older > 0 else None)
    return message(*rows)


# The preview


def preview(
    cohort: Cohort,
    difference: Difference,
    proposal: Proposal | None,
    now: datetime,
    why: str = "",
    for_manager: Sequence[Loosened] = (),
    in_file: bool = False,
) -> Message:
    """What a change would do, with buttons to apply or discard it. `why` comes first; without a proposal there are no
    buttons. `for_manager`: what the reader can only ask the manager to apply. `in_file`: the reader changed the course
    file, and not a form."""
    d = difference
    return message(
        paragraph(Bold(why)) if why else None,
        heading(_("This would change")),
        _settings(d.present, d.proposed),
        *_part(_("The course"), [*([_weeks(d)] if d.weeks else []), *(_change(c) for c in d.changes)]),
        *_part(_("Goes, although people said something in it"), [_said(*one) for one in d.said]),
        *_part(_("Counts towards completion no more"), [_uncounted(one) for one in d.uncounted]),
        *_part(_("Minutes a week"), [_minutes(d, m.week, m.old, m.new) for m in d.minutes]),
        *_part(_("Makes room for a live session"), [_given_up(one) for one in d.given_up]),
        *_dates(d, now),
        *(_held(title, reasons) for title, reasons in d.held.items()),
        *_part(
            _("The audit says"),
            [(shorten(_finding(p, in_file), 400),) for p in d.findings],
        ),
        note(_n("{n} more finding is as before.", "{n} more findings are as before.", d.old_findings))
        if d.findings and d.old_findings
        else None,
        paragraph(" ".join([*_concern(d, now), *_who_said_yes(d), *_in_hand(d)])),
        note(_decides(for_manager)) if for_manager else None,
        buttons(
            Button(_("Ask the manager"), do(cohort, "ask", str(proposal.id)), "primary")
            if for_manager
            else Button(_("Use it"), do(cohort, "use", str(proposal.id)), "primary"),
            Button(_("Discard"), do(cohort, "discard", str(proposal.id))),
        )
        if proposal
        else None,
    )


def _finding(problem: Problem, in_file: bool) -> str:
    if not in_file:
        return f"{problem.message} {problem.how}".rstrip()
    fix = problem.how or problem.fix
    return _("Line {line}: {message} {fix}", line=problem.line, message=problem.message, fix=fix)


def _names(loosened: Sequence[Loosened]) -> bool:
    """Whether all that it loosens is that reviews are no longer anonymous."""
    return bool(loosened) and all(one.key.endswith(f".{ANONYMOUS}") for one in loosened)


def _decides(loosened: Sequence[Loosened]) -> str:
    if loosened[0].key == WEEKLY:
        return _("Each week would have more time than learners were told, so the cohort's manager decides.")
    if _names(loosened):
        return _("Learners were told that nobody is named in a peer review, so the cohort's manager decides.")
    return _("Live sessions would have more room than learners were told, so the cohort's manager decides.")


def _settings(old: Setup, new: Setup) -> Block | None:
    rows: list[tuple[str, Inline | Text]] = []
    if old.starts_on != new.starts_on:
        rows.append((_("Start"), f"{say_day(old.starts_on, 'year')} → {say_day(new.starts_on, 'year')}"))
    if old.zone != new.zone:
        rows.append((_("Zone"), f"{old.zone} → {new.zone}"))
    for label, days in (
        (_("Holidays added"), [d for d in new.holidays if d not in old.holidays]),
        (_("Holidays no more"), [d for d in old.holidays if d not in new.holidays]),
    ):
        if days:
            both = {**old.holidays, **new.holidays}
            some = "; ".join(f"{say_day(d, 'year')}, {_named(both[d])}" for d in sorted(days)[:4])
            rows.append(
                (label, _("{number}: {some}{what}", number=len(days), some=some, what="; …" if len(days) > 4 else ""))
            )
    return fields(*rows) if rows else None


def _part(title: str, lines: Sequence[Text]) -> Iterable[Block | None]:
    if lines:
        rest = len(lines) - SHOWN
        more: list[Text] = [(_("and {rest} more", rest=rest),)] if rest > 0 else []
        return (paragraph(Bold(title)), bullets(*lines[:SHOWN], *more))
    return ()


def _weeks(d: Difference) -> Text:
    return (" ".join([*_what_happened_to_weeks(d.present, d.proposed), _("What belongs to a week moves with it.")]),)


def what_happened(old: Setup, new: Setup, yours: bool = False) -> list[str]:
    """Why dates move, in sentences. `yours`: for a learner."""
    said = _what_happened_to_weeks(old, new, yours)
    if old.starts_on != new.starts_on:
        said.append(
            _(
                "The first day of the course is {new}, not {old}.",
                new=say_day(new.starts_on, "year"),
                old=say_day(old.starts_on, "year"),
            )
        )
    if added := [day for day in sorted(new.holidays) if day not in old.holidays]:
        said.append(
            _n(
                "{day} ({name}) is free now.",
                "{n} days are free now, the first of them {day} ({name}).",
                len(added),
                day=say_day(added[0], "year"),
                name=new.holidays[added[0]],
            )
        )
    if gone := [day for day in sorted(old.holidays) if day not in new.holidays]:
        said.append(
            _n(
                "{day} ({name}) is no holiday any more.",
                "{n} days are no holidays any more, the first of them {day} ({name}).",
                len(gone),
                day=say_day(gone[0], "year"),
                name=old.holidays[gone[0]],
            )
        )
    if old.zone != new.zone:
        said.append(_("The course goes by the clock of {zone} now.", zone=new.zone.replace("_", " ")))
    before, after = old.course.weekly_minutes, new.course.weekly_minutes
    if after != before:
        said.append(
            _("A week takes up to {after} now, not {before}.", after=say_minutes(after), before=say_minutes(before))
        )
    return said


def asked(names: Sequence[str]) -> Message:
    return message(
        paragraph(
            _("It is with {names} now. Nothing changes before they use it, and you hear of it.", names=all_of(names))
        ),
    )


def to_decide(cohort: Cohort, proposal: Proposal, now: Course) -> Upcoming:
    """On the manager's page. `now`: the present course."""
    return Upcoming((_loosens(proposal, now),), None, look_button(cohort, proposal))


def look_button(cohort: Cohort, proposal: Proposal) -> Button:
    return Button(_("Look at it"), do(cohort, "look", str(proposal.id)))


def _loosens(proposal: Proposal, now: Course) -> str:
    before, after = now.weekly_minutes, proposal.setup.course.weekly_minutes
    if after > before:
        span = {"after": say_minutes(after), "now": say_minutes(before)}
        return _("A change gives each week {after} instead of {now}: you decide", **span)
    if _names(loosens(now, proposal.setup.course)):
        return _("A change names people in a peer review that was anonymous: you decide")
    return _("A change gives live sessions more room: you decide")


def waiting(cohort: Cohort, proposals: Sequence[Proposal]) -> Figure:
    label, button = _("Changes of the course that wait for your word"), look_button(cohort, proposals[0])
    return Figure("revisions/asked", label, len(proposals), wants_a_look=True, button=button)


def named(cohort: Cohort, found: Sequence[tuple[str, str]]) -> Figure:
    """`found`: each objective of live sessions that is new, with who named it."""
    more = [_("“{what}”, by {name}", what=shorten(what, 40), name=by) for what, by in found[:3]]
    return Figure("revisions/named", _("New objectives for live sessions"), len(found), more=more)


def loosened(found: Sequence[tuple[Loosened, str, str]]) -> Figure:
    """`found`: each promise to learners that holds no more, with who changed it and when."""
    more = [
        _("{what}: {old} → {new}, by {name}, {at}", what=in_words(one.key), old=one.old, new=one.new, name=by, at=at)
        for one, by, at in found
    ]
    return Figure("revisions/loosened", _("Promises to learners that became looser"), len(found), more=more)


def not_used(cohort: Cohort, by: str, proposal: Proposal, now: Course) -> Text:
    """`now`: the present course."""
    if proposal.setup.course.weekly_minutes > now.weekly_minutes:
        return phrase("{by} decided against more time a week in {title}.", by=by, title=Bold(cohort.title))
    if _names(loosens(now, proposal.setup.course)):
        return phrase("{by} decided against names in a peer review in {title}.", by=by, title=Bold(cohort.title))
    return phrase("{by} decided against more room for live sessions in {title}.", by=by, title=Bold(cohort.title))


def to_study(study: Study) -> list[str]:
    """'New to study in week 2: “Personas”.'"""
    said = []
    if study.new:
        titles = some_of([f"“{shorten(title, 60)}”" for title in study.new], 3)
        said.append(_("New to study in week {week}: {titles}.", week=study.week, titles=titles))
    if study.gone:
        titles = some_of([f"“{shorten(title, 60)}”" for title in study.gone], 3)
        said.append(_("No longer to study in week {week}: {titles}.", week=study.week, titles=titles))
    return said


def _what_happened_to_weeks(old: Setup, new: Setup, yours: bool = False) -> list[str]:
    """'Week 3 is new: “Feedback”. Weeks 3 to 6 become 4 to 7; the course ends a week later.'"""
    found = rules.weeks(old.course, new.course)
    said = [_("Week {week} is new: “{title}”.", week=w.number, title=shorten(w.title, 60)) for w in found.new]
    said += [_("Week {week} is left out: “{title}”.", week=w.number, title=shorten(w.title, 60)) for w in found.gone]
    if moved := [_run(run, yours and not n) for n, run in enumerate(found.moved)]:
        said.append("; ".join(moved) + ".")
    longer = len(new.course.weeks) - len(old.course.weeks)
    if longer > 0:
        said.append(_n("The course ends a week later.", "The course ends {n} weeks later.", longer))
    elif longer < 0:
        said.append(_n("The course ends a week earlier.", "The course ends {n} weeks earlier.", -longer))
    return said


def _run(run: Run, yours: bool) -> str:
    (first, last), (place, end) = run.old, run.new
    if first == last and yours:
        return _("Your week {first} becomes {place}", first=first, place=place)
    if first == last:
        return _("Week {first} becomes {place}", first=first, place=place)
    names = {"first": first, "last": last, "place": place, "end": end}
    if yours:
        return _("Your weeks {first} to {last} become {place} to {end}", **names)
    return _("Weeks {first} to {last} become {place} to {end}", **names)


def _change(change: Change) -> Text:
    if change.kind != "changed":
        return (
            _("Added: {item}", item=change.item) if change.kind == "added" else _("Removed: {item}", item=change.item),
        )
    return (f"{change.item}: ", "; ".join(_fact(f) for f in change.facts))


def _fact(fact: Fact) -> str:
    if fact.old is None:
        return _("{label} added: {new}", label=fact.label, new=fact.new)
    return _("{label} removed", label=fact.label) if fact.new is None else f"{fact.label}: {fact.old} → {fact.new}"


def _said(title: str, people: int) -> Text:
    """Their words stay with them, and where others can read them already."""
    return (_n("{title}: {n} learner", "{title}: {n} learners", people, title=f"“{shorten(title, 80)}”"),)


def _uncounted(one: Uncounted) -> Text:
    return (
        _n(
            "{n} learner would have {done} of {needs}, not {before}",
            "{n} learners would have {done} of {needs}, not {before}",
            one.people,
            done=one.done,
            needs=one.needs,
            before=one.before,
        ),
    )


def _minutes(d: Difference, week: int, old: int, new: int) -> Text:
    return (
        _(
            "Week {week}: {hours} → {hours2} of {hours3}",
            week=week,
            hours=say_minutes(old),
            hours2=say_minutes(new),
            hours3=say_minutes(d.proposed.course.weekly_minutes),
        ),
    )


def _given_up(one: GivenUp) -> Text:
    what = {"week": one.week, "title": f"“{shorten(one.title, 60)}”", "span": say_minutes(abs(one.minutes))}
    if one.minutes < 0:
        return (_("Week {week}: {title} has its {span} again", **what),)
    if one.whole:
        return (_("Week {week}: {title} leaves the card, {span}", **what),)
    return (_("Week {week}: {title} takes {span} less", **what),)


def _held(title: str, reasons: Sequence[str]) -> Block:
    said = _("“{title}” would be held: it is on no card and in no calendar yet.", title=shorten(title, 60))
    return paragraph(Bold(said), *(f" {why}" for why in reasons))


def _dates(d: Difference, now: datetime) -> Iterable[Block | None]:
    """The dates that are ahead; those that have passed stay, and are a number."""
    back = [p for p in d.moved if p.new is not None and p.new.at <= now]

    def at(date: Date) -> str:
        # One clock for the whole preview, which its last line names.
        wall, today = local(date.at, d.proposed.zone), local(now, d.proposed.zone)
        if wall.year == today.year:
            return say(date.at, d.proposed.zone)
        return _("{date}, {time}", date=say_day(wall, "year"), time=f"{wall:%H:%M}")

    # The slots of a live session have one name.
    been = list(dict.fromkeys(words(date.kind, shorten(date.subject, 60)) for date in d.been))
    return (
        paragraph(Bold(" ".join(_behind(d.behind, d.learners)))) if d.behind else None,
        *_part(_("Dates that move"), [_moved(p, at) for p in d.moved if p not in back]),
        *_part(_("Dates that would lie in the past"), [_moved(p, at) for p in back]),
        note(
            _n(
                "1 date has passed: {dates}. What has happened stays, and does not happen again.",
                "{n} dates have passed: {dates}. What has happened stays, and does not happen again.",
                len(been),
                dates=some_of(been, SHOWN),
            )
        )
        if d.been
        else None,
        note(
            _(
                "These are the dates of most learners, and all times are by the clock of {zone}.",
                zone=d.proposed.zone,
            )
        )
        if d.moved
        else None,
    )


def _behind(behind: Past, learners: int) -> list[str]:
    """'By this start 4 of 9 dates are over for 12 learners. Nobody is asked for “Sketch” any more.'"""
    people = _n("{n} learner", "{n} learners", learners)
    said = [
        _("This start lies in the past: all {of} dates would be over for {people}.", of=behind.of, people=people)
        if behind.over == behind.of
        else _(
            "This start lies in the past: {over} of {of} dates would be over for {people}.",
            over=behind.over,
            of=behind.of,
            people=people,
        )
    ]
    if behind.lost:
        said.append(_("Nobody is asked for {titles} any more.", titles=_titles(behind.lost)))
    if behind.stay:
        said.append(
            _n(
                "{titles} keeps its present date.",
                "{titles} keep their present dates.",
                len(behind.stay),
                titles=_titles(behind.stay),
            )
        )
    if behind.over == behind.of:
        said.append(_("Is this start right?"))
    elif behind.over * 2 > behind.of:
        said.append(_("That is most of the course. Is this start right?"))
    return said


def _titles(titles: Sequence[str]) -> str:
    some, more = [f"“{shorten(title, 60)}”" for title in titles[:SHOWN]], len(titles) - SHOWN
    return all_of([*some, _("{more} more", more=more)] if more > 0 else some)


def _short(short: Short) -> str:
    title = shorten(short.title, 60)
    if not short.hours:
        return _n(
            "{n} of them hears of it only after it was due: “{title}”.",
            "{n} of them hear of it only after it was due: “{title}”.",
            short.people,
            title=title,
        )
    hours = _n("{n} hour", "{n} hours", short.hours)
    return _n(
        "{n} of them hears of it less than {hours} before: “{title}”.",
        "{n} of them hear of it less than {hours} before: “{title}”.",
        short.people,
        hours=hours,
        title=title,
    )


def _moved(pair: Pair, at: Callable[[Date], str]) -> Text:
    what = words(pair.date.kind, pair.date.subject)
    if pair.old is None:
        return (_("{what}: {at} (new)", what=what, at=at(pair.date)),)
    if pair.new is None:
        return (_("Falls away: {words}, {at}", words=what, at=at(pair.old)),)
    return (f"{what}: {at(pair.old)} → {at(pair.new)}",)


def _who_said_yes(d: Difference) -> Iterator[str]:
    if d.yes:
        yield _n(
            "1 learner who said yes to a live session is told what changes.",
            "{n} learners who said yes to a live session are told what changes.",
            len(d.yes),
        )
    if lost := sum(d.yes.values()):
        yield _n(
            "1 of them loses their yes: under another id, a live session is another one.",
            "{n} of them lose their yes: under another id, a live session is another one.",
            lost,
        )


def _concern(d: Difference, now: datetime) -> Iterator[str]:
    if d.for_all or d.told or d.study.readers or not (d.yes or d.hands):
        yield _whom(d, now)


def _in_hand(d: Difference) -> Iterator[str]:
    for one in d.hands:
        title = shorten(one.title, 60)
        if one.kind == "self_check":
            yield _tried(title, len(one.people), d.present.course.privacy.smallest_group)
        elif one.taken:
            yield _n(
                "1 learner has a piece for “{title}” in hand: it goes back, and they are told.",
                "{n} learners have a piece for “{title}” in hand: it goes back, and they are told.",
                len(one.people),
                title=title,
            )
        else:
            yield _n(
                "1 learner has a piece for “{title}” in hand, and finds the new questions in its form.",
                "{n} learners have a piece for “{title}” in hand, and find the new questions in its form.",
                len(one.people),
                title=title,
            )


def _tried(title: str, people: int, smallest: int) -> str:
    """Who tried what is private, so a small number is not said."""
    if people < max(smallest, 2):
        tried = _("The self-check “{title}” goes, and somebody has tried it.", title=title)
    else:
        tried = _("The self-check “{title}” goes, and {n} learners have tried it.", title=title, n=people)
    return f"{tried} " + _("Where they see it, it says that it was taken out. In other words, it is a new one.")


def _whom(d: Difference, now: datetime) -> str:
    if d.study.readers and not d.for_all:
        readers = _n(
            "1 learner has the card of week {week}. It changes, and they are told once.",
            "{n} learners have the card of week {week}. It changes, and they are told once.",
            len(d.study.readers),
            week=d.study.week,
        )
        return f"{readers} {_who_has_dates(d, now)}" if d.told else readers
    if not d.told and not (d.for_all and d.learners):
        return _("No learner has a date ahead that moves, so nobody is told.")
    if d.for_all:
        everybody = _n("It concerns the one learner.", "It concerns all {n} learners.", d.learners)
        others = d.learners - len(d.gone | d.told.keys())
        when = when_told(d.told, now, d.gone, others)
        return " ".join(filter(None, [everybody, falls_away(d.told), when, *map(_short, d.short)]))
    return _who_has_dates(d, now)


def _who_has_dates(d: Difference, now: datetime) -> str:
    who = _n(
        "1 learner has dates that move.",
        "{n} of {learners} learners have dates that move.",
        len(d.told),
        learners=d.learners,
    )
    when = when_told(d.told, now, d.gone)
    return " ".join(filter(None, [who, falls_away(d.told), when, *map(_short, d.short)]))


def team_line(cohort: Cohort, by: Person | None, said: Sequence[str], learners: int) -> Text:
    """What the others in the course team hear of a change: what happened, and how many learners are told of dates."""
    who = by.name if by else _("The operator")
    told = _n("1 learner is told that dates move.", "{n} learners are told that dates move.", learners)
    what = " ".join([*said, *([told] if learners else [])])
    return phrase("{name} changed the course of {title}. {what}", name=who, title=Bold(cohort.title), what=what)


def in_use(version: Version, d: Difference) -> str:
    """What was done, and who hears of it."""
    who = _n("{n} learner is told once.", "{n} learners are told, once each.", d.concerned)
    said = [_("Version {number} is used from now on.", number=version.number)]
    said += [*what_happened(d.present, d.proposed), *to_study(d.study)]
    said += [on_the_card(one.title, one.week, one.day) for one in d.announced]
    nobody = [] if d.announced else [_("Nobody has to be told.")]
    return " ".join([*said, *([who] if d.concerned else nobody)])


def used(cohort: Cohort, version: Version, d: Difference) -> Message:
    return message(
        paragraph(in_use(version, d)),
        note(_("Something wrong with it? ‘Versions’ brings an earlier one back.")),
        buttons(Button(_("Versions"), do(cohort, "versions"))),
    )
