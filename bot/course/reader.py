"""Reads the nodes of a course file by its declaration, and reports everything that does not fit."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from bot.course import mend
from bot.course.grammar import Either, Key, ListOf, MapOf, Value, example_of, homes
from bot.course.keys import COURSE, COURSE_FILE
from bot.course.problems import Problem, Severity
from bot.course.scalars import Id, Scalar, Text, Wrong, slug
from bot.course.source import (
    LIST,
    MAPPING,
    MAX_DEPTH,
    MAX_NODES,
    STRING,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    Source,
    is_blank,
    quoted,
)

Read = dict[str, Any]
"""What a mapping holds: key -> value, only for keys that are written and right."""

MISSING: Any = object()


class TooMuch(Exception):
    """The file is deeper or larger than any course."""

    def __init__(self, node: Node) -> None:
        self.node = node


@dataclass(frozen=True)
class Entry:
    """A value at its place. `key` is None for an item of a list; `flow` whether it stands between { } or [ ]."""

    key: ScalarNode | None
    value: Node
    flow: bool = False

    @property
    def start(self) -> Any:
        return (self.key or self.value).start_mark


@dataclass
class Reader:
    """Collects `problems` and, for later checks, the `entries` by path."""

    source: Source
    file: str
    problems: list[Problem] = field(default_factory=list)
    entries: dict[str, Entry] = field(default_factory=dict)
    _count: int = 0
    _sections: frozenset[str] = frozenset()
    _strays: dict[str, list[Entry]] = field(default_factory=dict)

    def read_file(self, root: Node | None) -> Read:
        """The whole file. Raises TooMuch."""
        if root is None or is_blank(root):
            message = "The file is empty: a course has at least `course` and `weeks`."
            new = f"course: {COURSE.example()}"
            self._report(1, 1, "", "empty", message, mend.add(new, 0, 0))
            return {}
        if isinstance(root, MappingNode):
            self._sections = frozenset(key.value for key, _ in root.value if isinstance(key, ScalarNode))
        read: Read = self._mapping(COURSE_FILE, Entry(None, root), "", 0)
        if read is MISSING:
            return {}
        for name, items in self._strays.items():
            declared = COURSE_FILE.key(name)
            assert declared is not None
            assert isinstance(declared.value, ListOf)
            self.entries[name] = items[0]
            read[name] = tuple(self._read(declared.value.item, e, f"{name}[{i}]", 1) for i, e in enumerate(items))
        return read

    def report_value(self, path: str, code: str, message: str, instead: str, severity: Severity = "error") -> None:
        """Reports the value at `path`; `instead` is a right one, as YAML."""
        entry = self.entries[path]
        self._at(entry, path, code, message, self.replacement(entry, instead), severity)

    def report_entry(self, path: str, code: str, message: str, how: str, severity: Severity = "error") -> None:
        """Reports the entry at `path`, with a mend of the caller's own."""
        self._at(self.entries[path], path, code, message, how, severity)

    def replacement(self, entry: Entry, instead: str) -> str:
        """The mend that puts another value into an entry."""
        if self._aliased(entry):
            old = self.source.line(entry.start.line + 1)[entry.start.column :].rstrip()
            return mend.write(f"{_key_text(entry)}{instead}", old, entry.start.line + 1)
        first, last = entry.start.line + 1, self.source.last_line(entry.value)
        if first == last:
            end = max(entry.value.end_mark.index, entry.key.end_mark.index if entry.key else 0)
            old = self.source.between(entry.start.index, end).rstrip()
            if is_blank(entry.value) and entry.key and not entry.value.value:
                # The colon belongs to what is replaced.
                old = self.source.line(first)[entry.start.column :].split("#")[0].rstrip()
                old = old[: old.index(":", len(entry.key.value)) + 1] if ":" in old else old
            if not old:
                # An empty item: nothing but its dash.
                return mend.write(f"- {instead}", "-", first)
            return mend.write(f"{_key_text(entry)}{instead}", old, first)
        return mend.write_lines(f"{self._dash(entry)}{_key_text(entry)}{instead}", first, last)

    def removal(self, entry: Entry) -> str:
        """The mend that takes an entry of a mapping away."""
        first, last = entry.start.line + 1, self.source.last_line(entry.value)
        line = self.source.line(first)
        if self._aliased(entry):
            return mend.remove(line[entry.start.column :].rstrip(), first)
        if first == last:
            old = self.source.between(entry.start.index, entry.value.end_mark.index).rstrip()
            rest = line[entry.start.column + len(old) :]
            if entry.flow and rest.lstrip().startswith(","):
                old += rest[: rest.index(",") + 1]
                old += " " if rest[rest.index(",") + 1 :].startswith(" ") else ""
            if line.strip() != old:
                return mend.remove(old, first)
        elif self._dash(entry):
            return mend.write_lines("-", first, last)
        return mend.remove_lines(first, last)

    def addition(self, path: str, new: str) -> str:
        """The mend that adds a key to the mapping at `path` ('' for the file)."""
        node = self.entries[path].value
        assert isinstance(node, MappingNode)
        if not node.value:
            return self.replacement(self.entries[path], "{" + new + "}")
        key, value = node.value[0]
        if node.flow_style:
            old = self.source.between(node.start_mark.index, key.end_mark.index)
            return mend.write(old.replace("{", "{" + new + ", ", 1), old, key.end_mark.line + 1)
        below = (
            self.source.last_line(value) if value.start_mark.index >= key.start_mark.index else key.start_mark.line + 1
        )
        return mend.add(new, below, key.start_mark.column)

    # Values ------------------------------------------------------------------------------------------------

    def _read(self, declared: Value, entry: Entry, path: str, depth: int, owner: MapOf | None = None) -> Any:
        self._count += 1
        if self._count > MAX_NODES or depth > MAX_DEPTH:
            raise TooMuch(entry.value)
        self.entries[path] = entry
        if isinstance(declared, MapOf):
            return self._mapping(declared, entry, path, depth)
        if isinstance(declared, ListOf):
            return self._list(declared, entry, path, depth, owner)
        if isinstance(declared, Either):
            if isinstance(entry.value, MappingNode):
                return self._mapping(declared.full, entry, path, depth)
            return self._scalar(declared.short, entry, path, owner)
        return self._scalar(declared, entry, path, owner)

    def _scalar(self, declared: Scalar, entry: Entry, path: str, owner: MapOf | None) -> Any:
        node = entry.value
        name = _name(path)
        if not isinstance(node, ScalarNode):
            found = "a list" if isinstance(node, SequenceNode) else "a mapping"
            self.report_value(
                path, "type", f"`{name}` is {found}; it takes {declared.says}.", self._inner(declared, node)
            )
            return MISSING
        if self._foreign(node, STRING, path):
            return MISSING
        if is_blank(node) or not node.value.strip():
            self.report_value(
                path, "empty", f"`{name}` has no value; it takes {declared.says}.", self._fresh(declared, path)
            )
            return MISSING
        if self._swallowed(entry, path, owner):
            return MISSING
        text = node.value if isinstance(declared, Text) else node.value.strip()
        try:
            value = declared.parse(text)
        except Wrong as wrong:
            self.report_value(path, wrong.code, f"`{name}`: {wrong.message}", self._safe(wrong.instead))
            return MISSING
        doubt = declared.doubt(text)
        if doubt:
            self.report_value(path, doubt.code, f"`{name}`: {doubt.message}", self._safe(doubt.instead), "warning")
        return value

    def _list(self, declared: ListOf, entry: Entry, path: str, depth: int, owner: MapOf | None) -> Any:
        node = entry.value
        name = _name(path)
        if is_blank(node) and declared.least == 0:
            return ()
        if not isinstance(node, SequenceNode):
            if declared.lone and isinstance(node, ScalarNode) and not is_blank(node):
                read = self._read(declared.item, entry, path, depth + 1, owner)
                return MISSING if read is MISSING else (read,)
            self._not_a_list(declared, entry, path)
            return MISSING
        if self._foreign(node, LIST, path):
            return MISSING
        if len(node.value) < declared.least:
            message = f"`{name}` is empty; it needs at least {'one item' if declared.least == 1 else 'two items'}."
            if node.value:
                message = f"`{name}` has one item; it needs at least two."
            self.report_value(path, "empty", message, self._filled(declared, node))
            return MISSING
        items = []
        for i, item in enumerate(node.value):
            inside = Entry(None, item, bool(node.flow_style))
            section = self._section_of(item) if i and depth == 1 and not node.flow_style else None
            if section and section != path:
                message = f"From here on these are {section}, and stand under `{path}`."
                how = mend.add(f"{section}:", self.source.last_line(node.value[i - 1]), 0)
                self._at(inside, f"{path}[{i}]", "missing", message, how)
                self._strays[section] = [Entry(None, n) for n in node.value[i:]]
                break
            read = self._read(declared.item, inside, f"{path}[{i}]", depth + 1)
            items.append(read)
        return tuple(items)

    def _section_of(self, item: Node) -> str | None:
        """The one section of the file that an item of a list fits into, if that section is not there."""
        if not isinstance(item, MappingNode) or not item.value:
            return None
        words = {key.value for key, _ in item.value if isinstance(key, ScalarNode)}
        fitting = [
            key.name
            for key in COURSE_FILE.keys
            if isinstance(key.value, ListOf)
            and isinstance(key.value.item, MapOf)
            and all(key.value.item.key(word) for word in words)
        ]
        return fitting[0] if len(fitting) == 1 and fitting[0] not in self._sections else None

    def _mapping(self, declared: MapOf, entry: Entry, path: str, depth: int) -> Any:
        node = entry.value
        self.entries[path] = entry
        if not isinstance(node, MappingNode):
            if is_blank(node) and not any(k.required for k in declared.keys):
                return {}
            self._not_a_mapping(declared, entry, path)
            return MISSING
        if self._foreign(node, MAPPING, path):
            return MISSING
        read: Read = {}
        written: dict[str, ScalarNode] = {}
        renamed: set[str] = set()
        pairs = list(self._pairs(node, path, depth))
        names = {key.value for key, _ in pairs}
        for key, value in pairs:
            inside = Entry(key, value, bool(node.flow_style))
            at = f"{path}.{key.value}" if path else key.value
            if key.value in written:
                if written[key.value] is not key:
                    line = written[key.value].start_mark.line + 1
                    message = f"`{key.value}` is written twice; the first is in line {line}."
                    self._at(inside, at, "duplicate-key", message, self.removal(inside))
                continue
            written[key.value] = key
            known = declared.key(key.value)
            if known is None:
                meant = self._unknown(declared, inside, at, names, pairs)
                if meant is None:
                    continue
                # What stands under a misspelt key is read all the same, so that its own errors are told too.
                known, at = meant, f"{path}.{meant.name}" if path else meant.name
                renamed.add(meant.name)
                names.add(meant.name)
            value_read = self._read(known.value, inside, at, depth + 1, declared)
            if value_read is not MISSING:
                read[known.name] = value_read
        for known in declared.keys:
            if known.required and known.name not in written and known.name not in renamed:
                self._missing(declared, known, node, path, read)
            short = known.value.short if isinstance(known.value, Either) else known.value
            if known.default is not None and known.name not in written and isinstance(short, Scalar):
                read[known.name] = short.parse(known.default)
        return read

    def _pairs(self, node: MappingNode, path: str, depth: int) -> Iterable[tuple[ScalarNode, Node]]:
        """The entries of a mapping, then those that `<<` merges in where it has no own."""
        merged: list[tuple[ScalarNode, Node]] = []
        for key, value in node.value:
            self._count += 1
            if self._count > MAX_NODES or depth > MAX_DEPTH:
                raise TooMuch(node)
            if not isinstance(key, ScalarNode):
                message = "A key is a word; this is a list or a mapping."
                mark, what = key.start_mark, self.source.line(key.start_mark.line + 1).strip()
                self._report(
                    mark.line + 1,
                    mark.column + 1,
                    path,
                    "type",
                    message,
                    mend.write(f'"{slug(what)}"', what, mark.line + 1),
                )
            elif key.value == "<<" and not key.style:
                for part in value.value if isinstance(value, SequenceNode) else [value]:
                    if isinstance(part, MappingNode):
                        merged += self._pairs(part, path, depth + 1)
            else:
                yield key, value
        own = {key.value for key, _ in node.value if isinstance(key, ScalarNode)}
        for key, value in merged:
            if key.value not in own:
                own.add(key.value)
                yield key, value

    # What does not fit -------------------------------------------------------------------------------------

    def _unknown(
        self, declared: MapOf, entry: Entry, path: str, names: set[str], pairs: list[tuple[ScalarNode, Node]]
    ) -> Key | None:
        """Reports an unknown key; the result is the key that it stands for, if any."""
        assert entry.key is not None
        word = entry.key.value
        near = self._nearest(declared, word, names)
        where = f"`{declared.name}`"
        if near:
            line = entry.start.line + 1
            old = self.source.between(entry.start.index, entry.key.end_mark.index) or word
            self._at(entry, path, "unknown-key", f"{where} has no key `{word}`.", mend.rename(old, near, line))
            return declared.key(near)
        reindented = self._misplaced(declared, entry, pairs)
        if reindented:
            message, how = reindented
            self._at(entry, path, "nesting", message, how)
            return None
        places = [p or "the top level" for p in homes(COURSE_FILE).get(word, ())]
        hint = f" It belongs in {' or '.join(places)}." if places else ""
        keys = ", ".join(k.name for k in declared.keys)
        severity: Severity = "error" if declared.strict or places else "warning"
        message = f"{where} has no key `{word}`; its keys are {keys}.{hint}"
        self._at(entry, path, "unknown-key", message, self.removal(entry), severity)
        return None

    def _nearest(self, declared: MapOf, word: str, names: set[str]) -> str | None:
        plain = word.strip().lower().replace("-", "_").replace(" ", "_")
        free = [k for k in declared.keys if k.name not in names]
        for key in free:
            if plain == key.name or plain in key.also:
                return key.name
        # A key that is right elsewhere is rather in the wrong place than misspelt, unless it is very near.
        cutoff = 0.85 if plain in homes(COURSE_FILE) else 0.6
        near = get_close_matches(plain, [k.name for k in free], 1, cutoff)
        if near:
            return near[0]
        words = {a: k.name for k in free for a in k.also}
        near = get_close_matches(plain, words, 1, max(cutoff, 0.75))
        return words[near[0]] if near else None

    def _misplaced(self, declared: MapOf, entry: Entry, pairs: list[tuple[ScalarNode, Node]]) -> tuple[str, str] | None:
        """A key that would be right with another indentation: inside of the entry before it, or further out."""
        assert entry.key is not None
        if entry.flow:
            return None
        word, first, last = entry.key.value, entry.start.line + 1, self.source.last_line(entry.value)
        before = [(k, v) for k, v in pairs if k.start_mark.index < entry.start.index and declared.key(k.value)]
        if before:
            key, value = before[-1]
            known = declared.key(key.value)
            column = self._room_inside(known.value, value, word) if known else None
            if known and isinstance(known.value, MapOf) and known.value.key(word) and is_blank(value):
                # All of its keys slipped to the left; that it seems empty is the same mistake.
                column = key.start_mark.column + 2
                self.problems = [p for p in self.problems if (p.line, p.code) != (key.start_mark.line + 1, "type")]
            if known and column is not None:
                message = f"`{word}` stands beside `{key.value}` and belongs inside of it."
                return message, mend.indent(first, last, column)
        is_last = not any(k.start_mark.index > entry.start.index for k, _ in pairs)
        for path, outer in self.entries.items():
            node = outer.value
            if not is_last or not isinstance(node, MappingNode) or node.flow_style or not node.value:
                continue
            column = node.value[0][0].start_mark.column
            encloses = node.start_mark.index < entry.start.index < node.end_mark.index
            if encloses and column < entry.start.column and not any(k.value == word for k, _ in node.value):
                spec = _declared_at(path)
                if spec and spec.key(word):
                    message = f"`{word}` is indented too far: it belongs to {path or 'the top level'}."
                    return message, mend.indent(first, last, column)
        return None

    def _room_inside(self, declared: Value, node: Node, word: str) -> int | None:
        """The column at which `word` would be right as the next key inside of a value."""
        if isinstance(declared, ListOf) and isinstance(node, SequenceNode) and node.value and not node.flow_style:
            return self._room_inside(declared.item, node.value[-1], word)
        spec = declared.full if isinstance(declared, Either) else declared
        if not isinstance(spec, MapOf) or not isinstance(node, MappingNode) or node.flow_style or not node.value:
            return None
        if spec.key(word) and not any(k.value == word for k, _ in node.value):
            return int(node.value[0][0].start_mark.column)
        last_key, last_value = node.value[-1]
        known = spec.key(last_key.value)
        return self._room_inside(known.value, last_value, word) if known else None

    def _missing(self, declared: MapOf, key: Key, node: MappingNode, path: str, read: Read) -> None:
        example = example_of(key)
        if isinstance(key.value, Id) and key.name == "id":
            words = next((str(read[n]) for n in ("title", "text", "question") if n in read), "")
            example = slug(words) if words else f"{example}-{_index(path)}" if "[" in path else example
        elif isinstance(key.value, Id):
            ids = (
                e.value.value for p, e in self.entries.items() if p.startswith(f"{key.name}s[") and p.endswith("].id")
            )
            example = next(ids, example)
        start = node.value[0][0].start_mark if node.value else node.start_mark
        message = f"`{declared.name}` has no `{key.name}`. {key.doc}"
        self._report(
            start.line + 1, start.column + 1, path, "missing", message, self.addition(path, f"{key.name}: {example}")
        )

    def _swallowed(self, entry: Entry, path: str, owner: MapOf | None) -> bool:
        """A bare text of several lines whose later line is a key without its colon."""
        node = entry.value
        if (
            not isinstance(node, ScalarNode)
            or node.style
            or node.start_mark.line == node.end_mark.line
            or owner is None
        ):
            return False
        for number in range(node.start_mark.line + 2, node.end_mark.line + 2):
            line = self.source.line(number).strip()
            word = line.split(":")[0].split(" ")[0]
            if owner.key(word) and entry.key and entry.key.value != word:
                rest = line.removeprefix(word).lstrip(": ")
                new = f"{word}: {rest}" if rest else f"{word}:"
                message = f"`{word}` has no colon and a space after it, so it was read as part of `{_name(path)}`."
                column = len(self.source.line(number)) - len(self.source.line(number).lstrip()) + 1
                self._report(number, column, path, "colon", message, mend.write(new, line, number))
                return True
        return False

    def _not_a_mapping(self, declared: MapOf, entry: Entry, path: str) -> None:
        node = entry.value
        name = _name(path) or "the file"
        message = f"{name} is {_what(node)}; it takes keys: {', '.join(k.name for k in declared.keys)}."
        if isinstance(node, SequenceNode) and node.value and not node.flow_style:
            dashes = [mend.write(*pair) for item in node.value if (pair := self._undashed(item))]
            if len(dashes) == len(node.value):
                self._at(entry, path, "type", message, " ".join(dashes))
                return
        if isinstance(node, ScalarNode) and not is_blank(node):
            word, _, rest = node.value.partition(" ")
            key = declared.key(word.rstrip(":"))
            if key and node.start_mark.line == node.end_mark.line:
                old = self.source.between(node.start_mark.index, node.end_mark.index)
                new = f"{key.name}: {rest.strip() or example_of(key)}"
                new = "{" + new + "}" if entry.key else new
                how = mend.write(new, old, node.start_mark.line + 1)
                self._at(entry, path, "colon", f"`{word}` has no colon after it.", how)
                return
        instead = declared.example()
        words = next((k.name for k in declared.keys if k.required and isinstance(k.value, Text)), None)
        if words and isinstance(node, ScalarNode) and node.value.strip():
            instead = instead.replace(f"{words}: …", f"{words}: {quoted(node.value.strip())}")
        if path:
            how = self.replacement(entry, instead)
        else:
            how = mend.write_lines(
                f"course: {COURSE.example()}",
                node.start_mark.line + 1,
                self.source.last_line(node),
            )
        self._at(entry, path, "type", message, how)

    def _undashed(self, item: Node) -> tuple[str, str, int] | None:
        line = self.source.line(item.start_mark.line + 1).strip()
        one_line = item.start_mark.line + 1 == self.source.last_line(item)
        bare = line.removeprefix("-").strip()
        return (bare, line, item.start_mark.line + 1) if one_line and line.startswith("-") and bare else None

    def _not_a_list(self, declared: ListOf, entry: Entry, path: str) -> None:
        node = entry.value
        message = f"`{_name(path)}` is {_what(node)}; it takes a list, each item after a dash."
        if isinstance(node, MappingNode) and node.value and not node.flow_style:
            keys = [(k, v) for k, v in node.value]
            if all(isinstance(v, MappingNode) for _, v in keys) and isinstance(declared.item, MapOf):
                lines = [(self.source.line(k.start_mark.line + 1).strip(), k.start_mark.line + 1) for k, _ in keys]
                how = " ".join(mend.write("-", old, line) for old, line in lines)
            else:
                how = mend.itemize(node.start_mark.line + 1, self.source.last_line(node))
            self._at(entry, path, "type", message, how)
            return
        if isinstance(node, MappingNode | SequenceNode) or is_blank(node):
            if isinstance(node, MappingNode) and node.start_mark.line == node.end_mark.line:
                inner = self.source.between(node.start_mark.index, node.end_mark.index)
                self.report_value(path, "type", message, f"[{inner}]" if node.value else self._filled(declared, None))
                return
            self.report_value(path, "empty" if is_blank(node) else "type", message, self._filled(declared, None))
            return
        if isinstance(declared.item, Scalar) and "," in node.value:
            parts = [p.strip() for p in node.value.split(",") if p.strip()]
            if len(parts) >= declared.least:
                self.report_value(path, "type", message, "[" + ", ".join(quoted(p) for p in parts) + "]")
                return
        self.report_value(path, "type", message, self._filled(declared, None))

    def _filled(self, declared: ListOf, node: SequenceNode | None) -> str:
        """A list with enough items, as YAML in one line."""
        own = [quoted(i.value) for i in node.value if isinstance(i, ScalarNode)] if node else []
        example = (
            declared.item.short.example
            if isinstance(declared.item, Either)
            else declared.item.example()
            if isinstance(declared.item, MapOf)
            else declared.item.example
            if isinstance(declared.item, Scalar)
            else "[]"
        )
        more = [example if example != "…" or declared.least < 2 else f"option {i + 1}" for i in range(declared.least)]
        return "[" + ", ".join((own + more)[: max(1, declared.least)]) + "]"

    def _inner(self, declared: Scalar, node: Node) -> str:
        """A single value out of a list or a mapping, where one in it is right."""
        inner = node.value if isinstance(node, SequenceNode) else [v for _, v in node.value]
        for item in inner:
            if isinstance(item, ScalarNode) and not is_blank(item):
                try:
                    declared.parse(item.value.strip())
                except Wrong:
                    continue
                return quoted(item.value.strip())
        return declared.example

    def _fresh(self, declared: Scalar, path: str) -> str:
        spec = _declared_at(path.rpartition(".")[0])
        key = spec.key(_name(path)) if spec else None
        return example_of(key) if key and not isinstance(declared, Text) else declared.example

    def _safe(self, instead: str) -> str:
        return instead if instead.startswith(("[", "{", '"')) else quoted(instead)

    def _foreign(self, node: Node, expected: str, path: str) -> bool:
        """Tags ask a program to build its own objects; a course file has no use for one."""
        if node.tag == expected:
            return False
        raw = self.source.between(node.start_mark.index, max(node.end_mark.index, node.start_mark.index + 1))
        word = raw.split()[0] if raw.split() else node.tag
        line = node.start_mark.line + 1
        if not word.startswith("!"):
            word = next((w for w in self.source.line(line).split() if w.startswith("!")), word)
        message = f"`{word}` is a tag; a course file has only text, numbers, lists and keys."
        old = f"{word} " if f"{word} " in self.source.line(line) else word
        self._report(line, node.start_mark.column + 1, path, "tag", message, mend.remove(old, line))
        return True

    # Places ------------------------------------------------------------------------------------------------

    def _aliased(self, entry: Entry) -> bool:
        """Whether the value is an alias (or null by one): then its marks are those of its anchor."""
        return entry.key is not None and entry.value.start_mark.index < entry.key.end_mark.index

    def _dash(self, entry: Entry) -> str:
        before = self.source.line(entry.start.line + 1)[: entry.start.column].strip()
        return f"{before} " if before.startswith("-") else ""

    def _at(self, entry: Entry, path: str, code: str, message: str, how: str, severity: Severity = "error") -> None:
        inline = isinstance(entry.value, ScalarNode) and not is_blank(entry.value) and not self._aliased(entry)
        mark = entry.value.start_mark if inline and code not in _ABOUT_THE_KEY else entry.start
        self._report(mark.line + 1, mark.column + 1, path, code, message, how, severity)

    def _report(
        self, line: int, column: int, path: str, code: str, message: str, how: str, severity: Severity = "error"
    ) -> None:
        problem = Problem(self.file, line, column, path, code, severity, message, how)
        if not any((p.line, p.column, p.code) == (line, column, code) and p.mend == how for p in self.problems):
            self.problems.append(problem)


_ABOUT_THE_KEY = frozenset({"unknown-key", "duplicate-key", "nesting"})


def _name(path: str) -> str:
    return path.rpartition(".")[2]


def _index(path: str) -> int:
    digits = path.rpartition("[")[2].rstrip("]")
    return int(digits) + 1 if digits.isdecimal() else 1


def _key_text(entry: Entry) -> str:
    return f"{entry.key.value}: " if entry.key else ""


def _what(node: Node) -> str:
    if is_blank(node):
        return "empty"
    return "a list" if isinstance(node, SequenceNode) else "a mapping" if isinstance(node, MappingNode) else "a text"


def _declared_at(path: str) -> MapOf | None:
    """The mapping that is declared for a path of the file."""
    value: Value = COURSE_FILE
    for part in path.split(".") if path else ():
        spec = value.full if isinstance(value, Either) else value
        key = spec.key(part.partition("[")[0]) if isinstance(spec, MapOf) else None
        if key is None:
            return None
        value = key.value
        if "[" in part and isinstance(value, ListOf):
            value = value.item
    spec = value.full if isinstance(value, Either) else value
    return spec if isinstance(spec, MapOf) else None
