"""Where things stand in a course file, and how a finding about them is worded as an edit."""

from dataclasses import dataclass, field
from typing import Any

from bot.course import fixes
from bot.course.problems import Problem, Severity
from bot.course.source import MAX_PROBLEMS, MappingNode, Node, ScalarNode, Source, is_blank

_ABOUT_THE_KEY = frozenset({"unknown-key", "duplicate-key", "nesting"})
"""Problems that point at the key and not at what stands behind it."""


@dataclass(frozen=True)
class Entry:
    """A value at its place. `key` is None for an item of a list; `flow` whether it stands between { } or [ ]."""

    key: ScalarNode | None
    value: Node
    flow: bool = False

    @property
    def start(self) -> Any:
        return (self.key or self.value).start_mark


class TooMany(Exception):
    """The file has MAX_PROBLEMS; each more would be worth less than the time it takes."""


@dataclass
class Report:
    """Collects `problems` and, for later checks, the `entries` by path."""

    source: Source
    file: str
    problems: list[Problem] = field(default_factory=list)
    entries: dict[str, Entry] = field(default_factory=dict)

    def report_value(self, path: str, code: str, message: str, instead: str, severity: Severity = "error") -> None:
        """Reports the value at `path`; `instead` is a right one, as YAML."""
        entry = self.entries[path]
        self.at(entry, path, code, message, self.replacement(entry, instead), severity)

    def report_entry(self, path: str, code: str, message: str, how: str, severity: Severity = "error") -> None:
        """Reports the entry at `path`, with a fix of the caller's own."""
        self.at(self.entries[path], path, code, message, how, severity)

    def replacement(self, entry: Entry, instead: str) -> str:
        """The fix that puts another value into an entry."""
        if self._aliased(entry):
            old = self.source.line(entry.start.line + 1)[entry.start.column :].rstrip()
            return fixes.write(f"{_key_text(entry)}{instead}", old, entry.start.line + 1)
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
                return fixes.write(f"- {instead}", "-", first)
            return fixes.write(f"{_key_text(entry)}{instead}", old, first)
        return fixes.write_lines(f"{self._dash(entry)}{_key_text(entry)}{instead}", first, last)

    def removal(self, entry: Entry) -> str:
        """The fix that takes an entry of a mapping away."""
        first, last = entry.start.line + 1, self.source.last_line(entry.value)
        line = self.source.line(first)
        if self._aliased(entry):
            return fixes.remove(line[entry.start.column :].rstrip(), first)
        if first == last:
            old = self.source.between(entry.start.index, entry.value.end_mark.index).rstrip()
            rest = line[entry.start.column + len(old) :]
            if entry.flow and rest.lstrip().startswith(","):
                old += rest[: rest.index(",") + 1]
                old += " " if rest[rest.index(",") + 1 :].startswith(" ") else ""
            if line.strip() != old:
                return fixes.remove(old, first)
        elif self._dash(entry):
            return fixes.write_lines("-", first, last)
        return fixes.remove_lines(first, last)

    def addition(self, path: str, new: str) -> str:
        """The fix that adds a key to the mapping at `path` ('' for the file)."""
        node = self.entries[path].value
        assert isinstance(node, MappingNode)
        if not node.value:
            return self.replacement(self.entries[path], "{" + new + "}")
        key, value = node.value[0]
        if node.flow_style:
            old = self.source.between(node.start_mark.index, key.end_mark.index)
            return fixes.write(old.replace("{", "{" + new + ", ", 1), old, key.end_mark.line + 1)
        below = (
            self.source.last_line(value) if value.start_mark.index >= key.start_mark.index else key.start_mark.line + 1
        )
        return fixes.add(new, below, key.start_mark.column)

    def at(self, entry: Entry, path: str, code: str, message: str, how: str, severity: Severity = "error") -> None:
        inline = isinstance(entry.value, ScalarNode) and not is_blank(entry.value) and not self._aliased(entry)
        mark = entry.value.start_mark if inline and code not in _ABOUT_THE_KEY else entry.start
        self.say(mark.line + 1, mark.column + 1, path, code, message, how, severity)

    def say(
        self, line: int, column: int, path: str, code: str, message: str, how: str, severity: Severity = "error"
    ) -> None:
        problem = Problem(self.file, line, column, path, code, severity, message, how)
        if not any((p.line, p.column, p.code) == (line, column, code) and p.fix == how for p in self.problems):
            self.problems.append(problem)
            if len(self.problems) >= MAX_PROBLEMS:
                raise TooMany

    def _aliased(self, entry: Entry) -> bool:
        """Whether the value is an alias (or null by one): then its marks are those of its anchor."""
        return entry.key is not None and entry.value.start_mark.index < entry.key.end_mark.index

    def _dash(self, entry: Entry) -> str:
        before = self.source.line(entry.start.line + 1)[: entry.start.column].strip()
        return f"{before} " if before.startswith("-") else ""


def _key_text(entry: Entry) -> str:
    return f"{entry.key.value}: " if entry.key else ""
