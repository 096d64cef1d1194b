"""The FAQ: a draft from each solved question, reviewed in the chat or on a page, found before asking, published.

`border` holds the values and the store that is needed, `following` what becomes of entries when their sources change,
`reviewing` what the course team does with them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from bot.core.commands import Param
from bot.core.feature import Reply
from bot.core.people import MEMBERS
from bot.core.ports import Suggestion
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.faq import following, pages, posting, reviewing, rules, views
from bot.features.faq.border import Entry, FaqStore, feature

__all__ = ["Entry", "FaqStore", "Known", "feature", "following", "pages", "posting", "reviewing"]


class Known:
    """The `Suggest` of bot/core/ports.py: what was approved for the course."""

    def __init__(self, store: FaqStore) -> None:
        self._store = store

    def likely(self, course: str, cohort: int, text: str) -> Sequence[Suggestion]:
        found = rules.likely(self._store.standing(course, cohort), text)
        return [Suggestion(e.id, e.question, e.answer, checked=True) for e in found]

    def known(self, course: str, cohort: int, entry: int) -> Suggestion | None:
        e = self._store.entry(entry)
        if e is None or not e.stands or e.course != course or (e.run_only and e.cohort != cohort):
            return None
        return Suggestion(e.id, e.question, e.answer, checked=True)


# Finding


@dataclass(frozen=True)
class Find:
    """Look an answer up in the FAQ."""

    words: Annotated[str, Param("What are you looking for?", max_length=300)]


@feature.command("find", example="/cohort find report length", roles=MEMBERS)
def find(turn: Turn[FaqStore], typed: Find) -> Reply:
    entries = turn.store.standing(course_of(turn.here.course_text).id, turn.here.id)
    return views.found(rules.search(entries, typed.words), typed.words, turn.here.id)
