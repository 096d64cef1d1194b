"""Lists the pieces of each review as work is handed in, so that handing one out need not read all work."""

from collections.abc import Collection

from bot.core.contributions import WORK, Work
from bot.core.people import Cohort
from bot.course.model import Review
from bot.features.reviews import finding, rules
from bot.features.reviews.finding import Reviews
from bot.features.reviews.store import Listed


def list_pieces(turn: Reviews, review: Review, people: Collection[int] | None = None) -> None:
    """Lists the work of these people (None: of all) as it is now."""
    if people is not None and not turn.store.is_listed(turn.here.id, review.id):
        # What came before there was a list is listed with the first that comes after.
        people = None
    works = (w for w in turn.collect(WORK, turn.here, people) if w.item == rules.work_item(review))
    there = [Listed(w.name, w.person, w.first_at, w.changed_at, w.pod) for w in works]
    turn.store.list_pieces(turn.here.id, review.id, there, people)


def next_work(turn: Reviews, review: Review, person: int, without: Collection[str] = ()) -> Work | None:
    """The work that somebody would get now, as it is now."""
    if not turn.store.is_listed(turn.here.id, review.id):
        list_pieces(turn, review)
    pods = finding.pods_of(turn, turn.here, review, person)
    turn.store.free_overdue(turn.here.id, review.id)
    while True:
        pieces, taken = turn.store.candidates(
            turn.here.id, review.id, person, review.reviews, anonymous=review.anonymous, without=without, pods=pods
        )
        piece = rules.next_piece(pieces, taken, person, review.reviews, turn.now)
        if piece is None:
            return None
        found = next((w for w in turn.collect(WORK, turn.here, {piece.person}) if w.name == piece.name), None)
        if found is not None and (found.item, found.changed_at) == (rules.work_item(review), piece.version):
            return found
        # It was taken back or changed, and no fact said so.
        list_pieces(turn, review, {piece.person})


def count_lacking(turn: Reviews, cohort: Cohort, review: Review, person: int) -> int:
    """How many pieces that this learner could take have fewer reviews than they should."""
    pods = finding.pods_of(turn, cohort, review, person)
    turn.store.free_overdue(cohort.id, review.id)
    return turn.store.count_lacking(cohort.id, review.id, person, review.reviews, anonymous=review.anonymous, pods=pods)
