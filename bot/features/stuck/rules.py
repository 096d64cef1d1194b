"""Signs put together: a row for each week and each item, what people said that they are stuck with, and what may mend
it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.core.actions import read_number
from bot.core.contributions import Sign, Snag
from bot.course.difference import overfull
from bot.course.model import Course, Material, Milestone

TOGETHER = 3
"""From so many people on, what they said is one thing; of fewer each stands alone."""

Remedy = Literal["walk", "example", "review", "split"]


LEFT = 5
"""Minutes that stay of what gives up some."""

OFFERED = 2
"""Ways of each kind that are offered."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a remedy gets into a course whose week is full: into another `week`, or with minutes that the material with
    the index `gives` has now. Neither: as it is."""

    week: int | None = None
    gives: int | None = None

    def __str__(self) -> str:
        """As a part of a button's subject."""
        return "".join(f"-{letter}{n}" for letter, n in (("w", self.week), ("m", self.gives)) if n is not None)


AS_IT_IS = Way()


def way_of(subject: str) -> Way:
    """The way in what a button says: '-w3' or '-m0'."""
    number = read_number(subject[2:])
    return Way(number if subject.startswith("-w") else None, number if subject.startswith("-m") else None)


@dataclass(frozen=True, slots=True)
class Crowded:
    """A week that would take `minutes`, `over` of them more than the budget, and its materials before that."""

    week: int
    minutes: int
    over: int
    materials: Sequence[Material]


@dataclass(frozen=True, slots=True)
class Spot:
    """A week, or an item of it (`path` in the course file), with its signs."""

    week: int
    path: str
    title: str
    signs: Mapping[Sign, Snag]

    @property
    def hard(self) -> bool:
        """Whether one of its signs says that it needs a remedy."""
        return any(snag.hard for snag in self.signs.values())


def spots(course: Course, found: Sequence[Snag]) -> list[Spot]:
    """In the order of the course, a week before its items."""
    signs: dict[tuple[int, str], dict[Sign, Snag]] = {}
    for snag in found:
        here = signs.setdefault((snag.week, snag.path), {})
        here[snag.sign] = _joined(here[snag.sign], snag) if snag.sign in here else snag
    titles = {f"milestones[{n}]": one.title for n, one in enumerate(course.milestones)}
    return [
        Spot(week, path, titles.get(path) or _title(course, week), signs[week, path])
        for week, path in sorted(signs)
        if course.week(week) is not None
    ]


def _joined(one: Snag, other: Snag) -> Snag:
    """Two of one kind about one thing: people who said something in two places count once."""
    words = (*one.words, *other.words)
    return replace(one, words=words, value=len({person for person, _ in words}))


def _title(course: Course, number: int) -> str:
    week = course.week(number)
    return week.title if week is not None else ""


def remedies(spot: Spot, course: Course, now: int) -> Iterator[Remedy]:
    """What may mend it, the likeliest first. `now`: the present week; what would come too late is none."""
    milestone = next((m for n, m in enumerate(course.milestones) if spot.path == f"milestones[{n}]"), None)
    if milestone is None:
        yield "walk"
        yield "example"
        return
    yield "example"
    reviewed = any(review.milestone == milestone.id for review in course.reviews)
    if now <= milestone.week < len(course.weeks) and not reviewed:
        yield "review"
    if ahead(course, now) is not None:
        yield "split"


def crowded(course: Course, changed: Course) -> Crowded | None:
    """The first week for which a change is too much."""
    number = next(iter(overfull(course, changed)), None)
    if number is None:
        return None
    minutes, week = changed.minutes(number), course.week(number)
    return Crowded(number, minutes, minutes - changed.weekly_minutes, week.materials if week else ())


def ways(remedy: Remedy, course: Course, full: Crowded) -> Iterator[Way]:
    """How the remedy fits all the same: the materials that give up the minutes, the longest first, and for something to
    study the next weeks with room."""
    longest = sorted(enumerate(full.materials), key=lambda found: -found[1].minutes)
    yield from [Way(gives=n) for n, one in longest if one.minutes - full.over >= LEFT][:OFFERED]
    if remedy in ("walk", "example"):
        takes = full.minutes - course.minutes(full.week)
        later = range(full.week + 1, len(course.weeks) + 1)
        free = [n for n in later if course.minutes(n) + takes <= course.weekly_minutes]
        yield from [Way(n) for n in free][:OFFERED]


def ahead(course: Course, now: int) -> tuple[int, Milestone] | None:
    """The next milestone that could be handed in in two parts, and its place in the file: the one that people were
    stuck with is over."""
    later = [(at, one) for at, one in enumerate(course.milestones) if one.week > now]
    return min(later, key=lambda one: one[1].week, default=None)


def said(spot: Spot, groups: Sequence[Sequence[int]]) -> tuple[list[list[str]], list[str]]:
    """What people are stuck with, in their words: the groups of three people or more, the largest first, and the
    rest."""
    words = spot.signs["stuck"].words if "stuck" in spot.signs else ()
    large = [group for group in groups if len({words[n][0] for n in group}) >= TOGETHER]
    held = {n for group in large for n in group}
    together = sorted(([words[n][1] for n in group] for group in large), key=len, reverse=True)
    return together, [text for n, (_, text) in enumerate(words) if n not in held]
