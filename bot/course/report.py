"""Collects what is wrong with a course file, and words each fix as an edit at its place."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from bot.course import fixes
from bot.course.problems import Problem, Severity
from bot.course.source import MAX_PROBLEMS, MappingNode, Node, ScalarNode, Source, is_blank, line_of

_ABOUT_THE_KEY = frozenset({"unknown-key", "duplicate-key", "nesting"})
"""Codes of problems that point at the key and not at its value."""


@dataclass(frozen=True)
class Entry:
    """A value at its place. `key` is None for an item of a list; `flow` is set between { } and [ ]."""

    key: ScalarNode | None
    value: Node
    flow: bool = False
    renamed: bool = False
    """Whether another fix renames its key."""

    @property
    def start(self) -> Any:
        return (self.key or self.value).start_mark

    @property
    def line(self) -> int:
        return line_of(self.key or self.value)

    @property
    def label(self) -> str:
        """The key as it stands before a value on its line; '' for an item."""
        return f"{self.key.value}: " if self.key else ""

    @property
    def is_alias(self) -> bool:
        """Whether the value is an alias: its marks are then those of its anchor."""
        return self.key is not None and self.value.start_mark.index < self.key.end_mark.index


class TooMany(Exception):
    """The file has MAX_PROBLEMS errors; reading on would take more time than further ones are worth."""


@dataclass
class Report:
    """Collects `problems` and, for later checks, the `entries` by path."""

    source: Source
    file: str
    problems: list[Problem] = field(default_factory=list)
    entries: dict[str, Entry] = field(default_factory=dict)
    _taken: set[str] = field(default_factory=set)

    def has(self, path: str) -> bool:
        """Whether something is written at `path`."""
        return path in self.entries

    def free_id(self, wish: str) -> str:
        """An id like `wish` that neither the file nor another fix has."""
        if not self._taken:
            self._taken |= set(re.findall(r"\bid[\"']?:\s*[\"']?([\w-]+)", self.source.text))
        free = next(id for n in count(1) if (id := wish if n == 1 else f"{wish[:36]}-{n}") not in self._taken)
        self._taken.add(free)
        return free

    def ids(self, section: str) -> Iterator[tuple[str, str]]:
        """The items of a section that have an id: (path, id)."""
        for path, entry in self.entries.items():
            if path.startswith(f"{section}[") and path.endswith("].id"):
                yield path.removesuffix(".id"), entry.value.value

    def _entry(self, path: str) -> Entry:
        """What stands at `path`. A value that stands where a list is expected is its only item."""
        return self.entries.get(path) or self.entries[path.removesuffix("[0]")]

    def report_value(self, path: str, code: str, message: str, instead: str, severity: Severity = "error") -> None:
        """Reports the value at `path`; `instead` is one that means the same, as YAML."""
        self.report_entry(path, code, message, self.replacement(self._entry(path), instead), severity)

    def report_doubt(self, path: str, code: str, message: str, what: str, severity: Severity = "error") -> None:
        """Reports the value at `path`, about which the author has to decide."""
        self.report_entry(path, code, message, fixes.decide(what, self._entry(path).line), severity)

    def report_entry(self, path: str, code: str, message: str, fix: str, severity: Severity = "error") -> None:
        """Reports the entry at `path`."""
        self.at(self._entry(path), path, code, message, fix, severity)

    def report_addition(self, path: str, code: str, message: str, new: str) -> None:
        """Reports the mapping at `path`; the line `new` in it is the fix."""
        self.report_entry(path, code, message, self.addition(path, new))

    def at(self, entry: Entry, path: str, code: str, message: str, fix: str, severity: Severity = "error") -> None:
        inline = isinstance(entry.value, ScalarNode) and not is_blank(entry.value) and not entry.is_alias
        mark = entry.value.start_mark if inline and code not in _ABOUT_THE_KEY else entry.start
        self.say(mark.line + 1, mark.column + 1, path, code, message, fix, severity)

    def say(
        self, line: int, column: int, path: str, code: str, message: str, fix: str, severity: Severity = "error"
    ) -> None:
        if any((p.line, p.column, p.code, p.fix) == (line, column, code, fix) for p in self.problems):
            return
        many = sum(p.severity == severity for p in self.problems) + 1
        # Reading goes on after any number of warnings: they keep no course from loading.
        if severity == "error" or many <= MAX_PROBLEMS:
            self.problems.append(Problem(self.file, line, column, path, code, severity, message, fix))
        if severity == "error" and many >= MAX_PROBLEMS:
            raise TooMany

    def is_consequence(self, problem: Problem, lost: Collection[int]) -> bool:
        """Whether a problem may only follow from lines that could not be read: something is missing around them."""
        if problem.line in lost or len(lost) > len(self.source.lines):
            return True
        entry = self.entries.get(problem.path)
        if problem.code not in ("missing", "empty", "type", "reference", "range") or entry is None:
            return False
        return any(entry.line <= line <= self.source.last_line(entry.value) + 1 for line in lost)

    # Fixes

    def replacement(self, entry: Entry, instead: str) -> str:
        """The fix that puts another value into an entry."""
        first, last, new = entry.line, self.source.last_line(entry.value), f"{entry.label}{instead}"
        line = self.source.line(first)
        if entry.is_alias:
            return fixes.write(new, line[entry.start.column :].rstrip(), first)
        if first != last:
            return fixes.write_lines(f"{self._dash(entry)}{new}", first, last)
        end = max(entry.value.end_mark.index, entry.key.end_mark.index if entry.key else 0)
        old = self.source.between(entry.start.index, end).rstrip()
        if is_blank(entry.value) and entry.key and not entry.value.value:
            # The colon belongs to what is replaced.
            old = line[entry.start.column :].split("#")[0].rstrip()
            old = old[: old.index(":", len(entry.key.value)) + 1] if ":" in old else old
        if entry.renamed and (bare := old.removeprefix(entry.label)) and line.count(bare) == 1:
            old, new = bare, instead
        # An empty item has nothing but its dash.
        return fixes.write(new, old, first) if old else fixes.write(f"- {instead}", "-", first)

    def addition(self, path: str, new: str) -> str:
        """The fix that adds a key to the mapping at `path` ('' for the file)."""
        node = self.entries[path].value
        assert isinstance(node, MappingNode)
        if not node.value:
            return self.replacement(self.entries[path], "{" + new + "}")
        first = Entry(*node.value[0])
        if node.flow_style:
            old = self.source.between(node.start_mark.index, node.value[0][0].end_mark.index)
            return fixes.write(old.replace("{", "{" + new + ", ", 1), old, first.line)
        below = first.line if first.is_alias else self.source.last_line(first.value)
        return fixes.add(new, below, first.start.column)

    def _dash(self, entry: Entry) -> str:
        before = self.source.line(entry.line)[: entry.start.column].strip()
        return f"{before} " if before.startswith("-") else ""
