"""Drafts an entry: the texts of a thread, without what identifies people."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.core.facts import QuestionChanged, QuestionSolved
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.faq.naming import Names, name_spans
from bot.features.faq.personal import LeftOut, calls_in, find, leave_out
from bot.features.faq.store import Entry, FaqStore
from bot.features.faq.wording import answering, headed


@dataclass(frozen=True, slots=True)
class Proposal:
    """The texts of an entry, and what was left out of them, in order of the placeholders."""

    question: str
    answer: str
    left_out: tuple[LeftOut, ...]


def propose(asked: str, answer: str, names: Names, kept: Collection[str] = ()) -> Proposal:
    """An entry from a question and its answer. People who are greeted, mentioned or sign there are not named elsewhere
    in it either."""
    here = [said for text in (asked, answer) for said in _surely_named(text, names)]
    return cover(headed(asked), answering(answer), replace(names, people=(*names.people, *here)), kept)


def cover(question: str, answer: str, names: Names, kept: Collection[str] = ()) -> Proposal:
    """The texts of an entry without personal information. Idempotent."""
    question, first = leave_out(question, names, kept)
    answer, second = leave_out(answer, names, kept)
    return Proposal(question, answer, (*first, *second))


def _surely_named(text: str, names: Names) -> list[str]:
    text = text[:3000]
    return [text[start:end].lstrip("@") for start, end, sure in name_spans(text, names) if sure]


def names_in(turn: Turn[FaqStore]) -> Names:
    """Who could be named in the cohort, and which words its course uses anyway."""
    return Names(turn.store.names(turn.here.id), _words(turn.here.course_text), _calls(turn.here.course_text))


def has_call(turn: Turn[FaqStore], entry: Entry) -> bool:
    """Whether its text says where a call of this course is: nobody can let that pass."""
    calls = _calls(turn.here.course_text)
    return any(list(calls_in(text, calls)) for text in (entry.question, entry.answer))


@lru_cache(maxsize=8)
def _calls(course_text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(live.link for live in course_of(course_text).live if live.link))


@lru_cache(maxsize=8)
def _words(course_text: str) -> frozenset[str]:
    course_of(course_text)
    return frozenset(re.findall(r"[^\W\d_]{2,40}", course_text.lower()))


def proposed(turn: Turn[FaqStore], fact: QuestionSolved | QuestionChanged, kept: Collection[str] = ()) -> Proposal:
    return propose(fact.asked, fact.answer, names_in(turn), kept)


def told(turn: Turn[FaqStore], entry: Entry) -> list[str]:
    """What is still to be decided in the texts of an entry, each once: what was left out, and what still identifies
    somebody. What a reviewer has kept is decided."""
    names, texts = names_in(turn), (entry.question, entry.answer)
    return list(dict.fromkeys(t[f.start : f.end] for t in texts for f in find(t, names, entry.kept)))
