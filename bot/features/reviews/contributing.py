"""What peer reviews contribute: to the week and the calendar, to one's own page, and to private messages."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.asking import left_out
from bot.core.contributions import (
    AGENDA,
    AGENDA_AFTER_END,
    FEEDBACK,
    FILLABLE,
    IN_HAND,
    ITEMS,
    NAMELESS_THANKS,
    OWN_EXTRAS,
    RUNS,
    TOOK_PART,
    WORK,
    Extra,
    Feedback,
    Fillable,
    InHand,
    Item,
    Upcoming,
    Work,
)
from bot.core.items import ask_privately_button, over, shift_button
from bot.core.message import Button
from bot.core.more_time import more_time
from bot.core.people import Cohort, Person, Role
from bot.course.loader import course_of
from bot.course.model import Review
from bot.features.reviews import (
    author_views,
    consent_views,
    consenting,
    desk_views,
    finding,
    listing,
    rules,
    sending,
    views,
)
from bot.features.reviews.finding import Reviews
from bot.features.reviews.store import Assignment, Sent, feature, item_name

THANKED = 5
"""Reviews of somebody's work for which a way to thank is shown, the newest."""


@feature.contributes(RUNS)
def runs(turn: Reviews) -> list[str]:
    return ["reviews"]


@feature.contributes(TOOK_PART)
def took_part(turn: Reviews, cohort: Cohort) -> list[tuple[str, str, int]]:
    return [("reviews", one.review, one.reviewer) for one in turn.store.of(cohort.id) if one.counts]


@feature.contributes(ITEMS)
def items(turn: Reviews, cohort: Cohort, people: Sequence[Person]) -> list[tuple[int, Item]]:
    """One for each review. It is done once somebody has given as many as are asked of them."""
    course, ids = course_of(cohort.course_text), {p.id for p in people}
    if not course.reviews:
        return []
    given, openings = more_time(turn, cohort), turn.store.openings(cohort.id)
    sent: dict[tuple[str, int], list[Sent]] = defaultdict(list)
    for one in turn.store.sent(cohort.id, ids):
        sent[one.review, one.reviewer].append(one)
    # With few pieces it matters how many of them somebody does not review.
    few = [r for r in course.reviews if r.id in openings and openings[r.id].pieces < rules.COUNTED]
    mates = {r.id: finding.mates(turn, cohort, r) for r in few}
    near = {other for by in mates.values() for p in ids for other in by.get(p, ())}
    own: dict[str, list[Work]] = defaultdict(list)
    for work in turn.collect(WORK, cohort, ids | near):
        own[work.item].append(work)
    # Most learners share a few dates, and have done the same.
    spans: dict[tuple[str, str, int], tuple[datetime, datetime]] = {}
    made: dict[tuple[object, ...], Item] = {}
    found: dict[int, list[Item]] = {p.id: [] for p in people}
    for review in course.reviews:
        works = own[rules.work_item(review)]
        waits = finding.waiting(turn, cohort, review, works)
        by = rules.by_person(works)
        opening = openings.get(review.id)
        pieces = opening.pieces if opening is not None else 0
        closes = finding.closes_at(turn, cohort, review)
        for person in people:
            more = given.own(item_name(review.id), person.id)
            if (span := (review.id, person.zone, more)) not in spans:
                spans[span] = rules.window(review, cohort, person, given, turn.uptime)
            opens_at, due_at = spans[span]
            until = rules.taken_until(opens_at, due_at, cohort)
            begun = bool(person.id) and opens_at <= turn.now
            mine, others = sent[review.id, person.id], mates.get(review.id, {}).get(person.id, ())
            in_hand = rules.in_hand(rules.in_time(rules.owned(person.id, by, others), closes), waits)
            own_there = bool(rules.in_time(by.get(person.id, ()), until))
            share = rules.share(review, pieces, own_there, in_hand, mine, begun)
            # Before the date only whoever can have the work of somebody else.
            opens_at = rules.begins_at(opening, person.id in by and pieces > in_hand, opens_at)
            key = (review.id, opens_at, due_at, until, share, bool(more))
            if key not in made:
                made[key] = _item(cohort, review, opens_at, due_at, until, share, bool(more))
            found[person.id].append(made[key])
    rule = course.completion.reviews
    return [(who, item) for who, mine in found.items() for item in rules.with_required(mine, rule, turn.now)]


def _item(
    cohort: Cohort, review: Review, opens_at: datetime, due_at: datetime, until: datetime, share: rules.Share, own: bool
) -> Item:
    return Item(
        name=item_name(review.id),
        id=review.id,
        week=review.week,
        title=review.title,
        to_do=views.to_do(review),
        opens_at=opens_at,
        due_at=due_at,
        minutes=review.minutes,
        done=share.done,
        optional=not share.done and not share.owed,
        state=views.state(share),
        late_until=until,
        own_clock=review.due.zone == "learner",
        own_date=own,
        button=views.take_button(cohort.id, review.id),
        shift=shift_button(cohort.id),
        begun=share.given > 0,
        late=share.late,
        waits=not share.asked,
    )


@feature.contributes(OWN_EXTRAS)
def on_their_cards(turn: Reviews, cohort: Cohort, week: int, people: Sequence[Person]) -> list[tuple[int, Extra]]:
    """The question whether somebody's work may be handed out stands on their card until they have answered it."""
    asked = consenting.asked(turn, cohort, {p.id for p in people})
    return [(w.person, consent_views.may_show_extra(cohort.id, title, w)) for title, w, why in asked if why == "asks"]


@feature.contributes(FILLABLE)
def fillable(turn: Reviews, cohort: Cohort, person: Person) -> list[Fillable]:
    """The form of what they have under way, also after the end: as long as it is theirs, it is taken."""
    if Role.LEARNER not in turn.roles:
        return []
    course, found = course_of(cohort.course_text), []
    for assignment in turn.store.by(cohort.id, {person.id}):
        there = assignment.is_under_way(turn.now) and course.review(assignment.review) is not None
        if there and finding.work(turn, cohort, assignment) is not None:
            form = sending.form_of(replace(turn, cohort=cohort), assignment)
            found.append(Fillable(form, item_name(assignment.review)))
    return found


@feature.contributes(IN_HAND)
def in_hand(turn: Reviews, cohort: Cohort) -> list[InHand]:
    course, found = course_of(cohort.course_text), []
    for one in turn.store.of(cohort.id):
        if one.is_under_way(turn.now):
            review = course.review(one.review)
            asks = (review.rubric, review.points) if review is not None else ()
            found.append(InHand(one.reviewer, "piece", str(one.id), one.title, asks))
    return found


@feature.contributes(AGENDA)
def upcoming(turn: Reviews, person: Person, cohort: Cohort) -> Sequence[Upcoming]:
    if Role.LEARNER not in turn.roles:
        return _for_the_team(turn, cohort) if turn.is_staff else ()
    return [*_to_do(turn, person, cohort), *_consents(turn, cohort, person), *still_there(turn, person, cohort)]


@feature.contributes(AGENDA_AFTER_END)
def after_the_end(turn: Reviews, person: Person, cohort: Cohort) -> list[Upcoming]:
    """Reviews that were promised to be taken are also taken after the end of the cohort."""
    to_do = _to_do(turn, person, cohort) if Role.LEARNER in turn.roles else []
    return [*to_do, *still_there(turn, person, cohort)]


def _to_do(turn: Reviews, person: Person, cohort: Cohort) -> list[Upcoming]:
    course, found = course_of(cohort.course_text), list[Upcoming]()
    mine, gone = {i.id: i for _, i in items(turn, cohort, [person])}, left_out(turn, cohort)
    begun = (a for a in turn.store.by(cohort.id, {person.id}) if a.is_under_way(turn.now))
    held = {a.review: a for a in begun if finding.work(turn, cohort, a) is not None}
    for review in course.reviews:
        item = mine[review.id]
        if review.id in held:
            found.append(views.under_way(held[review.id]))
        elif (item.week, item.id) in gone and not item.begun:
            continue
        elif finding.window(turn, cohort, review, person)[0] > turn.now:
            is_early = cohort.ended_at is None and item.opens_at <= turn.now and not item.done
            found += [views.early(cohort.id, review)] if is_early else []
        elif item.is_ahead(turn.now):
            found.append(Upcoming(item.to_do, item.due_at, item.button, name=item.title))
        elif item.is_pending(turn.now):
            found.append(Upcoming(views.late_line(item), None, item.button, counts=True, name=item.title))
        elif item.is_lost(turn.now):
            found.append(Upcoming(over(item), None, ask_privately_button(cohort.id), first=True))
        elif item.taken_until is not None and item.taken_until <= turn.now:
            continue
        elif lacking := listing.count_lacking(turn, cohort, review, person.id):
            found.append(views.welcome(cohort.id, review, lacking, again=item.begun))
    return found


def _consents(turn: Reviews, cohort: Cohort, person: Person) -> list[Upcoming]:
    """The questions whether work may be handed out that they have not answered, and where they said no."""
    return [
        consent_views.may_show_line(cohort.id, title, work)
        if why == "asks"
        else consent_views.kept_line(cohort.id, title, work)
        for title, work, why in consenting.asked(turn, cohort, {person.id})
    ] + [consent_views.kept_by_others_line(title) for title in consenting.kept_by_others(turn, cohort, person.id)]


def still_there(turn: Reviews, person: Person, cohort: Cohort) -> list[Upcoming]:
    """The reviews that a learner received, until they read them, and those that they gave."""
    unread: dict[str, list[Assignment]] = defaultdict(list)
    for one in rules.visible(finding.about(turn, cohort, person.id)):
        if one.read_at is None:
            unread[one.review].append(one)
    found = [author_views.unread(cohort.id, review, given[0].title, len(given)) for review, given in unread.items()]
    gave = sum(s.out_at is None for s in turn.store.sent(cohort.id, {person.id}))
    return [*found, *([views.mine_line(cohort.id, gave)] if gave else [])]


def _for_the_team(turn: Reviews, cohort: Cohort) -> list[Upcoming]:
    """How far each review that is open has come."""
    found = list[Upcoming]()
    for review in course_of(cohort.course_text).reviews:
        opens, due = finding.window(turn, cohort, review)
        if opens <= turn.now < due + 2 * rules.LATE_FOR:
            works = rules.pieces(finding.works(turn, cohort, review))
            sent = {t.work for t in finding.taken(turn, cohort, review, works) if t.sent_at and not t.out_at}
            reviewed = sum(w.name in sent for w in works)
            found.append(desk_views.on_my_page(cohort.id, review, len(works), reviewed))
    return found


@feature.contributes(NAMELESS_THANKS)
def thanks(turn: Reviews, cohort: Cohort, person: Person) -> list[Button]:
    found = finding.told_of(turn, cohort, person.id) if Role.LEARNER in turn.roles else []
    return [author_views.useful_button(one, number) for number, one in found[-THANKED:]]


@feature.contributes(FEEDBACK)
def received_by(turn: Reviews, cohort: Cohort, person: Person) -> list[Feedback]:
    course = course_of(cohort.course_text)
    by_review: dict[str, list[Assignment]] = defaultdict(list)
    for one in rules.visible(finding.about(turn, cohort, person.id)):
        by_review[one.review].append(one)
    return [
        author_views.received(rules.work_item(review), cohort.id, review.id, review.title, len(by_review[review.id]))
        for review in course.reviews
        if review.id in by_review
    ]
