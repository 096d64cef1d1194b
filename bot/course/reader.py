"""Reads the nodes of a course file by its declaration, and reports everything that does not fit."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from bot.core.incoming import clean
from bot.course import fixes
from bot.course.diagnostics import Diagnostics, is_counted, kind_of, name_of, paired, week_of
from bot.course.grammar import ListOf, MapOf, Value, mapping_example, scalar_of
from bot.course.homes import home_of, is_known, week_number
from bot.course.keys import COURSE, COURSE_FILE, LISTS, MATERIAL, WEEK
from bot.course.nesting import Nesting, with_key
from bot.course.report import Entry
from bot.course.source import (
    LIST,
    LONGEST_LINE,
    MAPPING,
    MAX_DEPTH,
    MAX_NODES,
    STRING,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    is_blank,
    line_of,
    quoted,
)
from bot.course.titles import plain_title
from bot.course.value_types.numbers import WeekValue
from bot.course.value_types.scalar import Scalar, Wrong
from bot.course.value_types.texts import Text, plain, shown, slug

_REMARK = re.compile(r"([^\s](?:[^\n]{0,78}[^\s])?)\s{1,20}((?://|<-|--|/\*)[^\n]{0,200})")
"""A value and a remark behind it, written as other languages do."""

Read = dict[str, Any]
"""What a mapping holds: key -> value, only for keys that are written and valid."""

MISSING: Any = object()


class TooMuch(Exception):
    """The file is deeper or larger than any course."""


@dataclass
class Reader(Diagnostics):
    """Reads one file."""

    stored: bool = False
    """Whether the file was checked when it was stored. What only newer checks refuse is passed over then."""

    _count: int = 0
    _sections: frozenset[str] = frozenset()
    _titles: Sequence[str] = ()
    _strays: dict[str, list[Entry]] = field(default_factory=dict)

    def read_file(self, root: Node | None) -> Read:
        """The whole file. Raises TooMuch."""
        if root is None or is_blank(root):
            message = "The file is empty: a course has at least `course` and `weeks`."
            self.say(1, 1, "", "empty", message, fixes.add(f"course: {mapping_example(COURSE)}", 0, 0))
            return {}
        if isinstance(root, MappingNode) and not root.flow_style:
            root = Nesting(self, list(root.value)).settled(root)
        if isinstance(root, MappingNode):
            self._titles = [_title_of(week) for week in _under(root, "weeks")]
            self._sections = frozenset(key.value for key, _ in root.value if isinstance(key, ScalarNode))
        read: Read = self._read(COURSE_FILE, Entry(None, root), "", 0)
        if read is MISSING:
            return {}
        while self._strays:
            # Reading them may find more.
            name, items = next(iter(self._strays.items()))
            del self._strays[name]
            self.entries.setdefault(name, items[0])
            at = len(read.get(name, ()))
            more = (self._read(LISTS[name], e, f"{name}[{i}]", 1) for i, e in enumerate(items, at))
            read[name] = (*read.get(name, ()), *more)
        return read

    def week_titled(self, text: str) -> int:
        """The number of the one week with this title; 0 if there is none, or several."""
        found = [n for n, title in enumerate(self._titles, 1) if title and title == plain_title(text)]
        return found[0] if len(found) == 1 else 0

    def titled(self, path: str, text: str, number: int) -> None:
        """Reports a week that is named by its title."""
        message = f"`{name_of(path)}` takes the number of a week or its id; `{text}` is the title of week {number}."
        self.report_value(path, "reference", message, str(number))

    def _step(self, depth: int) -> None:
        self._count += 1
        if self._count > MAX_NODES or depth > MAX_DEPTH:
            raise TooMuch

    def _read(self, declared: Value, entry: Entry, path: str, depth: int, owner: MapOf | None = None) -> Any:
        """The value of an entry, or MISSING where it was reported. `owner`: the mapping whose key it stands at."""
        self._step(depth)
        self.entries[path] = entry
        if isinstance(declared, ListOf):
            return self._list(declared, entry, path, depth, owner)
        if isinstance(declared, Scalar):
            return self._scalar(declared, entry, path, owner)
        if declared.short and not isinstance(entry.value, MappingNode):
            return self._scalar(declared.short, entry, path, owner)
        if isinstance(declared.short, Text) and _is_text(declared, entry.value) and self.split(entry, path):
            return MISSING
        return self._mapping(declared, entry, path, depth)

    def _scalar(self, declared: Scalar, entry: Entry, path: str, owner: MapOf | None) -> Any:
        node, name = entry.value, name_of(path)
        if isinstance(declared, Text) and isinstance(node, MappingNode) and self.split(entry, path):
            return MISSING
        if not isinstance(node, ScalarNode):
            found = "a list" if isinstance(node, SequenceNode) else "a mapping"
            message = f"`{name}` is {found}; it takes {declared.says}."
            self.report_doubt(path, "type", message, f"write one value, such as `{declared.example}`")
            return MISSING
        if self.foreign(node, STRING, path):
            return MISSING
        # What nobody sees is no value either; a stored file keeps it.
        if is_blank(node) or not node.value.strip() or not (self.stored or clean(node.value)):
            message = f"`{name}` has no value; it takes {declared.says}."
            self.report_value(path, "empty", message, self.fresh(declared, path))
            return MISSING
        if self.swallowed(entry, path, owner) or self.marked(entry, declared, path):
            return MISSING
        text = node.value if isinstance(declared, Text) else node.value.strip()
        if len(text) > LONGEST_LINE and not isinstance(declared, Text):
            message = f"`{name}` has {len(text):,} characters; it takes {declared.says}."
            self.report_doubt(path, "too-long", message, f"write less, such as `{declared.example}`")
            return MISSING
        try:
            value = declared.parse(text)
        except Wrong as wrong:
            self._refused(declared, text, wrong, path)
            return MISSING
        if isinstance(declared, Text):
            self.doubt_comment(entry, path)
        if doubt := declared.doubt(text):
            message = f"`{name}`: {doubt.message}"
            if doubt.instead:
                self.report_value(path, doubt.code, message, _safe(doubt.instead), "warning")
            else:
                what = _example(doubt, declared) if doubt.either or doubt.like else "write what people are to read"
                self.report_doubt(path, doubt.code, message, what, "warning")
        return value

    def _refused(self, declared: Scalar, text: str, wrong: Wrong, path: str) -> None:
        """Reports a value that cannot be read, with the one that means the same or those that it may mean."""
        name, meant = name_of(path), wrong
        if remark := self._remark(declared, text, path):
            message = f"`{name}`: a remark starts with ` #`; this one was read as part of the value."
            self.report_value(path, "comment", message, remark)
            return
        same = shown(text) if isinstance(declared, Text) else plain(text)
        if same != text and same:
            wrong = Wrong("character", f"the value has {_unlike(text)}.", same)
            try:
                declared.parse(same)
            except Wrong as inner:
                wrong = meant = inner
        message = f"`{name}`: {wrong.message}"
        if wrong.instead:
            # An id that is made must be nobody else's.
            instead = self.free_id(wrong.instead) if name == "id" and wrong.code == "id" else wrong.instead
            self.report_value(path, wrong.code, message, _safe(instead))
            return
        if isinstance(declared, WeekValue) and not meant.either:
            if number := self.week_titled(text):
                self.titled(path, text, number)
            else:
                message = f"No week has the number, the id or the title `{text}`."
                self.report_doubt(path, wrong.code, message, "write the number of a week, or its id")
            return
        self.report_doubt(path, wrong.code, message, _example(meant, declared))

    def _remark(self, declared: Scalar, text: str, path: str) -> str:
        """The value with what stands behind it as a comment of YAML, if that makes it valid; else ''."""
        entry = self.entries[path]
        found = _REMARK.fullmatch(text)
        if not found or entry.flow or not isinstance(entry.value, ScalarNode) or entry.value.style:
            return ""
        try:
            declared.parse(found[1])
        except Wrong:
            return ""
        return f"{_safe(found[1])} # {found[2]}"

    def _list(self, declared: ListOf, entry: Entry, path: str, depth: int, owner: MapOf | None) -> Any:
        node, name = entry.value, name_of(path)
        if is_blank(node) and declared.least == 0:
            return ()
        if not isinstance(node, SequenceNode):
            if declared.lone and isinstance(node, ScalarNode) and not is_blank(node):
                if isinstance(declared.item, Scalar) and self._has_several(declared.item, node.value.strip(), path):
                    return MISSING
                read = self._read(declared.item, entry, path, depth + 1, owner)
                return MISSING if read is MISSING else (read,)
            self.not_a_list(declared, entry, path)
            if isinstance(node, MappingNode) and paired(declared.item, node):
                return MISSING
            # What is meant as an item is read all the same, so that its own errors are reported too.
            if isinstance(node, MappingNode) and isinstance(declared.item, MapOf):
                named = node.value and all(isinstance(v, MappingNode) for _, v in node.value)
                items = [_named(declared.item, k, v) for k, v in node.value] if named else [node]
                if is_counted(declared.item, node):
                    empty = ((MappingNode(MAPPING, [], v.start_mark, v.end_mark), v) for _, v in node.value)
                    items = [with_key(item, "title", v.value) for item, v in empty]
                for i, item in enumerate(items):
                    self._read(declared.item, Entry(None, item), f"{path}[{i}]", depth + 1)
            return MISSING
        if self.foreign(node, LIST, path):
            return MISSING
        if len(node.value) < declared.least:
            self.too_few(declared, node, path)
            return MISSING
        if len(node.value) > declared.most and not self.stored:
            message = f"`{name}` has {len(node.value):,} items; {declared.most} fit."
            self.report_doubt(path, "range", message, f"keep {declared.most} at most")
            return MISSING
        items = []
        wholes = self._joined(declared, node, path)
        parts = [part for whole in wholes for part in self._parts(declared, whole, path)]
        for i, item in enumerate(parts):
            inside, at = Entry(None, item, bool(node.flow_style)), f"{path}[{len(items)}]"
            if (
                isinstance(item, MappingNode)
                and item.value
                and self._is_elsewhere(declared.item, item, path, len(items))
            ):
                continue
            if declared.item is WEEK and isinstance(item, MappingNode) and item.value:
                inside = replace(inside, value=self.week_as_key(item, at, len(items) + 1) or item)
            section = self._section_of(item) if i and depth == 1 and not node.flow_style else None
            if (
                section
                and section != path
                and not (declared.item is WEEK and isinstance(item, MappingNode) and _is_numbered(item))
            ):
                message = f"From here on these are {section}, and stand under `{path}`."
                fix = fixes.add(f"{section}:", self.source.last_line(parts[i - 1]), 0)
                self.at(inside, at, "missing", message, fix)
                self._strays.setdefault(section, []).extend(Entry(None, n) for n in parts[i:])
                break
            items.append(self._read(declared.item, inside, at, depth + 1))
        return tuple(items)

    def _has_several(self, declared: Scalar, text: str, path: str) -> bool:
        """Reports a text in place of a list that says several values."""
        try:
            declared.parse(text)
        except Wrong as wrong:
            lists = declared.several(text)
            if lists:
                message = f"`{name_of(path)}`: several values stand in a list, each of them whole."
                self.report_doubt(path, wrong.code, message, fixes.one_of(lists))
            return bool(lists)
        return False

    def _is_elsewhere(self, declared: Value, item: MappingNode, path: str, before: int) -> bool:
        """Reports an item among weeks or materials that is of another list: `- homework: Take notes`. `before`: how
        many weeks precede it."""
        key, value = item.value[0]
        home = home_of(key.value) if isinstance(key, ScalarNode) else None
        if home is None or not (declared is WEEK or (declared is MATERIAL and home.section != "materials")):
            return False
        if item.flow_style or any(k.value == "title" for k, _ in item.value):
            return False
        week = max(1, before) if declared is WEEK else week_of(path)
        self.belongs(home, Entry(None, item), path, week, value.value if isinstance(value, ScalarNode) else "")
        return True

    def _joined(self, declared: ListOf, node: SequenceNode, path: str) -> list[Node]:
        """The items of a list, where keys of an item that have a dash of their own are joined to it."""
        spec = declared.item
        if not isinstance(spec, MapOf) or node.flow_style:
            return list(node.value)
        found: list[Node] = []
        for item in node.value:
            before = found[-1] if found else None
            if not (isinstance(before, MappingNode) and isinstance(item, MappingNode)) or not _goes_on(
                spec, before, item
            ):
                found.append(item)
                continue
            first, (key, _) = before.value[0][0], item.value[0]
            if len(before.value) > 1 or spec.key(first.value):
                self.stray_dash(key, first.value, path)
            pairs = [*before.value, *item.value]
            found[-1] = MappingNode(item.tag, pairs, before.start_mark, item.end_mark, flow_style=False)
        return found

    def _parts(self, declared: ListOf, item: Node, path: str) -> Iterator[Node]:
        """The items that one item stands for: where its first key comes again, a dash is missing."""
        if (
            not isinstance(declared.item, MapOf)
            or not isinstance(item, MappingNode)
            or item.flow_style
            or not item.value
        ):
            yield item
            return
        first = item.value[0][0]
        starts = [n for n, (key, _) in enumerate(item.value) if key.value == first.value and "=" not in key.value]
        if len(starts) < 2 or any(len(item.value[a:b]) < 2 for a, b in pairwise((*starts, len(item.value)))):
            yield item
            return
        for start, end in pairwise((*starts, len(item.value))):
            some = item.value[start:end]
            key = some[0][0]
            if start:
                new = self.source.line(line_of(key))[key.start_mark.column :].rstrip()
                message = "A dash is missing: this starts another item of the list."
                fix = fixes.write(f"- {new}", f"  {new}", line_of(key))
                self.say(line_of(key), key.start_mark.column + 1, path, "dash", message, fix)
            yield MappingNode(item.tag, some, key.start_mark, some[-1][1].end_mark, flow_style=False)

    def _section_of(self, item: Node) -> str | None:
        """The one section of the file that an item of a list fits into, if that section is not there."""
        if not isinstance(item, MappingNode) or not item.value:
            return None
        words = {key.value for key, _ in item.value if isinstance(key, ScalarNode)}
        fitting = [name for name, declared in LISTS.items() if all(declared.key(word) for word in words)]
        return fitting[0] if len(fitting) == 1 and fitting[0] not in self._sections else None

    def _mapping(self, declared: MapOf, entry: Entry, path: str, depth: int) -> Any:
        node = entry.value
        if not isinstance(node, MappingNode):
            if not is_blank(node) or any(k.required for k in declared.keys):
                self.not_a_mapping(declared, entry, path)
                return MISSING
            node = MappingNode(MAPPING, [], node.start_mark, node.end_mark)
        if self.foreign(node, MAPPING, path):
            return MISSING
        read: Read = {}
        written: dict[str, ScalarNode] = {}
        pairs = list(self._pairs(node, path, depth))
        names = {key.value for key, _ in pairs}
        renamed: set[str] = set()
        strangers: list[tuple[ScalarNode, Node]] = []
        for key, value in pairs:
            inside = Entry(key, value, bool(node.flow_style))
            at = f"{path}.{key.value}" if path else key.value
            if key.value in written:
                if written[key.value] is not key:
                    message = f"`{key.value}` is written twice; the first is in line {line_of(written[key.value])}."
                    fix = fixes.decide(f"keep this one or line {line_of(written[key.value])}", inside.line)
                    self.at(inside, at, "duplicate-key", message, fix)
                continue
            written[key.value] = key
            known = declared.key(key.value)
            if known is None:
                known = self.unknown(declared, inside, at, names, pairs)
                if known is None:
                    if declared is not WEEK or not is_known(key.value):
                        strangers.append((key, value))
                    continue
                # What stands under a misspelt key is read all the same, so that its own errors are reported too.
                at = f"{path}.{known.name}" if path else known.name
                inside = replace(inside, renamed=True)
                renamed.add(known.name)
                names.add(known.name)
            value_read = self._read(known.value, inside, at, depth + 1, declared)
            if value_read is not MISSING:
                read[known.name] = value_read
        for known in declared.keys:
            if known.name in written:
                continue
            if known.required and known.name not in renamed and (path or known.name not in self._strays):
                self.missing(declared, known, node, path, read, strangers)
            scalar = None if isinstance(known.value, ListOf) else scalar_of(known.value)
            if known.default is not None and scalar:
                read[known.name] = scalar.parse(known.default)
        return read

    def _pairs(self, node: MappingNode, path: str, depth: int) -> Iterable[tuple[ScalarNode, Node]]:
        """The entries of a mapping, then those that `<<` merges in where it has none of its own."""
        merged: list[tuple[ScalarNode, Node]] = []
        for key, value in node.value:
            self._step(depth)
            if not isinstance(key, ScalarNode):
                message = "A key is a word; this is a list or a mapping."
                line, what = line_of(key), self.source.line(line_of(key)).strip()
                fix = fixes.write(f'"{slug(what)}"', what, line)
                self.say(line, key.start_mark.column + 1, path, "type", message, fix)
            elif key.value == "<<" and not key.style:
                for part in value.value if isinstance(value, SequenceNode) else [value]:
                    if isinstance(part, MappingNode):
                        merged += self._pairs(part, path, depth + 1)
                    elif not is_blank(part):
                        message = f"`<<` repeats the keys of a mapping; this is {kind_of(part)}."
                        what = "write the keys themselves, or repeat a mapping that is marked with `&`"
                        at, fix = key.start_mark, fixes.decide(what, line_of(key))
                        self.say(line_of(key), at.column + 1, path, "type", message, fix)
            else:
                yield key, value
        own = {key.value for key, _ in node.value if isinstance(key, ScalarNode)}
        for key, value in merged:
            if key.value not in own:
                own.add(key.value)
                yield key, value


def _is_text(declared: MapOf, node: Node) -> bool:
    """Whether what is read as a key has several words, which no key has."""
    return isinstance(node, MappingNode) and len(node.value) == 1 and " " in str(node.value[0][0].value).strip()


def _under(root: MappingNode, name: str) -> Sequence[Node]:
    """The items of a list of the file."""
    found = next((value for key, value in root.value if key.value == name), None)
    return found.value if isinstance(found, SequenceNode) else ()


def _title_of(item: Node) -> str:
    if not isinstance(item, MappingNode):
        return ""
    return next((plain_title(v.value) for k, v in item.value if k.value == "title" and isinstance(v, ScalarNode)), "")


def _example(wrong: Wrong, declared: Scalar) -> str:
    """What the author decides about: the values that may be meant, or an example near to what was written."""
    if wrong.either:
        return fixes.one_of(wrong.either)
    return f"write what is meant, such as `{wrong.like or declared.example}`"


def _unlike(text: str) -> str:
    """What a value has that an English keyboard writes otherwise."""
    if any(unicodedata.category(c) == "Cf" for c in text):
        return "an invisible character"
    if shown(text) != text.replace("\u00a0", " "):
        return "typographic quotes, which YAML takes for a part of it"
    return "a comma behind it" if text.endswith((",", ";")) else "digits or signs of another keyboard"


def _safe(instead: str) -> str:
    """A value as YAML, unless it is that already."""
    return instead if instead.startswith(("[", "{", '"')) else quoted(instead)


def _named(declared: MapOf, key: ScalarNode, item: Node) -> Node:
    """An item of a mapping with the name that it has there: as its id, or as its title."""
    word = next((k for k in ("id", "title") if declared.key(k)), "")
    return with_key(item, word, slug(key.value) if word == "id" else key.value) if word else item


def _goes_on(spec: MapOf, before: MappingNode, item: MappingNode) -> bool:
    """Whether the keys of an item belong to the one before it: one key alone, or the first of those that it needs."""
    if before.flow_style or item.flow_style or not before.value or not item.value:
        return False
    written, more = ([str(k.value) for k, _ in node.value] for node in (before, item))
    needed = {k.name for k in spec.keys if k.required}
    known = all(spec.key(word) for word in (*written[1:], *more)) and (spec.key(written[0]) or _is_numbered(before))
    if not needed or set(written) & set(more) or not known:
        return False
    return len(more) == 1 and len(item.value) == 1 if needed & set(written) else bool(needed & set(more))


def _is_numbered(item: MappingNode) -> bool:
    """Whether an item begins with its number: `week: 1`."""
    key, value = item.value[0]
    return (
        isinstance(key, ScalarNode)
        and isinstance(value, ScalarNode)
        and week_number(key.value, value.value) is not None
    )
