"""A course is laid out on a page: each form there is an edit of the draft's course file, and the file is its export."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

from bot.core.actions import read_number
from bot.core.calendar import calendar
from bot.core.contributions import PROPOSED, RAN
from bot.core.due import Due, Plan
from bot.core.errors import FormRefused, NotAllowed, NotFound, Refused
from bot.core.feature import Press, Reply, Submission
from bot.core.forms import Stored
from bot.core.message import Block, Message
from bot.core.pages import File, signed_out, way_in
from bot.core.people import ANYONE, STAFF, Cohort, Role
from bot.core.ports import Rehearsed
from bot.core.time import local_day, monday_of
from bot.core.translation import N_, _
from bot.core.turn import Turn
from bot.course import edit, item_forms, sections
from bot.course.inspection import inspect
from bot.course.item_forms import Changed
from bot.course.loader import course_of
from bot.course.outline.drafting import drafted
from bot.course.outline.reading import read
from bot.course.outline.values import Outline
from bot.features.drafts import meanwhile, meanwhile_views, rules, views
from bot.features.drafts.meanwhile import Meanwhile
from bot.features.drafts.store import Draft, DraftStore, Rehearsal, feature
from bot.features.drafts.views import Layout

__all__ = ["feature"]

Drafts = Turn[DraftStore]

PAGE = "draft/{of}"
FILE = "draft/{of}/{file}"
WAY = N_("In the chat, write `/cohort course` and press 'On a page' for a new link.")

UNUSED = timedelta(days=30)
LATEST = timedelta(days=3650)

_UNNAMED = "(…)"
"""Stands for what is not filled in yet, while a form is tried."""

ERRORS = 10
"""Most errors that are said of a pasted text at once."""


# The way in, and the page


@feature.action("open", roles=ANYONE, lane="private")
def lead_to_page(turn: Drafts, press: Press) -> Reply:
    """A cohort's course is its draft's first text."""
    if not turn.links.address:
        raise NotFound(_("Pages are not served here. The course file can be edited all the same: `/cohort course`."))
    of, cohort = _meant(turn, press.subject)
    if cohort is not None and turn.store.draft(turn.me.id, of) is None:
        _keep(turn, of, cohort.course_text, None)
    return way_in(turn.links.invite(turn.me.id, PAGE.format(of=of)), _("Lay out the course"))


@feature.page(PAGE, title=N_("A course, laid out"), roles=ANYONE, way=WAY)
def show(turn: Drafts, asked: Mapping[str, str]) -> Message:
    of, cohort = _meant(turn, asked["of"])
    draft = turn.store.draft(turn.me.id, of)
    if draft is None:
        return views.empty(of, cohort)
    return views.page(_layout(turn, draft), _behind(turn, draft))


@feature.page(FILE, title=N_("The course file"), roles=ANYONE, way=WAY)
def download(turn: Drafts, asked: Mapping[str, str]) -> File:
    draft = _draft(turn, asked["of"])
    return File("application/yaml", draft.text, f"{course_of(draft.text).id}.yaml")


def _meant(turn: Drafts, subject: str) -> tuple[int, Cohort | None]:
    """The number of a cohort (0: none) of which the acting person is staff."""
    of = read_number(subject.partition(".")[0])
    if turn.person is None:
        raise NotAllowed(signed_out(None))
    if not of:
        return 0, None
    both = [*turn.people.memberships(turn.me.id), *turn.people.memberships(turn.me.id, ended=True)]
    if not any(m.cohort == of and m.role in STAFF for m in both):
        raise NotAllowed(_("This is for the course team of the cohort."))
    return of, turn.people.cohort(of)


def _draft(turn: Drafts, subject: str) -> Draft:
    of, _cohort = _meant(turn, subject)
    found = turn.store.draft(turn.me.id, of)
    if found is None:
        raise NotFound(_("This course is not here any more. Open the page again to begin anew."))
    return found


def _runs(turn: Drafts, draft: Draft) -> tuple[Cohort | None, Cohort | None]:
    """The cohort that runs by the draft's course, and the one from whose page another course was begun."""
    cohort = turn.people.cohort(draft.cohort) if draft.cohort else None
    is_its = cohort is not None and course_of(cohort.course_text).id == course_of(draft.text).id
    return (cohort, None) if is_its else (None, cohort)


def _layout(turn: Drafts, draft: Draft) -> Layout:
    """The draft with its dates and what the audit says. A cohort's own weeks and holidays count, if it is for one."""
    here, other = _runs(turn, draft)
    course = course_of(draft.text)
    if here is not None:
        of_it = replace(here, course_text=draft.text)
        zones = [p.zone for p in turn.people.members(here.id, Role.LEARNER)]
    else:
        of_it, zones = Cohort(0, "draft", course.title, draft.text, turn.me.zone, draft.starts_on), []
    own = replace(turn, cohort=of_it)
    # What learners have stored dates of is asked by the number of their cohort; a draft's are those of its text.
    planned = replace(of_it, id=0)
    rehearsal = turn.store.rehearsal(draft.person, draft.cohort)
    dates = calendar(replace(turn, cohort=planned), planned, of_it.zone)
    return Layout(
        draft.cohort,
        course,
        edit.items(draft.text),
        of_it.timetable,
        inspect(own, of_it, "course.yaml", zones),
        [d for d in dates if d.kind in ("closes", "due", "live", "end")],
        f"{turn.links.address}/{PAGE.format(of=draft.cohort)}/course.yaml",
        bool(draft.before),
        here,
        of_it.zone,
        other,
        rehearsal,
        turn.store.rehearser().share(_name(draft)) if rules.is_going(rehearsal, turn.now) else None,
        rehearsal is not None and rehearsal.stamp != rules.stamp(draft.text),
    )


# Changes


def _keep(
    turn: Drafts, of: int, text: str, before: Draft | None, starts_on: date | None = None, base: str | None = None
) -> Draft:
    """Stores a draft; the first plans its end. `base`: the cohort's course that all of `text` began from, if it is not
    that of the draft before."""
    start = starts_on or (before.starts_on if before else _soon(turn))
    cohort = turn.people.cohort(of) if of else None
    present = cohort.course_text if cohort else ""
    known = meanwhile.level(before, present) if before else present
    new_base = known if base is None else base
    draft = Draft(
        turn.me.id, of, text, before.text if before else "", start, turn.now, new_base, known if before else ""
    )
    turn.store.keep(draft)
    if before is None:
        _plan_end(turn, draft)
    return draft


def _soon(turn: Drafts) -> date:
    return monday_of(local_day(turn.now, turn.me.zone)) + timedelta(weeks=1)


def _save(turn: Drafts, before: Draft | None, of: int, changed: Changed) -> Draft:
    """Stores what a form made of the file. Raises FormRefused for each error at its field."""
    _refuse(changed)
    return _keep(turn, of, changed.text, before)


def stored(turn: Drafts, filled: Submission) -> list[Stored]:
    """A form about the whole draft replaces it as it was when the form was opened."""
    of, _cohort = _meant(turn, filled.subject)
    draft = turn.store.draft(turn.me.id, of)
    if draft is None:
        return []
    return [Stored({"draft": draft.text, "start": draft.starts_on.isoformat()}, _("changed in another window"))]


@feature.action("new", roles=ANYONE, lane="form")
def ask_new(turn: Drafts, press: Press) -> Reply:
    return views.new_form(_meant(turn, press.subject)[0])


@feature.form("new", roles=ANYONE, replaces=stored)
def begin(turn: Drafts, filled: Submission) -> Reply:
    of, _cohort = _meant(turn, filled.subject)
    weeks, minutes = read_number(filled.values.get("weeks", "").strip()), _minutes(filled)
    if not weeks or weeks > rules.WEEKS:
        raise FormRefused({"weeks": _("Please write a number from 1 to {most}.", most=rules.WEEKS)})
    text = drafted(rules.blank(filled.values.get("title", "").strip() or _("My course"), weeks), "", minutes)
    draft = _save(turn, turn.store.draft(turn.me.id, of), of, Changed(text, "", ()))
    return views.saved(_("The weeks are there."), _layout(turn, draft))


@feature.action("paste", roles=ANYONE, lane="form")
def ask_text(turn: Drafts, press: Press) -> Reply:
    return views.paste_form(_meant(turn, press.subject)[0])


@feature.form("paste", roles=ANYONE, replaces=stored)
def take_text(turn: Drafts, filled: Submission) -> Reply:
    """An outline becomes a draft of a course; a course file is taken as it is."""
    of, _cohort = _meant(turn, filled.subject)
    text, found = _taken(filled)
    layout = _layout(turn, _keep(turn, of, text, turn.store.draft(turn.me.id, of)))
    return views.taken(found, layout) if found else views.saved(_("The course file is there, as it was."), layout)


def _taken(filled: Submission) -> tuple[str, Outline | None]:
    """The course file of a text, and what was read if the text is an outline. Raises FormRefused."""
    text = filled.values.get("text", "")
    if rules.is_file(text):
        _refuse_errors(text)
        return text, None
    found = read(text)
    if not found.weeks:
        raise FormRefused({"text": _("No week was found. Begin each with a heading, such as '## Week 1: Why'.")})
    title = filled.values.get("title", "").strip() or _("My course")
    file = drafted(found, title, _minutes(filled))
    _refuse_errors(file)
    return file, found


def _refuse_errors(text: str, first: int = 1, lines: int | None = None) -> None:
    if wrong := sections.errors(text, first, lines):
        raise FormRefused({"text": " ".join(wrong[:ERRORS])})


def _minutes(filled: Submission) -> int:
    minutes = read_number(filled.values.get("weekly_minutes", "").strip())
    if not minutes:
        raise FormRefused({"weekly_minutes": _("Please write a number of minutes, such as 240.")})
    return minutes


@feature.action("take", roles=ANYONE, lane="private")
def take_cohorts(turn: Drafts, press: Press) -> Reply:
    """Begins anew with what the cohort runs by; 'Undo' brings the draft back."""
    of, cohort = _meant(turn, press.subject)
    if cohort is None:
        raise NotFound
    draft = _keep(turn, of, cohort.course_text, turn.store.draft(turn.me.id, of), base=cohort.course_text)
    return views.saved(_("This is the course as the cohort runs by it."), _layout(turn, draft))


@feature.action("item", roles=ANYONE, lane="form")
def ask_item(turn: Drafts, press: Press) -> Reply:
    draft, name = _draft(turn, press.subject), press.subject.partition(".")[2]
    item = edit.item(draft.text, name)
    form = item_forms.item_form(
        views.do("item", draft.cohort, name), item, draft.text, _("'Undo the last change' brings it back.")
    )
    return views.in_order(replace(form, submit=_("Save")), name.partition(".")[0])


def stored_item(turn: Drafts, filled: Submission) -> list[Stored]:
    draft, name = _draft(turn, filled.subject), filled.subject.partition(".")[2]
    found = item_forms.in_form(edit.fields(draft.text, edit.item(draft.text, name).path))
    return [Stored({e.name: e.value for e in found}, _("changed in another window"))]


@feature.form("item", roles=ANYONE, replaces=stored_item)
def take_item(turn: Drafts, filled: Submission) -> Reply:
    draft, name = _draft(turn, filled.subject), filled.subject.partition(".")[2]
    label = edit.item(draft.text, name).label
    now = _save(turn, draft, draft.cohort, item_forms.edited(draft.text, name, filled.values))
    said = _("Removed: {item}.", item=label) if filled.values.get("remove") else _("Saved: {item}.", item=label)
    return views.saved(said, _layout(turn, now))


@feature.action("add", roles=ANYONE, lane="form")
def ask_new_item(turn: Drafts, press: Press) -> Reply:
    draft = _draft(turn, press.subject)
    kind, week = _list(press.subject)
    name = f"{kind}.{week}" if kind == "materials" else kind
    form = item_forms.add_form(views.do("add", draft.cohort, f"{kind}.{week}"), name, draft.text, week)
    known = {"id": rules.free_id(draft.text, kind.rstrip("s"))} if kind != "weeks" else {}
    known |= {"week": week} if week != "0" else {}
    return views.in_order(replace(form.filled(known), submit=_("Add it")), kind)


def _list(subject: str) -> tuple[str, str]:
    """The list of a new item and its week ('0': none), of a subject such as '7.milestones.2'."""
    _of, kind, week = [*subject.split("."), "0", "0"][:3]
    return kind, week


@feature.form("add", roles=ANYONE, replaces=None)
def take_new_item(turn: Drafts, filled: Submission) -> Reply:
    draft = _draft(turn, filled.subject)
    now = _save(turn, draft, draft.cohort, _extended(draft, filled))
    return views.saved(_("Added: {item}.", item=_name_of(now.text, filled)), _layout(turn, now))


def _name_of(text: str, filled: Submission) -> str:
    """What people call a new item: its title, or what it is."""
    name = f"{_list(filled.subject)[0]}.{filled.values.get('id', '')}"
    found = next((one.label for one in edit.items(text) if one.name == name), "")
    return filled.values.get("title", "").strip() or found


def _extended(draft: Draft, filled: Submission) -> Changed:
    kind, week = _list(filled.subject)
    return item_forms.extended(draft.text, f"{kind}.{week}" if kind == "materials" else kind, filled.values)


@feature.action("text", roles=ANYONE, lane="private")
def show_sections(turn: Drafts, press: Press) -> Reply:
    draft = _draft(turn, press.subject)
    return views.as_text(draft.cohort, [one.name for one in sections.sections(draft.text)])


@feature.action("section", roles=ANYONE, lane="form")
def ask_section(turn: Drafts, press: Press) -> Reply:
    draft, name = _draft(turn, press.subject), press.subject.partition(".")[2]
    return views.section_form(draft.cohort, sections.section(draft.text, name))


def stored_section(turn: Drafts, filled: Submission) -> list[Stored]:
    draft, name = _draft(turn, filled.subject), filled.subject.partition(".")[2]
    return [Stored({"text": sections.section(draft.text, name).text}, _("changed in another window"))]


@feature.form("section", roles=ANYONE, replaces=stored_section)
def take_section(turn: Drafts, filled: Submission) -> Reply:
    """What no form holds is written as text."""
    draft, name = _draft(turn, filled.subject), filled.subject.partition(".")[2]
    text = _with_section(draft, filled)
    return views.saved(
        _("Saved: {item}.", item=views.named(name)), _layout(turn, _keep(turn, draft.cohort, text, draft))
    )


def _with_section(draft: Draft, filled: Submission) -> str:
    name, said = filled.subject.partition(".")[2], filled.values.get("text", "").strip()
    text = sections.replaced(draft.text, name, said)
    _refuse_errors(text, sections.section(draft.text, name).first, len(said.splitlines()))
    return text


@feature.action("start", roles=ANYONE, lane="form")
def ask_start(turn: Drafts, press: Press) -> Reply:
    draft = _draft(turn, press.subject)
    return views.start_form(draft.cohort, draft.starts_on)


@feature.form("start", roles=ANYONE, replaces=stored)
def take_start(turn: Drafts, filled: Submission) -> Reply:
    draft = _draft(turn, filled.subject)
    now = _keep(turn, draft.cohort, draft.text, draft, _start(filled))
    return views.saved(_("The dates follow the new start."), _layout(turn, now))


def _start(filled: Submission) -> date:
    try:
        return date.fromisoformat(filled.values.get("starts_on", ""))
    except ValueError:
        raise FormRefused({"starts_on": _("Please choose a day.")}) from None


@feature.action("undo", roles=ANYONE, lane="private")
def undo(turn: Drafts, press: Press) -> Reply:
    """What was undone comes back in the same way."""
    draft = _draft(turn, press.subject)
    if not draft.before:
        raise NotFound(_("There is nothing to undo."))
    undone = _keep(turn, draft.cohort, draft.before, draft, base=draft.base_before)
    return views.saved(_("Undone. Once more brings it back."), _layout(turn, undone))


# What others have changed meanwhile


def _meanwhile(turn: Drafts, draft: Draft) -> Meanwhile | None:
    cohort = turn.people.cohort(draft.cohort) if draft.cohort else None
    return meanwhile.found(draft, cohort.course_text, turn.collect(RAN, cohort)) if cohort else None


def _behind(turn: Drafts, draft: Draft) -> Sequence[Block | None]:
    since = _meanwhile(turn, draft)
    return meanwhile_views.behind(draft.cohort, since, _names(turn, since)) if since else ()


def _names(turn: Drafts, since: Meanwhile) -> str:
    """Who has changed it; 'you', if that was in the chat."""
    names = [
        _("you") if id == turn.me.id else turn.people.person(id).name if id else _("the operator") for id in since.by
    ]
    return ", ".join(names) or _("the operator")


@feature.action("bring", roles=ANYONE, lane="private")
def bring_in(turn: Drafts, press: Press) -> Reply:
    """'7.mine.STAMP': whose is kept where both changed the same, of what its reader saw."""
    draft = _draft(turn, press.subject)
    _of, side, seen = [*press.subject.split("."), "", ""][:3]
    since = _meanwhile(turn, draft)
    if since is None:
        return views.saved(_("All that others changed is here."), _layout(turn, draft))
    if since.collides and (side not in ("theirs", "mine") or seen != rules.stamp(since.present)):
        return meanwhile_views.to_choose(draft.cohort, since, _names(turn, since))
    text = since.theirs if side == "theirs" else since.mine
    now = _keep(turn, draft.cohort, text, draft, base=since.present)
    return views.saved(_("All that others changed is here, except where you kept yours."), _layout(turn, now))


@feature.action("propose", roles=STAFF, lane="private")
def propose(turn: Drafts, press: Press) -> Reply:
    """Hands the course to whoever changes a cohort's: it is looked at first, and used by a second press. What others
    have changed since the draft began is brought in before."""
    draft, why = _draft(turn, str(turn.here.id)), ""
    if (other := _runs(turn, draft)[1]) is not None:
        raise Refused(views.another(other))
    if since := _meanwhile(turn, draft):
        if since.collides:
            return meanwhile_views.to_choose(draft.cohort, since, _names(turn, since))
        why = meanwhile_views.brought_in(_names(turn, since))
        draft = _keep(turn, draft.cohort, since.mine, draft, base=since.present)
    try:
        return next(iter(turn.collect(PROPOSED, draft.text, why)), None)
    except FormRefused as refused:
        raise Refused(" ".join(refused.problems.values())) from None


# What a form would make, as somebody types


def _tried(turn: Drafts, draft: Draft, text: str, path: str = "") -> Message:
    layout = _layout(turn, replace(draft, text=text))
    return views.tried(layout, rules.week_of(layout.course, path))


def _refuse(changed: Changed) -> None:
    """Raises FormRefused for each error at its field."""
    if wrong := item_forms.errors(changed):
        raise FormRefused({key: " ".join(said) for key, said in wrong.items()})


@feature.tries("item")
def try_item(turn: Drafts, filled: Submission) -> Message:
    """With a value that cannot be, everything else is tried all the same."""
    draft, name = _draft(turn, filled.subject), filled.subject.partition(".")[2]
    try:
        changed = item_forms.edited(draft.text, name, filled.values)
        _refuse(changed)
    except FormRefused as refused:
        rest = {key: value for key, value in filled.values.items() if key not in refused.problems}
        if "" in refused.problems or len(rest) == len(filled.values):
            raise
        raise FormRefused(refused.problems, beside=try_item(turn, replace(filled, values=rest))) from None
    return _tried(turn, draft, changed.text, changed.path)


@feature.tries("add")
def try_new_item(turn: Drafts, filled: Submission) -> Message:
    draft = _draft(turn, filled.subject)
    try:
        changed = _extended(draft, filled)
        _refuse(changed)
    except FormRefused as refused:
        if "" in refused.problems or _UNNAMED in filled.values.values():
            raise
        # What it takes and when can be seen before it has a name.
        named = replace(filled, values={**filled.values, **dict.fromkeys(refused.problems, _UNNAMED)})
        try:
            beside = try_new_item(turn, named)
        except FormRefused:
            raise refused from None
        raise FormRefused(refused.problems, beside=beside) from None
    return _tried(turn, draft, changed.text, changed.path)


@feature.tries("section")
def try_section(turn: Drafts, filled: Submission) -> Message:
    draft = _draft(turn, filled.subject)
    return _tried(turn, draft, _with_section(draft, filled))


@feature.tries("start")
def try_start(turn: Drafts, filled: Submission) -> Message:
    draft = _draft(turn, filled.subject)
    return _tried(turn, replace(draft, starts_on=_start(filled)), draft.text)


@feature.tries("paste")
def try_text(turn: Drafts, filled: Submission) -> Message:
    of, _cohort = _meant(turn, filled.subject)
    if not filled.values.get("text", "").strip():
        return views.nothing_yet()
    before = turn.store.draft(turn.me.id, of)
    text, _found = _taken(filled)
    start = before.starts_on if before else _soon(turn)
    return _tried(turn, Draft(turn.me.id, of, text, "", start, turn.now), text)


# A rehearsal


@feature.action("rehearse", roles=ANYONE, lane="private")
def begin_rehearsal(turn: Drafts, press: Press) -> Reply:
    draft = _draft(turn, press.subject)
    if not rules.is_going(turn.store.rehearsal(draft.person, draft.cohort), turn.now):
        turn.store.keep_rehearsal(Rehearsal(draft.person, draft.cohort, rules.stamp(draft.text), turn.now))
        turn.plan(Plan("drafts.rehearse", _name(draft), turn.now.isoformat(), turn.now))
    return views.rehearsing()


def _name(draft: Draft | Rehearsal) -> str:
    return f"{draft.person}/{draft.cohort}"


def _begun(turn: Drafts, due: Due) -> Rehearsal | None:
    """The rehearsal of a due row, unless it was settled, or a later one began."""
    found = turn.store.rehearsal(*map(int, due.subject.split("/")))
    return found if found and not found.outcome and found.began_at.isoformat() == due.occurrence else None


def keep_rehearsal(turn: Drafts, due: Due, ended: Rehearsed) -> None:
    if begun := _begun(turn, due):
        found, notes = ("\n".join(lines) for lines in (ended.found, ended.notes))
        turn.store.keep_rehearsal(replace(begun, outcome=ended.outcome, found=found, notes=notes))


@feature.prepares("rehearse", keep=keep_rehearsal)
def rehearse(turn: Drafts, due: Due) -> Callable[[], Awaitable[Rehearsed]] | None:
    begun = _begun(turn, due)
    draft = turn.store.draft(begun.person, begun.cohort) if begun else None
    if begun is None or draft is None:
        return None
    turn.store.keep_rehearsal(replace(begun, stamp=rules.stamp(draft.text)))
    here = _runs(turn, draft)[0]
    start, zone = (here.starts_on, here.zone) if here else (draft.starts_on, turn.people.person(draft.person).zone)
    return partial(turn.store.rehearser().play, due.subject, draft.text, start, zone)


# The end of a draft


def _plan_end(turn: Drafts, draft: Draft) -> None:
    at = draft.changed_at + UNUSED
    turn.plan(Plan("drafts.expire", _name(draft), at.isoformat(), at))


@feature.due("expire", within=LATEST)
def expire(turn: Drafts, batch: Sequence[Due]) -> None:
    for due in batch:
        person, cohort = (int(part) for part in due.subject.split("/"))
        draft = turn.store.draft(person, cohort)
        if draft is None:
            continue
        if draft.changed_at + UNUSED <= turn.now:
            turn.store.drop(person, cohort)
        else:
            _plan_end(turn, draft)
