"""Finds keys of an item that slipped to the left margin, below the list that the item is in.

To YAML they are keys of the whole file, or an error lines below. So they are put back before the file is parsed, and
what else is wrong with it can be said at once.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bot.course import fixes
from bot.course.grammar import ListOf, MapOf
from bot.course.keys import COURSE, COURSE_FILE, LISTS
from bot.course.problems import Problem
from bot.course.source import Source

_KEY = re.compile(r"( *)((?:- +)*)([A-Za-z_][\w-]*):(?: +(.*))?$")


@dataclass
class _Item:
    """An item of a list that a key may still belong to: where it begins, the column of its keys, what it may have and
    what it has. `inner`: what the items of the list are that it began last."""

    line: int
    column: int
    declared: MapOf
    seen: set[str] = field(default_factory=set)
    inner: MapOf | None = None

    def takes(self, word: str) -> bool:
        return self.declared.key(word) is not None and word not in self.seen

    def read(self, word: str, blank: bool) -> None:
        self.seen.add(word)
        key = self.declared.key(word)
        if blank and key is not None and isinstance(key.value, ListOf) and isinstance(key.value.item, MapOf):
            self.inner = key.value.item


@dataclass
class Slip:
    """Lines that belong to an item above them: the first and the last, their keys, and the item."""

    first: int
    last: int
    words: list[str]
    item: int
    column: int

    def problem(self, file: str) -> Problem:
        listed = ", ".join(f"`{word}`" for word in self.words)
        many = len(self.words) > 1
        message = f"{listed} {'stand' if many else 'stands'} at the left margin, and {'belong' if many else 'belongs'} "
        message += f"to the item that begins in line {self.item}."
        how = fixes.indent(self.first, self.last, self.column)
        return Problem(file, self.first, 1, "", "indentation", "error", message, how)


def put_back(lines: Sequence[str], found: Sequence[Slip]) -> list[str]:
    """The lines of a file, with what slipped at its place."""
    columns = {n: slip.column for slip in found for n in range(slip.first, slip.last + 1)}
    return [" " * columns.get(n, 0) + text if text.strip() else text for n, text in enumerate(lines, 1)]


def slips(source: Source) -> list[Slip]:
    """The runs of lines that slipped to the margin, from the top."""
    found: list[Slip] = []
    for slip in _Reading(source).slips():
        last = found[-1] if found else None
        if last is not None and (last.item, last.column, last.last + 1) == (slip.item, slip.column, slip.first):
            last.last, last.words = slip.last, [*last.words, *slip.words]
        else:
            found.append(slip)
    return found


class _Reading:
    """One file, read line by line: which items are open at each."""

    def __init__(self, source: Source) -> None:
        self._lines = source.lines
        self._course = self._keys_of_course()
        self._list: MapOf | None = None
        self._items: list[_Item] = []

    def _keys_of_course(self) -> set[str]:
        """What `course` has: another such key at the margin is an item's."""
        keys, inside = set[str](), False
        for found in filter(None, map(_KEY.match, self._lines)):
            if not found[1] and not found[2]:
                inside = found[3] == "course"
                keys |= set(re.findall(r"[\w-]+(?=:)", found[4] or "")) if inside else set()
            elif inside:
                keys.add(found[3])
        return keys

    def slips(self) -> Iterator[Slip]:
        number = 0
        while number < len(self._lines):
            number += 1
            found = _KEY.match(self._lines[number - 1])
            if found is None:
                continue
            if found[1] or found[2]:
                self._read(number, found)
                continue
            item = self._owner(found[3]) if found[4] else None
            if item is None:
                self._begin(found)
                continue
            last = self._end(number, found[4], item)
            yield Slip(number, last, [found[3]], item.line, item.column)
            item.seen.add(found[3])
            number = last

    def _begin(self, found: re.Match[str]) -> None:
        """A key of the file, or one that nothing is known of."""
        self._list, self._items = LISTS.get(found[3]), []

    def _read(self, number: int, found: re.Match[str]) -> None:
        column = len(found[1]) + len(found[2])
        if found[2]:
            self._items = [item for item in self._items if item.column < column]
            declared = self._items[-1].inner if self._items else self._list
            if declared is None:
                return
            self._items.append(_Item(number, column, declared))
        else:
            self._items = [item for item in self._items if item.column <= column]
        if self._items and self._items[-1].column == column:
            self._items[-1].read(found[3], not found[4])

    def _owner(self, word: str) -> _Item | None:
        """The innermost open item that may have this key and has none."""
        if COURSE_FILE.key(word) or (COURSE.key(word) and word not in self._course):
            return None
        if not any(item.takes(word) for item in self._items):
            return None
        while not self._items[-1].takes(word):
            self._items.pop()
        return self._items[-1]

    def _end(self, number: int, value: str, item: _Item) -> int:
        """The last line of a value that goes on below its key, up to what belongs to the item or to the next one."""
        last, is_block = number, value[:1] in "|>"
        while last < len(self._lines):
            text = self._lines[last]
            found = _KEY.match(text)
            column = len(found[1]) + len(found[2]) if found else 0
            ends = found is not None and (not is_block or (column <= item.column and item.declared.key(found[3])))
            if text.strip() and (text[:1] != " " or ends):
                break
            last += 1
        while not self._lines[last - 1].strip():
            last -= 1
        return last
