"""Compares two courses and their dates, in terms that people understand."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import time, timedelta
from typing import Any, Literal

from bot.core.message import shorten
from bot.course.audit import hours
from bot.course.calendar import Date
from bot.course.keys import LISTS
from bot.course.model import Completion, Course, Extension, Late, Material, Quantity, Question, SelfCheck
from bot.course.moment import Moment
from bot.course.value_types import write_span

SECTIONS = {name: item.name for name, item in LISTS.items() if name != "weeks"}
"""The lists whose items have dates, each with the name of one item."""

_LENGTH = 80
"""Most characters of a text that a difference quotes."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One key of an item before and after; None if it was added or removed."""

    label: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """An item that was added, removed or changed; `facts` are the changed keys."""

    kind: Literal["added", "removed", "changed"]
    item: str
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class WeekMinutes:
    """The planned minutes of a week before and after; 0 if there is no such week."""

    week: int
    old: int
    new: int


@dataclass(frozen=True, slots=True)
class Moved:
    """A date before and after; None if it was added or removed."""

    old: Date | None
    new: Date | None

    @property
    def date(self) -> Date:
        """The new date, else the removed one."""
        found = self.new or self.old
        assert found is not None
        return found


def changes(old: Course, new: Course) -> list[Change]:
    """The differences between the courses, item by item, in the order of the file."""
    before, after = dict(_items(old)), dict(_items(new))
    found = []
    for name in dict.fromkeys([*after, *before]):
        was, now = before.get(name), after.get(name)
        if was is None and now is not None:
            found.append(Change("added", now[0]))
        elif now is None and was is not None:
            found.append(Change("removed", was[0]))
        elif was is not None and now is not None:
            facts = tuple(_facts(was[1], now[1]))
            if facts:
                found.append(Change("changed", now[0], facts))
    return found


def minutes(old: Course, new: Course) -> list[WeekMinutes]:
    """The weeks whose planned minutes differ."""
    weeks = range(1, max(len(old.weeks), len(new.weeks)) + 1)
    found = [WeekMinutes(n, old.minutes(n), new.minutes(n)) for n in weeks]
    return [m for m in found if m.old != m.new]


def broken(old: Course, new: Course) -> list[str]:
    """The weeks that exceed the budget and did not before, with their figures."""
    return [
        f"week {week.number} would be {hours(new.minutes(week.number))} of a {hours(new.weekly_minutes)} budget"
        for week in new.weeks
        if new.minutes(week.number) > new.weekly_minutes and old.minutes(week.number) <= old.weekly_minutes
    ]


def moves(old: Sequence[Date], new: Sequence[Date]) -> list[Moved]:
    """The dates that differ, ordered by the new date."""
    before = {(d.section, d.id, d.event): d for d in old}
    after = {(d.section, d.id, d.event): d for d in new}
    pairs = [Moved(before.get(name), after.get(name)) for name in {**after, **before}]
    found = [m for m in pairs if m.old is None or m.new is None or m.old.at != m.new.at]
    return sorted(found, key=lambda m: (m.date.at, m.date.section, m.date.id, m.date.event))


# Items


def _items(course: Course) -> Iterator[tuple[str, tuple[str, dict[str, str]]]]:
    """Name -> (words for people, its keys and values)."""
    whole = {
        "id": course.id,
        "title": course.title,
        "weekly minutes": str(course.weekly_minutes),
        "language": course.language,
    }
    yield "course", ("The course", {**whole, "completion": _words(course.completion)})
    for week in course.weeks:
        yield f"week {week.number}", (f"Week {week.number}: {week.title}", dict(_of(week, ("number",))))
    for section, kind in SECTIONS.items():
        for item in getattr(course, section):
            yield f"{section} {item.id}", (f"{kind} {item.id}: {item.title}", dict(_of(item, ("id",))))
    sections = {"faq": "FAQ", "privacy": "Privacy", "messages": "Messages", "manager": "Manager's week"}
    for section, title in sections.items():
        yield section, (title, dict(_of(getattr(course, section), ())))


def _facts(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Fact]:
    for label in dict.fromkeys([*old, *new]):
        was, now = old.get(label), new.get(label)
        if was != now:
            if was is not None and now is not None and label.endswith("”"):
                was, now = _less(was, now)
            yield Fact(label, *_apart(was, now))


def _less(old: str, new: str) -> tuple[str, str]:
    """The parts of a material or question that differ."""
    was, now = old.split(", "), new.split(", ")
    if len(was) != len(now):
        return old, new
    pairs = [(a, b) for a, b in zip(was, now, strict=True) if a != b]
    return ", ".join(a for a, _ in pairs), ", ".join(b for _, b in pairs)


def _apart(old: str | None, new: str | None) -> tuple[str | None, str | None]:
    """Both texts, cut to a readable length around their first difference."""
    if old is None or new is None or max(len(old), len(new)) <= _LENGTH:
        return old and shorten(old, _LENGTH), new and shorten(new, _LENGTH)
    shorter = min(len(old), len(new))
    same = next((n for n in range(shorter) if old[n] != new[n]), shorter)
    start = max(0, same - _LENGTH // 4)
    dots = "…" if start else ""
    return dots + shorten(old[start:], _LENGTH), dots + shorten(new[start:], _LENGTH)


def _of(value: Any, less: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The fields of a value as (label, words), without the empty ones."""
    for f in fields(value):
        inner = getattr(value, f.name)
        label = f.name.replace("_", " ")
        if f.name in less or inner is None or inner == "" or inner == ():
            continue
        if isinstance(inner, tuple) and isinstance(inner[0], Material | Question):
            # Each part has its own label, so that an insertion does not make all of them look changed.
            for part in inner:
                name = part.title if isinstance(part, Material) else part.id
                yield f"{label.removesuffix('s')} “{shorten(name, 40)}”", _words(part)
        else:
            yield label, _words(inner)


def _words(value: Any) -> str:
    """A value as authors write it."""
    match value:
        case bool():
            return "yes" if value else "no"
        case timedelta():
            return write_span(value) if value else "none"
        case time():
            return f"{value:%H:%M}"
        case Moment() | int():
            return str(value)
        case Quantity():
            return "all" if value.all else f"{value.share:.0%}" if value.share else str(value.count)
        case Completion():
            return f"milestones: {_words(value.milestones)}, wrap-ups: {_words(value.wrapups)}"
        case Late():
            return (write_span(value.within) if value.within else "accepted") if value.accepted else "refused"
        case Extension():
            asking = " by instructor" if value.by == "instructor" else ""
            return write_span(value.longest) + asking if value.longest else "none"
        case SelfCheck():
            return f"{value.question} ({value.answer})" if value.answer else value.question
        case tuple():
            return ", ".join(_words(v) for v in value)
    if is_dataclass(value):
        return ", ".join(f"{label} {words}" for label, words in _of(value, ("id",)))
    return str(value)
