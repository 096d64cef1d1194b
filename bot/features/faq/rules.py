"""Pure decisions about the FAQ: what becomes of an entry when its source changes, and which entries are alike."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from math import log

from bot.core.facts import QuestionChanged, QuestionSolved
from bot.features.faq.border import Entry, Flag, stamp
from bot.features.faq.scoring import words
from bot.features.faq.wording import answering, headed


def weights(texts: Sequence[Iterable[str]]) -> Mapping[str, float]:
    """How much each word tells: the rarer among the entries, the more."""
    holding = Counter(word for text in texts for word in set(text))
    return {word: log(1 + len(texts) / number) for word, number in holding.items()}


def source_stamp(fact: QuestionSolved | QuestionChanged) -> str:
    return stamp(fact.asked + "\0" + fact.answer)


def follow(entry: Entry, fact: QuestionSolved | QuestionChanged) -> Entry:
    """The entry after its source was answered (again) or edited."""
    question, answer, sign = headed(fact.asked), answering(fact.answer), source_stamp(fact)
    if entry.state in ("draft", "dropped"):
        return replace(entry, question=question, answer=answer, state="draft", source_stamp=sign)
    if entry.state not in ("approved", "flagged"):
        return entry
    if sign == entry.source_stamp or (question, answer) == (entry.question, entry.answer):
        # Taken back and given again, or what the entry says already: nothing is new.
        return replace(entry, state="approved", flag="", source_stamp=sign, news_question="", news_answer="")
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
