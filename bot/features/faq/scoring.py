"""Scores how well an entry fits a search: arithmetic over the index's counts, so that every database gives the same
order.

Words are weighted by BM25, words of the question more than those of the answer; pairs that are adjacent in both texts
count again. If the texts' vectors are known, their cosine is mixed in.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice, pairwise
from math import log
from threading import Lock
from typing import Any

from bot.features.faq.kinds import KINDS

SATURATION = 1.2
"""BM25's k1: how soon a repeated word adds nothing."""

LENGTH = 0.75
"""BM25's b: how much an entry's length counts against it."""

IN_QUESTION = 2
"""A word of the question counts as this many of the answer."""

OF_WORDS = 0.35
"""Weight of the words in the score; the rest is the cosine's."""

FEW = 50
"""Minimum number of entries of a course that the rarity of words is computed with."""

READ = 5000
"""Characters of a question that are read: what follows is a log file."""

LONGEST = 60
"""Different words of it that are looked up."""

_STOP = frozenset(
    re.findall(
        r"\w+",
        """
        a about after all also am an and any anybody anyone anything are as at be been but by can cant could did do does
        doesnt doing dont everyone everybody for from get getting got guys had has have having he hello help hey hi hope
        how i if im in into is isnt it its ive just know let like me my no of on one or our out please pls question she
        should so some somebody someone something than thank thanks that the their them then there these they this those
        to too try trying us use using want was we were what whats when where which who why will with would you your
        """,
    )
)
_LEFT_OUT = re.compile(
    # Bounded: a word of a hundred thousand letters must cost no more than as many words.
    r"https?://\S+|www\.\S+|(?<!\S)[^\s@]{1,200}@\S{1,200}\.\w+|<[@!#][^>\n]{0,200}>|(?<![\w.])@[\w.\-]+|"
    rf":(?:[a-z][a-z0-9_+\-]*|[+-]1):|\[(?:{'|'.join(map(re.escape, KINDS))})\]",
    re.I,
)
_WORD = re.compile(r"[^\W_]+")
_one_at_a_time = Lock()


@cache
def _english() -> Any:
    # The package imports the stemmers of all languages, which takes a third of a second.
    from snowballstemmer import stemmer

    return stemmer("english")


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    # The stemmer stores the word in itself while it works, and units of work run in several threads.
    with _one_at_a_time:
        return str(_english().stemWord(word[:40]))


def plain(text: str) -> str:
    """A text without addresses, mentions, placeholders and emoji codes: its topic."""
    return " ".join(_LEFT_OUT.sub(" ", text).split())


def words(text: str) -> list[str]:
    """The stems of the words that carry meaning, in order."""
    folded = plain(text).lower().replace("’", "'").replace("'", "")
    return [_stem(w) for w in _WORD.findall(folded) if w not in _STOP]


def asked(text: str) -> list[str]:
    """`words` of a search, at most as many as can be looked up."""
    found = words(text[:READ])
    kept = set(islice(dict.fromkeys(found), LONGEST))
    return [word for word in found if word in kept]


@dataclass(frozen=True, slots=True)
class Corpus:
    """An index's counts of a course: its entries, the words in an average one, and for each searched word how many of
    them contain it."""

    entries: int
    length: float
    holding: Mapping[str, int]

    def weight(self, word: str) -> float:
        """The rarer a word, the higher its weight. Among a handful of entries each word is in most of them and still
        says something, so the number of entries is raised to a minimum."""
        holding = self.holding.get(word, 0)
        return log(1 + (max(self.entries, FEW) - holding + 0.5) / (holding + 0.5))


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that may fit, with its words in order (those that nobody searched for may be empty), and the cosine of
    its meaning, if known."""

    entry: int
    question: Sequence[str]
    answer: Sequence[str]
    cosine: float | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry with its score and the parts of that: `words` is the share of the weight of a perfect fit, `covered`
    that of the words it contains at all, `beside` that of adjacent pairs."""

    entry: int
    score: float
    words: float
    covered: float
    beside: float
    cosine: float | None


def rank(asked: Sequence[str], corpus: Corpus, candidates: Sequence[Candidate]) -> list[Hit]:
    """The candidates, best first; of equals the older entry."""
    weight = {word: corpus.weight(word) for word in asked}
    pairs = {pair: (weight[pair[0]] + weight[pair[1]]) / 2 for pair in pairwise(asked)}
    whole = sum(weight.values()) or 1.0
    of_pairs = sum(pairs.values()) or 1.0
    length = corpus.length or 1.0
    counted = []
    for candidate in candidates:
        question, answer = candidate.question, candidate.answer
        here = set(question).union(answer)
        norm = SATURATION * (1 - LENGTH + LENGTH * (len(question) + len(answer)) / length)
        points = covered = beside = 0.0
        for word, value in weight.items():
            if word in here:
                times = IN_QUESTION * question.count(word) + answer.count(word)
                points += value * times * (SATURATION + 1) / (times + norm)
                covered += value
        if points:
            neighbours = {*pairwise(question), *pairwise(answer)}
            beside = sum(value for pair, value in pairs.items() if pair in neighbours)
        counted.append((candidate, points + beside, covered / whole, beside / of_pairs))
    most = max((points for _, points, _, _ in counted), default=0.0) or 1.0
    known = any(c.cosine is not None for c in candidates)
    perfect = whole * (SATURATION + 1)
    hits = []
    for candidate, points, covered, beside in counted:
        share = points / perfect
        score = points / most
        if known:
            score = OF_WORDS * score + (1 - OF_WORDS) * _cosine(candidate, share)
        hits.append(Hit(candidate.entry, score, share, covered, beside, candidate.cosine))
    return sorted(hits, key=lambda hit: (-round(hit.score, 6), hit.entry))


def _cosine(candidate: Candidate, share: float) -> float:
    """The cosine; a new entry has no vector yet and gets the usual one for that share of the words."""
    return candidate.cosine if candidate.cosine is not None else 0.3 + 0.4 * min(share, 1.0)
