"""What does not fit the declaration of a course file, and what was probably meant."""

from difflib import get_close_matches

from bot.course import fixes
from bot.course.grammar import Either, Key, ListOf, MapOf, Value, example_of, homes
from bot.course.keys import COURSE, COURSE_FILE
from bot.course.problems import Severity
from bot.course.report import Entry, Report
from bot.course.source import MappingNode, Node, ScalarNode, SequenceNode, is_blank, quoted
from bot.course.value_types import Id, Scalar, Text, Wrong, slug

Read = dict[str, object]


class Diagnostics(Report):
    """Reports what cannot be read."""

    def unknown(
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
            self.at(entry, path, "unknown-key", f"{where} has no key `{word}`.", fixes.rename(old, near, line))
            return declared.key(near)
        reindented = self._misplaced(declared, entry, pairs)
        if reindented:
            message, how = reindented
            self.at(entry, path, "nesting", message, how)
            return None
        places = [p or "the top level" for p in homes(COURSE_FILE).get(word, ())]
        hint = f" It belongs in {' or '.join(places)}." if places else ""
        keys = ", ".join(k.name for k in declared.keys)
        severity: Severity = "error" if declared.strict or places else "warning"
        message = f"{where} has no key `{word}`; its keys are {keys}.{hint}"
        self.at(entry, path, "unknown-key", message, self.removal(entry), severity)
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
                return message, fixes.indent(first, last, column)
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
                    return message, fixes.indent(first, last, column)
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

    def missing(self, declared: MapOf, key: Key, node: MappingNode, path: str, read: Read) -> None:
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
        self.say(
            start.line + 1, start.column + 1, path, "missing", message, self.addition(path, f"{key.name}: {example}")
        )

    def swallowed(self, entry: Entry, path: str, owner: MapOf | None) -> bool:
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
                message = f"`{word}` has no colon and a space after it, so it was read as part of `{name_of(path)}`."
                column = len(self.source.line(number)) - len(self.source.line(number).lstrip()) + 1
                self.say(number, column, path, "colon", message, fixes.write(new, line, number))
                return True
        return False

    def not_a_mapping(self, declared: MapOf, entry: Entry, path: str) -> None:
        node = entry.value
        name = name_of(path) or "the file"
        message = f"{name} is {_what(node)}; it takes keys: {', '.join(k.name for k in declared.keys)}."
        if isinstance(node, SequenceNode) and node.value and not node.flow_style:
            dashes = [fixes.write(*pair) for item in node.value if (pair := self._undashed(item))]
            if len(dashes) == len(node.value):
                self.at(entry, path, "type", message, " ".join(dashes))
                return
        if isinstance(node, ScalarNode) and not is_blank(node):
            word, _, rest = node.value.partition(" ")
            key = declared.key(word.rstrip(":"))
            if key and node.start_mark.line == node.end_mark.line:
                old = self.source.between(node.start_mark.index, node.end_mark.index)
                new = f"{key.name}: {rest.strip() or example_of(key)}"
                new = "{" + new + "}" if entry.key else new
                how = fixes.write(new, old, node.start_mark.line + 1)
                self.at(entry, path, "colon", f"`{word}` has no colon after it.", how)
                return
        instead = declared.example()
        words = next((k.name for k in declared.keys if k.required and isinstance(k.value, Text)), None)
        if words and isinstance(node, ScalarNode) and node.value.strip():
            instead = instead.replace(f"{words}: …", f"{words}: {quoted(node.value.strip())}")
        if path:
            how = self.replacement(entry, instead)
        else:
            how = fixes.write_lines(
                f"course: {COURSE.example()}",
                node.start_mark.line + 1,
                self.source.last_line(node),
            )
        self.at(entry, path, "type", message, how)

    def _undashed(self, item: Node) -> tuple[str, str, int] | None:
        line = self.source.line(item.start_mark.line + 1).strip()
        one_line = item.start_mark.line + 1 == self.source.last_line(item)
        bare = line.removeprefix("-").strip()
        return (bare, line, item.start_mark.line + 1) if one_line and line.startswith("-") and bare else None

    def not_a_list(self, declared: ListOf, entry: Entry, path: str) -> None:
        node = entry.value
        message = f"`{name_of(path)}` is {_what(node)}; it takes a list, each item after a dash."
        if isinstance(node, MappingNode) and node.value and not node.flow_style:
            keys = [(k, v) for k, v in node.value]
            if all(isinstance(v, MappingNode) for _, v in keys) and isinstance(declared.item, MapOf):
                lines = [(self.source.line(k.start_mark.line + 1).strip(), k.start_mark.line + 1) for k, _ in keys]
                how = " ".join(fixes.write("-", old, line) for old, line in lines)
            else:
                how = fixes.itemize(node.start_mark.line + 1, self.source.last_line(node))
            self.at(entry, path, "type", message, how)
            return
        if isinstance(node, MappingNode | SequenceNode) or is_blank(node):
            if isinstance(node, MappingNode) and node.start_mark.line == node.end_mark.line:
                inner = self.source.between(node.start_mark.index, node.end_mark.index)
                self.report_value(path, "type", message, f"[{inner}]" if node.value else self.filled(declared, None))
                return
            self.report_value(path, "empty" if is_blank(node) else "type", message, self.filled(declared, None))
            return
        if isinstance(declared.item, Scalar) and "," in node.value:
            parts = [p.strip() for p in node.value.split(",") if p.strip()]
            if len(parts) >= declared.least:
                self.report_value(path, "type", message, "[" + ", ".join(quoted(p) for p in parts) + "]")
                return
        self.report_value(path, "type", message, self.filled(declared, None))

    def filled(self, declared: ListOf, node: SequenceNode | None) -> str:
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

    def inner(self, declared: Scalar, node: Node) -> str:
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

    def fresh(self, declared: Scalar, path: str) -> str:
        spec = _declared_at(path.rpartition(".")[0])
        key = spec.key(name_of(path)) if spec else None
        return example_of(key) if key and not isinstance(declared, Text) else declared.example

    def safe(self, instead: str) -> str:
        return instead if instead.startswith(("[", "{", '"')) else quoted(instead)

    def foreign(self, node: Node, expected: str, path: str) -> bool:
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
        self.say(line, node.start_mark.column + 1, path, "tag", message, fixes.remove(old, line))
        return True


def name_of(path: str) -> str:
    return path.rpartition(".")[2]


def _index(path: str) -> int:
    digits = path.rpartition("[")[2].rstrip("]")
    return int(digits) + 1 if digits.isdecimal() else 1


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
