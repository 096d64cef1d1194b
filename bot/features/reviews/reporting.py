"""What peer reviews report to the course team: on the desk, in the manager's week, and for the next run; and to whoever
runs the bot."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from bot.core.contributions import (
    ACTIVITY,
    ATTENTION,
    DEALT_WITH,
    DESK,
    EVIDENCE,
    FIGURES,
    Activity,
    Attention,
    Figure,
    Pile,
    Work,
)
from bot.core.message import Text
from bot.core.people import Cohort, Person, Role
from bot.core.ports import Finding
from bot.core.timetable import WEEK
from bot.core.translation import _
from bot.course.loader import course_of
from bot.course.model import Review
from bot.features.reviews import contributing, desk_views, finding, rules
from bot.features.reviews.cleaning import missing
from bot.features.reviews.finding import Reviews
from bot.features.reviews.rules import Alone
from bot.features.reviews.store import UNWANTED, feature, item_name, piece_name

SHOWN_FOR = 4 * WEEK
"""How long after its date what nobody reviewed stands on the desk."""


@feature.contributes(ACTIVITY)
def activity(turn: Reviews, cohort: Cohort, since: datetime, until: datetime) -> Sequence[Activity]:
    """Who sent a review, or answered one."""
    found = []
    for one in turn.store.of(cohort.id):
        found += [(one.reviewer, one.changed_at), (one.author, one.reply_at)]
    return [Activity(person, at) for person, at in found if at is not None and since <= at < until]


@feature.contributes(ATTENTION)
def fell_behind(turn: Reviews, cohort: Cohort) -> Sequence[Attention]:
    """Learners who owe a review that was due, and cannot complete the course without it."""
    learners = turn.people.members(cohort.id, Role.LEARNER)
    names = {p.id: p.name for p in learners}
    return [
        desk_views.overdue(cohort, item, person, names[person], turn.now)
        for person, item in contributing.items(turn, cohort, learners)
        if item.required and item.due_at <= turn.now
    ]


@feature.contributes(DESK)
def on_the_desk(turn: Reviews, cohort: Cohort, person: Person) -> Sequence[Pile]:
    """Reviews that their authors found useless or hurtful, and pieces that nobody is left to review; for instructors
    alone."""
    if not turn.teaches(person.id, cohort.id):
        return []
    names = {p.id: p.name for p in turn.people.members(cohort.id)}
    found = [a for a in turn.store.of(cohort.id) if a.counts and a.useful in UNWANTED]
    looks = [desk_views.unwanted_item(a, names) for a in sorted(found, key=rules.look_first)]
    alone = [
        desk_views.alone_item(cohort, review, work, names[work.person], why)
        for review in course_of(cohort.course_text).reviews
        for work, why in _alone(turn, cohort, review)
    ]
    piles = [desk_views.unwanted(cohort, looks)] if looks else []
    return [*piles, *([desk_views.alone(cohort, alone)] if alone else [])]


def _alone(turn: Reviews, cohort: Cohort, review: Review) -> list[tuple[Work, Alone]]:
    """The pieces of a review that was due, and is not long over, which have no review and none under way, with why."""
    _opens, due = finding.window(turn, cohort, review)
    if not due <= turn.now < due + SHOWN_FOR:
        return []
    works = finding.works(turn, cohort, review)
    pieces = rules.pieces(works)
    taken, waits = finding.taken(turn, cohort, review, pieces), finding.waiting(turn, cohort, review, pieces)
    alone = rules.without_reviewer(pieces, taken, turn.now)
    if not alone:
        return []
    sent = turn.store.sent(cohort.id, {w.person for w in works})
    late = turn.now < due + rules.LATE_FOR
    works = rules.in_time(works, finding.closes_at(turn, cohort, review))
    by, mates = rules.by_person(works), finding.mates(turn, cohort, review)
    owned = {p: rules.owned(p, by, mates.get(p, ())) for p in by}
    ready = rules.in_hand(works, waits)
    owing = {p for p in by if late and rules.owes(review, p, ready, rules.in_hand(owned[p], waits), sent)}
    whose: dict[str, set[int]] = defaultdict(set)
    for person, mine in owned.items():
        for work in mine:
            whose[rules.piece_of(work)].add(person)

    def why(work: Work) -> Alone:
        piece = rules.piece_of(work)
        return waits.get(piece) or ("late" if owing - whose[piece] else "none")

    return [(work, why(work)) for work in alone]


@feature.contributes(DEALT_WITH)
def dealt_with(turn: Reviews, cohort: Cohort, names: Collection[str]) -> Sequence[tuple[str, Text]]:
    if not any(name.startswith("reviews/") for name in names):
        return []
    found = [
        (a.desk_name, desk_views.whose(a.title, turn.people.person(a.author).name))
        for a in turn.store.of(cohort.id)
        if a.desk_name in names
    ]
    for review in course_of(cohort.course_text).reviews:
        for work in rules.pieces(finding.works(turn, cohort, review)):
            if (name := piece_name(work.name)) in names:
                found.append((name, desk_views.whose(review.title, turn.people.person(work.person).name)))
    return found


@feature.contributes(FIGURES)
def in_the_week(turn: Reviews, cohort: Cohort) -> Sequence[Figure]:
    """How many did their share of a review that is open or was due in the last seven days, of those who were asked."""
    learners = turn.people.members(cohort.id, Role.LEARNER)
    found = []
    for review in course_of(cohort.course_text).reviews:
        opens, due = finding.window(turn, cohort, review)
        if opens <= turn.now < due + WEEK:
            name = item_name(review.id)
            asked = [i for _, i in contributing.items(turn, cohort, learners) if i.name == name and not i.optional]
            if asked:
                found.append(desk_views.figure(review, sum(i.done for i in asked), len(asked)))
    return found


@feature.contributes(EVIDENCE)
def evidence(turn: Reviews, cohort: Cohort, learners: frozenset[int]) -> Sequence[tuple[str, str]]:
    """How much of the work was reviewed, and how much of that was useful."""
    found = []
    for n, review in enumerate(course_of(cohort.course_text).reviews):
        works = rules.pieces(w for w in finding.works(turn, cohort, review) if w.person in learners)
        given = [a for a in turn.store.of(cohort.id, review.id) if a.counts]
        said = [a for a in given if a.useful]
        if works:
            reviewed = len({rules.piece_of(w) for w in works} & {a.piece for a in given})
            useful = sum(a.useful not in UNWANTED for a in said)
            found.append((f"reviews[{n}]", desk_views.evidence(len(works), reviewed, len(given), useful, len(said))))
    return found


@feature.examines
def examine(cohorts: Sequence[Cohort]) -> Sequence[Finding]:
    """The files that go to reviewers by their authors' consent, since nothing here takes names out of them."""
    reviews = [review for cohort in cohorts for review in course_of(cohort.course_text).reviews]
    endings = missing() if any(review.anonymous for review in reviews) else []
    if not endings:
        return []
    state = _(
        "{endings} are handed out by their authors' consent; pacekeeper[reviews] takes names out of them",
        endings=", ".join(endings),
    )
    return [Finding(_("Files reviewed without names"), state)]
