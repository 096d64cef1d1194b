"""The FAQ: a draft from each solved question, reviewed in the chat or on a page, found before asking, published.

`following` updates entries when their sources change; `reviewing` is what the course team does with them.
"""

from dataclasses import dataclass
from typing import Annotated

from bot.core.commands import Param
from bot.core.feature import Reply
from bot.core.people import MEMBERS
from bot.core.translation import N_
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.faq import finding, following, missed, pages, posting, reporting, reviewing, views
from bot.features.faq.store import FaqStore, feature

__all__ = ["feature", "following", "missed", "pages", "posting", "reporting", "reviewing"]

# Finding


@dataclass(frozen=True)
class Find:
    """Look an answer up in the FAQ."""

    words: Annotated[str, Param(N_("What are you looking for?"), max_length=300)]


@feature.command("find", example="/cohort find report length", roles=MEMBERS, looks_up="words", after_end=True)
def find(turn: Turn[FaqStore], typed: Find) -> Reply:
    course = course_of(turn.here.course_text).id
    hits = finding.search(turn.store, course, turn.here.id, typed.words)
    over = turn.here.ended_at is not None
    if not hits and not turn.is_staff and not over:
        missed.remember(turn, typed.words)
    return views.found(hits, typed.words, turn.here.id, over)
