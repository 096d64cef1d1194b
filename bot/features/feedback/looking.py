"""The course team looks at work and the feedback on it, in chat and on a page."""

from collections.abc import Mapping

from bot.core.errors import NotFound
from bot.core.feature import Press, Reply
from bot.core.message import Message
from bot.core.people import STAFF
from bot.core.translation import N_, _
from bot.features.feedback import desk_views, rules
from bot.features.feedback.finding import Feedbacks, piece, pieces
from bot.features.feedback.giving import next_in_queue
from bot.features.feedback.rules import Piece
from bot.features.feedback.store import feature

AT_ONCE = 25
"""Pieces of work on the page of the queue; those dealt with make room for the next."""

QUEUE = "feedback/{cohort}"
PIECE = "feedback/{cohort}/{of}/{number}"
WAY = N_("In the chat, write `/cohort desk` and press 'Work on a page' for a new link.")


@feature.action("open", roles=STAFF, lane="private", after_end=True)
def open_piece(turn: Feedbacks, press: Press) -> Reply:
    return _piece(turn, press.subject)


def _piece(turn: Feedbacks, name: str) -> Message:
    found, learner = piece(turn, name)
    following = next_in_queue(turn, name)
    return desk_views.beside(turn.here, found, learner.name, _names(turn, [found]), turn.me.id, following)


def _names(turn: Feedbacks, found: list[Piece]) -> dict[int, str]:
    return {f.by: turn.people.person(f.by).name for p in found for f in p.given}


@feature.page(QUEUE, title=N_("Work that waits for feedback"), roles=STAFF, way=WAY, tab=N_("Feedback"))
def show_queue(turn: Feedbacks, asked: Mapping[str, str]) -> Message:
    waiting = rules.queue(pieces(turn, turn.here))
    shown = [(p, turn.people.person(p.work.person).name) for p in waiting[:AT_ONCE]]
    address = f"{turn.links.address}/{QUEUE.format(cohort=turn.here.id)}/"
    names = _names(turn, waiting[:AT_ONCE])
    return desk_views.queue(turn.here, shown, len(waiting), names, turn.me.id, address)


@feature.page(PIECE, title=N_("Work and feedback"), roles=STAFF, way=WAY)
def show_piece(turn: Feedbacks, asked: Mapping[str, str]) -> Message:
    return _piece(turn, f"{asked['of']}/{asked['number']}")


@feature.action("page", roles=STAFF, lane="private", after_end=True)
def lead_to_page(turn: Feedbacks, press: Press) -> Reply:
    """A link for this person only."""
    if not turn.links.address:
        raise NotFound(_("Pages are not served here. `/cohort desk` has the work that waits."))
    return desk_views.link_to_page(turn.links.invite(turn.me.id, QUEUE.format(cohort=turn.here.id)))
