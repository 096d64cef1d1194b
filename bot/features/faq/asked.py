"""'Asked before?': whether what was found very likely answers a question. Silence beats a wrong suggestion.

The numbers come from `benchmarks/faq_fit.py`, and docs/search.md says how good they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

from bot.features.faq.scoring import Hit

MOST = 3
"""Suggestions that somebody reads before they ask."""

NEARLY_AS_GOOD = 0.85
"""What else is shown beside the first has this share of its score."""


@dataclass(frozen=True, slots=True)
class Model:
    """Weights of a logistic model over `evidence`, and the probability from which there is a suggestion."""

    base: float
    weights: tuple[float, ...]
    threshold: float


def evidence(hits: Sequence[Hit]) -> tuple[float, ...]:
    """What speaks for the first of the hits: how far it leads by words, and what it shares of them; and where meanings
    are known, its cosine and how far it leads by that."""
    first, others = hits[0], hits[1:]
    lead = first.words - max((hit.words for hit in others), default=0.0)
    if first.cosine is None:
        return lead, first.words, first.covered, first.beside
    nearer = first.cosine - max((hit.cosine or 0.0 for hit in others), default=0.0)
    return lead, first.covered, first.beside, first.cosine, nearer


WORDS = Model(-3.396, (6.519, 2.239, 2.173, 0.216), 0.6)
MEANING = Model(-4.677, (3.416, 3.293, 1.055, 3.023, 2.982), 0.5)
"""Words alone are easily misled, so more is asked of them."""


def model(hits: Sequence[Hit]) -> Model:
    return WORDS if hits[0].cosine is None else MEANING


def likelihood(hits: Sequence[Hit]) -> float:
    """The probability (0 to 1) that the first of the hits answers the question."""
    if not hits:
        return 0.0
    chosen = model(hits)
    sum_ = chosen.base + sum(w * x for w, x in zip(chosen.weights, evidence(hits), strict=True))
    return 1 / (1 + exp(-max(min(sum_, 50.0), -50.0)))


def likely(words: Sequence[str], hits: Sequence[Hit]) -> list[Hit]:
    """The hits for a question's words that are worth showing before it is asked, best first; mostly none."""
    # One word says what it is about, and asks nothing.
    if not hits or len(set(words)) < 2 or likelihood(hits) < model(hits).threshold:
        return []
    return [hit for hit in hits[:MOST] if hit.score >= NEARLY_AS_GOOD * hits[0].score]
