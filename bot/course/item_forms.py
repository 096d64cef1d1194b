"""The forms in which items of a course file are edited and added, and what a form that was sent makes of the file."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from bot.core.actions import read_number
from bot.core.forms import ChoiceField, Field, Form, TextField, Values, yes_no
from bot.core.message import CHOICES, Option, shorten
from bot.core.translation import N_, _
from bot.course import edit, structure
from bot.course.edit import Editable, Item
from bot.course.gate.payment import name_in_file
from bot.course.loader import check, load
from bot.course.model import Course
from bot.course.problems import CourseInvalid
from bot.course.structure import blank, list_of, place_of
from bot.course.titles import plain_title

LONGEST = 3000
"""Maximum characters in a form field."""

ADD = {
    "weeks": N_("Add a week"),
    "materials": N_("Add a material"),
    "milestones": N_("Add a milestone"),
    "prompts": N_("Add a prompt"),
    "discussions": N_("Add a discussion"),
    "checkins": N_("Add a check-in"),
    "reviews": N_("Add a peer review"),
    "live": N_("Add a live session"),
    "rooms": N_("Add a quiet room"),
}
"""The lists that a form can add to, with what its button says."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A file that a form made, which may have errors. `path`: the item of the form, `keys`: its fields."""

    text: str
    path: str
    keys: Collection[str]


def item_form(action: str, item: Item, text: str, removing: str) -> Form:
    """The keys of an item; a text that no form holds is changed in the file. `removing` says what removing it does."""
    shown, items = [_field(e) for e in in_form(edit.fields(text, item.path))], edit.items(text)
    week = next((f.value for f in shown if f.name == "week"), "")
    shown = suggested(shown, item.path.partition("[")[0], text, week)
    if (place := place_of(item.path)) is not None:
        section, at = place
        weeks, here = places(items, "weeks")[1:], item.name.split(".")[1]
        if section.endswith("materials") and len(weeks) > 1:
            hint = _("In another week it comes last.")
            shown.append(ChoiceField("to_week", _("Week"), _near(weeks, int(here) - 1), hint, value=here))
        others = places(items, section)
        if _is_ordered(section) and len(others) > 2:
            del others[at + 1]
            after, hint = _("After week"), _("What belongs to a week moves with it.")
            if section != "weeks":
                after, hint = _("After"), _("Its place in this week.")
            shown.append(ChoiceField("after", after, _near(others, at), hint, value=str(at)))
        shown.append(yes_no("remove", _("Remove it"), removing))
    return Form(action, shorten(item.label, 60), tuple(shown), _("Look at it"))


def add_form(action: str, name: str, text: str, week: str = "") -> Form:
    """A new item of a list; `name` as `list_of` takes it."""
    section, items = list_of(name), edit.items(text)
    shown = suggested([_field(e) for e in blank(section)], section, text, week)
    there = places(items, section)
    if section == "weeks":
        there, after, hint = there[1:], _("After week"), _("What belongs to later weeks moves with them.")
    else:
        after, hint = _("After"), _("Its place in this week.")
    if _is_ordered(section) and len(there) > 1:
        last = there[-1].value
        shown.insert(
            0 if section == "weeks" else len(shown),
            ChoiceField("after", after, _near(there, len(there)), hint, value=last),
        )
    return Form(action, _(ADD[name.partition(".")[0]]), tuple(shown), _("Look at it"))


def in_form(editable: Sequence[Editable]) -> list[Editable]:
    """The keys that a form holds."""
    return [e for e in editable if len(e.value) <= LONGEST]


def places(items: Sequence[Item], section: str) -> list[Option]:
    """The places in a list: 0 is before the first item, 1 after it."""
    first = _("It is the first week") if section == "weeks" else _("It comes first")
    there = [i for i in items if (place_of(i.path) or ("",))[0] == section]
    return [Option("0", first), *(Option(str(n), shorten(i.label, 75)) for n, i in enumerate(there, 1))]


def _is_ordered(section: str) -> bool:
    """Whether the order of a list is what people see; what has dates is shown by them."""
    return section == "weeks" or section.endswith("materials")


def _near(options: Sequence[Option], at: int) -> tuple[Option, ...]:
    """As many options as a list takes, around the one at an index."""
    start = max(0, min(at - CHOICES // 2, len(options) - CHOICES))
    return tuple(options[start : start + CHOICES])


def _field(e: Editable) -> Field:
    if e.choices:
        return ChoiceField(e.name, e.label, tuple(Option(c, c) for c in e.choices), e.hint, e.required, e.value)
    return TextField(e.name, e.label, e.hint, e.required, e.long, LONGEST, e.value)


def suggested(shown: Sequence[Field], section: str, text: str, week: str) -> list[Field]:
    """Fields that name something of the course with what there is to choose from."""
    try:
        course = load(text)
    except CourseInvalid:
        return list(shown)
    work = [Option(m.id, shorten(m.title, 75)) for m in course.milestones]
    objectives = [Option(said, shorten(said, 75)) for said in course.live_only]
    found = list[Field]()
    for field in shown:
        if (section, field.name) == ("reviews", "milestone") and work:
            found.append(_choice(field, work, field.hint.partition(".")[0] + "."))
        elif (section, field.name) == ("live", "objective") and objectives:
            found.append(_choice(field, objectives, _("1. What of the course needs people at the same time.")))
        elif (section, field.name) == ("live", "objective"):
            hint = _("1. What of the course needs people at the same time. The form of the course as a whole lists it.")
            found.append(replace(field, hint=hint))
        elif (section, field.name) == ("live", "pays"):
            found.append(replace(field, hint=_payers(course, read_number(week) or 0)))
        else:
            found.append(field)
    return found


def _choice(field: Field, options: Sequence[Option], hint: str) -> Field:
    kept = [] if field.value in ("", *(o.value for o in options)) else [Option(field.value, field.value)]
    found = (*options, *kept)[:CHOICES]
    # A single one may be drawn as a tick, which has to say what is ticked.
    label = field.label if field.required or len(found) > 1 else f"{field.label}: {found[0].label}"
    return ChoiceField(field.name, label, found, hint, field.required, field.value)


def _payers(course: Course, week: int) -> str:
    could = [f"{i.title}: {i.minutes}" for i in course.items(week) if i.kind != "live" and i.minutes]
    said = _(
        "5. What its week gives up for it, until the minutes are as many as its own. One a line, as title: minutes."
    )
    return f"{said} {_('Week {week} has: {could}.', week=week, could='; '.join(could))}" if could else said


# What was sent


def _with_names(text: str, section: str, week: str, values: Values) -> Values:
    """The values with what pays named as a file names it: people write titles, a file has the ids of work."""
    if section != "live" or not values.get("pays"):
        return values
    try:
        course = load(text)
    except CourseInvalid:
        return values
    items = [i for i in course.items(read_number(week) or 0) if i.kind not in ("live", "materials")]
    names = {plain_title(i.title): name_in_file(i, course) for i in items}
    lines = []
    for line in values["pays"].splitlines():
        title, sign, minutes = line.rpartition(":")
        lines.append(f"{names.get(plain_title(title.strip())) or title}{sign}{minutes}")
    return {**values, "pays": "\n".join(lines)}


def edited(text: str, name: str, values: Values) -> Changed:
    """The file after the form of the item `name`. Raises NotFound, or FormRefused with a problem at its field."""
    item = edit.item(text, name)
    place = place_of(item.path)
    if values.get("remove") and place is not None:
        return Changed(structure.removed(text, *place), "", {"remove"})
    own = {e.name: e.value for e in edit.fields(text, item.path)}
    keys = set(own)
    values = _with_names(text, item.path.partition("[")[0], values.get("week", own.get("week", "")), values)
    changed = edit.replaced(text, item.path, values)
    to = moved_to(changed, item.path, values)
    if place is None or to is None:
        return Changed(changed, item.path, keys)
    return Changed(structure.moved(changed, *place, *to), f"{to[0]}[{to[1]}]", keys)


def extended(text: str, name: str, values: Values) -> Changed:
    """The file after the form of a new item of the list `name`. Raises as `edited`."""
    section = list_of(name)
    there, after = structure.length(text, section), read_number(values.get("after", ""))
    at = there if after is None else min(after, there)
    values = _with_names(text, section, values.get("week", ""), values)
    return Changed(
        structure.added(text, section, values, at), f"{section}[{at}]", {e.name for e in structure.blank(section)}
    )


def moved_to(text: str, path: str, values: Values) -> tuple[str, int] | None:
    """The list and the index there to which a form moves an item; None if it stays."""
    section, at = place_of(path) or ("", 0)
    after, week = (read_number(values.get(name, "")) for name in ("after", "to_week"))
    if week and structure.materials_of(week) != section:
        return structure.materials_of(week), structure.length(text, structure.materials_of(week))
    if after is None or after == at:
        return None
    # Seen from the other items, the place after the fourth is one further on for an item that comes from above it.
    return section, min(after, structure.length(text, section)) - (after > at)


def errors(changed: Changed) -> dict[str, list[str]]:
    """What is wrong with the file, by the field of the form at which it is shown; '' for the form as a whole."""
    wrong: dict[str, list[str]] = {}
    for p in check(changed.text):
        if p.severity == "error":
            within = changed.path and p.path.startswith(changed.path)
            inside = p.path.removeprefix(f"{changed.path}.").partition("[")[0] if within else ""
            said = p.message if inside in changed.keys else f"{p.message} {p.fix}"
            wrong.setdefault(inside if inside in changed.keys else "", []).append(said)
    return wrong
