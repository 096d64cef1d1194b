"""Finding reviews, their dates, and the work in them."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from bot.core.actions import read_number
from bot.core.contributions import WORK, Work
from bot.core.errors import NotFound
from bot.core.more_time import more_time
from bot.core.people import Cohort, Person
from bot.core.translation import _
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.course.model import Review
from bot.features.reviews import rules
from bot.features.reviews.store import Assignment, ReviewStore

Reviews = Turn[ReviewStore]


def known(turn: Reviews, id: str) -> Review:
    """A review of this cohort's course. Raises NotFound if there is none."""
    review = course_of(turn.here.course_text).review(id)
    if review is None:
        raise NotFound(_("This review is not in the course any more. `/cohort` shows what is."))
    return review


def window(turn: Reviews, cohort: Cohort, review: Review, person: Person | None = None) -> tuple[datetime, datetime]:
    """When it opens and is due for one person, or (None) for the cohort."""
    who = person or Person(0, "", cohort.zone)
    return rules.window(review, cohort, who, more_time(turn, cohort), turn.uptime)


def learners(turn: Reviews, cohort: Cohort, among: Collection[int] | None = None) -> set[int]:
    return set(turn.people.joined(cohort.id, among))


def works(turn: Reviews, cohort: Cohort, review: Review, people: Collection[int] | None = None) -> list[Work]:
    """The work in a review, of these learners or (None) of all; nobody reviews for those who have left."""
    among = learners(turn, cohort, people)
    found = turn.collect(WORK, cohort, None if people is None else among)
    return [w for w in found if w.item == rules.work_item(review) and w.person in among]


def work(turn: Reviews, cohort: Cohort, taken: Assignment) -> Work | None:
    """The work that somebody took, as it is now; None if it was taken back or its author has left."""
    here = learners(turn, cohort, {taken.author})
    found = turn.collect(WORK, cohort, here) if here else ()
    return next((w for w in found if w.name == taken.work), None)


def own(turn: Reviews, subject: str) -> Assignment:
    """What the acting learner took. Raises NotFound."""
    taken = turn.store.find(turn.here.id, read_number(subject) or 0)
    if taken is None or taken.reviewer != turn.me.id:
        raise NotFound
    return taken


def author_of(turn: Reviews, taken: Assignment) -> str:
    """The author's name for the reviewer; '' where they stay unnamed."""
    return "" if taken.anonymous else turn.people.person(taken.author).name


def reviewer_of(turn: Reviews, taken: Assignment) -> str:
    """The reviewer's name for the author; '' where they stay unnamed."""
    return "" if taken.anonymous else turn.people.person(taken.reviewer).name


def in_cohort(turn: Reviews, cohort: Cohort) -> Reviews:
    return replace(turn, cohort=cohort)
