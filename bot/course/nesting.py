"""Puts what stands at the wrong place of a course file where it belongs, and reports the edit that does so.

The lists of a file, such as its milestones, stand below one another at its top level. People write them below each
week, below `course`, or twice, and write what belongs below `course` beside it. Nothing of that is left unread.
"""

import re
from dataclasses import dataclass, field

import yaml

from bot.course import fixes
from bot.course.diagnostics import Diagnostics, example_with, in_other_words, nearest
from bot.course.grammar import MapOf
from bot.course.homes import week_number
from bot.course.keys import COURSE, COURSE_FILE, LISTS, WEEK
from bot.course.report import Entry
from bot.course.source import LIST, MAPPING, STRING, MappingNode, Node, ScalarNode, SequenceNode, is_blank, line_of
from bot.course.value_types.texts import Text

Pair = tuple[ScalarNode, Node]

_INSIDE = 2
"""How many spaces the keys below `course` get."""


@dataclass
class _Section:
    """Where the items of a list stand, or will stand: the column of their dashes, and their last line."""

    items: list[Node] | None
    column: int
    last: int


@dataclass
class Nesting:
    """One file, while its parts are put into their places."""

    report: Diagnostics
    pairs: list[Pair]
    _sections: dict[str, _Section] = field(default_factory=dict)

    def settled(self, root: MappingNode) -> MappingNode:
        """The file with each part at its place."""
        self._numbered_weeks()
        self._below_course()
        self._below_weeks()
        self._written_twice()
        self._beside_course()
        return MappingNode(root.tag, self.pairs, root.start_mark, root.end_mark, flow_style=root.flow_style)

    # Weeks

    def _numbered_weeks(self) -> None:
        """`Week 1:`, `Week 2:` and so on at the top level are the weeks of the course."""
        found = [n for n, (key, value) in enumerate(self.pairs) if _is_week(key) and _is_block(value)]
        counted = [week_number(self.pairs[n][0].value) for n in found]
        if not found or counted != list(range(1, len(found) + 1)) or found != list(range(found[0], found[-1] + 1)):
            return
        pairs, first = [self.pairs[n] for n in found], self.pairs[found[0]][0]
        if any(self.report.source.last_line(v) == line_of(k) or k.start_mark.column for k, v in pairs):
            return
        place, there = self._at_exactly("weeks")
        steps = [fixes.add("weeks:", line_of(first) - 1, 0)]
        if place >= 0:
            if not isinstance(there, ScalarNode) or self.report.source.last_line(there) != line_of(there):
                return
            steps.insert(0, fixes.comment(line_of(self.pairs[place][0]), line_of(there)))
        for key, _ in pairs:
            old = self.report.source.between(key.start_mark.index, key.end_mark.index)
            steps.append(fixes.write(f"- # {key.value}", f"{old}:", line_of(key)))
        message = "The weeks stand at the top level; they belong into the list `weeks`."
        weeks = SequenceNode(LIST, [v for _, v in pairs], first.start_mark, pairs[-1][1].end_mark, flow_style=False)
        self.report.at(Entry(first, pairs[0][1]), "weeks", "nesting", message, " ".join(steps))
        self.pairs[found[0] : found[-1] + 1] = [(_key(first, "weeks"), weeks)]
        if place >= 0:
            del self.pairs[place if place < found[0] else place - len(found) + 1]

    # Lists

    def _below_course(self) -> None:
        place, node = self._at("course")
        if place < 0 or not _is_block(node):
            return
        strangers = [pair for pair in node.value if self._section_of(COURSE, pair, node)]
        if not strangers:
            return
        kept = [pair for pair in node.value if pair not in strangers]
        key = self.pairs[place][0]
        trailing = max((k.start_mark.line for k, _ in kept), default=0) < strangers[0][0].start_mark.line
        end = self.report.source.last_line(node)
        self.pairs[place] = (key, _mapping(node, kept))
        for pair in strangers:
            name = self._section_of(COURSE, pair, node)
            message = f"`{pair[0].value}` is indented too far: it belongs to the top level."
            self._move(name, pair, f"course.{pair[0].value}", message, end, inside=trailing)

    def _below_weeks(self) -> None:
        place, node = self._at("weeks")
        if place < 0 or not isinstance(node, SequenceNode) or node.flow_style:
            return
        end = self.report.source.last_line(node)
        weeks: list[Node] = []
        found: list[tuple[str, Pair, int]] = []
        for number, week in enumerate(node.value, 1):
            strangers = [p for p in week.value if self._section_of(WEEK, p, week)] if _is_block(week) else []
            found += [(self._section_of(WEEK, pair, week), pair, number) for pair in strangers]
            weeks.append(_mapping(week, [p for p in week.value if p not in strangers]) if strangers else week)
        self.pairs[place] = (self.pairs[place][0], _sequence(node, weeks))
        for name, pair, number in found:
            path, word = f"weeks[{number - 1}].{pair[0].value}", pair[0].value
            message = f"`{word}` stands inside of week {number}: it belongs to the top level, below all weeks."
            trailing = self.report.source.last_line(pair[1]) == end and pair is found[-1][1]
            self._move(name, pair, path, message, end, inside=trailing, week=number)

    def _written_twice(self) -> None:
        seen: dict[str, ScalarNode] = {}
        for key, value in list(self.pairs):
            name = key.value if key.value in LISTS else ""
            if not name or (key, value) not in self.pairs:
                continue
            if name in seen and isinstance(value, SequenceNode) and not value.flow_style and value.value:
                self.pairs.remove((key, value))
                message = f"`{name}` is written twice; the first is in line {line_of(seen[name])}."
                self._move(name, (key, value), name, message, 0, inside=False, code="duplicate-key")
            seen.setdefault(name, key)

    def _section_of(self, declared: MapOf, pair: Pair, around: Node) -> str:
        """The list of the file that a key of another mapping stands for; '' if it has a meaning there."""
        key = pair[0]
        if not isinstance(key, ScalarNode) or nearest(declared, key.value, {k.value for k, _ in around.value}):
            return ""
        if declared is WEEK and isinstance(pair[1], ScalarNode):
            return ""
        near = key.value if key.value in LISTS else nearest(COURSE_FILE, key.value, set())
        return near if near in LISTS and near != ("weeks" if declared is WEEK else "") else ""

    def _move(
        self,
        name: str,
        pair: Pair,
        path: str,
        message: str,
        below: int,
        *,
        inside: bool,
        week: int = 0,
        code: str = "nesting",
    ) -> None:
        """Puts a list at the top level, or its items at the end of the list that is there already. `below` is the line
        below which it goes; with `inside`, it stands there already."""
        key, value = pair
        lifted, section = self._lifted(name, pair, week), self._section(name)
        if lifted is None or (section is not None and section.items is None):
            self._decide(name, pair, path, message, week)
            return
        items, steps = lifted
        if section is None:
            edit = self._as_section(name, pair, items, below, inside)
            renamed = "" if key.value == name else f"{fixes.rename(key.value, name, line_of(key))} "
            fix = f"{renamed}{steps}{edit}"
        else:
            fix = f"{fixes.comment(line_of(key), line_of(key))} {steps}{self._into(section, pair, items)}"
            if name == "weeks":
                # The numbers of weeks follow from their order, so both lists in one may be another course.
                fix = fixes.decide("keep these weeks, or those above, or write all of them in one list", line_of(key))
        self.report.at(Entry(key, value), path, code, message, fix)

    def _lifted(self, name: str, pair: Pair, week: int) -> tuple[list[Node], str] | None:
        """The items of a list that moves, and the edits that make them ready for that; None if its words do not say
        what they are."""
        key, value = pair
        source, column = self.report.source, value.start_mark.column
        if week and _is_block(value):
            edits = f"{fixes.add(f'- week: {week}', line_of(key), column)} "
            edits += f"{fixes.indent(line_of(value), source.last_line(value), column + 2)} "
            return [with_key(value, "week", str(week)) if self._lacks_week(name, value, week) else value], edits
        alone = not source.line(line_of(key))[: key.start_mark.column].strip() and not _is_alias(pair)
        if not isinstance(value, SequenceNode) or value.flow_style or not value.value or not alone:
            return None
        lacking = [item for item in value.value if self._lacks_week(name, item, week)]
        items = [with_key(item, "week", str(week)) if item in lacking else item for item in value.value]
        return items, "".join(f"{self._with_week(name, item, week)} " for item in lacking)

    def _as_section(self, name: str, pair: Pair, items: list[Node], below: int, inside: bool) -> str:
        """Makes the list a section of the file, and returns the edit that does so."""
        key, value = pair
        first, last = line_of(key), self.report.source.last_line(value)
        self._sections[name] = _Section(items, value.start_mark.column - key.start_mark.column, last)
        self.pairs.append((_key(key, name), _sequence(value, items)))
        return fixes.indent(first, last, 0) if inside else fixes.move(first, last, below, 0)

    def _into(self, section: _Section, pair: Pair, items: list[Node]) -> str:
        """Puts the items at the end of a section, and returns the edit that does so."""
        key, value = pair
        last = self.report.source.last_line(value)
        edit = fixes.move(line_of(key) + 1, last, section.last, section.column)
        assert section.items is not None
        section.items += items
        section.last = last
        return edit

    def _section(self, name: str) -> _Section | None:
        """The list that the file has already."""
        if name not in self._sections:
            place, node = self._at(name)
            if place < 0:
                return None
            is_list = isinstance(node, SequenceNode) and not node.flow_style and node.value
            items = list(node.value) if is_list else None
            if items is not None:
                self.pairs[place] = (self.pairs[place][0], _sequence(node, items))
            last = self.report.source.last_line(node)
            self._sections[name] = _Section(items, node.start_mark.column, last)
        return self._sections[name]

    def _decide(self, name: str, pair: Pair, path: str, message: str, week: int) -> None:
        """Reports what cannot be moved as it stands, with an example of what it may become."""
        key, value = pair
        text = value.value if isinstance(value, ScalarNode) and not is_blank(value) else ""
        if not any(k.required and isinstance(k.value, Text) for k in LISTS[name].keys):
            text = ""
        where = "below all weeks" if week else "at the top level"
        what = f"write it in the list `{name}` {where}, such as `{name}: [{example_with(LISTS[name], text, week)}]`"
        self.report.at(Entry(key, value), path, "nesting", message, fixes.decide(what, line_of(key)))

    def _lacks_week(self, name: str, item: Node, week: int) -> bool:
        """Whether an item has to say in which week it is."""
        if not week or not LISTS[name].key("week") or not isinstance(item, MappingNode):
            return False
        return not {"week", "weekly"} & {k.value for k, _ in item.value}

    def _with_week(self, name: str, item: MappingNode, week: int) -> str:
        """The edit that says in an item in which week it is."""
        first = item.value[0][0] if item.value else item
        if item.flow_style or not item.value:
            line = self.report.source.line(line_of(item))
            old = line[item.start_mark.column :].rstrip()
            return fixes.write(old.replace("{", f"{{week: {week}, ", 1), old, line_of(item))
        below = max(self.report.source.last_line(item.value[0][1]), line_of(first))
        return fixes.add(f"week: {week}", below, first.start_mark.column)

    # What the course is

    def _beside_course(self) -> None:
        """Keys of `course` that stand at the top level."""
        place, node = self._at("course")
        own = {k.value for k, _ in node.value} if isinstance(node, MappingNode) else set[str]()
        beside = [pair for pair in self.pairs if self._is_of_course(pair, own)]
        text = isinstance(node, ScalarNode) and not is_blank(node) and line_of(node) == node.end_mark.line + 1
        if not beside or (place >= 0 and not text and not _is_block(node)):
            return
        if place < 0:
            pairs, column, last = self._new_course(beside)
        elif text:
            pairs, column, last = self._course_of_text(place, node)
        else:
            pairs, column = list(node.value), node.value[0][0].start_mark.column
            last = self.report.source.last_line(node)
        self._indent_below(beside, last, column)
        self.pairs = [pair for pair in self.pairs if pair not in beside]
        self._set_course(node, [*pairs, *beside], beside, column)

    def _new_course(self, beside: list[Pair]) -> tuple[list[Pair], int, int]:
        """Reports that the file has no `course`: its keys so far, their column, and the line that they stand below."""
        first = line_of(beside[0][0])
        message = f"`{COURSE_FILE.name}` has no `course`, and its keys stand at the top level."
        self.report.say(first, 1, "course", "missing", message, fixes.add("course:", first - 1, 0))
        return [], _INSIDE, first - 1

    def _course_of_text(self, place: int, node: Node) -> tuple[list[Pair], int, int]:
        """Reports a `course` that is a text, which becomes its title."""
        key, source = self.pairs[place][0], self.report.source
        old = source.between(key.start_mark.index, node.end_mark.index)
        title = source.between(node.start_mark.index, node.end_mark.index)
        fix = f"{fixes.write(f'{key.value}:', old, line_of(key))} "
        fix += fixes.add(f"title: {title}", line_of(key), _INSIDE)
        self.report.at(Entry(key, node), "course", "type", "`course` takes keys, each in a line below it.", fix)
        return [(_key(node, "title", _INSIDE), node)], _INSIDE, line_of(key)

    def _indent_below(self, beside: list[Pair], last: int, column: int) -> None:
        """Reports each key that belongs below the line `last`."""
        for key, value in beside:
            line, end = line_of(key), self.report.source.last_line(value)
            message = f"`{key.value}` belongs below `course`, and stands beside it."
            edit = fixes.indent(line, end, column) if line == last + 1 else fixes.move(line, end, last, column)
            self.report.at(Entry(key, value), key.value, "nesting", message, edit)
            last = end

    def _set_course(self, node: Node, pairs: list[Pair], beside: list[Pair], column: int) -> None:
        """Makes these the keys of `course`."""
        place, _ = self._at("course")
        if place >= 0:
            whole = MappingNode(MAPPING, pairs, node.start_mark, node.end_mark, flow_style=False)
            self.pairs[place] = (self.pairs[place][0], whole)
            return
        key, value = pairs[0]
        pairs[0] = (ScalarNode(STRING, key.value, _key(key, "", column).start_mark, key.end_mark), value)
        at = beside[0][0]
        whole = MappingNode(MAPPING, pairs, at.start_mark, at.end_mark, flow_style=False)
        self.pairs.insert(0, (_key(at, "course"), whole))

    def _is_of_course(self, pair: Pair, own: set[str]) -> bool:
        key, value = pair
        if not isinstance(key, ScalarNode) or not isinstance(value, ScalarNode) or value.style in ("|", ">"):
            return False
        if key.start_mark.column or nearest(COURSE_FILE, key.value, set()):
            return False
        if in_other_words(COURSE, Entry(key, value)).startswith("weekly_minutes:"):
            return True
        if re.search(r"\s", key.value):
            return False
        name = nearest(COURSE, key.value, own)
        return name is not None and COURSE.key(name) is not None

    def _at_exactly(self, name: str) -> tuple[int, Node]:
        place, node = self._at(name)
        return (place, node) if place >= 0 and self.pairs[place][0].value == name else (-1, node)

    def _at(self, name: str) -> tuple[int, Node]:
        """Where a section stands among the pairs of the file, and its value; -1 without one."""
        for exact in (True, False):
            for place, (key, value) in enumerate(self.pairs):
                word = key.value if isinstance(key, ScalarNode) else ""
                if word == name or (not exact and word and nearest(COURSE_FILE, word, set()) == name):
                    return place, value
        return -1, ScalarNode(STRING, "")


def _is_block(node: Node) -> bool:
    return isinstance(node, MappingNode) and bool(node.value) and not node.flow_style


def _is_week(key: Node) -> bool:
    """Whether a key is a word and a number, such as `Week 1`."""
    return isinstance(key, ScalarNode) and not key.value.strip().isdigit() and week_number(key.value) is not None


def _is_alias(pair: Pair) -> bool:
    key, value = pair
    return bool(value.start_mark.index < key.end_mark.index)


def _key(at: Node, name: str, column: int | None = None) -> ScalarNode:
    """A key that is written nowhere, at the place of a node."""
    start = at.start_mark
    mark = start if column is None else yaml.Mark("", start.index, start.line, column, None, 0)
    return ScalarNode(STRING, name, mark, mark)


def _mapping(node: Node, pairs: list[Pair]) -> MappingNode:
    return MappingNode(node.tag, pairs, node.start_mark, node.end_mark, flow_style=False)


def _sequence(node: Node, items: list[Node]) -> SequenceNode:
    return SequenceNode(LIST, items, node.start_mark, node.end_mark, flow_style=False)


def with_key(item: Node, word: str, value: str) -> Node:
    """A mapping with a key that its place says, where it has none of its own."""
    if not isinstance(item, MappingNode) or any(k.value == word for k, _ in item.value):
        return item
    pair = (_key(item, word), ScalarNode(STRING, value, item.start_mark, item.start_mark))
    return MappingNode(item.tag, [*item.value, pair], item.start_mark, item.end_mark, flow_style=item.flow_style)
