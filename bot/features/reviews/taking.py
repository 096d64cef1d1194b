"""Taking a piece: it is handed out when somebody presses 'Review', and not before."""

from dataclasses import replace

from bot.core.contributions import Work
from bot.core.errors import Refused, Spent
from bot.core.feature import Press, Reply
from bot.core.people import MEMBERS, Role
from bot.core.translation import _
from bot.course.model import Review
from bot.features.reviews import consenting, copying, finding, rules, views
from bot.features.reviews.finding import Reviews
from bot.features.reviews.store import Assignment, feature


@feature.action("take", roles=MEMBERS, lane="private")
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
            return views.piece(review, shown, work, finding.author_of(turn, shown))
    works = finding.for_reviewer(finding.works(turn, cohort, review), me.id)
    own = any(w.person == me.id for w in works)
    opens_at, _due = finding.window(turn, cohort, review, me)
    if not rules.may_take(turn.store.openings(cohort.id).get(review.id), own, opens_at, turn.now):
        return views.not_open(review, opens_at, own)
    taken = turn.store.taken(cohort.id, review.id)
    consents = rules.latest(turn.store.consents(cohort.id)) if review.anonymous else {}
    unready = False
    while (work := rules.next_piece(works, taken, me.id, review.reviews, turn.now)) is not None:
        free, file = consenting.ready(turn, review, work, consents.get(work.name)) if review.anonymous else (True, None)
        if not free:
            unready |= work.file is not None and copying.found(turn, work) is None
            works.remove(work)
            continue
        before = next((a for a in mine if a.work == work.name), None)
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
            turn.now + review.hold,
            review.anonymous,
            file,
        )
        if before is None:
            new = turn.store.add(new)
        else:
            turn.store.change(new)
        return views.piece(review, new, work, finding.author_of(turn, new))
    if unready:
        return views.made_ready(review)
    return views.nothing_there(review, sum(a.counts for a in mine))


def next_for(turn: Reviews, review: Review, person: int) -> Work | None:
    """The piece that somebody would get now, as far as no author has to be asked first."""
    works = finding.for_reviewer(finding.works(turn, turn.here, review), person)
    if review.anonymous:
        consents = rules.latest(turn.store.consents(turn.here.id))
        works = [w for w in works if rules.is_free(w, consents.get(w.name))]
    return rules.next_piece(works, turn.store.taken(turn.here.id, review.id), person, review.reviews, turn.now)


@feature.action("give_back", roles=MEMBERS, lane="private")
def give_back(turn: Reviews, press: Press) -> Reply:
    taken = finding.own(turn, press.subject)
    if taken.sent_at is not None:
        raise Spent(_("You have sent this review. `/cohort` shows your reviews."))
    if taken.is_under_way(turn.now):
        turn.store.change(replace(taken, held_until=turn.now))
    return views.given_back(turn.here.id, taken.review)
