"""'Asked before?': whether a found entry very likely answers a question. No suggestion is better than a wrong one.

The numbers come from `benchmarks/faq_fit.py`; docs/search.md says how good they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

from bot.features.faq.scoring import Hit

MOST = 3
"""Maximum suggestions before a question is asked."""

NEARLY_AS_GOOD = 0.85
"""Share of the first hit's score that another hit needs to be shown beside it."""


@dataclass(frozen=True, slots=True)
class Model:
    """Weights of a logistic model over `evidence`, and the minimum probability of a suggestion: for somebody about to
    ask (`threshold`), and for somebody who did not look for one (`sure`)."""

    base: float
    weights: tuple[float, ...]
    threshold: float
    sure: float


def evidence(hits: Sequence[Hit]) -> tuple[float, ...]:
    """Features of the first hit: its lead by words, and its share of them; and if vectors are known, its cosine and its
    lead by that."""
    first, others = hits[0], hits[1:]
    lead = first.words - max((hit.words for hit in others), default=0.0)
    if first.cosine is None:
        return lead, first.words, first.covered, first.beside
    nearer = first.cosine - max((hit.cosine or 0.0 for hit in others), default=0.0)
    return lead, first.covered, first.beside, first.cosine, nearer


WORDS = Model(-3.396, (6.519, 2.239, 2.173, 0.216), 0.6, 0.97)
MEANING = Model(-4.677, (3.416, 3.293, 1.055, 3.023, 2.982), 0.5, 0.96)
"""Words without meaning vectors mislead easily, so the thresholds are higher. From `sure` on, the first hit holds the
answer in 96 of 100 cases (`benchmarks/faq.py asked` on faq/asked_before; five-fold)."""


def model(hits: Sequence[Hit]) -> Model:
    return WORDS if hits[0].cosine is None else MEANING


def likelihood(hits: Sequence[Hit]) -> float:
    """The probability (0 to 1) that the first of the hits answers the question."""
    if not hits:
        return 0.0
    chosen = model(hits)
    sum_ = chosen.base + sum(w * x for w, x in zip(chosen.weights, evidence(hits), strict=True))
    return 1 / (1 + exp(-max(min(sum_, 50.0), -50.0)))


def likely(words: Sequence[str], hits: Sequence[Hit], sure: bool = False) -> list[Hit]:
    """The hits worth showing before a question is asked, best first; mostly none. `sure`: the first, if it is worth
    showing to somebody who did not look for it."""
    # A single word names a topic, and asks nothing.
    if not hits or len(set(words)) < 2 or likelihood(hits) < (model(hits).sure if sure else model(hits).threshold):
        return []
    if sure:
        return [hits[0]]
    return [hit for hit in hits[:MOST] if hit.score >= NEARLY_AS_GOOD * hits[0].score]
