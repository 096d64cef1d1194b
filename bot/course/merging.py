"""Two changes of one course file that were made at the same time, as one file."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal

from bot.core.errors import FormRefused
from bot.course import edit
from bot.course.edit import items
from bot.course.loader import check, load
from bot.course.patch import Shared
from bot.course.weeks import pairs

_WORD = re.compile(r"[\w-]+")
_KEYS = re.compile(r"(?<=, )(?=[a-z_]+: )")
Hunk = tuple[int, int, Sequence[str]]
"""From which part to which of the file before, and what stands there now. A part is a line, or in a line with braces
what belongs to one key."""

Side = Literal["theirs", "mine"]


def merged(base: str, theirs: str, mine: str, keep: Side | None = None) -> str | None:
    """The file with both changes of `base`. A new item of `mine` gets an id of its own if `theirs` has a new one with
    that id. None where a week changes its place, and where both change the same unless `keep` says whose is kept."""
    mine = _with_own_ids(base, theirs, mine)
    before, first, second = (_parts(text) for text in (base, theirs, mine))
    lines = _joined(before, list(_hunks(before, first)), list(_hunks(before, second)), keep)
    text = "".join(lines) if lines is not None else ""
    if lines is None or any(p.severity == "error" for p in check(text)) or _moves_weeks(base, theirs, mine):
        return None
    return text


def _parts(text: str) -> list[str]:
    if text and not text.endswith("\n"):
        text += "\n"
    lines = text.splitlines(keepends=True)
    return [part for line in lines for part in (_KEYS.split(line) if "{" in line else [line])]


def _moves_weeks(base: str, theirs: str, mine: str) -> bool:
    before = load(base)
    numbers = {week.number: week.number for week in before.weeks}
    return any(len(new.weeks) != len(numbers) or pairs(before, new) != numbers for new in (load(theirs), load(mine)))


def _joined(base: Sequence[str], first: list[Hunk], second: list[Hunk], keep: Side | None) -> list[str] | None:
    """Both changes, the first one's where both insert at one place."""
    if keep == "mine":
        first = [one for one in first if not any(_collide(one, other) for other in second)]
    elif keep == "theirs":
        second = [one for one in second if not any(_collide(one, other) for other in first)]
    found: list[str] = []
    both: Sequence[str]
    at = 0
    while first or second:
        if first and second and _meet(first[0], second[0]):
            if _collide(first[0], second[0]):
                return None
            (start, end, new), (_start, _end, new2) = first.pop(0), second.pop(0)
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


def _collide(one: Hunk, other: Hunk) -> bool:
    """Whether only one of two changes can stand."""
    same = one[:2] == other[:2]
    return _meet(one, other) and not (same and (one[0] == one[1] or one[2] == other[2]))


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
