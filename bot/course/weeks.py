"""The weeks of two versions of a course: which week of one is which of the other."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import groupby

from bot.core.errors import NotFound
from bot.course.edit import replaced
from bot.course.loader import load
from bot.course.model import Course, Discussion, Week
from bot.course.moment import Moment

ALIKE = 0.6
"""From this likeness of titles on, a week between two known ones is taken to be the same under a new title."""

_IN_WEEKS = ("prompts", "checkins", "rooms")
"""The lists whose items may be asked in several weeks."""


def pairs(old: Course, new: Course) -> Mapping[int, int]:
    """The number of a week -> its number in the new course. An explicit id decides, then the same title; what is left
    is the same week if it is alone between the same two weeks, or its title is much alike."""
    found: dict[int, int] = {}
    ids = {week.id: week.number for week in new.weeks if week.id}
    for week in old.weeks:
        if week.id in ids:
            found[week.number] = ids[week.id]
    taken = set(found.values())
    named = [w for w in old.weeks if w.number not in found and not (w.id and _has_ids(new))]
    free = [w for w in new.weeks if w.number not in taken and not (w.id and w.id in {o.id for o in old.weeks})]
    titles = SequenceMatcher(None, [_title(w) for w in named], [_title(w) for w in free], autojunk=False)
    for kind, first, last, start, end in titles.get_opcodes():
        gap = zip(named[first:last], free[start:end], strict=False)
        if kind == "equal" or (kind == "replace" and last - first == end - start):
            found.update((o.number, n.number) for o, n in gap)
        elif kind == "replace":
            found.update(_alike(named[first:last], free[start:end]))
    return found


def _has_ids(course: Course) -> bool:
    return all(week.id for week in course.weeks)


def _alike(old: list[Week], new: list[Week]) -> Mapping[int, int]:
    """Weeks with much the same title, in order."""
    found: dict[int, int] = {}
    rest = list(new)
    for week in old:
        likely = [w for w in rest if SequenceMatcher(None, _title(week), _title(w)).ratio() >= ALIKE]
        if likely:
            found[week.number] = likely[0].number
            rest = rest[rest.index(likely[0]) + 1 :]
    return found


def _title(week: Week) -> str:
    return " ".join(week.title.lower().split())


@dataclass(frozen=True, slots=True)
class Run:
    """Weeks in a row that move by the same number of places: (first, last) before and after."""

    old: tuple[int, int]
    new: tuple[int, int]


def runs(places: Mapping[int, int]) -> list[Run]:
    """The weeks that have another number, those in a row together."""
    moved = sorted((old, new) for old, new in places.items() if old != new)
    grouped = groupby(enumerate(moved), key=lambda one: (one[1][0] - one[0], one[1][1] - one[1][0]))
    parts = [[pair for _, pair in group] for _, group in grouped]
    return [Run((part[0][0], part[-1][0]), (part[0][1], part[-1][1])) for part in parts]


def follow(old: Course, text: str, places: Mapping[int, int] | None = None) -> str:
    """A course file in which what belongs to a week has moved with it. That is what names a week by the number that it
    had, although the week has another one now (by `places`, or as the two courses show)."""
    new = load(text)
    places = pairs(old, new) if places is None else places
    for section in ("milestones", "prompts", "discussions", "checkins", "scenarios", "reviews", "live", "rooms"):
        before = {item.id: item for item in getattr(old, section)}
        for n, item in enumerate(getattr(new, section)):
            was = before.get(item.id)
            if was is None:
                continue
            values: dict[str, str] = {}
            if section not in _IN_WEEKS and was.week == item.week and places.get(was.week, was.week) != was.week:
                values["week"] = str(places[was.week])
            elif section in _IN_WEEKS and was.weeks == item.weeks and len(item.weeks) == 1 != len(new.weeks):
                (week,) = item.weeks
                if places.get(week, week) != week:
                    values["week"] = str(places[week])
            values |= _moments(was, item, places)
            if values:
                text = replaced(text, f"{section}[{n}]", values)
            if isinstance(item, Discussion):
                text = _rounds(text, f"{section}[{n}]", was, item, places)
    if old.pods is not None and new.pods is not None:
        values, week = _moments(old.pods, new.pods, places), old.pods.week
        if week == new.pods.week and places.get(week, week) != week:
            values["week"] = str(places[week])
        text = replaced(text, "pods", values) if values else text
    return text


def _rounds(text: str, path: str, was: Discussion, item: Discussion, places: Mapping[int, int]) -> str:
    """The same for the moments of a discussion's rounds. A single one may be the discussion itself."""
    for n, now in enumerate(item.rounds):
        same = was.rounds[n] if len(was.rounds) == len(item.rounds) else None
        earlier = next((one for one in was.rounds if one.opens == now.opens), same)
        if values := _moments(earlier, now, places):
            try:
                text = replaced(text, f"{path}.rounds[{n}]", values)
            except NotFound:
                text = replaced(text, path, values)
    return text


def _moments(was: object, item: object, places: Mapping[int, int]) -> dict[str, str]:
    """The moments of an item that name another week now."""
    values: dict[str, str] = {}
    for key in ("opens", "closes", "due"):
        moment, earlier = getattr(item, key, None), getattr(was, key, None)
        if isinstance(moment, Moment) and moment == earlier and moment.week:
            place = places.get(moment.week, moment.week)
            if place != moment.week:
                values[key] = str(replace(moment, week=place))
    return values
