"""Two changes of one course file that were made at the same time, as one file."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from bot.core.errors import FormRefused
from bot.course import edit
from bot.course.edit import items
from bot.course.loader import check, load
from bot.course.patch import Shared
from bot.course.weeks import pairs

_WORD = re.compile(r"[\w-]+")
Hunk = tuple[int, int, Sequence[str]]
"""From which line to which of the file before, and what stands there now."""


def merged(base: str, theirs: str, mine: str) -> str | None:
    """The file with both changes of `base`. A new item of `mine` gets an id of its own if `theirs` has a new one with
    that id. None where both change the same lines, or a week changes its place."""
    mine = _with_own_ids(base, theirs, mine)
    lines = _joined(*(_lines(text) for text in (base, theirs, mine)))
    text = "".join(lines) if lines is not None else ""
    if lines is None or any(p.severity == "error" for p in check(text)) or _moves_weeks(base, theirs, mine):
        return None
    return text


def _lines(text: str) -> list[str]:
    lines = text.splitlines(keepends=True)
    return [*lines[:-1], lines[-1] if lines[-1].endswith("\n") else f"{lines[-1]}\n"] if lines else []


def _moves_weeks(base: str, theirs: str, mine: str) -> bool:
    before = load(base)
    numbers = {week.number: week.number for week in before.weeks}
    return any(len(new.weeks) != len(numbers) or pairs(before, new) != numbers for new in (load(theirs), load(mine)))


def _joined(base: Sequence[str], theirs: Sequence[str], mine: Sequence[str]) -> list[str] | None:
    """Both changes, that of theirs first where both insert at one place."""
    found: list[str] = []
    both: Sequence[str]
    at, first, second = 0, list(_hunks(base, theirs)), list(_hunks(base, mine))
    while first or second:
        if first and second and _meet(first[0], second[0]):
            (start, end, new), (start2, end2, new2) = first.pop(0), second.pop(0)
            if (start, end) != (start2, end2) or (start != end and new != new2):
                return None
            both = [*new, *new2[_shared(new, new2) :]]
        elif not second or (first and first[0][:2] <= second[0][:2]):
            start, end, both = first.pop(0)
        else:
            start, end, both = second.pop(0)
        found += [*base[at:start], *both]
        at = end
    return [*found, *base[at:]]


def _hunks(before: Sequence[str], after: Sequence[str]) -> Iterator[Hunk]:
    for what, first, last, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what != "equal":
            yield first, last, after[start:end]


def _meet(one: Hunk, other: Hunk) -> bool:
    """Whether two changes concern the same lines, or insert at the same place."""
    return one[:2] == other[:2] or (one[0] < other[1] and other[0] < one[1])


def _shared(new: Sequence[str], other: Sequence[str]) -> int:
    """How many lines two insertions have in common at their beginning, such as the name of a new list."""
    return next((n for n, (a, b) in enumerate(zip(new, other, strict=False)) if a != b), min(len(new), len(other)))


def _with_own_ids(base: str, theirs: str, mine: str) -> str:
    known, taken = _ids(base), _ids(theirs)
    for item in items(mine):
        id = item.name.partition(".")[2]
        if id in known or id not in taken or id.isdecimal() or "materials" in item.path:
            continue
        if len(_named(id, mine)) > len(_named(id, base)) + 1:
            # Something else of this change means it by that name.
            continue
        used = taken | _ids(mine)
        own = next(name for n in range(2, len(used) + 3) if (name := f"{id}-{n}") not in used)
        try:
            mine = edit.replaced(mine, item.path, {"id": own})
        except (FormRefused, Shared):
            continue
    return mine


def _ids(text: str) -> set[str]:
    return {item.name.partition(".")[2] for item in items(text)}


def _named(id: str, text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if word == id]
