"""Telling authors: all reviews of a piece in one message, at their hour."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, time

from bot.core.due import Due, Plan
from bot.core.facts import CameUp, CohortEnded, CohortPlanned, ItemMoved, Joined, MoreTimeGiven
from bot.core.planning import Planning
from bot.core.time import at_wall, local_day
from bot.core.timetable import DAY, WEEK
from bot.core.voice import Awaited, Hush
from bot.course.loader import course_of
from bot.course.model import Review
from bot.features.reviews import author_views, counting, finding, heartening, rules
from bot.features.reviews.finding import Reviews
from bot.features.reviews.store import Assignment, feature

DUE = "reviews.due"
TELL = "reviews.tell"

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
            heartening.hearten(turn, review)


@feature.on(CohortPlanned)
def follow_course(turn: Reviews, fact: CohortPlanned) -> None:
    """A review may be new, and nothing more comes for one that is not in the course any more."""
    reviews = course_of(turn.here.course_text).reviews
    for review in reviews:
        counting.count(turn, review)
    there = {review.id for review in reviews}
    tell_all(turn, [a for a in turn.store.of(fact.cohort) if a.review not in there])


@feature.on(CohortEnded)
def follow_end(turn: Reviews, fact: CohortEnded) -> None:
    """Reviews that can be changed until midnight stay so. All others are told at once: nobody was promised a time."""
    course = course_of(turn.here.course_text)
    found = turn.store.of(fact.cohort)
    before = replace(turn, cohort=replace(turn.here, ended_at=None))
    promised = {one.id for review in course.reviews for given in _in_time(before, review, found) for one in given}
    tell_all(turn, [one for one in found if one.id not in promised])


@feature.on(Joined)
def follow_return(turn: Reviews, fact: Joined) -> None:
    """Whoever left and is back hears of the reviews that became due meanwhile."""
    course = course_of(turn.here.course_text)
    for one in finding.about(turn, turn.here, fact.person):
        if (review := course.review(one.review)) is not None:
            tell(turn, review, one)


def tell(turn: Reviews, review: Review, about: Assignment | None = None) -> datetime | None:
    """Has authors told as the day ends, if it is time: see `_in_time`. `about`: of this piece alone. Returns when, and
    None if it is not time.

    From then on their reviews stay as they are. It is the cohort's day, because the hour at which an author gets them
    would show the reviewer in which zone that is."""
    found = turn.store.of(turn.here.id, review.id) if about is None else finding.of_piece(turn, about)
    if not (in_time := list(_in_time(turn, review, found))):
        return None
    for given in in_time:
        heartening.stop(turn, review.id, finding.authors(turn, turn.here, given[0]))
    zone = turn.here.zone
    at = at_wall(local_day(turn.now, zone) + DAY, time(), zone)
    turn.plan(Plan(TELL, f"{turn.here.id}/{review.id}", at.isoformat(), at, turn.here.id))
    return at


@feature.due("tell", within=30 * DAY, after_end=True)
def tell_now(turn: Reviews, batch: Sequence[Due]) -> None:
    course = course_of(turn.here.course_text)
    for due in batch:
        if (review := course.review(due.subject.partition("/")[2])) is not None:
            for given in list(_in_time(turn, review, turn.store.of(turn.here.id, review.id))):
                tell_all(turn, given)


def _in_time(turn: Reviews, review: Review, found: Iterable[Assignment]) -> Iterator[list[Assignment]]:
    """The reviews of each piece of which its authors have not heard, and it is time."""
    pieces: dict[str, list[Assignment]] = defaultdict(list)
    for one in found:
        if one.review == review.id and one.counts:
            pieces[one.piece].append(one)
    _opens, due = finding.window(turn, turn.here, review)
    for given in pieces.values():
        if all(a.told for a in given):
            continue
        of = len(finding.authors(turn, turn.here, given[0]))
        others = turn.store.learners(turn.here.id, of + review.reviews) - of
        # No date is kept after the end.
        if turn.here.ended_at is not None or rules.is_told(review, len(given), others, due, turn.now):
            yield given


def tell_all(turn: Reviews, found: Iterable[Assignment]) -> None:
    """Tells their authors of what they have not heard of."""
    new: dict[tuple[str, str], list[Assignment]] = defaultdict(list)
    for one in found:
        if one.counts and not one.told:
            new[one.review, one.piece].append(one)
    for given in new.values():
        if authors := finding.authors(turn, turn.here, given[0]):
            waiting = _still_to_come(turn, given[0], authors)
            message = (waiting or given)[0].told or given[0].desk_name
            announced = [replace(a, told=message) for a in [*waiting, *given]]
            for one in announced:
                turn.store.change(one)
            heartening.stop(turn, given[0].review, authors)
            for author in authors:
                say(turn, announced, author)


def has_come(turn: Reviews, one: Assignment) -> bool:
    """Whether an author has read a review, or its message has come to one of them."""
    anchors = {anchor(one, author) for author in finding.authors(turn, turn.here, one)}
    return bool(one.told) and (one.read_at is not None or not anchors or bool(turn.links.shown(anchors)))


def _still_to_come(turn: Reviews, one: Assignment, authors: Sequence[int]) -> list[Assignment]:
    """The reviews of the same piece whose message has not come yet: one message tells of all."""
    unread = [a for a in finding.of_piece(turn, one) if a.counts and a.told and a.read_at is None]
    shown = turn.links.shown({anchor(a, author) for a in unread for author in authors})
    return [a for a in unread if not any(anchor(a, author) in shown for author in authors)]


def anchor(one: Assignment, author: int) -> str:
    """Of the message that told one of its authors of a review."""
    return f"{one.told}/{author}" if one.pod else one.told


def say(turn: Reviews, found: Sequence[Assignment], author: int) -> None:
    """Hands the author's message to the voice, or replaces the one that waits."""
    line, below = author_views.told(finding.numbered(turn, found))
    turn.say(Awaited(author, found[0].cohort, anchor(found[0], author), line, turn.now + KEPT_FOR, below))


def show_again(turn: Reviews, changed: Assignment) -> None:
    """An author's message has its reviews as they are now, after one was taken back or deleted."""
    if not changed.told:
        return
    found = [a for a in finding.of_piece(turn, changed) if a.told == changed.told and a.sent_at is not None]
    left = [a for a in found if a.counts]
    for author in finding.authors(turn, turn.here, changed) or [changed.author]:
        where = anchor(changed, author)
        if turn.links.shown([where]):
            message = (
                author_views.shown(finding.numbered(turn, found)) if found else author_views.withdrawn(changed.title)
            )
            turn.show_to(author, where, message)
        elif left:
            say(turn, left, author)
        else:
            turn.say(Hush(where))
