"""What the completion rule asks of peer reviews."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from bot.core.contributions import CREDITS, Credit, CreditWords, Item
from bot.core.people import Cohort, Person
from bot.course.loader import course_of
from bot.course.model import Quantity, Review
from bot.features.reviews import contributing, credit_views, rules
from bot.features.reviews.finding import Reviews
from bot.features.reviews.store import Sent, feature


@feature.contributes(CREDITS)
def credits(turn: Reviews, cohort: Cohort, people: Sequence[Person]) -> list[tuple[int, Credit]]:
    """Of the reviews that somebody could give: without work of their own, or anybody else's, that came while there was
    time for it, none is asked for."""
    course = course_of(cohort.course_text)
    rule = course.completion.reviews
    if rule == Quantity():
        return []
    theirs: dict[int, list[Item]] = {p.id: [] for p in people}
    for id, item in contributing.items(turn, cohort, people):
        theirs[id].append(item)
    sent: dict[tuple[int, str], list[Sent]] = defaultdict(list)
    for one in turn.store.sent(cohort.id, list(theirs)):
        sent[one.reviewer, one.review].append(one)
    times = {(id, r.id): _done_at(r, sent[id, r.id]) for id in theirs for r in course.reviews}
    return [
        (id, _credit(items, rule, [times[id, i.id] for i in items if i.done], turn.now)) for id, items in theirs.items()
    ]


def _done_at(review: Review, sent: Sequence[Sent]) -> datetime | None:
    """When the share of somebody was done, if it is."""
    ordered = sorted(sent, key=lambda s: s.sent_at)
    enough = next((s for s in ordered if s.enough), None)
    last = enough or (ordered[: review.reviews][-1] if ordered else None)
    return last.sent_at if last is not None else None


def _credit(items: Sequence[Item], rule: Quantity, times: Sequence[datetime | None], now: datetime) -> Credit:
    done, left = [i for i in items if i.done], [i for i in items if not i.done and not i.optional]
    open = [i for i in left if i.is_pending(now)]
    needed = rule.of(len(done) + len(left))
    known = sorted(at for at in times if at is not None)
    is_enough = len(done) >= needed
    return Credit(
        needs=credit_views.needs(needed),
        column="reviews",
        needed=needed,
        done=len(done),
        done_at=known[needed - 1] if is_enough and 0 < needed <= len(known) else None,
        taken=len(open),
        may_grow=any(i.optional and not i.done and rules.has_time(now, i.taken_until or now) for i in items),
        words=lambda: CreditWords(
            did=tuple(credit_views.did(i) for i in done),
            missing=() if is_enough else tuple(credit_views.missing(i, now) for i in left),
            lacks=credit_views.needs(max(needed - len(done), 0)),
            buttons=() if is_enough else tuple(i.button for i in open[:1] if i.button is not None),
            promises=()
            if is_enough
            else tuple(credit_views.promise(n, i) for n, i in enumerate(open) if i.opens_at <= now),
        ),
    )
