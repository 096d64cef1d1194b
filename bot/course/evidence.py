"""Adds the evidence of a run to the course file of the next one, as comments above the items that it is about."""

import re
from collections.abc import Mapping, Sequence

from bot.course.loader import load
from bot.course.model import Course
from bot.course.problems import CourseInvalid

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
