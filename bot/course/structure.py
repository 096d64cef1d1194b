"""Adds whole items to a course file through a form, moves and removes them. Every byte outside them stays."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.core.errors import FormRefused, NotFound
from bot.core.translation import _
from bot.course.compound import compound_of, written_as
from bot.course.edit import (
    Editable,
    as_meant,
    check_values,
    compound,
    declared_at,
    editable,
    items,
    lines_of,
    node_at,
    values_in,
    with_changed,
)
from bot.course.grammar import Key, ListOf, MapOf, scalar_of
from bot.course.keys import COURSE_FILE
from bot.course.loader import load
from bot.course.patch import Patch, Shared, written
from bot.course.reader import Read
from bot.course.source import Source
from bot.course.weeks import follow

ADDABLE = ("weeks", "milestones", "prompts", "materials", "discussions", "checkins", "reviews", "live", "rooms")
"""The lists that a form can add to. Each week has its own materials."""


REMOVABLE = (*ADDABLE, "scenarios")
"""The lists that a form can remove from."""


def place_of(path: str) -> tuple[str, int] | None:
    """The list of an item and its index there: 'weeks[2].materials[0]' is 0 in 'weeks[2].materials'. None for an item
    that no form removes."""
    section, _bracket, number = path.removesuffix("]").rpartition("[")
    return (section, int(number)) if section.rpartition(".")[2] in REMOVABLE else None


def list_of(name: str) -> str:
    """The path of a list by its name in a form: 'weeks', or 'materials.3' for those of week 3. Raises NotFound."""
    kind, _dot, week = name.partition(".")
    if kind not in ADDABLE or (kind == "materials") != week.isdecimal():
        raise NotFound
    return materials_of(int(week)) if week else kind


def materials_of(week: int) -> str:
    """The path of a week's materials."""
    return f"weeks[{week - 1}].materials"


def length(text: str, section: str) -> int:
    """How many items a list of the file has."""
    return len(_listed(text, section))


def blank(section: str) -> list[Editable]:
    """The fields of a new item of the list at the path `section`. What it has to hold itself, such as a prompt's
    question, has the names `part.key`."""
    found = []
    for name, key in _keys(section):
        if (small := compound_of(key.value)) is not None:
            found.append(_named(compound(key, small, ()), name, ""))
            continue
        kind = scalar_of(key.value)
        assert kind is not None
        value = (key.example if key.name == "kind" else "") if key.required else ""
        found.append(_named(editable(key, kind, None), name, value))
    return found


def added(text: str, section: str, values: Mapping[str, str], at: int | None = None, more: Sequence[str] = ()) -> str:
    """The file with a new item before the index `at`, or at the end. `more`: pairs in YAML that no form field holds.
    Raises FormRefused with a problem for each invalid value."""
    pairs, parts = list[str](), dict[str, list[str]]()
    problems: dict[str, str] = {}
    for name, key in _keys(section):
        kind, many = scalar_of(key.value), isinstance(key.value, ListOf)
        if (small := compound_of(key.value)) is not None:
            try:
                pairs += _small(text, key, small, lines_of(values.get(name, ""), many))
            except ValueError as wrong:
                problems[name] = str(wrong)
            continue
        assert kind is not None
        lines = as_meant(kind, lines_of(values.get(name, ""), many), many)
        try:
            check_values(key, kind, lines)
        except ValueError as wrong:
            problems[name] = str(wrong)
            continue
        if lines:
            says = [written(kind, line) for line in lines]
            pair = f"{key.name}: {'[' + ', '.join(says) + ']' if many else says[0]}"
            part, dot, _ = name.partition(".")
            (parts.setdefault(part, []) if dot else pairs).append(pair)
    if problems:
        raise FormRefused(problems)
    pairs += [f"{part}: [{{{', '.join(inner)}}}]" for part, inner in parts.items()]
    pairs += more
    place = len(_listed(text, section)) if at is None else at
    after = _with(text, section, place, pairs)
    _verify(text, after, section, place)
    return after


def _small(text: str, key: Key, small: MapOf, lines: Sequence[str]) -> list[str]:
    """The pair of a key that takes small mappings, a line each."""
    ids = [one.name.partition(".")[2] for one in items(text)]
    says = [written_as(line, small, ids)[1] for line in lines]
    if not says:
        return []
    return [f"{key.name}: [{', '.join(says)}]" if isinstance(key.value, ListOf) else f"{key.name}: {says[0]}"]


def removed(text: str, section: str, at: int) -> str:
    """The file without an item. Without a week, what belongs to later weeks moves with them.

    Raises FormRefused if something belongs to the week that goes.
    """
    after = text
    if section == "weeks":
        course, number = load(text), at + 1
        if len(course.weeks) == 1:
            raise FormRefused({"remove": _("A course has at least one week.")})
        left = [item.id for item in course.milestones if item.week == number]
        left += [p.id for p in course.prompts if p.weeks == (number,)]
        if left:
            listed = ", ".join(left)
            raise FormRefused(
                {"remove": _("{listed} belongs to this week. Remove it first, or give it another week.", listed=listed)}
            )
        after = follow(course, text, {week.number: week.number - (week.number > number) for week in course.weeks})
    shorter = _without(after, section, at)
    _verify(shorter, after, section, at)
    return shorter


def moved(text: str, section: str, at: int, target: str, to: int) -> str:
    """The file with the item at the index `at` of a list moved to `to` in the list `target`, as it is without it. What
    belongs to weeks moves with them."""
    if section == "weeks":
        course = load(text)
        order = [week.number for week in course.weeks]
        order.insert(to, order.pop(at))
        text = follow(course, text, {number: place for place, number in enumerate(order, 1)})
    patch, key = _patch(text, section)
    after = _with(_without(text, section, at), target, to, *patch.item(key, at))
    before, now = values_in(text), values_in(after)
    if before is None or now is None:
        raise Shared
    item = _listed(text, section)[at]
    less = with_changed(before, section, lambda some: [one for n, one in enumerate(some) if n != at])
    wanted = with_changed(less, target, lambda some: [*(some or ())[:to], item, *(some or ())[to:]])
    if _filled(_filled(wanted, section), target) != _filled(_filled(now, section), target):
        raise Shared
    return after


def _keys(section: str) -> Iterator[tuple[str, Key]]:
    """The keys of a new item that hold plain values, and the required ones of what it has to hold itself."""
    for key in declared_at(f"{section}[0]").keys:
        inner = key.value.item if isinstance(key.value, ListOf) else key.value
        if scalar_of(key.value) is not None or compound_of(key.value) is not None:
            yield key.name, key
        elif key.required and isinstance(inner, MapOf):
            yield from ((f"{key.name}.{k.name}", k) for k in inner.keys if k.required and scalar_of(k.value))


def _named(field: Editable, name: str, value: str) -> Editable:
    label = name.replace(".", ": ").replace("_", " ").capitalize()
    return Editable(name, label, field.hint, value, field.required, field.long, field.choices)


def _patch(text: str, section: str) -> tuple[Patch, Key]:
    """A patch of what holds the list, and the list's key."""
    parent, _dot, name = section.rpartition(".")
    declared = COURSE_FILE.at(parent)
    key = declared.key(name) if declared else None
    if declared is None or key is None:
        raise NotFound
    source = Source.of(text)
    return Patch(source, node_at(source, parent), declared), key


def _with(text: str, section: str, at: int, lines: Sequence[str], braced: str = "") -> str:
    patch, key = _patch(text, section)
    patch.add_item(key, at, lines, braced)
    return patch.applied(text)


def _without(text: str, section: str, at: int) -> str:
    patch, key = _patch(text, section)
    patch.drop_item(key, at)
    return patch.applied(text)


def _listed(text: str, section: str) -> Sequence[Any]:
    """The values of the list's items."""
    found: list[Any] = []
    with_changed(values_in(text) or {}, section, lambda some: found.extend(some or ()))
    return found


def _verify(shorter: str, longer: str, section: str, at: int) -> None:
    """Raises Shared if more than the one item differs between the two files."""
    first, second = values_in(shorter), values_in(longer)
    if first is None or second is None:
        raise Shared
    without = with_changed(second, section, lambda some: [item for n, item in enumerate(some or ()) if n != at])
    if _filled(first, section) != without:
        raise Shared


def _filled(read: Read, section: str) -> Any:
    """The values of a file, with an empty list where there is no such list."""
    return with_changed(read, section, lambda some: list(some or ()))
