"""The forms in which items of a course file are edited and added, and what a form that was sent makes of the file."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.core.actions import read_number
from bot.core.forms import ChoiceField, Field, Form, TextField, Values, yes_no
from bot.core.message import CHOICES, Option, shorten
from bot.core.translation import N_, _
from bot.course import edit, structure
from bot.course.edit import Editable, Item
from bot.course.loader import check
from bot.course.structure import blank, list_of, place_of

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


def item_form(action: str, item: Item, editable: Sequence[Editable], items: Sequence[Item], removing: str) -> Form:
    """The keys of an item; a text that no form holds is changed in the file. `removing` says what removing it does."""
    shown = [_field(e) for e in in_form(editable)]
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


def add_form(action: str, name: str, items: Sequence[Item]) -> Form:
    """A new item of a list; `name` as `list_of` takes it."""
    section = list_of(name)
    shown = [_field(e) for e in blank(section)]
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


# What was sent


def edited(text: str, name: str, values: Values) -> Changed:
    """The file after the form of the item `name`. Raises NotFound, or FormRefused with a problem at its field."""
    item = edit.item(text, name)
    place = place_of(item.path)
    if values.get("remove") and place is not None:
        return Changed(structure.removed(text, *place), "", {"remove"})
    keys = {e.name for e in edit.fields(text, item.path)}
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
