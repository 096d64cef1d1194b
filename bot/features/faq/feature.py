"""The FAQ: a draft from each solved question, reviewed in the chat or on a page, found before asking, published.

`following` updates entries when their sources change; `reviewing` is what the course team does with them.
"""

from dataclasses import dataclass
from typing import Annotated

from bot.core.commands import Param
from bot.core.facts import SuggestionsRefused
from bot.core.feature import Reply
from bot.core.message import shorten
from bot.core.people import MEMBERS
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.faq import finding, following, pages, posting, reporting, reviewing, views
from bot.features.faq.drafting import names_in
from bot.features.faq.personal import leave_out
from bot.features.faq.store import FaqStore, Miss, feature

__all__ = ["feature", "following", "pages", "posting", "reporting", "reviewing"]


LONGEST_MISS = 300
"""Characters that are stored of a question that no shown entry answered."""

# Finding


@dataclass(frozen=True)
class Find:
    """Look an answer up in the FAQ."""

    words: Annotated[str, Param("What are you looking for?", max_length=300)]


@feature.command("find", example="/cohort find report length", roles=MEMBERS, looks_up="words", after_end=True)
def find(turn: Turn[FaqStore], typed: Find) -> Reply:
    course = course_of(turn.here.course_text).id
    hits = finding.search(turn.store, course, turn.here.id, typed.words)
    over = turn.here.ended_at is not None
    if not hits and not turn.is_staff and not over:
        words, _ = leave_out(typed.words, names_in(turn))
        turn.store.missed(Miss(course, turn.here.id, turn.me.id, words, turn.now))
    return views.found(hits, typed.words, turn.here.id, over)


@feature.on(SuggestionsRefused)
def remember_miss(turn: Turn[FaqStore], fact: SuggestionsRefused) -> None:
    course, words = course_of(turn.here.course_text).id, shorten(fact.asked, LONGEST_MISS)
    turn.store.missed(Miss(course, fact.cohort, fact.person, words, turn.now, fact.entries))
