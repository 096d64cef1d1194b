"""Pure decisions about the FAQ: what happens to an entry when its source changes."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.facts import QuestionChanged, QuestionSolved
from bot.features.faq import personal
from bot.features.faq.drafting import Proposal
from bot.features.faq.store import Entry, Flag, stamp


def source_stamp(fact: QuestionSolved | QuestionChanged) -> str:
    return stamp(fact.asked + "\0" + fact.answer)


def follow(entry: Entry, proposal: Proposal, sign: str) -> Entry:
    """The entry after its source was answered (again) or edited; `sign` identifies the source's present texts."""
    question, answer, left = proposal.question, proposal.answer, proposal.left_out
    if entry.state in ("draft", "dropped"):
        return replace(entry, question=question, answer=answer, left_out=left, state="draft", source_stamp=sign)
    if entry.state not in ("approved", "flagged"):
        return entry
    if sign == entry.source_stamp or (question, answer) == (entry.question, entry.answer):
        # The mark was removed and set again, or the entry has this text already: nothing is new.
        return replace(decided(entry), state="approved", flag="", source_stamp=sign)
    return replace(entry, state="flagged", flag="changed", news_question=question, news_answer=answer, left_out=left)


def decided(entry: Entry) -> Entry:
    """The entry without what was stored only for the decision."""
    return replace(entry, news_question="", news_answer="", left_out=())


def put_back(entry: Entry, said: str) -> Entry:
    """The entry with something put back wherever it was left out."""
    news = bool(entry.news_answer)
    texts = (entry.news_question, entry.news_answer) if news else (entry.question, entry.answer)
    joined, left = personal.put_back("\0".join(texts), said, entry.left_out)
    question, _, answer = joined.partition("\0")
    after = replace(entry, left_out=tuple(left), kept=tuple(dict.fromkeys((*entry.kept, said))))
    if news:
        return replace(after, news_question=question, news_answer=answer)
    return replace(after, question=question, answer=answer)


def lose(entry: Entry, flag: Flag) -> Entry:
    """The entry after its source was reopened or deleted: a draft is dropped, an approved one needs another look."""
    if entry.state in ("approved", "flagged"):
        return replace(decided(entry), state="flagged", flag=flag)
    if entry.state in ("draft", "skipped"):
        return blank(replace(entry, state="dropped"))
    return entry


def blank(entry: Entry) -> Entry:
    return replace(decided(entry), question="", answer="", kept=(), flag="")


RUN = 4
"""As many words in a row are somebody's own."""


def has_words_of(text: str, words: Sequence[str]) -> bool:
    """Whether a text still has words of somebody: a run of their words, or a whole text of fewer."""
    have = _runs(text)
    return any(_words(said) and not have.isdisjoint(_runs(said, short=True)) for said in words)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _runs(text: str, short: bool = False) -> set[tuple[str, ...]]:
    """The runs of `RUN` words in a text, and all shorter ones; with `short` those of the longest length alone."""
    words = _words(text)
    lengths = [min(RUN, len(words))] if short else range(1, RUN + 1)
    return {tuple(words[n : n + length]) for length in lengths for n in range(len(words) - length + 1)}


def is_stale(entry: Entry, now: datetime, verify_after: timedelta) -> bool:
    """Whether the last check of an approved entry is older than the course allows."""
    return entry.verified_at is None or now - entry.verified_at > verify_after


def most_asked(entries: Sequence[Entry]) -> list[Entry]:
    """Most people first, and of equals the most recently asked."""
    return sorted(entries, key=lambda e: (-e.askers, -(e.last_asked or e.created_at).timestamp(), e.id))
