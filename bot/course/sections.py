"""The sections of a course file as text, for what no form holds. The rest of the file stays as it is."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.core.errors import NotFound
from bot.core.translation import _
from bot.course.edit import root_of
from bot.course.item_forms import ADD
from bot.course.keys import COURSE_FILE
from bot.course.loader import check
from bot.course.source import MappingNode, ScalarNode, Source

NAMES = tuple(key.name for key in COURSE_FILE.keys)
RARE = tuple(name for name in NAMES if name not in ADD and name != "course")
"""The sections that no form adds."""


@dataclass(frozen=True, slots=True)
class Section:
    """A key of the file with all below it, from the `first` line (from 1). `text` is empty for one that the file does
    not have, which comes last."""

    name: str
    first: int
    text: str


def sections(text: str) -> list[Section]:
    """The sections that the file has, in its order. Comments above a section belong to it no more than blank lines
    do. None of a file whose keys do not begin their lines."""
    lines = text.splitlines(keepends=True)
    found = list(_begins(text))
    if any(column for _name, _line, column in found):
        return []
    ends = [line for _name, line, _column in found[1:]] + [len(lines)]
    return [
        Section(name, line + 1, "".join(_trimmed(lines[line:end])))
        for (name, line, _column), end in zip(found, ends, strict=True)
    ]


def _begins(text: str) -> Iterator[tuple[str, int, int]]:
    root = root_of(Source.of(text))
    for key, _value in root.value if isinstance(root, MappingNode) and not root.flow_style else ():
        if isinstance(key, ScalarNode):
            yield key.value, key.start_mark.line, key.start_mark.column


def _trimmed(lines: list[str]) -> list[str]:
    """Without what stands above the next section."""
    while lines and (not lines[-1].strip() or lines[-1].startswith("#")):
        lines = lines[:-1]
    return lines


def section(text: str, name: str) -> Section:
    """One section. Raises NotFound for one that no course file has."""
    if name not in NAMES:
        raise NotFound
    written = next((one for one in sections(text) if one.name == name), None)
    return written or Section(name, len(text.splitlines()) + 1, "")


def replaced(text: str, name: str, said: str) -> str:
    """The file with another text for a section; an empty one takes it out."""
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    one = section("".join(lines), name)
    new = [f"{said.strip()}\n"] if said.strip() else []
    lines[one.first - 1 : one.first - 1 + len(one.text.splitlines())] = new
    return "".join(lines)


def errors(text: str, first: int = 1, lines: int | None = None) -> list[str]:
    """What is wrong with a file, each with its line as whoever typed `lines` of it from the `first` counts them."""
    said = []
    for p in check(text):
        if p.severity == "error":
            line = p.line - first + 1
            inside = lines is None or 1 <= line <= lines
            where = _("Line {n}:", n=line) if inside else _("Line {n} of the file:", n=p.line)
            said.append(f"{where} {p.message} {p.fix}".rstrip())
    return said
