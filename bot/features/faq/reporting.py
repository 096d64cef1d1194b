"""What the FAQ adds to the desk and to the manager's week."""

from collections.abc import Sequence
from datetime import datetime

from bot.core.actions import Action
from bot.core.contributions import ALIKE, DESK, FIGURES, RECAP, Figure, Passage, Pile
from bot.core.feature import Press, Reply
from bot.core.message import Button
from bot.core.people import STAFF, Cohort, Person
from bot.core.time import local
from bot.core.timetable import WEEK
from bot.core.translation import _
from bot.core.turn import Turn
from bot.features.faq import desk_views
from bot.features.faq.alike import BY_WORDS, by_words, grouped
from bot.features.faq.reviewing import reviewer_in
from bot.features.faq.store import FaqStore, FaqWeek, feature

MONDAY = 0
TOLD = 3
"""Entries of a kind in the week's news."""


@feature.contributes(DESK)
def on_the_desk(turn: Turn[FaqStore], cohort: Cohort, person: Person) -> Sequence[Pile]:
    """What waits for a review, and on Mondays the week's news."""
    waiting = turn.store.waiting(reviewer_in(turn, cohort), 0)
    week = _week(turn, cohort) if local(turn.now, person.zone).weekday() == MONDAY else FaqWeek()
    found = [desk_views.to_review(cohort, waiting, week.is_empty), desk_views.the_week(cohort, week)]
    return [pile for pile in found if pile is not None]


@feature.action("week", roles=STAFF, lane="private", after_end=True)
def show_week(turn: Turn[FaqStore], press: Press) -> Reply:
    """The news of Monday's desk, at any time."""
    waiting = turn.store.waiting(reviewer_in(turn, turn.here), 0)
    return desk_views.week(turn.here, _week(turn, turn.here), waiting)


def _week(turn: Turn[FaqStore], cohort: Cohort) -> FaqWeek:
    return turn.store.week(reviewer_in(turn, cohort), turn.now - WEEK, TOLD)


@feature.contributes(RECAP)
def in_the_recap(
    turn: Turn[FaqStore], cohort: Cohort, week: int, since: datetime, until: datetime
) -> Sequence[Passage]:
    """What was asked most often, if the FAQ has an answer."""
    asked = turn.store.asked_most(reviewer_in(turn, cohort), since, TOLD)
    return [desk_views.passage(topic) for topic in asked if not topic.draft][:1]


@feature.contributes(FIGURES)
def in_the_week(turn: Turn[FaqStore], cohort: Cohort) -> Sequence[Figure]:
    def approved(until: datetime) -> int:
        return turn.store.count_approved(cohort.id, until - WEEK, until)

    def missed(until: datetime) -> int:
        return turn.store.count_missed(cohort.id, until - WEEK, until)

    missing, last = missed(turn.now), turn.now - WEEK
    button = Button(_("What the FAQ lacks"), Action("faq", "week", cohort.id).encode()) if missing else None
    return [
        Figure("faq/approved", _("FAQ entries approved"), approved(turn.now), before=approved(last), dated=True),
        Figure("faq/missed", _("Searched, not found"), missing, before=missed(last), button=button),
    ]


@feature.contributes(ALIKE)
def alike(turn: Turn[FaqStore], texts: Sequence[str]) -> Sequence[Sequence[int]]:
    """By words, which four in five times is right: they are few and short, and of one course."""
    return grouped(by_words(texts), BY_WORDS, len(texts))
