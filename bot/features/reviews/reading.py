"""What somebody opened of their reviews: it stands in their direct messages, so that it follows what is taken back."""

from bot.core.feature import Reply
from bot.core.message import Message
from bot.features.reviews import author_views, finding, rules, views
from bot.features.reviews.finding import Reviews
from bot.features.reviews.store import Assignment


def received(turn: Reviews, person: int, review: str) -> list[Assignment]:
    """The reviews of somebody's work that they read."""
    found = [a for a in finding.about(turn, turn.here, person) if a.review == review]
    return rules.readable(found)


def open_received(turn: Reviews, review: str, found: list[Assignment]) -> Reply:
    return _open(turn, _received(turn, turn.me.id, review), _received_page(turn, found))


def open_given(turn: Reviews) -> Reply:
    return _open(turn, _given(turn, turn.me.id), _given_page(turn, turn.me.id))


def follow(turn: Reviews, changed: Assignment) -> None:
    """What its author and its reviewer have open of a review shows it as it is now."""
    for author in finding.authors(turn, turn.here, changed) or [changed.author]:
        found = received(turn, author, changed.review)
        page = _received_page(turn, found) if found else author_views.withdrawn(changed.title)
        _show_again(turn, author, _received(turn, author, changed.review), page)
    _show_again(turn, changed.reviewer, _given(turn, changed.reviewer), _given_page(turn, changed.reviewer))


def _received_page(turn: Reviews, found: list[Assignment]) -> Message:
    work = finding.work(turn, turn.here, found[0])
    return author_views.reading(found[0].title, work, finding.numbered(turn, found))


def _given_page(turn: Reviews, person: int) -> Message:
    found = [a for a in turn.store.by(turn.here.id, {person}) if a.sent_at is not None]
    return views.mine([(a, finding.author_of(turn, a)) for a in reversed(found)])


def _received(turn: Reviews, person: int, review: str) -> list[str]:
    return [f"reviews/received/{turn.here.id}/{review}/{person}/{n}" for n in (1, 2)]


def _given(turn: Reviews, person: int) -> list[str]:
    return [f"reviews/given/{turn.here.id}/{person}/{n}" for n in (1, 2)]


def _open(turn: Reviews, anchors: list[str], page: Message) -> Reply:
    """Shows a page at the end of the direct messages. The one before goes: it would be changed where nobody looks."""
    stood = turn.links.shown(anchors)
    for anchor in stood:
        turn.withdraw(anchor)
    turn.show_to(turn.me.id, next((a for a in anchors if a not in stood), anchors[0]), page)
    return None if turn.place is not None and turn.place.direct else author_views.in_direct_messages()


def _show_again(turn: Reviews, person: int, anchors: list[str], page: Message) -> None:
    for anchor in turn.links.shown(anchors):
        turn.show_to(person, anchor, page)
