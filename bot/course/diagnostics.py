"""Reports what does not fit the declaration of a course file, with a fix for what was probably meant."""

import re
from difflib import get_close_matches

from bot.course import fixes
from bot.course.grammar import Key, ListOf, MapOf, Value, example_of, mapping_example
from bot.course.homes import Home, home_of, of_cohort, week_number
from bot.course.keys import COURSE, COURSE_FILE, LISTS, MATERIAL, SYNONYMS, TITLE, WEEK
from bot.course.problems import Severity
from bot.course.report import Entry, Report
from bot.course.source import (
    LONGEST_LINE,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    double_quoted,
    is_blank,
    line_of,
    quoted,
)
from bot.course.value_types.scalar import Scalar, Wrong
from bot.course.value_types.spans import Minutes
from bot.course.value_types.texts import ID, Id, Link, Text, plain_word, slug
from bot.course.value_types.words import Choice, Flag

Read = dict[str, object]
Pairs = list[tuple[ScalarNode, Node]]


class Diagnostics(Report):
    """Reports what cannot be read."""

    def unknown(self, declared: MapOf, entry: Entry, path: str, names: set[str], pairs: Pairs) -> Key | None:
        """Reports an unknown key; returns the key that it stands for, if any."""
        assert entry.key is not None
        word, message = entry.key.value, f"`{declared.name}` has no key `{entry.key.value}`."
        if same := in_other_words(declared, entry):
            if twice := next((pair for pair in pairs if pair[0].value == same.partition(":")[0]), None):
                self._says_again(declared, entry, path, same, twice)
                return None
            fix = fixes.write(same, self._as_written(entry), entry.line)
            self.at(entry, path, "unknown-key", message, fix)
            known = same.partition(":")[0]
            return None if known in names else declared.key(known)
        if whole := self._text_with_commas(entry, pairs):
            self.at(entry, path, "quote", "This text has a comma, so it needs quotes between { and }.", whole)
            return None
        if not path.count(".") and self._is_repeated(entry):
            return None
        if declared in (COURSE, COURSE_FILE) and (said := of_cohort(word, _plain(entry.value))):
            message = f"`{word}` is no key of a course file: {said[0]}"
            fix = fixes.decide(said[1], entry.line)
            self.at(entry, path, "unknown-key", message, f"{fix} {'' if entry.flow else self._comment(entry)}".rstrip())
            return None
        if declared is WEEK and (number := week_number(word, _plain(entry.value))) is not None:
            return self._numbered(entry, path, number, pairs)
        home = home_of(word)
        if home and declared is MATERIAL and home.section == "materials" and (key := self._titled(entry, home, names)):
            return key
        if near := nearest(declared, word, names):
            old = self.source.between(entry.start.index, entry.key.end_mark.index) or word
            fix = fixes.rename(old, near, entry.line)
            self.at(entry, path, "unknown-key", message, fix)
            return declared.key(near)
        if reindented := self._misplaced(declared, entry, pairs):
            self.at(entry, path, "nesting", *reindented)
            return None
        if home and declared in (WEEK, MATERIAL) and word not in LISTS:
            self.belongs(home, entry, path, week_of(path), _plain(entry.value))
            return None
        places = [p or "the top level" for p in COURSE_FILE.homes.get(word, ())]
        hint = f" It belongs in {' or '.join(places)}." if places else ""
        message = f"`{declared.name}` has no key `{word}`; its keys are {_names(declared)}.{hint}"
        severity: Severity = "error" if declared.strict or places else "warning"
        what = "say it in one of these keys, or leave it out"
        if declared is WEEK and word in LISTS:
            what = f"move it to the top level, below all weeks, and write `week: {week_of(path)}` in each of its items"
            self.at(entry, path, "nesting", message, fixes.decide(what, entry.line))
            return None
        fix = (
            fixes.decide(what, entry.line)
            if entry.flow or word in LISTS
            else f"{fixes.decide(what, entry.line)} {self._comment(entry)}"
        )
        self.at(entry, path, "unknown-key", message, fix, severity)
        return None

    def _says_again(self, declared: MapOf, entry: Entry, path: str, same: str, twice: tuple[ScalarNode, Node]) -> None:
        """Reports a key that says in other words what another key says already. It may say something else."""
        key, value = twice
        written, other = self._as_written(entry), f"{key.value}: {_plain(value).strip()}"
        message = f"`{written}` is `{same}`; `{key.value}` is in line {line_of(key)} already."
        fix = fixes.decide(f"which of them is meant, `{other}` or `{same}`", entry.line)
        if _means(declared, other) == _means(declared, same):
            line = self.source.line(entry.line)
            whole = next((part for part in (f", {written}", f"{written}, ") if part in line), written)
            fix = self._comment(entry) or fixes.remove(whole, entry.line)
        self.at(entry, path, "duplicate-key", message, fix)

    def belongs(self, home: Home, entry: Entry, path: str, week: int, title: str) -> None:
        """Reports something that stands in or among the weeks, and is of a list of its own."""
        example = home.example(title, week)
        what = f"move it {home.place(week)}{f', as `- {example}`' if example else ''}"
        word = self.source.between(entry.start.index, entry.start.index + 40).partition(":")[0]
        message = f"`{word}` in a week is {home.says}."
        note = "" if entry.flow else f" {self._comment(entry)}"
        self.at(entry, path, "nesting", message, f"{fixes.decide(what, entry.line)}{note}".rstrip())

    def _numbered(self, entry: Entry, path: str, number: int, pairs: Pairs) -> Key | None:
        """Reports the number that an author gave a week. The dash stays, before what follows."""
        assert entry.key is not None
        line, place = entry.line, week_of(path)
        message = "A week has no number of its own: the first in the list is week 1."
        written = self._as_written(entry)
        if number != place:
            what = f"leave `{written}` out, since this is week {place} by its place, or move the week to its place"
            self.at(entry, path, "unknown-key", message, fixes.decide(what, line))
            return None
        after = next(((k, v) for k, v in pairs if k.start_mark.index > entry.start.index), None)
        has_dash = self.source.line(line)[: entry.start.column].strip() == "-"
        if entry.flow:
            fix = fixes.remove(f"{written}, " if f"{written}, " in self.source.line(line) else written, line)
        elif not has_dash:
            fix = fixes.comment(line, line)
        elif after is None:
            fix = fixes.write(f"title: {example_of(TITLE)}", written, line)
        elif self.source.line(line_of(after[0])).lstrip().startswith("- "):
            fix = fixes.comment(line, line)
        else:
            # The dash with the number as a note is then the one of the key below.
            message += f" The dash belongs before `{after[0].value}`."
            fix = fixes.write(f"- # {written}", f"- {written}", line)
        self.at(entry, path, "unknown-key", message, fix)
        return TITLE if after is None and has_dash else None

    def week_as_key(self, item: MappingNode, path: str, number: int) -> Node | None:
        """Reports a week whose keys stand below its number, and returns those; None if this is something else."""
        key: Node
        inside: Node
        (key, inside), *others = item.value
        if others or not isinstance(key, ScalarNode) or isinstance(inside, ScalarNode) or item.flow_style:
            return None
        found, line = week_number(key.value), line_of(key)
        if found is None:
            return None
        message = "A week has no number of its own: the first in the list is week 1."
        old = f"- {self.source.between(key.start_mark.index, key.end_mark.index)}:"
        fix = fixes.write(f"- # {key.value}", old, line)
        if found != number or line_of(inside) == line or old not in self.source.line(line):
            fix = fixes.decide(f"write the keys of week {number} below the dash, without `{key.value}:`", line)
        self.say(line, key.start_mark.column + 1, path, "unknown-key", message, fix)
        return inside

    def _titled(self, entry: Entry, home: Home, names: set[str]) -> Key | None:
        """Reports a material whose key says what it is ('read: A chapter'); returns the key that it stands for."""
        assert entry.key is not None
        name = "link" if "://" in _plain(entry.value) else "title"
        key = MATERIAL.key(name)
        if key is None or name in names or not isinstance(entry.value, ScalarNode):
            return None
        message = f"`{MATERIAL.name}` has no key `{entry.key.value}`; what it is goes into `kind`."
        old = self.source.between(entry.start.index, entry.key.end_mark.index)
        kind = home.kind if home.kind != "reading" and "kind" not in names else ""
        fix = fixes.rename(old, name, entry.line)
        if kind and entry.flow:
            fix = fixes.write(f"kind: {kind}, {name}:", f"{old}:", entry.line)
        elif kind:
            fix += " " + fixes.add(f"kind: {kind}", self.source.last_line(entry.value), entry.start.column)
        self.at(entry, "", "unknown-key", message, fix)
        return key

    def stray_dash(self, key: ScalarNode, before: str, path: str) -> None:
        """Reports a key with a dash of its own that belongs to the item above."""
        number = line_of(key)
        column = key.start_mark.column
        rest = self.source.line(number)[column:].rstrip()
        message = f"A dash starts another item; `{key.value}` belongs to the one that begins with `{before}`."
        old = self.source.line(number)[:column].lstrip() + rest
        self.say(
            number, column + 1, path, "dash", message, fixes.write(" " * (len(old) - len(rest)) + rest, old, number)
        )

    def _is_repeated(self, entry: Entry) -> bool:
        """Whether a value stands there only to be repeated elsewhere: `&name` marks it, and `*name` follows."""
        start, end = entry.value.start_mark.index, entry.value.end_mark.index
        mark = re.match(r"&(\S{1,80})\s", self.source.text[start : start + LONGEST_LINE])
        return mark is not None and f"*{mark[1]}" in self.source.text[end:]

    def _comment(self, entry: Entry) -> str:
        """The fix that keeps an entry of a block as a note; '' where its line holds something else, too."""
        first, last = entry.line, self.source.last_line(entry.value)
        alone = not self.source.line(first)[: entry.start.column].strip()
        return fixes.comment(first, max(first, last)) if alone and not entry.is_alias else ""

    def _as_written(self, entry: Entry) -> str:
        return self.source.between(entry.start.index, entry.value.end_mark.index).rstrip()

    def _text_with_commas(self, entry: Entry, pairs: Pairs) -> str:
        """The fix for a text between { and } whose comma was read as the end of it; '' if this is something else."""
        assert entry.key is not None
        if (
            not entry.flow
            or entry.value.value != ""
            or self.source.between(entry.key.end_mark.index, entry.key.end_mark.index + 1) == ":"
        ):
            return ""
        before = [(k, v) for k, v in pairs if k.start_mark.index < entry.start.index and isinstance(v, ScalarNode)]
        if not before or before[-1][1].style or not before[-1][1].value:
            return ""
        key, value = before[-1]
        old = self.source.between(key.start_mark.index, entry.key.end_mark.index)
        text = self.source.between(value.start_mark.index, entry.key.end_mark.index)
        return fixes.write(f"{key.value}: {double_quoted(text)}", old, line_of(key))

    def split(self, entry: Entry, path: str) -> bool:
        """Reports a text in one line that YAML took for a key and its value, since it holds ': '."""
        node = entry.value
        if len(node.value) != 1 or self.source.between(node.start_mark.index, node.start_mark.index + 1) == "{":
            return False
        key, value = node.value[0]
        if not isinstance(key, ScalarNode) or not isinstance(value, ScalarNode) or key.style or value.style:
            return False
        if is_blank(value) or line_of(key) != value.end_mark.line + 1 or line_of(key) != entry.line:
            return False
        text = self.source.between(key.start_mark.index, value.end_mark.index).rstrip()
        fix = fixes.write(double_quoted(text), text, line_of(key))
        message = "A text with `: ` needs quotes: YAML takes what precedes it for a key."
        self.report_entry(path, "quote", message, fix)
        return True

    def marked(self, entry: Entry, declared: Scalar, path: str) -> bool:
        """Reports a text that begins with `&`: YAML takes its first word for a mark, to be repeated by `*`."""
        start, node = entry.value.start_mark.index, entry.value
        word = re.match(r"&(\S+)[ ]+(?=\S)", self.source.text[start : start + LONGEST_LINE])
        if entry.is_alias or not isinstance(declared, Text) or not word or f"*{word[1]}" in self.source.text:
            return False
        written = self.source.between(start, node.end_mark.index).rstrip()
        message = "A text that begins with `&` needs quotes: its first word is lost otherwise."
        # A name that nothing repeats (any more) does no harm.
        is_name = re.fullmatch(r"[a-z0-9_-]+", word[1]) is not None
        self.report_value(path, "quote", message, double_quoted(written), "warning" if is_name else "error")
        return not is_name

    def doubt_comment(self, entry: Entry, path: str) -> None:
        """Warns of a text that `#` may have cut off."""
        node = entry.value
        assert isinstance(node, ScalarNode)
        rest = self.source.text[node.end_mark.index :].partition("\n")[0]
        if not node.style and (cut := re.match(r"\s+#\w[^,}\]]*", rest)):
            message = f"`{cut[0].strip()}` is a comment and no part of the text. If it belongs to it, write quotes."
            self.report_value(path, "comment", message, double_quoted(f"{node.value}{cut[0].rstrip()}"), "warning")

    def _misplaced(self, declared: MapOf, entry: Entry, pairs: Pairs) -> tuple[str, str] | None:
        """Message and fix for a key that fits with another indentation: inside the entry before it, or further out."""
        assert entry.key is not None
        if entry.flow:
            return None
        word, first, last = entry.key.value, entry.line, self.source.last_line(entry.value)
        before = [(k, v) for k, v in pairs if k.start_mark.index < entry.start.index and declared.key(k.value)]
        if before:
            key, value = before[-1]
            inside = _known(declared, key).value
            column = _room_inside(inside, value, word)
            if isinstance(inside, MapOf) and inside.key(word) and is_blank(value):
                # All keys of the mapping slipped to the left; that it seems empty is the same mistake.
                column = key.start_mark.column + 2
                self.problems = [p for p in self.problems if (p.line, p.code) != (line_of(key), "type")]
            if column is not None:
                message = f"`{word}` stands beside `{key.value}` and belongs inside of it."
                return message, fixes.indent(first, last, column)
        if any(k.start_mark.index > entry.start.index for k, _ in pairs):
            return None
        for path, outer in self.entries.items():
            node, spec = outer.value, COURSE_FILE.at(path)
            if spec is None or not spec.key(word) or not _is_block(node) or _has(node, word):
                continue
            column = node.value[0][0].start_mark.column
            encloses = node.start_mark.index < entry.start.index < node.end_mark.index
            if encloses and column < entry.start.column:
                message = f"`{word}` is indented too far: it belongs to {path or 'the top level'}."
                return message, fixes.indent(first, last, column)
        return None

    def missing(self, declared: MapOf, key: Key, node: MappingNode, path: str, read: Read, unknown: Pairs) -> None:
        """Reports a key that has to be there. `unknown`: entries of the same item that nothing is known of."""
        strangers = [word.value for word, value in unknown if _may_be(key.value, value)]
        example = example_of(key)
        if key.name == "id":
            words = next((str(read[n]) for n in ("title", "text", "question") if n in read), "")
            example = self.free_id(slug(words) if words else f"{example}-{_index(path)}" if "[" in path else example)
        elif isinstance(key.value, Id):
            example = next((id for _, id in self.ids(f"{key.name}s")), example)
        mark = (node.value[0][0] if node.value else node).start_mark
        message = f"`{declared.name}` has no `{key.name}`. {key.doc}"
        fix = self.addition(path, f"{key.name}: {example}")
        if _is_the_authors(key):
            fix = fixes.decide(f"add {_either(key)}", mark.line + 1)
        elif strangers and key.name != "id":
            # One of them may hold the value under another name, so an invented one would change the meaning.
            listed = " or ".join(f"`{word}`" for word in strangers[:3])
            fix = fixes.decide(
                f"whether {listed} is its `{key.name}`, or add that, such as `{key.name}: {example}`", mark.line + 1
            )
        self.say(mark.line + 1, mark.column + 1, path, "missing", message, fix)

    def swallowed(self, entry: Entry, path: str, owner: MapOf | None) -> bool:
        """Reports an unquoted text of several lines whose later line is a key without its colon."""
        node = entry.value
        if not isinstance(node, ScalarNode) or node.style or owner is None or entry.key is None:
            return False
        for number in range(line_of(node) + 1, node.end_mark.line + 2):
            text = self.source.line(number)
            line = text.strip()
            word = re.split(r"[:：\s]", line, maxsplit=1)[0]
            if owner.key(word) and entry.key.value != word:
                new = f"{word}: {line.removeprefix(word).lstrip(':： ')}".rstrip()
                message = f"`{word}` has no colon and a space after it, so it was read as part of `{name_of(path)}`."
                column = len(text) - len(text.lstrip()) + 1
                self.say(number, column, path, "colon", message, fixes.write(new, line, number))
                return True
        return False

    def not_a_mapping(self, declared: MapOf, entry: Entry, path: str) -> None:
        node = entry.value
        message = f"{name_of(path) or 'the file'} is {kind_of(node)}; it takes keys: {_names(declared)}."
        if isinstance(node, SequenceNode) and node.value and not node.flow_style:
            dashes = [self._without_dash(item) for item in node.value]
            if all(dashes):
                self.at(entry, path, "type", message, " ".join(dashes))
                return
        text = node.value if isinstance(node, ScalarNode) and not is_blank(node) else ""
        word, _, rest = text.partition(" ")
        key = declared.key(word.rstrip(":"))
        if key and line_of(node) == node.end_mark.line + 1:
            new = f"{key.name}: {rest.strip() or example_of(key)}"
            old = self.source.between(node.start_mark.index, node.end_mark.index)
            fix = fixes.write("{" + new + "}" if entry.key else new, old, line_of(node))
            self.at(entry, path, "colon", f"`{word}` has no colon after it.", fix)
            return
        if choice := next((k for k in declared.keys if _is_the_authors(k)), None):
            what = f"say it in keys, such as `{_example(declared, text.strip())}`, with {_either(choice)}"
            self.at(entry, path, "type", message, fixes.decide(what, entry.line))
            return
        instead = mapping_example(declared)
        words = next((k.name for k in declared.keys if k.required and isinstance(k.value, Text)), None)
        apart = [k.name for k in declared.keys if _may_hold(k, text)]
        if words and apart:
            keys = ", ".join(
                f"{k.name}: {_said_of(k, text, words) if declared.key('week') else '…'}"
                for k in declared.keys
                if k.required or k.name in apart
            )
            self.at(entry, path, "type", message, fixes.decide(f"say it in keys: `{{{keys}}}`", entry.line))
            return
        if words and text.strip():
            instead = instead.replace(f"{words}: …", f"{words}: {quoted(text.strip())}")
        if path and text and not words and not is_blank(node):
            self.at(
                entry,
                path,
                "type",
                message,
                fixes.decide(f"say it in keys, such as `{mapping_example(declared)}`", entry.line),
            )
            return
        if isinstance(node, SequenceNode) and node.value and not path:
            fix = fixes.decide("take the dashes away before its keys; a file begins with `course:`", entry.line)
            self.at(entry, path, "type", message, fix)
            return
        whole = fixes.write_lines(f"course: {mapping_example(COURSE)}", line_of(node), self.source.last_line(node))
        self.at(entry, path, "type", message, self.replacement(entry, instead) if path else whole)

    def _without_dash(self, item: Node) -> str:
        """The fix that takes the dash of a one-line item away; '' where that is no fix."""
        number = line_of(item)
        line = self.source.line(number).strip()
        bare = line.removeprefix("-").strip()
        one_line = number == self.source.last_line(item) and line.startswith("-") and bare
        return fixes.write(bare, line, number) if one_line else ""

    def not_a_list(self, declared: ListOf, entry: Entry, path: str) -> None:
        node = entry.value
        message = f"`{name_of(path)}` is {kind_of(node)}; it takes a list, each item after a dash."
        if isinstance(node, MappingNode) and _is_block(node):
            if lines := self._counted(declared, node):
                self.at(entry, path, "type", message, lines)
                return
            if items := paired(declared.item, node):
                edits = [
                    fixes.write(f"- {new}", self._as_written(Entry(key, value)), line_of(key))
                    for new, (key, value) in zip(items, node.value, strict=True)
                ]
                self.at(entry, path, "type", message, " ".join(edits))
                return
            fix = fixes.itemize(line_of(node), self.source.last_line(node))
            if all(isinstance(v, MappingNode) for _, v in node.value) and isinstance(declared.item, MapOf):
                items = [self._itemized(declared.item, k, v) for k, v in node.value]
                decide = fixes.decide("write each of them as an item after a dash", line_of(node))
                fix = " ".join(items) if all(items) else decide
            self.at(entry, path, "type", message, fix)
            return
        instead = self.filled(declared)
        if isinstance(node, MappingNode) and (items := paired(declared.item, node)):
            instead = f"[{', '.join(items)}]"
        elif isinstance(node, MappingNode) and node.value and line_of(node) == node.end_mark.line + 1:
            instead = f"[{self.source.between(node.start_mark.index, node.end_mark.index)}]"
        elif isinstance(node, ScalarNode) and isinstance(declared.item, Scalar) and "," in node.value:
            parts = [quoted(p.strip()) for p in node.value.split(",") if p.strip()]
            instead = f"[{', '.join(parts)}]" if len(parts) >= declared.least else instead
        elif isinstance(node, ScalarNode) and not is_blank(node):
            self.report_doubt(path, "type", message, f"write a list, such as `{name_of(path)}: {instead}`")
            return
        if isinstance(node, ScalarNode) and not is_blank(node) and _INVENTED.search(instead):
            self.report_doubt(path, "type", message, f"write all that people choose from, such as `{instead}`")
        elif is_blank(node):
            self._lacks_items(declared, path, message)
        else:
            self.report_value(path, "type", message, instead)

    def _counted(self, declared: ListOf, node: MappingNode) -> str:
        """The fix for items under their numbers, as in `1: Start`; '' if it is something else."""
        if not is_counted(declared.item, node):
            return ""
        pairs = ((key, self.source.between(key.start_mark.index, value.end_mark.index)) for key, value in node.value)
        titles = [(key, old, old.partition(":")[2].strip()) for key, old in pairs]
        return " ".join(fixes.write(f"- title: {title}", old, line_of(key)) for key, old, title in titles)

    def _itemized(self, declared: MapOf, key: ScalarNode, item: MappingNode) -> str:
        """The fix that makes an entry of a mapping an item of a list. Its key stays: as the item's id or title, or else
        as a note. '' where there is no room for that."""
        line, column, inside = self.source.line(line_of(key)), key.start_mark.column, item.start_mark.column
        colon = line.index(":", key.end_mark.column) + 1
        name = ""
        if declared.key("id") and not _has(item, "id") and ID.fullmatch(key.value) and not key.value.isdigit():
            name = f"id: {key.value}"
        elif declared.key("title") and not _has(item, "title"):
            name = f"title: {quoted(key.value)}"
        if item.flow_style:
            if not name or line_of(item) != line_of(key) or line[colon:inside].strip():
                return ""
            comma = ", " if item.value else ""
            return fixes.write(f"- {{{name}{comma}", line[column : inside + 1], line_of(key))
        new = f"{'-'.ljust(inside - column)}{name}" if name and inside >= column + 2 else f"- # {key.value}"
        return fixes.write(new, line[column:colon], line_of(key))

    def too_few(self, declared: ListOf, node: SequenceNode, path: str) -> None:
        few = f"has only {len(node.value)}" if node.value else "is empty"
        least = "1 item" if declared.least == 1 else f"{declared.least} items"
        self._lacks_items(declared, path, f"`{name_of(path)}` {few}; it needs at least {least}.", node)

    def _lacks_items(self, declared: ListOf, path: str, message: str, node: SequenceNode | None = None) -> None:
        instead = self.filled(declared, node)
        if "audience: " in instead:
            self.report_doubt(path, "empty", message, f"write what is asked, and who sees it, such as `{instead}`")
        elif _INVENTED.search(instead):
            self.report_doubt(path, "empty", message, f"write all that people choose from, such as `{instead}`")
        else:
            self.report_value(path, "empty", message, instead)

    def filled(self, declared: ListOf, node: SequenceNode | None = None) -> str:
        """A list with enough items, as YAML in one line."""
        own = [quoted(i.value) for i in node.value if isinstance(i, ScalarNode)] if node else []
        example = example_of(declared.item)
        least = max(1, declared.least)
        more = [example if example != "…" or least < 2 else f"option {i}" for i in range(len(own) + 1, least + 1)]
        return "[" + ", ".join((own + more)[:least]) + "]"

    def fresh(self, declared: Scalar, path: str) -> str:
        """A value for the key at `path`, where what is written says nothing about what was meant."""
        spec = COURSE_FILE.at(path.rpartition(".")[0])
        key = spec.key(name_of(path)) if spec else None
        return example_of(key) if key and not isinstance(declared, Text) else declared.example

    def foreign(self, node: Node, expected: str, path: str) -> bool:
        """Reports a tag. Tags ask a program to build its own objects; a course file has no use for one."""
        if node.tag == expected:
            return False
        number = line_of(node)
        line = self.source.line(number)
        raw = self.source.between(node.start_mark.index, node.end_mark.index).split()
        word = raw[0] if raw else node.tag
        if not word.startswith("!"):
            word = next((w for w in line.split() if w.startswith("!")), word)
        message = f"`{word}` is a tag; a course file has only text, numbers, lists and keys."
        fix = fixes.remove(f"{word} " if f"{word} " in line else word, number)
        self.say(number, node.start_mark.column + 1, path, "tag", message, fix)
        return True


def _example(declared: MapOf, text: str) -> str:
    """The required keys of a mapping that says a text, with an id of its own."""
    example = mapping_example(declared)
    for key in declared.keys if text else ():
        if key.required and isinstance(key.value, Text):
            example = example.replace(f"{key.name}: {example_of(key)}", f"{key.name}: {quoted(text)}", 1)
        elif key.required and isinstance(key.value, Id):
            id = "-".join(slug(text).split("-")[:4])
            example = example.replace(f"{key.name}: {example_of(key)}", f"{key.name}: {id}", 1)
    # What a prompt asks stands in its questions.
    return example.replace(" text: …", f" text: {quoted(text)}", 1) if text else example


def example_with(declared: MapOf, text: str, week: int) -> str:
    """The required keys of an item that says a text, in that week (0: in any)."""
    example = _example(declared, text.strip())
    if not week or not declared.key("week"):
        return example
    found = re.sub(r"\bweek: \d+", f"week: {week}", example)
    return found if "week: " in found else found.replace("{", f"{{week: {week}, ", 1)


def is_counted(declared: Value, node: MappingNode) -> bool:
    """Whether a mapping holds the titles of items under 1, 2, 3 and so on."""
    words = [re.sub(r"\D", "", key.value) for key, _ in node.value if isinstance(key, ScalarNode)]
    texts = all(
        isinstance(v, ScalarNode) and not is_blank(v) and line_of(v) == v.end_mark.line + 1 for _, v in node.value
    )
    is_titled = isinstance(declared, MapOf) and declared.key("title") is not None
    return is_titled and texts and words == [str(n) for n in range(1, len(node.value) + 1)]


def paired(declared: Value, node: MappingNode) -> list[str]:
    """The items of a mapping that writes the two keys of each as `first: second`, as YAML; none if it is another."""
    needed = [k for k in declared.keys if k.required] if isinstance(declared, MapOf) else []
    if not isinstance(declared, MapOf) or len(needed) != 2:
        return []
    found = []
    for key, value in node.value:
        if not (isinstance(key, ScalarNode) and isinstance(value, ScalarNode)) or is_blank(value):
            return []
        if nearest(declared, key.value, set()) or week_number(key.value) is not None:
            return []
        if not all(_fits(k.value, each.value) for k, each in zip(needed, (key, value), strict=True)):
            return []
        found.append(f"{{{needed[0].name}: {quoted(key.value)}, {needed[1].name}: {quoted(value.value)}}}")
    return found


def _fits(declared: Value, text: str) -> bool:
    try:
        return isinstance(declared, Scalar) and declared.parse(text) is not None
    except Wrong:
        return False


def _may_be(declared: Value, node: Node) -> bool:
    """Whether what stands under another name may be the value of a key."""
    if isinstance(declared, Scalar) and isinstance(node, ScalarNode):
        try:
            declared.parse(node.value.strip())
        except Wrong as wrong:
            return bool(wrong.instead or wrong.either)
        return not is_blank(node)
    return isinstance(node, SequenceNode if isinstance(declared, ListOf) else MappingNode)


def _may_hold(key: Key, text: str) -> bool:
    """Whether a text written instead of keys holds what belongs into this one: a link, or minutes."""
    bare = re.sub(r"\w+://\S*", "", text)
    if re.search(r"\d:\d\d", bare):
        return key.name == "due" or (isinstance(key.value, Link) and "://" in text)
    has_number = bool(re.search(r"\d", bare))
    return (isinstance(key.value, Link) and "://" in text) or (isinstance(key.value, Minutes) and has_number)


def _said_of(key: Key, text: str, words: str) -> str:
    """What a text written instead of keys says for this one. The key `words` keeps all of it."""
    if key.name == words:
        return quoted(text.strip())
    if key.name == "id":
        return "-".join(slug(text).split("-")[:4])
    found = _WEEK_IN_TEXT.search(text) if key.name == "week" else None
    return found[1] if found else "…"


def _is_the_authors(key: Key) -> bool:
    """Whether nobody but the author may say the value: who sees an answer."""
    return key.required and (key.name == "audience" or "audience: " in example_of(key))


def _either(key: Key) -> str:
    words = key.value.words if isinstance(key.value, Choice) else [f"…, such as {example_of(key)}"]
    return " or ".join(f"`{key.name}: {word}`" for word in words)


def _plain(node: Node) -> str:
    return node.value if isinstance(node, ScalarNode) else ""


def name_of(path: str) -> str:
    return path.rpartition(".")[2]


def _names(declared: MapOf) -> str:
    return ", ".join(k.name for k in declared.keys)


def nearest(declared: MapOf, word: str, taken: set[str]) -> str | None:
    """The free key that a word means: by its synonyms, or by its spelling."""
    plain = plain_word(word.strip()).replace("-", "_").replace(" ", "_")
    free = [k.name for k in declared.keys if k.name not in taken]
    for name in free:
        if plain == name or plain in SYNONYMS.get(name, ()):
            return name
    # Only a slip of the fingers is mended: a word that merely looks alike (points, minutes) means something else. A key
    # that is valid elsewhere is rather in the wrong place than misspelt, unless it is very near.
    cutoff = 0.85 if plain in COURSE_FILE.homes else 0.8
    if plain in _OTHER_WORDS:
        return None
    if swapped := [name for name in free if sorted(name) == sorted(plain)]:
        return swapped[0]
    if near := get_close_matches(plain, free, 1, cutoff):
        return near[0]
    words = {word: name for name in free for word in SYNONYMS.get(name, ())}
    near = get_close_matches(plain, words, 1, max(cutoff, 0.85))
    return words[near[0]] if near else None


_OTHER_WORDS = frozenset(
    [
        "grade",
        "grades",
        "trace",
        "source",
        "sources",
        "date",
        "dates",
        "rate",
        "line",
        "lines",
        "love",
        "lives",
        "list",
        "hour",
        "number",
        "numbers",
        "weight",
        "weights",
        "weekday",
        "weekend",
        "tile",
        "note",
        "cause",
        "tasks_done",
        "timeline",
        "teams",
        "items",
    ]
)
"""Words that are spelled almost like a key and mean something else."""

_INVENTED = re.compile(r"\boption \d")
"""A choice of `filled`, which nobody but the author can name."""

_OPPOSITES = {"optional": ("required", "essential"), "voluntary": ("required", "essential")}
_WEEK_IN_TEXT = re.compile(r"\b(?:week|woche|semana|semaine) ?(\d{1,2})\b", re.I)
_HOURS = re.compile(r"(\d{1,3})(?:[.,](\d))?")


def in_other_words(declared: MapOf, entry: Entry) -> str:
    """The entry that says the same with a key that exists: `optional: yes` as `required: no`, hours as minutes."""
    assert entry.key is not None
    word, value = entry.key.value.strip().lower(), entry.value.value
    for name in _OPPOSITES.get(word, ()):
        key = declared.key(name)
        if key and isinstance(key.value, Flag) and isinstance(value, str):
            try:
                return f"{name}: {'no' if key.value.parse(value) else 'yes'}"
            except Wrong:
                return ""
    in_hours = any(hours in word for hours in ("hours", "stunden", "horas", "heures"))
    number = _HOURS.fullmatch(value) if in_hours and isinstance(value, str) else None
    target = next((k for k in declared.keys if isinstance(k.value, Minutes)), None)
    if number and target:
        return f"{target.name}: {int(number[1]) * 60 + int(number[2] or 0) * 6}"
    return ""


def _means(declared: MapOf, entry: str) -> object:
    """What `key: value` says: `yes` and `true` are the same."""
    name, _, value = entry.partition(": ")
    key = declared.key(name)
    if key is None or not isinstance(key.value, Scalar):
        return entry
    try:
        return key.value.parse(value)
    except Wrong:
        return entry


def _known(declared: MapOf, key: ScalarNode) -> Key:
    found = declared.key(key.value)
    assert found is not None
    return found


def _room_inside(declared: Value, node: Node, word: str) -> int | None:
    """The column at which `word` fits as the next key inside a value."""
    if isinstance(declared, ListOf):
        inside = isinstance(node, SequenceNode) and node.value and not node.flow_style
        return _room_inside(declared.item, node.value[-1], word) if inside else None
    if not isinstance(declared, MapOf) or not _is_block(node):
        return None
    if declared.key(word) and not _has(node, word):
        return int(node.value[0][0].start_mark.column)
    last_key, last_value = node.value[-1]
    known = declared.key(last_key.value)
    return _room_inside(known.value, last_value, word) if known else None


def _is_block(node: Node) -> bool:
    """Whether a node is a mapping with keys on lines of their own."""
    return isinstance(node, MappingNode) and bool(node.value) and not node.flow_style


def _has(node: Node, word: str) -> bool:
    return any(key.value == word for key, _ in node.value)


def _index(path: str) -> int:
    digits = path.rpartition("[")[2].rstrip("]")
    return int(digits) + 1 if digits.isdecimal() else 1


def week_of(path: str) -> int:
    """The number of the week that a path leads into."""
    found = re.match(r"weeks\[(\d+)\]", path)
    return int(found[1]) + 1 if found else 1


def kind_of(node: Node) -> str:
    if is_blank(node):
        return "empty"
    return "a list" if isinstance(node, SequenceNode) else "a mapping" if isinstance(node, MappingNode) else "a text"
