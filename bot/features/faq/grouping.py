"""Groups questions that ask the same. Groups are repaired around new questions, and keep their names.

Average linkage: two groups are merged if their questions are alike on average. With single linkage, everything said in
a channel would end up in one group.
"""

from collections.abc import Mapping, Sequence

TOGETHER = 0.49
"""Minimum average similarity within a group, after subtracting what the course has in common."""


SURELY = 0.85
"""Similarity of two questions of a group from which they ask the same in nine of ten cases, also in a course about one
product: docs/search.md."""


def regroup(alike: Sequence[Sequence[float]], together: float = TOGETHER) -> list[list[int]]:
    """The groups of questions 0…n-1, given the symmetric matrix of their similarities. Each begins with its first
    question."""
    groups = {n: [n] for n in range(len(alike))}
    # Sums over the pairs of two groups; the average divides by the number of pairs.
    sums = {(a, b): alike[a][b] for a in groups for b in groups if a < b}
    while sums:
        (a, b), best = max(
            ((pair, total / (len(groups[pair[0]]) * len(groups[pair[1]]))) for pair, total in sums.items()),
            key=lambda one: (one[1], -one[0][0], -one[0][1]),
        )
        if best < together:
            break
        del sums[a, b]
        groups[a] += groups.pop(b)
        for other in groups:
            if other != a:
                moved = sums.pop((min(b, other), max(b, other)))
                sums[min(a, other), max(a, other)] += moved
    return [sorted(members) for members in groups.values()]


def keep_names(before: Mapping[int, int | None], after: Sequence[Sequence[int]]) -> list[int | None]:
    """The name of each group after a change: that of the group from which most of its members come, unless another
    group has more of those. None: it needs a new one. `before` gives the earlier group of each member."""
    claims = []
    for place, members in enumerate(after):
        names = [before.get(member) for member in members]
        claims += [(-names.count(name), name, place) for name in {n for n in names if n is not None}]
    named: dict[int, int] = {}
    for _, name, place in sorted(claims):
        if place not in named and name not in named.values():
            named[place] = name
    return [named.get(place) for place in range(len(after))]
