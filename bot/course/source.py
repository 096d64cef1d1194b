"""Reads YAML into nodes with positions. Every scalar stays the text that was typed.

So `no`, `on` and `16:00` keep their spelling, and each value type decides how to read them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import yaml

from bot.core.incoming import turns_or_hides

MAX_BYTES = 250_000
"""Most bytes of a file. The largest real course has a tenth of that."""

LONGEST_LINE = 2_000
"""Most characters of a line, and of a value other than a text."""

MAX_PROBLEMS = 100
"""Reading stops after this many errors. Of the warnings, as many are named."""

MAX_NODES = 50_000
"""Most nodes that are read. An alias counts each time it is used."""
MAX_DEPTH = 24

STRING, LIST, MAPPING = "tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"

Node = yaml.Node
ScalarNode = yaml.ScalarNode
MappingNode = yaml.MappingNode
SequenceNode = yaml.SequenceNode


SOFT = re.compile(r"[\x85\u2028\u2029](?=[ \x85\u2028\u2029]{0,80}(?:- |[\w-]{1,40}[:：]))")
"""A line break of a word processor where a line of YAML begins: to the parser it is one, to most editors none."""


class _TextLoader(yaml.SafeLoader):
    """Resolves nothing: YAML 1.1 would read `no` as false and 16:00 as 960."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - the base class declares it so


# The C parser is ten times as fast, if installed. Its errors and a few of its rules differ, so only trials use it.
_Fast: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _FastTextLoader(_Fast):  # type: ignore[misc]
    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012


@dataclass(frozen=True)
class Source:
    """The text of a file, with the line breaks that the YAML parser counts."""

    text: str

    @classmethod
    def of(cls, text: str) -> "Source":
        """Raw text with the line breaks of any editor."""
        # The parser counts these three as line breaks; editors do not.
        for odd in "\x85\u2028\u2029":
            text = text.replace(odd, " ")
        return cls(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))

    @cached_property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    def line(self, number: int) -> str:
        """The line with that number, from 1; '' outside the file."""
        return self.lines[number - 1] if 1 <= number <= len(self.lines) else ""

    def compose(self, trial: bool = False) -> Node | None:
        """The root node, None for an empty file. Raises yaml.YAMLError or RecursionError.

        A `trial` is faster and may accept a little more.
        """
        return yaml.compose(self.text, Loader=_FastTextLoader if trial else _TextLoader)

    def between(self, start: int, end: int) -> str:
        return self.text[start:end]

    def last_line(self, node: Node) -> int:
        """The last line (from 1) of a node, without the blank and comment lines after it."""
        if isinstance(node, MappingNode | SequenceNode) and not node.flow_style and node.value:
            last = node.value[-1]
            child = last[1] if isinstance(last, tuple) else last
            if child.start_mark.index >= node.start_mark.index:
                return max(self.last_line(child), node.start_mark.line + 1)
        mark = node.end_mark
        if mark.line > node.start_mark.line and mark.column == 0:
            number: int = mark.line
            while number > node.start_mark.line + 1 and not self.line(number).strip():
                number -= 1
            return number
        return int(mark.line) + 1


def line_of(node: Node) -> int:
    """The line (from 1) on which a node starts."""
    return int(node.start_mark.line) + 1


def mend(root: Node | None) -> Iterator[tuple[Node, str]]:
    """Replaces the characters that no text has, and that only an escape such as "\\0" can write, in all scalars.
    Yields those scalars, each with the first of its characters. Surrogate pairs, as JSON writes them, are joined."""
    nodes, seen = [root] if root is not None else [], set[int]()
    while nodes:
        node = nodes.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, MappingNode):
            nodes += (part for pair in reversed(node.value) for part in reversed(pair))
        elif isinstance(node, SequenceNode):
            nodes += reversed(node.value)
        elif not node.value.isascii() or not node.value.isprintable():
            # An escape of JSON writes a character beyond U+FFFF as two surrogates.
            text = node.value.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
            odd = next((c for c in text if is_odd(c)), "")
            node.value = "".join("\ufffd" if is_odd(c) else c for c in text) if odd else text
            if odd:
                yield node, odd


def is_odd(character: str) -> bool:
    """Whether a character may not be in a course file: control characters, unpaired surrogates, line breaks that
    editors do not know, and what changes the direction of the text."""
    if character in "\t\n":
        return False
    unreadable = yaml.reader.Reader.NON_PRINTABLE.match(character) is not None
    return unreadable or character in "\u2028\u2029" or turns_or_hides(character)


def is_blank(node: Node) -> bool:
    """Whether a value is empty or YAML's null."""
    return isinstance(node, ScalarNode) and not node.style and node.value in ("", "~", "null", "Null", "NULL")


def quoted(text: str) -> str:
    """Text as YAML: unquoted if it reads back the same in a block and in a flow list, else in double quotes."""
    if "\n" not in text and _reads_back(f"k: [{text}, {text}]\n", text) and _reads_back(f"k:\n- {text}\n", text):
        return text
    return double_quoted(text)


def double_quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def _reads_back(written: str, text: str) -> bool:
    try:
        node = Source(written).compose()
    except yaml.YAMLError:
        return False
    values = node.value[0][1].value if isinstance(node, MappingNode) else []
    return bool(values) and all(isinstance(value, ScalarNode) and value.value == text for value in values)
