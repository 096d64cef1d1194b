"""Edits one item of a course file through a form. Every byte outside the changed keys stays."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any

import yaml

from bot.core.errors import FormRefused, NotFound
from bot.core.message import unwrapped
from bot.core.translation import N_, _
from bot.course.compound import compound_of, lines_in, such_as, written_as
from bot.course.gate.payment import fitting
from bot.course.grammar import Key, ListOf, MapOf, scalar_of
from bot.course.keys import COURSE_FILE, LISTS, PAYMENT
from bot.course.loader import load
from bot.course.patch import Patch, Shared, entries
from bot.course.problems import CourseInvalid
from bot.course.reader import Read, Reader, TooMuch
from bot.course.source import MappingNode, Node, ScalarNode, SequenceNode, Source, is_blank
from bot.course.value_types.moments import MomentValue
from bot.course.value_types.scalar import Scalar, Wrong
from bot.course.value_types.spans import Minutes
from bot.course.value_types.texts import Text
from bot.course.value_types.words import Choice, Flag

_GONE = N_("This is not in the course any more. `/cohort course` shows what is.")


@dataclass(frozen=True, slots=True)
class Item:
    """An editable item. Its name is 'course', 'weeks.3', 'materials.3.1' (the first of week 3) or 'milestones.draft';
    a name with an id survives changes to the items before it."""

    path: str
    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Editable:
    """One key of an item. `value` is as written, a list with one item a line; '' if it is not written.

    `choices`: the only words that it takes, if any. `long`: a text of any length, or a list.
    """

    name: str
    label: str
    hint: str
    value: str
    required: bool
    long: bool = False
    choices: tuple[str, ...] = ()


def items(text: str) -> list[Item]:
    """All items of a course file that a form can edit, in the order of the reference."""
    root = root_of(Source.of(text))
    found = [Item("course", "course", _("The course as a whole"))] if "course" in entries(root) else []
    for section, declared in LISTS.items():
        listed = [
            {name: v.value for name, (_, v) in entries(node).items() if isinstance(v, ScalarNode)}
            for node in _listed(root, section)
        ]
        usual = (declared.key("title") or _NO_TITLE).default or ""
        titles = [own.get("title") or _(usual) for own in listed]
        for n, (node, own, title) in enumerate(zip(_listed(root, section), listed, titles, strict=True)):
            id = own.get("id", str(n + 1)) if section != "weeks" else str(n + 1)
            # An id is said only where nothing else tells items apart.
            is_named = section != "weeks" and title and titles.count(title) == 1
            kind = _(declared.name) if is_named else f"{_(declared.name)} {id}"
            label = f"{kind}: {title}" if title and title != kind else kind
            found.append(Item(f"{section}[{n}]", f"{section}.{id}", label))
            if section == "weeks":
                found += _materials(node, n)
    return found


_NO_TITLE = Key("title", Text(), "")


def _materials(week: Node, n: int) -> list[Item]:
    titles = [entries(node).get("title", (None, None))[1] for node in _listed(week, "materials")]
    said = [str(title.value) if isinstance(title, ScalarNode) else str(m) for m, title in enumerate(titles, 1)]
    return [Item(f"weeks[{n}].materials[{m}]", f"materials.{n + 1}.{m + 1}", title) for m, title in enumerate(said)]


def item(text: str, name: str) -> Item:
    """The item of that name. Raises NotFound."""
    found = next((i for i in items(text) if i.name == name), None)
    if found is None:
        raise NotFound(_(_GONE))
    return found


def fields(text: str, path: str) -> list[Editable]:
    """The keys of the item at `path` that a form can edit: single values, small mappings and lists of these. Raises
    NotFound."""
    written = entries(node_at(Source.of(text), path))
    found = []
    for key in declared_at(path).keys:
        kind = scalar_of(key.value)
        value = written[key.name][1] if key.name in written else None
        if (small := compound_of(key.value)) is not None:
            if (lines := lines_in(value, small)) is not None:
                shown = compound(key, small, lines)
                found.append(replace(shown, hint=_fitting(shown.hint, small, text, path)))
        elif kind is not None and _is_plain(value, key):
            found.append(editable(key, kind, value))
    return found


def compound(key: Key, small: MapOf, lines: Sequence[str]) -> Editable:
    many = isinstance(key.value, ListOf)
    hint = " ".join([_(key.doc), *([_("One a line.")] if many else []), such_as(small)]).replace("`", "")
    label = key.name.replace("_", " ").capitalize()
    return Editable(key.name, label, hint, "\n".join(lines), key.required, many)


def declared_at(path: str) -> MapOf:
    """The declaration of the item at `path`. Raises NotFound."""
    found = COURSE_FILE.at(path)
    if found is None:
        raise NotFound
    return found


def replaced(text: str, path: str, values: Mapping[str, str]) -> str:
    """The file with new values for keys of the item at `path`. An empty value removes an optional key.

    Keys without a value in `values`, or with the same one, stay untouched. Raises NotFound, or FormRefused with a
    problem for each invalid value.
    """
    shown = {f.name: f.value for f in fields(text, path)}
    problems: dict[str, str] = {}
    after = text
    for key in declared_at(path).keys:
        kind, many = scalar_of(key.value), isinstance(key.value, ListOf)
        if key.name not in shown or key.name not in values:
            continue
        lines = lines_of(values[key.name], many)
        if lines == lines_of(shown[key.name], many):
            continue
        try:
            if (small := compound_of(key.value)) is not None:
                after = _put_compound(after, path, key, small, lines)
                continue
            assert kind is not None
            lines = as_meant(kind, lines, many)
            check_values(key, kind, lines)
            after = _put(after, path, key, kind, lines)
        except (ValueError, Shared) as refused:
            problems[key.name] = _fitting(str(refused), compound_of(key.value), text, path)
    if problems:
        raise FormRefused(problems)
    return after


def _fitting(said: str, small: MapOf | None, text: str, path: str) -> str:
    """What a form says, with an example of this course, if the whole file can be read."""
    if small is not PAYMENT:
        return said
    try:
        course, (_live, number) = load(text), steps(path)
    except CourseInvalid:
        return said
    return fitting(said, course, course.live[int(number)].week)


def _put(text: str, path: str, key: Key, kind: Scalar, lines: Sequence[str]) -> str:
    source = Source.of(text)
    patch = Patch(source, node_at(source, path), declared_at(path))
    patch.put(key, kind, lines)
    after = patch.applied(text)
    # This finds anchors that other items use, and whatever else a patch at one place cannot know.
    if not _same_but(text, after, path, key.name) or not _says(after, path, key, kind, lines):
        raise Shared
    return after


def _put_compound(text: str, path: str, key: Key, small: MapOf, lines: Sequence[str]) -> str:
    """Gives the key these small mappings. Unchanged items of a list keep their lines."""
    ids = [one.name.partition(".")[2] for one in items(text)]
    says = [written_as(line, small, ids) for line in lines]
    lines, fresh, after = [line for line, _yaml in says], [pairs for _line, pairs in says], text

    def patched(change: Callable[[Patch], None]) -> str:
        source = Source.of(after)
        patch = Patch(source, node_at(source, path), declared_at(path))
        change(patch)
        return patch.applied(after)

    there = entries(node_at(Source.of(text), path)).get(key.name)
    if there is None or not isinstance(there[1], SequenceNode) or not there[1].value or not fresh:
        many = f"[{', '.join(fresh)}]" if isinstance(key.value, ListOf) else "".join(fresh)
        after = patched(lambda patch: patch.put_yaml(key, many if fresh else ""))
    else:
        old = lines_in(there[1], small) or []
        for what, first, last, start, end in reversed(SequenceMatcher(None, old, lines, autojunk=False).get_opcodes()):
            for line in reversed(fresh[start:end] if what != "equal" else []):
                after = patched(lambda patch, at=last, line=line: patch.add_item(key, at, [line], line))  # type: ignore[misc]
            for at in reversed(range(first, last) if what != "equal" else ()):
                after = patched(lambda patch, at=at: patch.drop_item(key, at))  # type: ignore[misc]
    wrote = entries(node_at(Source.of(after), path)).get(key.name)
    if not _same_but(text, after, path, key.name) or (lines_in(wrote[1], small) if wrote else []) != list(lines):
        raise Shared
    return after


def lines_of(value: str, many: bool) -> list[str]:
    """The items of a form's value: its lines if the key takes a list, else the whole text; none if it is empty."""
    text = value.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not many:
        return [text] if text else []
    return [unwrapped(line) for line in text.split("\n") if line.strip()]


def as_meant(kind: Scalar, lines: list[str], many: bool) -> list[str]:
    """Lines of a form as the file has them: people type '30 min' or '1 h' where it has a number of minutes, and several
    times on one line."""
    if isinstance(kind, MomentValue) and many:
        return [part.strip() for line in lines for part in re.split("[,;]", line) if part.strip()]
    return [_minutes(line) for line in lines] if isinstance(kind, Minutes) else lines


def _minutes(line: str) -> str:
    try:
        Minutes().parse(line)
    except Wrong as wrong:
        return wrong.instead or line
    return line


def check_values(key: Key, kind: Scalar, lines: Sequence[str]) -> None:
    """Raises ValueError with words for the person who fills in the form."""
    if not lines and key.required:
        raise ValueError(_("Please fill this in."))
    if lines and isinstance(key.value, ListOf) and len(lines) < key.value.least:
        raise ValueError(_("Please write at least {least}, one a line.", least=key.value.least))
    for line in lines:
        if odd := next((c for c in line if not (c.isprintable() or c in "\n\t")), ""):
            raise ValueError(
                _(
                    "There is a sign in it that no course file has ({sign}). Please take it out.",
                    sign=f"U+{ord(odd):04X}",
                )
            )
        try:
            kind.parse(line)
        except Wrong as wrong:
            if isinstance(kind, MomentValue) and isinstance(key.value, ListOf):
                said = _(
                    "“{line}” is not a weekday and a time. Write one a line, such as {example}.",
                    line=line,
                    example=wrong.instead or kind.example,
                )
                raise ValueError(said) from None
            such = _("Such as: {example}", example=wrong.instead or kind.example)
            raise ValueError(f"{wrong.message} {such}".replace("`", "")) from None


# Fields of a form


def editable(key: Key, kind: Scalar, value: Node | None) -> Editable:
    choices = ("yes", "no") if isinstance(kind, Flag) else tuple(kind.words) if isinstance(kind, Choice) else ()
    written = _written(value)
    if isinstance(kind, Flag) and written:
        written = "yes" if kind.parse(written) else "no"
    long = isinstance(key.value, ListOf) or (isinstance(kind, Text) and key.name != "title")
    label = key.name.replace("_", " ").capitalize()
    return Editable(key.name, label, _hint(key, kind), written, key.required, long, choices)


def _hint(key: Key, kind: Scalar) -> str:
    said = [_(key.doc)]
    if isinstance(key.value, ListOf):
        said.append(_("One a line."))
    if not isinstance(kind, Text | Flag | Choice):
        said.append(_("It takes {value}.", value=_(kind.says)))
    if key.default:
        said.append(_("Without it: {default}.", default=key.default))
    return " ".join(said).replace("`", "")


def _written(value: Node | None) -> str:
    if isinstance(value, SequenceNode):
        return "\n".join(unwrapped(v.value) for v in value.value)
    return "" if value is None or is_blank(value) else str(value.value).strip()


# Nodes and values of a file


@lru_cache(maxsize=4)
def root_of(source: Source) -> Node | None:
    """The nodes of a file, None if it cannot be parsed. Cached, since one edit reads the same text several times."""
    try:
        return source.compose()
    except (yaml.YAMLError, RecursionError):
        return None


def _listed(root: Node | None, section: str) -> Sequence[Node]:
    found = entries(root).get(section)
    return found[1].value if found and isinstance(found[1], SequenceNode) else ()


def node_at(source: Source, path: str) -> MappingNode:
    """The mapping at `path`; '' is the whole file. Raises NotFound."""
    found = root_of(source)
    for step in steps(path):
        if isinstance(step, str):
            found = entries(found).get(step, (None, None))[1]
        else:
            found = next(iter(found.value[step:]), None) if isinstance(found, SequenceNode) else None
    if not isinstance(found, MappingNode):
        raise NotFound(_(_GONE))
    return found


def steps(path: str) -> list[str | int]:
    """The keys and indexes of a path: 'weeks[2].materials' -> 'weeks', 2, 'materials'."""
    found: list[str | int] = []
    for part in path.split(".") if path else ():
        name, bracket, number = part.removesuffix("]").partition("[")
        found += [name, int(number)] if bracket else [name]
    return found


def _is_plain(value: Node | None, key: Key) -> bool:
    """Whether the written value is a single value or a list of them."""
    if isinstance(value, SequenceNode):
        return isinstance(key.value, ListOf) and all(isinstance(v, ScalarNode) for v in value.value)
    return value is None or isinstance(value, ScalarNode)


# Checks of an edit


def _says(text: str, path: str, key: Key, kind: Scalar, lines: Sequence[str]) -> bool:
    """Whether the key has these values."""
    found = entries(node_at(Source.of(text), path)).get(key.name)
    written = lines_of(_written(found[1]), isinstance(key.value, ListOf)) if found else []
    return [kind.parse(line) for line in written] == [kind.parse(line) for line in lines]


def _same_but(before: str, after: str, path: str, key: str) -> bool:
    """Whether a file says the same as before, apart from one key of the item at `path`."""
    first, second = values_in(before), values_in(after)
    if first is None or second is None:
        return False

    def less(item: Any) -> Any:
        return {k: v for k, v in item.items() if k != key} if isinstance(item, dict) else item

    return bool(with_changed(first, path, less) == with_changed(second, path, less))


def with_changed(read: Read, path: str, change: Callable[[Any], Any]) -> Any:
    """The values of a file with what `change` makes of the value at `path`."""

    def within(value: Any, rest: Sequence[str | int]) -> Any:
        if not rest:
            return change(value)
        step, *more = rest
        if isinstance(step, int):
            return [within(item, more) if n == step else item for n, item in enumerate(value or ())]
        return {**(value or {}), step: within((value or {}).get(step), more)}

    return within(read, steps(path))


@lru_cache(maxsize=4)
def values_in(text: str) -> Read | None:
    """The values of a file; None if it cannot be read."""
    source = Source.of(text)
    root = root_of(source)
    try:
        return Reader(source, "").read_file(root) if root is not None else None
    except (RecursionError, TooMuch):
        return None
