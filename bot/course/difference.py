"""Compares two courses, in terms that people understand."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import time, timedelta
from typing import Any, Literal

from bot.core.message import shorten
from bot.core.time import say_minutes
from bot.core.translation import _
from bot.course.grammar import MapOf
from bot.course.keys import COURSE_FILE, LISTS
from bot.course.model import Alternative, Completion, Course, Extension, Late, Material, Quantity, Question, SelfCheck
from bot.course.moment import Moment
from bot.course.value_types.spans import write_span
from bot.course.weeks import pairs

SECTIONS = {name: item.name for name, item in LISTS.items() if name != "weeks"}
"""The lists whose items have dates, each with the name of one item."""

SETTINGS = {k.name: k.value.name for k in COURSE_FILE.keys if isinstance(k.value, MapOf) and k.name != "course"}
"""The sections that are no lists, each with its title."""

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


def changes(old: Course, new: Course) -> list[Change]:
    """The differences between the courses, item by item, in the order of the file. A week that has another number only
    because others were added or removed before it has not changed, nor has what belongs to it."""
    places = pairs(old, new)
    before, after = dict(_items(old, places)), dict(_items(new))
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
    """The weeks whose planned minutes differ, each compared with itself wherever it stood; then those removed."""
    now = pairs(old, new)
    was = {after: before for before, after in now.items()}
    found = [
        WeekMinutes(w.number, old.minutes(was[w.number]) if w.number in was else 0, new.minutes(w.number))
        for w in new.weeks
    ]
    found += [WeekMinutes(w.number, old.minutes(w.number), 0) for w in old.weeks if w.number not in now]
    return [m for m in found if m.old != m.new]


def overfull(old: Course, new: Course) -> list[int]:
    """The weeks that exceed the budget and did not before."""
    was = {after: before for before, after in pairs(old, new).items()}
    within = {n for n, before in was.items() if old.minutes(before) <= old.weekly_minutes}
    return [
        week.number
        for week in new.weeks
        if new.minutes(week.number) > new.weekly_minutes and (week.number in within or week.number not in was)
    ]


def broken(old: Course, new: Course) -> list[str]:
    """The same, with their figures."""
    return [
        _(
            "week {week} would be {minutes} of a {budget} budget",
            week=week,
            minutes=say_minutes(new.minutes(week)),
            budget=say_minutes(new.weekly_minutes),
        )
        for week in overfull(old, new)
    ]


# Items


def _items(course: Course, places: Mapping[int, int] | None = None) -> Iterator[tuple[str, tuple[str, dict[str, str]]]]:
    """Name -> (words for people, its keys and values). `places`: the weeks' numbers in the other course."""
    whole = {
        "id": course.id,
        "title": course.title,
        "weekly minutes": str(course.weekly_minutes),
        "language": course.language,
        "recap": _words(course.recap),
    }
    if course.live_only:
        whole["live only"] = _words(course.live_only)
    yield "course", (_("The course"), {**whole, "completion": _words(course.completion)})
    for week in course.weeks:
        place = week.number if places is None else places.get(week.number)
        name = f"week {place}" if place is not None else f"week {week.number}, gone"
        yield name, (_("Week {number}: {title}", number=week.number, title=week.title), dict(_of(week, ("number",))))
    for section, kind in SECTIONS.items():
        for item in getattr(course, section):
            said = dict(_of(item, ("id", "week")))
            if hasattr(item, "week"):
                said["week"] = str(places.get(item.week, item.week) if places is not None else item.week)
            yield f"{section} {item.id}", (f"{_(kind)} {item.id}: {item.title}", said)
    for section, title in SETTINGS.items():
        if (settings := getattr(course, section)) is not None:
            yield section, (_(title), dict(_of(settings, ())))


def _facts(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Fact]:
    for label in dict.fromkeys([*old, *new]):
        was, now = old.get(label), new.get(label)
        if was != now:
            if was is not None and now is not None and "“" in label:
                was, now = _less(was, now)
            yield Fact(label, *_apart(was, now))
    before, after = [label for label in old if label in new], [label for label in new if label in old]
    if before != after:
        yield Fact(_("order"), *_apart(", ".join(_parts(before)), ", ".join(_parts(after))))


def _parts(labels: Sequence[str]) -> Iterator[str]:
    """The names of an item's materials or questions, of which alone the order may differ."""
    return (f"“{label.partition('“')[2]}" for label in labels if "“" in label)


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
        if f.name in less or inner is None or inner in ("", (), Alternative()):
            continue
        if isinstance(inner, tuple) and isinstance(inner[0], Material | Question):
            # Each part has its own label, so that an insertion does not make all of them look changed.
            names = Counter[str]()
            for part in inner:
                name = shorten(part.title if isinstance(part, Material) else part.id, 40)
                names[name] += 1
                again = f" ({names[name]})" if names[name] > 1 else ""
                yield f"{label.removesuffix('s')} “{name}”{again}", _words(part)
        else:
            yield label, _words(inner)


def _extension(rule: Extension) -> str:
    if not rule.own and not rule.auto:
        return f"{write_span(rule.ask)} by instructor" if rule.ask else "none"
    if rule == Extension(own=rule.own):
        return write_span(rule.own)
    parts = (("self", rule.own), ("ask", rule.ask), ("auto", rule.auto))
    return ", ".join(f"{name} {_words(span)}" for name, span in parts)


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
            return _extension(value)
        case Alternative():
            return value.item or value.text
        case SelfCheck():
            return f"{value.question} ({value.answer})" if value.answer else value.question
        case tuple():
            return ", ".join(_words(v) for v in value)
    if is_dataclass(value):
        return ", ".join(f"{label} {words}" for label, words in _of(value, ("id",)))
    return str(value)
