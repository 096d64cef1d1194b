"""Who is in a pod with whom: a pure function of people's clocks, of who wants one, and of who was with whom before.

Pods have four to six people. Seven make two pods (four and three), and fewer than four are all together. A pod below
three is refilled by those who wait, or merged with the nearest one, which then may have seven. Where no pod has room,
the nearest one gives some of its people: eight make two pods of four.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import combinations

from bot.core.people import Person
from bot.core.time import local
from bot.course.keys import LEAST_IN_POD, MOST_IN_POD

TOO_SMALL = 3
"""A pod with fewer people is refilled or merged."""

CRAMMED = MOST_IN_POD + 1
"""So many are in a pod where somebody would be left out otherwise."""

DAY = 24 * 60
HOUR_WEIGHT = 0.25
"""How much an hour between two message hours counts, beside an hour between two zones."""

KNOWN = 3.0
"""How many hours of difference it is worth to meet one new person instead of one from an earlier run."""

ALL_KNOWN = 24.0
"""The same for somebody whose whole pod would be from an earlier run."""

FEW = 60
"""Up to so many people are compared with everybody; more with those in the neighbouring pods."""


@dataclass(frozen=True, slots=True)
class Clock:
    """Where somebody's day lies: minutes east of UTC, and the hour at which they want messages."""

    offset: int
    hour: int


Clocks = Mapping[int, Clock]
Far = Callable[[int, Collection[int]], float]
"""How far somebody is from a group."""

Known = frozenset[frozenset[int]]
"""Pairs of people who were in a pod together in an earlier run."""

NOBODY: Known = frozenset()


def clock(person: Person, now: datetime) -> Clock:
    """Where their day lies now: the offset of a zone may change with the season."""
    east = local(now, person.zone) - local(now, "Etc/UTC")
    return Clock(round(east.total_seconds() / 60), person.hour)


def pairs(groups: Iterable[Collection[int]]) -> Known:
    """Everybody with each other one of their group."""
    return frozenset(frozenset(pair) for group in groups for pair in combinations(sorted(group), 2))


def _around(one: int, other: int, whole: int) -> int:
    """The distance on a circle."""
    way = abs(one - other) % whole
    return min(way, whole - way)


def apart(one: Clock, other: Clock) -> float:
    """How far two days are apart, in hours. Zones lie on a circle: +13 and -11 have the same time of day."""
    return _around(one.offset, other.offset, DAY) / 60 + HOUR_WEIGHT * _around(one.hour, other.hour, 24)


def _met(person: int, others: Collection[int], known: Known) -> float:
    """What it costs that somebody knows people of a group already, in hours."""
    met = sum(frozenset((person, other)) in known for other in others)
    return KNOWN * met + (ALL_KNOWN if met and met == len(others) else 0.0)


def _from(person: int, group: Collection[int], clocks: Clocks, known: Known = NOBODY) -> float:
    """How far somebody is from the others of a group, on average."""
    others = [p for p in group if p != person]
    if not others:
        return 0.0
    return (sum(apart(clocks[person], clocks[p]) for p in others) + _met(person, others, known)) / len(others)


def _strain(group: Collection[int], clocks: Clocks, known: Known = NOBODY) -> float:
    """How far a group is from an ideal one: hours between its people, and people who know each other already."""
    strain = sum(apart(clocks[a], clocks[b]) for a, b in combinations(group, 2))
    return strain + sum(_met(p, [other for other in group if other != p], known) for p in group if known)


# Forming


def sizes(number: int, size: int) -> list[int]:
    """How many people are in each pod, if there are so many: as near to `size` as four to six allow."""
    if number <= MOST_IN_POD:
        return [number]
    most = range(-(-number // MOST_IN_POD), number // LEAST_IN_POD + 1)
    # Between equally good ones fewer pods are better, since people leave.
    pods = min(most, key=lambda n: (abs(number / n - size), n), default=2)
    return [number // pods + (n < number % pods) for n in range(pods)]


def formed(people: Clocks, size: int, known: Known = NOBODY) -> list[frozenset[int]]:
    """The pods of these people: near zones and near hours together, on a circle across the date line."""
    if not people:
        return []
    ring = _ring(people)
    parts = sizes(len(ring), size)
    turns = range(len(ring) if len(ring) <= FEW else max(parts) + 1) if len(parts) > 1 else range(1)
    best = min((_cut(ring[n:] + ring[:n], parts) for n in turns), key=lambda pods: _spread(pods, people))
    return [frozenset(pod) for pod in _mixed(best, people, known)]


def _ring(people: Clocks) -> list[int]:
    """People in the order of their zones, beginning behind the largest gap."""
    ring = sorted(people, key=lambda p: (people[p].offset % DAY, people[p].hour, p))
    places = [people[p].offset % DAY for p in ring]
    gaps = [(places[n] - places[n - 1]) % DAY for n in range(len(ring))]
    start = max(range(len(ring)), key=lambda n: (gaps[n], -n))
    return ring[start:] + ring[:start]


def _cut(ring: Sequence[int], parts: Sequence[int]) -> list[list[int]]:
    found, at = [], 0
    for part in parts:
        found.append(list(ring[at : at + part]))
        at += part
    return found


def _spread(pods: Iterable[Collection[int]], people: Clocks) -> float:
    return sum(_strain(pod, people) for pod in pods)


def _mixed(pods: list[list[int]], people: Clocks, known: Known) -> list[list[int]]:
    """Swaps people who were together in earlier runs, while that is worth the hours."""
    if not known:
        return pods
    near = len(pods) if len(people) <= FEW else 2
    for _round in range(len(people)):
        swapped = False
        for n, pod in enumerate(pods):
            for i, person in enumerate(pod):
                if not any(frozenset((person, other)) in known for other in pod):
                    continue
                others = {(n + step) % len(pods) for step in range(-near, near + 1)} - {n}
                gains = [(gain, m, j) for m in sorted(others) for j, gain in _gains(pod, i, pods[m], people, known)]
                gain, m, j = max(gains, default=(0.0, 0, 0))
                if gain > 1e-9:
                    pod[i], pods[m][j] = pods[m][j], pod[i]
                    swapped = True
        if not swapped:
            break
    return pods


def _gains(
    pod: Sequence[int], i: int, other: Sequence[int], people: Clocks, known: Known
) -> Iterable[tuple[int, float]]:
    """What swapping somebody with each person of another pod is worth."""
    before = _strain(pod, people, known) + _strain(other, people, known)
    for j in range(len(other)):
        mine = [*pod[:i], other[j], *pod[i + 1 :]]
        theirs = [*other[:j], pod[i], *other[j + 1 :]]
        yield j, before - _strain(mine, people, known) - _strain(theirs, people, known)


# Keeping


@dataclass(frozen=True, slots=True)
class Settled:
    """Who is in which pod. `formed` are new ones; `waiting` is for whom there is no place."""

    pods: Mapping[int, frozenset[int]]
    formed: tuple[frozenset[int], ...] = ()
    waiting: frozenset[int] = frozenset()

    @property
    def closed(self) -> frozenset[int]:
        """Pods in which nobody is any more."""
        return frozenset(id for id, people in self.pods.items() if not people)


def settled(people: Clocks, pods: Mapping[int, Collection[int]], size: int, known: Known = NOBODY) -> Settled:
    """Gives everybody of these `people` a place. Those who are in a pod stay there, unless it has become too small."""
    far = partial(_from, clocks=people, known=known)
    groups = {id: {p for p in group if p in people} for id, group in pods.items()}
    waiting = set(people) - {p for group in groups.values() for p in group}
    for group in sorted(filter(None, groups.values()), key=_order):
        _fill(group, waiting, LEAST_IN_POD - len(group), far)
    there = [group for group in groups.values() if group]
    new: list[set[int]] = []
    # So few that they make no pods by themselves take free places, the nearest first.
    while waiting and min(sizes(len(waiting), size)) < LEAST_IN_POD and any(len(g) < MOST_IN_POD for g in there):
        free = [g for g in there if len(g) < MOST_IN_POD]
        _fill(min(free, key=lambda g: (min(far(p, g) for p in waiting), min(g))), waiting, 1, far)
    if there or len(waiting) > 1:
        new = [set(pod) for pod in formed({p: people[p] for p in waiting}, size, known)]
        waiting.clear()
    for group in sorted([*new, *there], key=_order):
        others = [g for g in (*new, *there) if g and g is not group]
        merged = 0 < len(group) < TOO_SMALL and _merged(group, others, far)
        if not merged and (group in new or len(group) < TOO_SMALL):
            _refilled(group, others, far)
        if len(group) == 1:
            waiting |= group
            group.clear()
    made = tuple(frozenset(group) for group in new if group)
    return Settled({id: frozenset(group) for id, group in groups.items()}, made, frozenset(waiting))


def _order(group: Collection[int]) -> tuple[int, int]:
    return len(group), min(group)


def _fill(group: set[int], source: set[int], most: int, far: Far) -> None:
    """Brings up to so many people of `source` into a group, the nearest first."""
    for _place in range(min(most, len(source))):
        nearest = min(source, key=lambda p: (far(p, group), p))
        source.discard(nearest)
        group.add(nearest)


def _merged(group: set[int], others: Iterable[set[int]], far: Far) -> bool:
    """Brings the people of a small group into the nearest one with room. Returns False if none has room."""
    homes = [g for g in others if len(g) + len(group) <= CRAMMED]
    if not homes:
        return False
    home = min(homes, key=lambda g: (len(g) + len(group) > MOST_IN_POD, sum(far(p, g) for p in group), min(g)))
    home |= group
    group.clear()
    return True


def _refilled(group: set[int], others: Iterable[set[int]], far: Far) -> None:
    """Brings people of larger groups into a small one: of eight, four are in each then."""
    while 0 < len(group) < LEAST_IN_POD:
        givers = [g for g in others if len(g) > LEAST_IN_POD]
        if not givers:
            return
        _fill(group, min(givers, key=lambda g: (-len(g), min(far(p, group) for p in g), min(g))), 1, far)


def partner(group: Collection[int], others: Mapping[int, Collection[int]], people: Clocks) -> int | None:
    """The pod that could take the people of another one by hand."""
    fit = [id for id, other in others.items() if other and len(group) + len(other) <= CRAMMED]
    return min(fit, key=lambda id: (sum(_from(p, others[id], people) for p in group), id), default=None)
