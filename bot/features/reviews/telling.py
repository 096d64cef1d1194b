"""Telling authors: all reviews of a piece in one message, at their hour."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from bot.core.due import Due, Plan
from bot.core.facts import CameUp, CohortEnded, CohortPlanned, ItemMoved, MoreTimeGiven
from bot.core.planning import Planning
from bot.core.timetable import DAY, WEEK
from bot.core.voice import Awaited, Hush
from bot.course.loader import course_of
from bot.course.model import Review
from bot.features.reviews import finding, rules, views
from bot.features.reviews.finding import Reviews
from bot.features.reviews.store import Assignment, feature

DUE = "reviews.due"

MOVED_BACK = 30 * DAY
"""How long ago a date may be that is new."""

KEPT_FOR = 8 * WEEK
"""How long reviews wait for somebody who is away."""


@feature.planned("due", again=[ItemMoved, MoreTimeGiven, CameUp])
def plan(turn: Reviews, planning: Planning) -> Iterator[Plan]:
    """When a review is due, authors are told of what is in, however little it is."""
    if not planning.whole:
        return
    cohort = planning.cohort
    for review in course_of(cohort.course_text).reviews:
        _opens, due = finding.window(turn, cohort, review)
        # A date that was moved into the past is due at once.
        if due > turn.now - MOVED_BACK:
            yield Plan(DUE, f"{cohort.id}/{review.id}", due.isoformat(), max(due, turn.now), cohort.id)


@feature.due("due", within=30 * DAY)
def fall_due(turn: Reviews, batch: Sequence[Due]) -> None:
    course = course_of(turn.here.course_text)
    for due in batch:
        if (review := course.review(due.subject.partition("/")[2])) is not None:
            tell(turn, review)


@feature.on(CohortPlanned)
def follow_course(turn: Reviews, fact: CohortPlanned) -> None:
    """Nothing more comes for a review that is not in the course any more."""
    there = {review.id for review in course_of(turn.here.course_text).reviews}
    tell_all(turn, [a for a in turn.store.of(fact.cohort) if a.review not in there])


@feature.on(CohortEnded)
def follow_end(turn: Reviews, fact: CohortEnded) -> None:
    tell_all(turn, turn.store.of(fact.cohort))


def tell(turn: Reviews, review: Review, authors: Collection[int] | None = None) -> None:
    """Tells these authors (None: all) of reviews that they have not heard of, if it is time."""
    cohort = turn.here
    found = turn.store.of(cohort.id, review.id) if authors is None else turn.store.about(cohort.id, authors)
    theirs: dict[int, list[Assignment]] = defaultdict(list)
    for one in found:
        if one.review == review.id and one.counts:
            theirs[one.author].append(one)
    learners = len(finding.learners(turn, cohort))
    _opens, due = finding.window(turn, cohort, review)
    for given in theirs.values():
        if rules.is_told(review, len(given), learners, due, turn.now):
            tell_all(turn, given)


def tell_all(turn: Reviews, found: Iterable[Assignment]) -> None:
    """Tells their authors of what they have not heard of."""
    here = finding.learners(turn, turn.here)
    new: dict[tuple[int, str], list[Assignment]] = defaultdict(list)
    for one in found:
        if one.counts and not one.told and one.author in here:
            new[one.author, one.review].append(one)
    for given in new.values():
        told = [replace(a, told=given[0].desk_name) for a in given]
        for one in told:
            turn.store.change(one)
        say(turn, told)


def say(turn: Reviews, found: Sequence[Assignment]) -> None:
    """Hands the author's message to the voice, or replaces the one that waits."""
    line, below = views.told([(a, finding.reviewer_of(turn, a)) for a in found])
    first = found[0]
    turn.say(Awaited(first.author, first.cohort, first.told, line, turn.now + KEPT_FOR, below))


def show_without(turn: Reviews, gone: Assignment) -> None:
    """An author's message no longer has a review that was taken back or deleted."""
    if not gone.told:
        return
    others = turn.store.about(gone.cohort, {gone.author})
    left = [a for a in others if a.told == gone.told and a.counts and a.id != gone.id]
    if turn.links.shown([gone.told]):
        message = views.shown([(a, finding.reviewer_of(turn, a)) for a in left]) if left else None
        turn.show_to(gone.author, gone.told, message or views.withdrawn(gone.title))
    elif left:
        say(turn, left)
    else:
        turn.say(Hush(gone.told))
