"""Questions that are asked again and again: grouped as the FAQ groups them, by meaning, or by words alone where the
sentence model is not installed."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.app.look.reading import Asked
from bot.features.faq.grouping import TOGETHER, regroup
from bot.features.faq.scoring import Candidate, Corpus, plain, rank, words
from bot.features.faq.wording import headed

if TYPE_CHECKING:
    from storage.search.model import Model

MOST = 3000
"""Most questions that are compared; of more, the newest."""

READ = 200
"""Characters of a question that are compared: its first lines say what it is about."""

BY_WORDS = 0.25
"""Minimum average similarity within a group where words alone are compared. `benchmarks/look.py` measures it."""

CANDIDATES = 40
"""Questions that each one is compared with by words."""

COMMON = 300
"""A word in more questions than this finds no candidates."""

LARGEST = 150
"""Most questions that are grouped at once."""

AT_ONCE = 64

PEOPLE = 2
"""How many people ask before it counts as asked again."""

Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Again:
    """A question that several people asked. `text` is a line of one of them, as it was written."""

    text: str
    times: int
    people: int
    answered: int
    last: datetime


def repeated(asked: Sequence[Asked], model: "Model | None", tell: Tell = lambda *_: None) -> list[Again]:
    """Most people first. Somebody who asks the same again counts once."""
    compared = list(asked)[-MOST:]
    texts = [headed(one.text)[:READ] for one in compared]
    groups = [[compared[n] for n in group] for group in group_up(texts, model, tell)]
    found = [_again(group) for group in groups if _people(group) >= PEOPLE]
    return sorted(found, key=lambda one: (-one.people, -one.times, one.last, one.text))


def _people(group: Sequence[Asked]) -> int:
    # Whom the export does not name counts as one person.
    return len({one.by for one in group})


def _again(group: Sequence[Asked]) -> Again:
    answered = sum(one.after is not None for one in group)
    return Again(_shown(group), len(group), _people(group), answered, max(one.at for one in group))


def _shown(group: Sequence[Asked]) -> str:
    """The line of one of them that has most in common with the others; of equals the shortest."""
    lines = {line for one in group for line in (headed(one.text).split("\n")[0], one.text.split("\n")[0]) if line}
    common = Counter(word for one in group for word in set(words(one.text[:READ])))

    def fits(line: str) -> tuple[float, int, str]:
        said = set(words(line))
        shared = sum(common[word] for word in said if common[word] > 1)
        return shared / (len(said) + 2), -len(line), line

    return max(lines, key=fits)


def group_up(texts: Sequence[str], model: "Model | None", tell: Tell = lambda *_: None) -> list[list[int]]:
    """The groups of two or more texts that ask the same, by their numbers."""
    if len(texts) < 2:
        return []
    if model is None:
        alike, together = _by_words(texts, tell), BY_WORDS
    else:
        alike, together = _by_meaning(texts, model, tell), TOGETHER
    return [group for near in _neighbours(alike, together, len(texts)) for group in _regroup(near, alike, together)]


Alike = dict[tuple[int, int], float]
"""How alike pairs of texts are, the lower number first. Pairs that are missing are not."""


def _by_meaning(texts: Sequence[str], model: "Model", tell: Tell) -> Alike:
    import numpy as np

    from storage.search.vectors import FEW, unpack

    packed: list[bytes] = []
    for start in range(0, len(texts), AT_ONCE):
        tell("Questions", start, len(texts))
        packed += model.encode([plain(text) or "?" for text in texts[start : start + AT_ONCE]])
    vectors = unpack(packed)
    # What the course has in common tells nothing, as in storage/search/groups.py.
    vectors = vectors - vectors.sum(axis=0) / (len(vectors) + FEW)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
    found: Alike = {}
    for n, row in enumerate(vectors):
        cosines: Any = vectors[n + 1 :] @ row
        for m in np.nonzero(cosines > TOGETHER / 2)[0]:
            found[n, n + 1 + int(m)] = float(cosines[m])
    return found


def _by_words(texts: Sequence[str], tell: Tell) -> Alike:
    said = [words(text)[:60] for text in texts]
    holding: dict[str, list[int]] = defaultdict(list)
    for n, one in enumerate(said):
        for word in set(one):
            holding[word].append(n)
    corpus = Corpus(len(said), sum(map(len, said)) / len(said), {word: len(n) for word, n in holding.items()})
    sums: Alike = defaultdict(float)
    for n, one in enumerate(said):
        if n % AT_ONCE == 0:
            tell("Questions", n, len(said))
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
