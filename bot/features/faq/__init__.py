"""The FAQ: a draft from each solved question, reviewed in the chat or on a page, found before asking, published.

`border` holds the values and the store that is needed, `following` what becomes of entries when their sources change,
`reviewing` what the course team does with them.
"""

from dataclasses import dataclass
from typing import Annotated

from bot.core.commands import Param
from bot.core.feature import Reply
from bot.core.people import MEMBERS
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.faq import finding, following, pages, posting, reviewing, views
from bot.features.faq.border import Entry, FaqStore, feature
from bot.features.faq.finding import Known

__all__ = ["Entry", "FaqStore", "Known", "feature", "following", "pages", "posting", "reviewing"]


# Finding


@dataclass(frozen=True)
class Find:
    """Look an answer up in the FAQ."""

    words: Annotated[str, Param("What are you looking for?", max_length=300)]


@feature.command("find", example="/cohort find report length", roles=MEMBERS, looks_up="words")
def find(turn: Turn[FaqStore], typed: Find) -> Reply:
    course = course_of(turn.here.course_text).id
    return views.found(finding.search(turn.store, course, turn.here.id, typed.words), typed.words, turn.here.id)
