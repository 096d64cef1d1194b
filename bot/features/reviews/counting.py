"""Counts the pieces that can be handed out. Their number opens a review early, and limits what is asked of people."""

from collections.abc import Collection
from dataclasses import replace

from bot.core.contributions import Work
from bot.core.facts import ItemsChanged
from bot.core.timetable import WEEK
from bot.core.voice import Awaited, Card, Hush
from bot.course.loader import course_of
from bot.course.model import Quantity, Review
from bot.features.reviews import finding, rules, views
from bot.features.reviews.finding import Reviews
from bot.features.reviews.store import Opening, item_name


def count(turn: Reviews, review: Review, *, more: bool = False) -> None:
    """Counts the pieces that can be handed out, and stores the number. Tells people when that opens the review early,
    or changes what is asked of them. `more`: the number has not fallen, so beyond `COUNTED` nothing is counted."""
    before = turn.store.openings(turn.here.id).get(review.id)
    if more and before is not None and before.pieces >= rules.COUNTED:
        return
    works = finding.works(turn, turn.here, review)
    among = rules.pieces(works)
    waits = finding.waiting(turn, turn.here, review, among)
    opened_at = before.opened_at if before else None
    opens = opened_at is None and len(among) >= rules.OPENS_WITH
    closes = finding.closes_at(turn, turn.here, review)
    ready = rules.in_hand(rules.in_time(works, closes), waits)
    if not rules.has_time(turn.now, closes):
        # Nor is anybody asked for what its author agrees to now.
        ready = min(ready, before.pieces if before else 0)
    now = Opening(review.id, ready, turn.now if opens else opened_at)
    if now == before or (before is None and not works):
        return
    turn.store.keep_opening(turn.here.id, now)
    # Pieces may have waited for their authors when it opened.
    few = before is None or before.pieces <= 1
    if opens or (few and opened_at is not None):
        for work in works:
            invite(turn, review, work.person)
    if before is None or before.pieces <= review.reviews:
        _ask(turn, review, works, waits, before.pieces if before else 0, now.pieces)


def count_without(turn: Reviews, review: Review) -> None:
    """Counts one piece less: it is gone, or waits for consent. Beyond `COUNTED` the stored number is lowered by one, as
    a lower bound; below it all pieces are counted."""
    before = turn.store.openings(turn.here.id).get(review.id)
    if before is not None and before.opened_at is not None and before.pieces > rules.COUNTED:
        turn.store.keep_opening(turn.here.id, replace(before, pieces=before.pieces - 1))
    else:
        count(turn, review)


def invite(turn: Reviews, review: Review, person: int) -> None:
    """Tells a learner with their next card that a review is open before its date; once. Their own work is in."""
    opening = turn.store.openings(turn.here.id).get(review.id)
    who = turn.people.person(person)
    opens_at, _due = finding.window(turn, turn.here, review, who)
    if opening is None or opening.opened_at is None or opens_at <= turn.now:
        return
    if not finding.others_ready(turn, turn.here, review, person):
        return
    turn.happened(ItemsChanged(turn.here.id, person))
    anchor = f"reviews/early/{turn.here.id}/{review.id}/{person}"
    if not turn.links.shown([anchor]):
        said = views.open_early(turn.here.id, review)
        turn.say(Card(person, turn.here.id, anchor, said, turn.now, min(opens_at, turn.now + WEEK)))


def _ask(turn: Reviews, review: Review, works: list[Work], waits: Collection[str], before: int, now: int) -> None:
    """Tells those who had nothing to review, at their next hour, that there is something now, or takes that back.
    `before` and `now`: numbers of pieces."""
    sent = turn.store.sent(turn.here.id, {w.person for w in works})
    by, mates = rules.by_person(works), finding.mates(turn, turn.here, review)
    closes = finding.closes_at(turn, turn.here, review)
    counts = course_of(turn.here.course_text).completion.reviews != Quantity()
    for work in works:
        who = turn.people.person(work.person)
        opens_at, due_at = finding.window(turn, turn.here, review, who)
        until = rules.taken_until(opens_at, due_at, turn.here)
        if not opens_at <= turn.now < until:
            continue
        mine = [s for s in sent if s.review == review.id and s.reviewer == who.id]
        owned = rules.owned(who.id, by, mates.get(who.id, ()))
        in_hand = rules.in_hand(rules.in_time(owned, closes), waits)
        own = bool(rules.in_time([work], until))
        was, is_now = (rules.share(review, pieces, own, in_hand, mine, True).owed for pieces in (before, now))
        if was == is_now:
            continue
        turn.happened(ItemsChanged(turn.here.id, who.id))
        anchor = _there(turn, review, who.id)
        if not is_now:
            turn.say(Hush(anchor))
        elif not turn.links.shown([anchor]):
            line, below = views.there_now(turn.here.id, review, due_at, until, counts=counts)
            turn.say(Awaited(who.id, turn.here.id, anchor, line, until, below))


def hush(turn: Reviews, review: Review, person: int) -> None:
    """Takes back what waits to be said of a piece that they could take: they took one."""
    turn.say(Hush(_there(turn, review, person)))


def _there(turn: Reviews, review: Review, person: int) -> str:
    """The anchor of that message, by which a reminder finds it: see `Item`."""
    return f"{item_name(review.id)}/{turn.here.id}/{person}"
