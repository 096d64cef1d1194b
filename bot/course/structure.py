"""Adds whole items to a course file through a form, moves and removes them. Every byte outside them stays."""

from collections.abc import Iterator, Mapping, Sequence

from bot.core.errors import FormRefused
from bot.core.translation import _
from bot.course.edit import Editable, check_values, editable, lines_of, root_of, values_in
from bot.course.grammar import Key, ListOf, MapOf, scalar_of
from bot.course.keys import COURSE_FILE, LISTS
from bot.course.loader import load
from bot.course.patch import Patch, Shared, written
from bot.course.source import MappingNode, Source
from bot.course.weeks import follow

ADDABLE = ("weeks", "milestones", "prompts")
"""The lists that a form can add to."""


def blank(section: str) -> list[Editable]:
    """The fields of a new item. What it has to hold itself, such as a prompt's question, has the names `part.key`."""
    found = []
    for name, key in _keys(section):
        kind = scalar_of(key.value)
        assert kind is not None
        value = (key.example if key.name == "kind" else "") if key.required else ""
        found.append(_named(editable(key, kind, None), name, value))
    return found


def added(text: str, section: str, values: Mapping[str, str], at: int | None = None) -> str:
    """The file with a new item before the index `at`, or at the end. Raises FormRefused with a problem for each invalid
    value."""
    pairs, parts = list[str](), dict[str, list[str]]()
    problems: dict[str, str] = {}
    for name, key in _keys(section):
        kind, many = scalar_of(key.value), isinstance(key.value, ListOf)
        assert kind is not None
        lines = lines_of(values.get(name, ""), many)
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
    there = (values_in(text) or {}).get(section) or ()
    place = len(there) if at is None else at
    patch = _patch(text)
    patch.add_item(_key(section), place, pairs)
    after = patch.applied(text)
    _verify(text, after, section, place)
    return after


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
    patch = _patch(after)
    patch.drop_item(_key(section), at)
    shorter = patch.applied(after)
    _verify(shorter, after, section, at)
    return shorter


def moved(text: str, at: int, to: int) -> str:
    """The file with the week at the index `at` moved to `to`. What belongs to the weeks moves with them."""
    course = load(text)
    order = [week.number for week in course.weeks]
    order.insert(to, order.pop(at))
    followed = follow(course, text, {number: place for place, number in enumerate(order, 1)})
    patch = _patch(followed)
    patch.move_item(_key("weeks"), at, to)
    after = patch.applied(followed)
    before, now = values_in(followed), values_in(after)
    if before is None or now is None:
        raise Shared
    weeks = list(before["weeks"])
    weeks.insert(to, weeks.pop(at))
    if {**before, "weeks": weeks} != {**now, "weeks": list(now["weeks"])}:
        raise Shared
    return after


def _keys(section: str) -> Iterator[tuple[str, Key]]:
    """The keys of a new item that hold plain values, and the required ones of what it has to hold itself."""
    for key in LISTS[section].keys:
        inner = key.value.item if isinstance(key.value, ListOf) else key.value
        if scalar_of(key.value) is not None:
            yield key.name, key
        elif key.required and isinstance(inner, MapOf):
            yield from ((f"{key.name}.{k.name}", k) for k in inner.keys if k.required and scalar_of(k.value))


def _named(field: Editable, name: str, value: str) -> Editable:
    label = name.replace(".", ": ").replace("_", " ").capitalize()
    return Editable(name, label, field.hint, value, field.required, field.long, field.choices)


def _key(section: str) -> Key:
    found = COURSE_FILE.key(section)
    assert found is not None
    return found


def _patch(text: str) -> Patch:
    source = Source.of(text)
    root = root_of(source)
    if not isinstance(root, MappingNode):
        raise Shared
    return Patch(source, root, COURSE_FILE)


def _verify(shorter: str, longer: str, section: str, at: int) -> None:
    """Raises Shared if more than the one item differs between the two files."""
    first, second = values_in(shorter), values_in(longer)
    if first is None or second is None:
        raise Shared
    rest: Sequence[object] = second.get(section) or ()
    without = {**second, section: [item for n, item in enumerate(rest) if n != at]}
    if {**first, section: list(first.get(section) or ())} != without:
        raise Shared
