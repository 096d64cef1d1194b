"""Adds the evidence of a run to the course file of the next one, as comments above the items that it is about. Items
that the next run leaves out become comments themselves, so that one edit brings them back."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.course.edit import node_at, steps
from bot.course.loader import load
from bot.course.model import Course
from bot.course.problems import CourseInvalid
from bot.course.source import Source

Notes = Mapping[str, Sequence[str]]
"""Path of an item ('weeks[0]', 'milestones[2]', 'course') -> lines about it."""

_LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_BREAK = re.compile(r"\r\n|\r|\n")
_INDENT = re.compile(r"[ ]*")


def annotated(text: str, notes: Notes) -> str:
    """The file with comment lines above the named items, indented like them. It loads to the same course.

    Notes on an item that starts in the middle of a line go to the top of the file; unknown paths are ignored. Raises
    CourseInvalid for a file with errors.
    """
    course = load(text)
    wanted = {path: tuple(lines) for path, lines in notes.items() if path in course.spots and lines}
    whole = _written(text, course, wanted)
    if _same(whole, course):
        return whole
    placed: dict[str, Sequence[str]] = {}
    top: list[str] = []
    for path, lines in wanted.items():
        if _same(_written(text, course, {**placed, path: lines}), course):
            placed[path] = lines
        else:
            top += [f"{path}: {line}" for line in lines]
    found = _written(text, course, placed, top)
    return found if _same(found, course) else text


def without(text: str, paths: Collection[str]) -> str:
    """The file with the items of lists at these paths as comments. An item stays if the file would not load without
    it, or if its lines contain more than it. Raises CourseInvalid for a file with errors."""
    for path in sorted(paths, key=steps, reverse=True):
        section, n = steps(path)
        course = load(text)
        items: Sequence[object] = getattr(course, str(section))
        change: Any = {str(section): (*items[: int(n)], *items[int(n) + 1 :])}
        wanted = replace(course, **change)
        for first, last in _spans(text, path, str(section)):
            found = _commented_out(text, first, last)
            if _same(found, wanted):
                text = found
                break
    return text


def _spans(text: str, path: str, section: str) -> Iterator[tuple[int, int]]:
    """The lines of an item of a list (first, and after the last); then with the list's own key, for its only item."""
    node, lines = node_at(Source.of(text), path), _LINES.findall(text)
    first, last = node.start_mark.line, node.end_mark.line
    if last < len(lines) and lines[last][: node.end_mark.column].strip(" -"):
        last += 1
    while last > first and (not lines[last - 1].strip() or lines[last - 1].lstrip().startswith("#")):
        last -= 1
    yield first, last
    above = next((n for n in range(first - 1, -1, -1) if lines[n].strip() == f"{section}:"), None)
    if above is not None:
        yield above, last


def _commented_out(text: str, first: int, last: int) -> str:
    lines = _LINES.findall(text)
    for n in range(first, last):
        bare = lines[n].lstrip(" ")
        if bare.strip() and not bare.startswith("#"):
            lines[n] = f"{lines[n][: len(lines[n]) - len(bare)]}# {bare}"
    return "".join(lines)


def _same(text: str, course: Course) -> bool:
    try:
        return load(text) == course
    except CourseInvalid:
        return False


def _written(text: str, course: Course, notes: Notes, top: Sequence[str] = ()) -> str:
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    lines = _LINES.findall(text.removeprefix("\ufeff"))
    found = _BREAK.search(text)
    end = found[0] if found else "\n"
    above: dict[int, list[str]] = {}
    for path in sorted(notes, key=lambda p: course.spots[p]):
        above.setdefault(course.spots[path][0] - 1, []).extend(notes[path])
    out = [_comment("", line, end) for line in top]
    for number, line in enumerate(lines):
        indent = _INDENT.match(line)
        assert indent is not None
        out += [_comment(indent[0], said, end) for said in above.get(number, ())]
        out.append(line)
    return mark + "".join(out)


def _comment(indent: str, said: str, end: str) -> str:
    # A comment is one line of what YAML takes: no control characters.
    clean = "".join(c if c.isprintable() else " " for c in said)
    return f"{indent}# {' '.join(clean.split())}{end}"
