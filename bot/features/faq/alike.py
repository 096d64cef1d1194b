"""Groups of texts that say the same, without an index: all pairs are compared."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from bot.features.faq.grouping import regroup
from bot.features.faq.scoring import Candidate, Corpus, rank, words

BY_WORDS = 0.25
"""Minimum average similarity within a group where words alone are compared. `benchmarks/look.py` measures it."""

CANDIDATES = 40
"""Texts that each one is compared with by words."""

COMMON = 300
"""A word in more texts than this finds no candidates."""

LARGEST = 150
"""Most texts that are grouped at once."""

AT_ONCE = 64

Tell = Callable[[int, int], None]
"""Is told how many of how many texts are compared."""

Alike = Mapping[tuple[int, int], float]
"""How alike pairs of texts are, the lower number first. Pairs that are missing are not."""


def grouped(alike: Alike, together: float, number: int) -> list[list[int]]:
    """The groups of two or more of the texts 0…number-1. `together`: minimum average similarity within one."""
    return [group for near in _neighbours(alike, together, number) for group in _regroup(near, alike, together)]


def by_words(texts: Sequence[str], tell: Tell = lambda *_: None) -> Alike:
    said = [words(text)[:60] for text in texts]
    holding: dict[str, list[int]] = defaultdict(list)
    for n, one in enumerate(said):
        for word in set(one):
            holding[word].append(n)
    corpus = Corpus(len(said), sum(map(len, said)) / len(said), {word: len(n) for word, n in holding.items()})
    sums: dict[tuple[int, int], float] = defaultdict(float)
    for n, one in enumerate(said):
        if n % AT_ONCE == 0:
            tell(n, len(said))
        points: Counter[int] = Counter()
        for word in set(one):
            if len(holding[word]) <= COMMON:
                points.update(dict.fromkeys(holding[word], corpus.weight(word)))
        del points[n]
        near = [Candidate(m, said[m], ()) for m, _ in points.most_common(CANDIDATES)]
        for hit in rank(one, corpus, near):
            sums[min(n, hit.entry), max(n, hit.entry)] += hit.words / 2
    return dict(sums)


def _neighbours(alike: Alike, together: float, number: int) -> Iterator[list[int]]:
    """Texts that hang together by similar pairs. Where that makes too many, only more similar pairs count."""
    left = [list(range(number))]
    least = together
    while left and least < 1:
        above = list(range(number))

        def root(n: int, above: list[int] = above) -> int:
            while above[n] != n:
                above[n] = above[above[n]]
                n = above[n]
            return n

        held = {n for some in left for n in some}
        for (a, b), value in alike.items():
            if value >= least and a in held and b in held:
                above[root(a)] = root(b)
        found: dict[int, list[int]] = defaultdict(list)
        for n in held:
            found[root(n)].append(n)
        left = [some for some in found.values() if len(some) > LARGEST]
        yield from (sorted(some) for some in found.values() if 1 < len(some) <= LARGEST)
        least += 0.05


def _regroup(near: Sequence[int], alike: Alike, together: float) -> Iterator[list[int]]:
    matrix = [[alike.get((min(a, b), max(a, b)), 0.0) for b in near] for a in near]
    yield from ([near[n] for n in group] for group in regroup(matrix, together) if len(group) > 1)
