"""Changes one key of one item of a course file in place, by small replacements in its text.

The file is never written again from its values. The YAML parser gives the position of a value, and only that span is
replaced; the author's comments, order, quotes and line breaks stay.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

import yaml

from bot.core.errors import PacekeeperError
from bot.core.message import unwrapped
from bot.course.grammar import Key, ListOf, MapOf
from bot.course.source import (
    STRING,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    Source,
    double_quoted,
    is_blank,
    line_of,
    quoted,
)
from bot.course.value_types.scalar import Scalar
from bot.course.value_types.texts import Id, Link, Text

_ALIAS = re.compile(r"\s*:\s*(\*[^\s,\[\]{}]+)")


class Shared(PacekeeperError):
    """No form can change this as it is written (with &, say). Download the file, change it there, and upload it."""


def entries(node: Node | None) -> dict[str, tuple[ScalarNode, Node]]:
    """Key -> (its node, its value): the own keys of a mapping, then those that `<<` merges in."""
    found: dict[str, tuple[ScalarNode, Node]] = {}
    if not isinstance(node, MappingNode):
        return found
    merged: list[Node] = []
    for key, value in node.value:
        if isinstance(key, ScalarNode) and key.value == "<<" and not key.style:
            merged += value.value if isinstance(value, SequenceNode) else [value]
        elif isinstance(key, ScalarNode):
            found.setdefault(key.value, (key, value))
    for part in merged:
        for name, entry in entries(part).items():
            found.setdefault(name, entry)
    return found


@dataclass
class Patch:
    """Changes the item `node` of a source, declared by `declared`."""

    source: Source
    node: MappingNode
    declared: MapOf
    _changes: list[tuple[int, int, str]] = field(default_factory=list)

    def put(self, key: Key, kind: Scalar, lines: Sequence[str]) -> None:
        """Gives the key these values, one unless it takes a list; without values the key is removed.

        Raises Shared if the key comes from another item.
        """
        own = {k.value: (k, v) for k, v in self.node.value if isinstance(k, ScalarNode)}
        if key.name not in own:
            if not lines:
                raise Shared
            self._insert(key, self._fresh(key, kind, lines))
            return
        name, value = own[key.name]
        if not lines:
            self._remove(name, value)
        elif isinstance(value, SequenceNode) and value.value and not _is_alias(name, value):
            self._change_items(value, kind, lines)
        elif _is_alias(name, value) or not isinstance(value, ScalarNode) or _starts_anew(value, lines):
            start, end = self._start(name, value), self._end(name, value)
            space = " " if self.source.text[start - 1] == ":" else ""
            # A comment after the value would become part of a block.
            alone = not self.source.text[end:].partition("\n")[0].strip()
            self._replace(start, end, space + self._fresh(key, kind, lines, alone))
        else:
            self._change_scalar(value, kind, lines[0])

    def put_yaml(self, key: Key, value: str) -> None:
        """Gives the key a value in YAML, on its own line; '' removes the key."""
        own = {k.value: (k, v) for k, v in self.node.value if isinstance(k, ScalarNode)}
        if key.name not in own:
            if not value:
                raise Shared
            self._insert(key, value)
        elif not value:
            self._remove(*own[key.name])
        elif _is_alias(*own[key.name]):
            self._replace(self._start(*own[key.name]), self._end(*own[key.name]), value)
        else:
            name, old = own[key.name]
            # A block mapping ends with its last value; a comment below it stays.
            last = old.value[-1][1] if isinstance(old, MappingNode) and not old.flow_style else old
            self._replace(name.end_mark.index, self._end(name if last is old else None, last), f": {value}")

    def add_item(self, key: Key, at: int, lines: Sequence[str], braced: str = "") -> None:
        """Inserts an item into a list before the index `at`. `lines` are its `key: value` pairs. In a list within
        brackets it is written `braced`, by default as these pairs within braces.

        Raises Shared if the list stands elsewhere in the file.
        """
        own = {k.value: (k, v) for k, v in self.node.value if isinstance(k, ScalarNode)}
        braced = braced or f"{{{', '.join(lines)}}}"
        dash = "\n" + " " * (self._column + 2) + "- "
        fresh = f"[{braced}]" if self.node.flow_style else dash + _below(lines, self._column + 4)
        if key.name not in own:
            self._insert(key, fresh)
            return
        name, value = own[key.name]
        if _is_alias(name, value):
            raise Shared
        if isinstance(value, SequenceNode) and value.value:
            self._add_items(value, at, [braced if value.flow_style else _below(lines, value.start_mark.column + 2)])
        else:
            self._replace(self._start(name, value), self._end(name, value), fresh)

    def drop_item(self, key: Key, at: int) -> None:
        """Removes an item of a list, and the list with its last item. Raises Shared if it stands elsewhere."""
        name, value = self._list(key)
        if len(value.value) == 1:
            self._remove(name, value)
        else:
            self._drop_items(value, at, at + 1)

    def item(self, key: Key, at: int) -> tuple[Sequence[str], str]:
        """An item of a list, as `add_item` takes it. Raises Shared if the list stands elsewhere."""
        _name, value = self._list(key)
        item = value.value[at]
        if value.flow_style:
            braced = self.source.between(item.start_mark.index, self._end(None, item))
            return braced.split("\n"), braced
        column = item.start_mark.column
        first, *rest = self.source.lines[line_of(item) - 1 : self.source.last_line(item)]
        lines = [first[column:], *(line.lstrip() if line[:column].strip() else line[column:] for line in rest)]
        if not isinstance(item, MappingNode):
            raise Shared
        if item.flow_style:
            return lines, self.source.between(item.start_mark.index, self._end(None, item))
        return lines, f"{{{', '.join(self._within_braces(k, v) for k, v in item.value)}}}"

    def _within_braces(self, key: ScalarNode, value: Node) -> str:
        """A pair of a block as it stands within braces, where a comma or a bracket would end a plain text."""
        said = self.source.between(self._start(key, value), self._end(key, value))
        if isinstance(value, ScalarNode) and (
            value.style in ("|", ">") or (not value.style and set(said) & set(",[]{}"))
        ):
            said = double_quoted(value.value)
        return f"{key.value}: {said}"

    def _list(self, key: Key) -> tuple[ScalarNode, SequenceNode]:
        name, value = next(e for e in self.node.value if isinstance(e[0], ScalarNode) and e[0].value == key.name)
        if not isinstance(value, SequenceNode) or _is_alias(name, value):
            raise Shared
        return name, value

    def applied(self, text: str) -> str:
        """The original text with the changes, and with its own line breaks."""
        places, breaks = _places(text), "\r\n" if "\r\n" in text else "\n"
        for start, end, new in sorted(self._changes, reverse=True):
            text = text[: places[start]] + new.replace("\n", breaks) + text[places[end] :]
        return text

    def _replace(self, start: int, end: int, new: str) -> None:
        self._changes.append((start, end, new))

    # Keys

    def _insert(self, key: Key, value: str) -> None:
        """Inserts the key after the nearest one before it in the declaration, or after the first key."""
        order = [k.name for k in self.declared.keys]
        here = [(k, v) for k, v in self.node.value if isinstance(k, ScalarNode)]
        before = [e for e in here if e[0].value in order and order.index(e[0].value) < order.index(key.name)]
        name, below = max(before, key=lambda e: order.index(e[0].value)) if before else here[0]
        new = f"{key.name}:{value}" if value.startswith("\n") else f"{key.name}: {value}"
        if self.node.flow_style:
            end = self._end(name, below)
            self._replace(end, end, f", {new}")
        else:
            self._add_lines(self._last_line(name, below), [f"{' ' * self._column}{new}"])

    def _remove(self, key: ScalarNode, value: Node) -> None:
        """Removes a key, with its line if nothing else is on it."""
        at = next(n for n, (k, _) in enumerate(self.node.value) if k is key)
        behind = self.node.value[at + 1][0].start_mark.index if at + 1 < len(self.node.value) else None
        start, end = key.start_mark.index, self._end(key, value)
        line = line_of(key)
        if self.node.flow_style:
            first = self._end(*self.node.value[at - 1]) if behind is None and at else start
            self._replace(first, end if behind is None else behind, "")
        elif self.source.line(line)[: key.start_mark.column].strip():
            # The item's dash is before the key; comments between the key and the next one stay.
            joined = behind is not None and not self.source.between(end, behind).strip()
            self._replace(start, behind if joined and behind is not None else end, "")
        else:
            last = self._last_line(key, value)
            while self._is_comment_inside(last + 1, key.start_mark.column):
                last += 1
            self._replace(self._line_start(line), self._line_start(last + 1), "")

    def _is_comment_inside(self, line: int, column: int) -> bool:
        """Whether a line is a comment that is indented deeper than a key at `column`."""
        text = self.source.line(line)
        return text.lstrip().startswith("#") and len(text) - len(text.lstrip()) > column

    # Values

    def _fresh(self, key: Key, kind: Scalar, lines: Sequence[str], alone: bool = True) -> str:
        """A new value as YAML; `alone`: nothing follows it on its line."""
        if isinstance(key.value, ListOf):
            return f"[{', '.join(written(kind, line) for line in lines)}]"
        if "\n" in lines[0] and alone and not self.node.flow_style and _fits_block(lines[0]):
            indent = " " * (self._column + 2)
            return "|-\n" + "\n".join(f"{indent}{line}" if line else "" for line in lines[0].split("\n"))
        return written(kind, lines[0])

    def _change_scalar(self, old: ScalarNode, kind: Scalar, text: str) -> None:
        """Replaces a value and keeps its style of quotes."""
        if old.style == "'" and "\n" not in text:
            new = "'" + text.replace("'", "''") + "'"
        elif old.style == '"':
            new = double_quoted(text)
        else:
            new = written(kind, text)
        self._replace(old.start_mark.index, self._end(None, old), new)

    def _change_items(self, node: SequenceNode, kind: Scalar, lines: Sequence[str]) -> None:
        """Changes a list item by item, so that unchanged items keep their lines."""
        values = node.value
        old = [unwrapped(v.value) for v in values]
        for what, first, last, start, end in SequenceMatcher(None, old, lines, autojunk=False).get_opcodes():
            if what == "equal":
                continue
            shared = min(last - first, end - start)
            for value, text in zip(values[first:last], lines[start:end], strict=False):
                self._change_scalar(value, kind, text)
            if last - first > shared:
                self._drop_items(node, first + shared, last)
            if end - start > shared:
                self._add_items(node, first + shared, [written(kind, line) for line in lines[start + shared : end]])

    def _drop_items(self, node: SequenceNode, first: int, last: int) -> None:
        values = node.value
        if not node.flow_style:
            below = self.source.last_line(values[last - 1]) + 1
            self._replace(self._line_start(line_of(values[first])), self._line_start(below), "")
        elif last < len(values):
            self._replace(values[first].start_mark.index, values[last].start_mark.index, "")
        else:
            self._replace(self._end(None, values[first - 1]), self._end(None, values[last - 1]), "")

    def _add_items(self, node: SequenceNode, at: int, new: Sequence[str]) -> None:
        """Inserts items before the one with the index `at`."""
        values = node.value
        if not node.flow_style:
            line = self.source.last_line(values[at - 1]) if at else values[0].start_mark.line
            self._add_lines(line, [f"{' ' * node.start_mark.column}- {text}" for text in new])
        elif at:
            end = self._end(None, values[at - 1])
            self._replace(end, end, "".join(f", {text}" for text in new))
        else:
            start = values[0].start_mark.index
            self._replace(start, start, "".join(f"{text}, " for text in new))

    # Places

    @property
    def _column(self) -> int:
        return int(self.node.value[0][0].start_mark.column)

    def _start(self, key: ScalarNode, value: Node) -> int:
        return self._alias(key).start(1) if _is_alias(key, value) else int(value.start_mark.index)

    def _end(self, key: ScalarNode | None, value: Node) -> int:
        """The index at which a value ends, without the space after it."""
        if key is not None and _is_alias(key, value):
            return self._alias(key).end(1)
        start, end = int(value.start_mark.index), int(value.end_mark.index)
        return start + len(self.source.between(start, end).rstrip())

    def _alias(self, key: ScalarNode) -> re.Match[str]:
        found = _ALIAS.match(self.source.text, key.end_mark.index)
        if found is None:
            raise Shared
        return found

    def _last_line(self, key: ScalarNode, value: Node) -> int:
        line: int = line_of(key)
        return line if _is_alias(key, value) else max(line, self.source.last_line(value))

    def _line_start(self, line: int) -> int:
        """The index at which a line (from 1) begins, at most the end of the text."""
        return min(sum(len(text) + 1 for text in self.source.lines[: line - 1]), len(self.source.text))

    def _add_lines(self, below: int, new: Sequence[str]) -> None:
        index = self._line_start(below + 1)
        unfinished = index == len(self.source.text) and not self.source.text.endswith("\n")
        self._replace(index, index, "".join(f"\n{line}" if unfinished else f"{line}\n" for line in new))


def _is_alias(key: ScalarNode, value: Node) -> bool:
    """Whether the value is an alias: its marks are then those of its anchor."""
    return bool(value.start_mark.index < key.end_mark.index)


def _below(lines: Sequence[str], column: int) -> str:
    """Lines of which all but the first begin at `column`."""
    first, *rest = lines
    return "\n".join([first, *(line and " " * column + line for line in rest)])


def _starts_anew(old: ScalarNode, lines: Sequence[str]) -> bool:
    """Whether the new value needs another form than the old one."""
    return is_blank(old) or old.style in ("|", ">") or len(lines) > 1 or (not old.style and "\n" in lines[0])


def written(kind: Scalar, text: str) -> str:
    """A value as YAML, in quotes if a YAML reader would take it for something other than text."""
    odd = isinstance(kind, Text | Id | Link) and _tag(text) != STRING
    return double_quoted(text) if odd else quoted(text)


def _tag(text: str) -> str:
    """The type that an ordinary YAML reader gives an unquoted word: number, date, yes or no."""
    resolvers = yaml.SafeLoader.yaml_implicit_resolvers
    candidates = [*resolvers.get(text[:1], ()), *resolvers.get(None, ())]
    return next((tag for tag, pattern in candidates if pattern.match(text)), STRING)


def _fits_block(text: str) -> bool:
    """Whether a block scalar can hold the lines unchanged."""
    return all(line == line.strip() and line.isprintable() for line in text.split("\n"))


def _places(text: str) -> Sequence[int]:
    """Index in the source -> index in the original text, which may have other line breaks."""
    start = 1 if text.startswith("\ufeff") else 0
    if "\r" not in text:
        return range(start, len(text) + 1)
    return [*_kept(text, start), len(text)]


def _kept(text: str, start: int) -> Iterator[int]:
    for n in range(start, len(text)):
        if text[n] != "\n" or n == 0 or text[n - 1] != "\r":
            yield n
