"""Finding work and the feedback on it."""

from collections.abc import Collection

from bot.core.actions import read_number
from bot.core.contributions import WORK
from bot.core.errors import NotFound, Spent
from bot.core.people import Cohort, Person, Role
from bot.core.translation import _
from bot.core.turn import Turn
from bot.features.feedback import rules
from bot.features.feedback.rules import Piece
from bot.features.feedback.store import Feedback, FeedbackStore

Feedbacks = Turn[FeedbackStore]


def pieces(turn: Feedbacks, cohort: Cohort, people: Collection[int] | None = None) -> list[Piece]:
    """The work of these learners (None: of all who are in the cohort)."""
    among = {p.id for p in turn.people.members(cohort.id, Role.LEARNER)} if people is None else people
    works = [w for w in turn.collect(WORK, cohort, people) if w.person in among]
    return rules.pieces(works, turn.store.of(cohort.id, people), turn.store.seen(cohort.id, people))


def piece(turn: Feedbacks, name: str) -> tuple[Piece, Person]:
    """A piece of work in this cohort, and whose it is. Raises NotFound."""
    for found in pieces(turn, turn.here):
        if found.work.name == name:
            return found, turn.people.person(found.work.person)
    raise NotFound(_("This work is not there any more: it was taken back, or its author has left."))


def given(turn: Feedbacks, subject: str) -> Feedback:
    """Feedback in this cohort by its number. Raises Spent if it was taken back."""
    found = turn.store.find(turn.here.id, read_number(subject) or 0)
    if found is None:
        raise Spent(_("This feedback was taken back. `/cohort` shows your work."))
    return found


def received(turn: Feedbacks, subject: str) -> Feedback:
    """Feedback on the acting learner's own work. Raises NotFound, or Spent if it was taken back."""
    found = given(turn, subject)
    if found.person != turn.me.id:
        raise NotFound
    return found
