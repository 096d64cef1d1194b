"""Taking a piece: it is handed out when somebody presses 'Review', and not before."""

from dataclasses import replace

from bot.core.errors import Refused, Spent
from bot.core.feature import Press, Reply
from bot.core.message import Message
from bot.core.people import MEMBERS, Role
from bot.core.translation import _
from bot.course.loader import course_of
from bot.features.reviews import consenting, counting, finding, listing, rules, views
from bot.features.reviews.finding import Reviews
from bot.features.reviews.store import Assignment, feature

MOST_UNREADY = 8
"""So many pieces that cannot be handed out yet are looked at in one press."""


@feature.action("take", roles=MEMBERS, lane="private", after_end=True)
def take(turn: Reviews, press: Press) -> Reply:
    review, cohort, me = finding.known(turn, press.subject), turn.here, turn.me
    if Role.LEARNER not in turn.roles:
        raise Refused(reply=views.for_learners(cohort.id))
    mine = [a for a in turn.store.by(cohort.id, {me.id}) if a.review == review.id]
    for held in mine:
        if held.is_under_way(turn.now) and (work := finding.work(turn, cohort, held)) is not None:
            shown = consenting.renewed(turn, review, held, work)
            if shown is None:
                return views.changing(held)
            _opens, due_at = finding.window(turn, cohort, review, me)
            return views.piece(review, shown, work, finding.author_of(turn, shown), due_at)
    finding.require_taken(turn, review)
    works = finding.works(turn, cohort, review, {me.id})
    own = bool(works)
    opens_at, due_at = finding.window(turn, cohort, review, me)
    until = rules.taken_until(opens_at, due_at, cohort)
    if rules.begins_at(turn.store.openings(cohort.id).get(review.id), own, opens_at) > turn.now:
        return views.not_open(review, opens_at, own)
    unready, looked_into = set[str](), False
    # Another one comes before what they gave back a short time ago.
    unsent = (a for a in mine if a.sent_at is None and a.held_until < a.taken_at + review.hold)
    back = {a.work for a in unsent if turn.now < a.held_until + review.hold}
    while len(unready) < MOST_UNREADY:
        work = listing.next_work(turn, review, me.id, unready | back) if back else None
        work = work or listing.next_work(turn, review, me.id, unready)
        if work is None:
            break
        free, file = True, None
        if review.anonymous:
            free, file = consenting.ready(turn, review, work)
        if not free:
            looked_into |= work.file is not None and not consenting.is_looked_into(turn, work)
            unready.add(work.name)
            continue
        before = next((a for a in mine if a.piece == rules.piece_of(work)), None)
        new = Assignment(
            before.id if before else 0,
            cohort.id,
            review.id,
            review.title,
            me.id,
            work.name,
            work.person,
            work.changed_at,
            turn.now,
            min(turn.now + review.hold, until),
            review.anonymous,
            file,
            pod=work.pod,
        )
        if before is None:
            new = turn.store.add(new)
        else:
            turn.store.change(new)
        counting.hush(turn, review, me.id)
        return views.piece(review, new, work, finding.author_of(turn, new), due_at)
    if looked_into:
        return views.made_ready(review)
    return views.nothing_there(review, sum(a.counts for a in mine), bool(rules.in_time(works, until)))


@feature.action("give_back", roles=MEMBERS, lane="private", after_end=True)
def give_back(turn: Reviews, press: Press) -> Reply:
    assignment = finding.own(turn, press.subject)
    if assignment.sent_at is not None:
        raise Spent(_("You have sent this review. `/cohort` shows your reviews."))
    return given_back(turn, assignment)


def given_back(turn: Reviews, assignment: Assignment) -> Message:
    if assignment.is_under_way(turn.now):
        turn.store.change(replace(assignment, held_until=turn.now))
    review = course_of(turn.here.course_text).review(assignment.review)
    more = review is None or listing.next_work(turn, review, turn.me.id, {assignment.work}) is not None
    return views.given_back(turn.here.id, assignment.review, more)
