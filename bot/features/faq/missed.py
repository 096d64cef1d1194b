"""What somebody searched in vain: remembered, and told to them once the FAQ answers it."""

from bot.core.actions import read_number
from bot.core.errors import NotFound
from bot.core.facts import SuggestionsRefused
from bot.core.feature import Press, Reply
from bot.core.message import shorten
from bot.core.people import MEMBERS
from bot.core.timetable import WEEK
from bot.core.translation import _
from bot.core.turn import Turn
from bot.core.voice import Card
from bot.course.loader import course_of
from bot.features.faq import finding, views
from bot.features.faq.drafting import names_in
from bot.features.faq.personal import leave_out
from bot.features.faq.store import Entry, FaqStore, Miss, feature

LONGEST = 300
"""Characters that are stored of a question that no shown entry answered."""

REMEMBERED = 8 * WEEK
"""How long somebody may wait for an answer to what they searched."""

COMPARED = 100
"""Searches, the newest first, that are compared with a new entry."""

COVERED = 0.67
"""Minimum share of the searched words, by weight, in an entry that answers the search."""


def remember(turn: Turn[FaqStore], words: str) -> None:
    """A search without results."""
    said, __ = leave_out(words, names_in(turn))
    _remember(turn, said, ())


@feature.on(SuggestionsRefused)
def remember_refused(turn: Turn[FaqStore], fact: SuggestionsRefused) -> None:
    _remember(turn, shorten(fact.asked, LONGEST), fact.entries)


def _remember(turn: Turn[FaqStore], words: str, wrong: tuple[int, ...]) -> None:
    course = course_of(turn.here.course_text).id
    turn.store.missed(Miss(course, turn.here.id, turn.me.id, words, turn.now, wrong))


def tell(turn: Turn[FaqStore], entry: Entry) -> None:
    """Tells those who searched in vain, with their next card, that an approved entry now answers it; once."""
    for miss in turn.store.misses(entry, turn.now - REMEMBERED, COMPARED):
        first = next(iter(finding.ranked(turn.store, entry.course, miss.cohort, miss.words)), None)
        if first is None or first.entry != entry.id or first.covered < COVERED:
            continue
        turn.store.drop_miss(miss)
        card = views.now_answered(entry.id, miss)
        anchor = f"faq/answered/{entry.id}/{miss.person}"
        turn.say(Card(miss.person, miss.cohort, anchor, card, turn.now, turn.now + WEEK))


@feature.action("show", roles=MEMBERS, lane="private", after_end=True)
def show(turn: Turn[FaqStore], press: Press) -> Reply:
    number, course = read_number(press.subject), course_of(turn.here.course_text).id
    found = finding.Known(turn.store).known(course, turn.here.id, number) if number is not None else None
    if found is None:
        raise NotFound(_("This entry is not in the FAQ any more. `/cohort find` looks again."))
    return views.found([found], found.question, turn.here.id, turn.here.ended_at is not None)
