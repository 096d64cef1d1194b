"""Questions that are asked again and again: grouped as the FAQ groups them, by meaning, or by words alone where the
sentence model is not installed."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from bot.app.look.reading import Asked
from bot.features.faq.alike import BY_WORDS, Alike, by_words, grouped
from bot.features.faq.grouping import TOGETHER
from bot.features.faq.scoring import plain, words
from bot.features.faq.wording import headed

if TYPE_CHECKING:
    from storage.search.model import Model

MOST = 3000
"""Most questions that are compared; of more, the newest."""

READ = 200
"""Characters of a question that are compared: its first lines say what it is about."""

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
        return grouped(by_words(texts, partial(tell, "Questions")), BY_WORDS, len(texts))
    return grouped(_by_meaning(texts, model, tell), TOGETHER, len(texts))


def _by_meaning(texts: Sequence[str], model: "Model", tell: Tell) -> Alike:
    import numpy as np

    from storage.search.vectors import FEW, unpack

    packed: list[bytes] = []
    for start in range(0, len(texts), AT_ONCE):
        tell("Questions that are alike", start, len(texts))
        packed += model.encode([plain(text) or "?" for text in texts[start : start + AT_ONCE]])
    vectors = unpack(packed)
    # What the course has in common tells nothing, as in storage/search/groups.py.
    vectors = vectors - vectors.sum(axis=0) / (len(vectors) + FEW)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
    found: dict[tuple[int, int], float] = {}
    for n, row in enumerate(vectors):
        cosines: Any = vectors[n + 1 :] @ row
        for m in np.nonzero(cosines > TOGETHER / 2)[0]:
            found[n, n + 1 + int(m)] = float(cosines[m])
    return found
