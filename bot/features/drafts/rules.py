"""What belongs to which week of a course, and the texts that a draft begins with."""

import re
from datetime import datetime, timedelta
from hashlib import sha256

from bot.core.translation import _
from bot.course.keys import LISTS
from bot.course.model import Course
from bot.course.outline.values import Outline, OutlinedWeek
from bot.features.drafts.store import Rehearsal

WEEKS = 52
"""Most weeks that the first form makes at once; more are added one by one."""

LONGEST = timedelta(hours=1)


def week_of(course: Course, path: str) -> int:
    """The week to which a place of the course file belongs; 0 for none, or for several."""
    found = re.match(r"(\w+)\[(\d+)\]", path)
    if found is None or found[1] not in LISTS:
        return 0
    section, at = found[1], int(found[2])
    if section == "weeks":
        return at + 1
    listed = getattr(course, section)
    if at >= len(listed):
        return 0
    weeks = getattr(listed[at], "weeks", ())
    if weeks:
        return int(weeks[0]) if len(weeks) == 1 < len(course.weeks) else 0
    return int(getattr(listed[at], "week", 0) or 0)


def week_of_date(course: Course, id: str) -> int:
    """The week of a date in the calendar, by its id: 'wrapup/3' names it, 'draft' is an item of one."""
    name, _slash, number = id.partition("/")
    if number.isdecimal():
        return int(number)
    for section in LISTS:
        for one in getattr(course, section):
            if getattr(one, "id", "") == name:
                return int(getattr(one, "week", 0) or 0)
    return 0


def stamp(text: str) -> str:
    """Tells one text of a course from another."""
    return sha256(text.encode()).hexdigest()[:16]


def is_going(rehearsal: Rehearsal | None, now: datetime) -> bool:
    """Whether a rehearsal still goes on. One that nothing was heard of for an hour does not."""
    return rehearsal is not None and not rehearsal.outcome and now - rehearsal.began_at < LONGEST


def is_file(text: str) -> bool:
    """Whether a pasted text is a course file, and no outline."""
    return all(re.search(rf"^{key}:", text, re.MULTILINE) for key in ("course", "weeks"))


def blank(title: str, weeks: int) -> Outline:
    """A course of so many weeks, without anything in them."""
    return Outline(title, None, tuple(OutlinedWeek(_("Week {n}", n=n)) for n in range(1, weeks + 1)))


def free_id(text: str, stem: str) -> str:
    """A new item's id that the file does not have."""
    taken = set(re.findall(r"\bid: *[\"']?([\w-]+)", text))
    return next(name for n in range(1, len(taken) + 2) if (name := f"{stem}-{n}") not in taken)
