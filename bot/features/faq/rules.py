"""Pure decisions about the FAQ: what fits a question, and what becomes of an entry when its source changes."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from math import log, sqrt

from bot.core.facts import QuestionChanged, QuestionSolved
from bot.features.faq.border import Entry, Flag, stamp
from bot.features.faq.wording import answering, headed

ALIKE = 0.6
"""Cosine of the words from which an entry is offered before asking. Silence beats a wrong suggestion."""

COVERED = 0.34
"""Share of the searched words (by weight) that an entry must hold to be found."""

_STOP = frozenset(
    re.findall(
        r"\w+",
        """
        a about after all also am an and any anybody anyone are as at be been but by can could did do does for from
        get good had has have hello help hey hi how i if in into is it its just know like me my need no not of on one
        or our out please question should so some that the their them there they this to try trying us use using want
        was way we what when where which who why will with would you your thanks thank
        """,
    )
)
_ADDRESS = re.compile(r"https?://\S+")


def words(text: str) -> list[str]:
    """The words that carry meaning, plurals cut."""
    found = re.findall(r"\w+", _ADDRESS.sub(" ", text).lower())
    return [_stem(w) for w in found if w not in _STOP and (len(w) > 1 or w.isdigit())]


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def weights(texts: Sequence[Iterable[str]]) -> Mapping[str, float]:
    """How much each word tells: the rarer among the entries, the more."""
    holding = Counter(word for text in texts for word in set(text))
    return {word: log(1 + len(texts) / number) for word, number in holding.items()}


def likely(entries: Sequence[Entry], text: str, limit: int = 3) -> list[Entry]:
    """The entries whose question is nearly this one, best first."""
    asked = set(words(text))
    known = [set(words(e.question)) for e in entries]
    weight = weights(known)
    rarest = log(1 + len(entries) * 2)

    def length(of: set[str]) -> float:
        return sqrt(sum(weight.get(w, rarest) ** 2 for w in of))

    scored = []
    for entry, own in zip(entries, known, strict=True):
        shared = asked & own
        if len(shared) < 2:
            continue
        score = sum(weight[w] ** 2 for w in shared) / (length(asked) * length(own))
        if score >= ALIKE:
            scored.append((-score, entry.id, entry))
    return [entry for _, _, entry in sorted(scored, key=lambda s: s[:2])[:limit]]


def search(entries: Sequence[Entry], text: str, limit: int = 3) -> list[Entry]:
    """The entries that hold what was searched, best first; a word of the question counts for more."""
    wanted = set(words(text))
    known = [(set(words(e.question)), set(words(e.answer))) for e in entries]
    weight = weights([q | a for q, a in known])
    rarest = log(1 + len(entries) * 2)
    whole = sum(weight.get(w, rarest) for w in wanted)
    scored = []
    for entry, (question, answer) in zip(entries, known, strict=True):
        score = sum(weight[w] for w in wanted & question) + 0.6 * sum(weight[w] for w in (wanted & answer) - question)
        if score and score >= COVERED * whole:
            scored.append((-score, entry.id, entry))
    return [entry for _, _, entry in sorted(scored, key=lambda s: s[:2])[:limit]]


def source_stamp(fact: QuestionSolved | QuestionChanged) -> str:
    return stamp(fact.asked + "\0" + fact.answer)


def follow(entry: Entry, fact: QuestionSolved | QuestionChanged) -> Entry:
    """The entry after its source was answered (again) or edited."""
    question, answer, sign = headed(fact.asked), answering(fact.answer), source_stamp(fact)
    if entry.state in ("draft", "dropped"):
        return replace(entry, question=question, answer=answer, state="draft", source_stamp=sign)
    if entry.state not in ("approved", "flagged"):
        return entry
    if sign == entry.source_stamp:
        # Taken back and given again: nothing is new.
        return replace(entry, state="approved", flag="", news_question="", news_answer="")
    return replace(entry, state="flagged", flag="changed", news_question=question, news_answer=answer)


def lose(entry: Entry, flag: Flag) -> Entry:
    """The entry after its source was reopened or deleted: a draft goes, what was approved needs another look."""
    if entry.state in ("approved", "flagged"):
        return replace(entry, state="flagged", flag=flag, news_question="", news_answer="")
    if entry.state in ("draft", "skipped"):
        return blank(replace(entry, state="dropped"))
    return entry


def blank(entry: Entry) -> Entry:
    return replace(entry, question="", answer="", news_question="", news_answer="", flag="")


def alike(entry: Entry, others: Sequence[Entry], limit: int) -> list[Entry]:
    """Entries into which this one may be merged, those with most words in common first."""
    own = set(words(entry.question))
    known = [(other, set(words(other.question))) for other in others if other.id != entry.id]
    weight = weights([found for _, found in known])
    score = {other.id: sum(weight[w] for w in own & found) / (len(found) + 3) for other, found in known}
    return sorted((other for other, _ in known), key=lambda other: (-score[other.id], -other.askers, other.id))[:limit]


def is_stale(entry: Entry, now: datetime, verify_after: timedelta) -> bool:
    """Whether nobody has looked at a standing entry for longer than the course wants."""
    return entry.verified_at is None or now - entry.verified_at > verify_after


def most_asked(entries: Sequence[Entry]) -> list[Entry]:
    """What most people asked first, and of that what was asked last."""
    return sorted(entries, key=lambda e: (-e.askers, -(e.last_asked or e.created_at).timestamp(), e.id))
