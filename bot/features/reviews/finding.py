"""Finding reviews, their dates, and the work in them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.core import nameless
from bot.core.actions import read_number
from bot.core.contributions import PODS, WORK, Work
from bot.core.errors import NotFound, Refused
from bot.core.message import shorten
from bot.core.more_time import more_time
from bot.core.people import Account, Cohort, Person, Role
from bot.core.translation import _, all_of
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.course.model import Review
from bot.features.reviews import rules
from bot.features.reviews.store import Assignment, Consent, ReviewStore, Taken

Reviews = Turn[ReviewStore]


def known(turn: Reviews, id: str) -> Review:
    """A review of this cohort's course. Raises NotFound if there is none."""
    review = course_of(turn.here.course_text).review(id)
    if review is None:
        raise NotFound(_("This review is not in the course any more. `/cohort` shows what is."))
    return review


def window(turn: Reviews, cohort: Cohort, review: Review, person: Person | None = None) -> tuple[datetime, datetime]:
    """When it opens and is due for one person, or (None) for the cohort."""
    who = person or Person(0, "", cohort.zone)
    return rules.window(review, cohort, who, more_time(turn, cohort), turn.uptime)


def require_taken(turn: Reviews, review: Review) -> None:
    """Raises Refused if the acting learner's reviews are not taken any more."""
    opens_at, due_at = window(turn, turn.here, review, turn.me)
    if rules.taken_until(opens_at, due_at, turn.here) <= turn.acted_at:
        raise Refused(_("The time for reviews of “{title}” is over.", title=shorten(review.title, 60)))


def closes_at(turn: Reviews, cohort: Cohort, review: Review) -> datetime:
    """Until when the cohort's reviews are taken."""
    return rules.taken_until(*window(turn, cohort, review), cohort)


def is_over(turn: Reviews, cohort: Cohort, review: Review) -> bool:
    """Whether a review takes nothing any more."""
    return closes_at(turn, cohort, review) <= turn.now


def learners(turn: Reviews, cohort: Cohort, among: Collection[int] | None = None) -> set[int]:
    return set(turn.people.joined(cohort.id, among))


def works(turn: Reviews, cohort: Cohort, review: Review, people: Collection[int] | None = None) -> list[Work]:
    """The work in a review, of these learners or (None) of all; nobody reviews for those who have left."""
    among = learners(turn, cohort, people)
    found = turn.collect(WORK, cohort, None if people is None else among)
    return [w for w in found if w.item == rules.work_item(review) and w.person in among]


def taken(turn: Reviews, cohort: Cohort, review: Review, among: Collection[Work]) -> list[Taken]:
    """What was taken in a review, of these pieces as they are now."""
    return rules.as_now(turn.store.taken(cohort.id, review.id), among)


def everybodys(turn: Reviews, cohort: Cohort, assignment: Assignment) -> list[Work]:
    """The work that somebody took, as each of the people has it now whose it is; [] if it was taken back or they have
    left."""
    here = learners(turn, cohort, None if assignment.pod else {assignment.author})
    people = None if assignment.pod else here
    found = turn.collect(WORK, cohort, people) if people is None or people else ()
    review = course_of(cohort.course_text).review(assignment.review)
    item = rules.work_item(review) if review is not None else ""
    if not assignment.pod:
        return [w for w in found if w.name == assignment.work]
    return [
        w
        for w in found
        if w.pod == assignment.pod and w.person in here and (w.item == item or w.name == assignment.work)
    ]


def work(turn: Reviews, cohort: Cohort, assignment: Assignment) -> Work | None:
    """The work that somebody took, as it is now."""
    return next(iter(rules.pieces(everybodys(turn, cohort, assignment))), None)


def authors(turn: Reviews, cohort: Cohort, assignment: Assignment) -> list[int]:
    """Who reads the reviews of a piece: its author, or all people of the pod who have it and are still here."""
    if not assignment.pod:
        return [assignment.author] if assignment.author in learners(turn, cohort, {assignment.author}) else []
    return sorted({w.person for w in everybodys(turn, cohort, assignment)})


def about(turn: Reviews, cohort: Cohort, person: int) -> list[Assignment]:
    """What was taken of somebody's work, also of what another one handed in for their pod."""
    found = {a.id: a for a in turn.store.about(cohort.id, {person})}
    items = {(w.item, w.pod) for w in turn.collect(WORK, cohort, {person}) if w.pod}
    course = course_of(cohort.course_text)
    for one in turn.store.of_pods(cohort.id, {pod for _item, pod in items}):
        review = course.review(one.review)
        if review is not None and (rules.work_item(review), one.pod) in items:
            found[one.id] = one
    return sorted(found.values(), key=lambda a: a.id)


def of_piece(turn: Reviews, one: Assignment) -> list[Assignment]:
    """All that was taken of the same piece."""
    cohort = turn.here.id
    found = turn.store.of_pods(cohort, {one.pod}) if one.pod else turn.store.about(cohort, {one.author})
    return [a for a in found if a.review == one.review and a.piece == one.piece]


def numbered(turn: Reviews, found: Sequence[Assignment]) -> list[tuple[int, Assignment, str]]:
    """Reviews of one piece that its author was told of, each with its number and its reviewer's name."""
    numbers = rules.numbers(of_piece(turn, found[0]))
    return [(numbers[a.id], a, reviewer_of(turn, a)) for a in sorted(found, key=lambda a: numbers[a.id])]


def told_of(turn: Reviews, cohort: Cohort, person: int) -> list[tuple[int, Assignment]]:
    """The reviews that somebody was told of, each with its number."""
    here = replace(turn, cohort=cohort)
    found = rules.visible(about(here, cohort, person))
    return [(rules.numbers(of_piece(here, one))[one.id], one) for one in found]


def names_of(turn: Reviews, work: Work) -> list[str]:
    """All names by which a piece may be known: its author's, or those of everybody in the pod whose work it is."""
    return [name for _person, name in named(turn, work)]


def named(turn: Reviews, work: Work) -> list[tuple[int, str]]:
    """The same, each with whose name it is."""
    people = {work.person}
    if work.pod:
        people |= {w.person for w in turn.collect(WORK, turn.here, None) if w.pod == work.pod}
        people = people.union(*(pod.people for pod in turn.collect(PODS, turn.here) if pod.key == work.pod))
    return [(person, name) for person in sorted(people) for name in nameless.names_of(turn, person)]


def elsewhere(turn: Reviews, work: Work) -> list[str]:
    """The names of the learners outside the pod whose work it is, and all mentions; none for somebody's own work, which
    the name of another one tells from no other."""
    if not work.pod:
        return []
    own, cohort = set(names_of(turn, work)), turn.here
    known = turn.people.names(turn.people.members(cohort.id, Role.LEARNER))
    names = [name for theirs in known.values() for name in theirs]
    users = (user for place in cohort.places("main") for user in turn.people.accounts_in(place.workspace))
    return [name for name in dict.fromkeys([*names, *(f"@{user}" for user in users)]) if name not in own]


def outsiders(turn: Reviews, work: Work, names: Collection[str]) -> set[int]:
    """Whose of these names are, of the learners outside the pod whose work it is."""
    if not work.pod or not names:
        return set()
    cohort = turn.here
    there = turn.people.names(turn.people.members(cohort.id, Role.LEARNER))
    users = [name[1:] for name in names if name.startswith("@")]
    owners = (turn.people.owner(Account(place.workspace, u)) for place in cohort.places("main") for u in users)
    found = {id for id, theirs in there.items() if not set(theirs).isdisjoint(names)}
    found |= {owner.id for owner in owners if owner is not None}
    return (found & there.keys()) - {person for person, _name in named(turn, work)}


def behind(turn: Reviews, work: Work) -> dict[int, Work]:
    """Those whose work a piece is, as it is now and as each of them has it. First is who stands for all: they handed it
    in, if it is theirs still."""
    if not work.pod:
        return {work.person: work}
    here = learners(turn, turn.here)
    found = [w for w in turn.collect(WORK, turn.here, None) if w.once == work.once and w.person in here]
    return {w.person: w for w in sorted(found, key=lambda w: (w.person != w.by, w.name))} or {work.person: work}


def by_consent(turn: Reviews, cohort: Cohort, consents: Iterable[Consent]) -> Mapping[str, list[Work]]:
    """The pieces that these consents are about, as all have them whose they are; first is who handed it in. What
    somebody was asked about is there as long as one of their pod has it, also if they took it off their own list."""
    asked = {c.work: c.person for c in consents}
    people = None if any("/milestone/" in piece for piece in asked) else set(asked.values())
    found: dict[str, list[Work]] = {}
    for work in turn.collect(WORK, cohort, people) if asked else ():
        if (piece := rules.consent_of(work)) in asked:
            found.setdefault(piece, []).append(work)
    newest = {piece: max(w.changed_at for w in works) for piece, works in found.items()}
    return {
        piece: sorted((w for w in works if w.changed_at == newest[piece]), key=lambda w: (w.person != w.by, w.name))
        for piece, works in found.items()
    }


def waiting(turn: Reviews, cohort: Cohort, review: Review, among: Iterable[Work]) -> dict[str, rules.Waits]:
    """Those of these pieces that wait until their authors agree that they are handed out, each with why."""
    if not review.anonymous:
        return {}
    among = list(among)
    # Of a pod, others may have been asked.
    people = None if any(w.pod for w in among) else {w.person for w in among}
    consents = rules.by_piece(turn.store.consents(cohort.id, people))
    found = ((rules.piece_of(w), rules.waits(w, consents.get(rules.consent_of(w), ()))) for w in among)
    return {piece: why for piece, why in found if why is not None}


def share(turn: Reviews, review: Review, person: Person) -> rules.Share:
    """What is asked of one person."""
    cohort = turn.here
    mine = owned(turn, cohort, review, person.id)
    opens_at, due_at = window(turn, cohort, review, person)
    until = rules.taken_until(opens_at, due_at, cohort)
    own = any(w.person == person.id for w in rules.in_time(mine, until))
    there = rules.in_time(mine, closes_at(turn, cohort, review))
    in_hand = rules.in_hand(there, waiting(turn, cohort, review, there))
    opening = turn.store.openings(cohort.id).get(review.id)
    sent = [s for s in turn.store.sent(cohort.id, {person.id}) if s.review == review.id]
    pieces = opening.pieces if opening else 0
    return rules.share(review, pieces, own, in_hand, sent, opens_at <= turn.now)


def own(turn: Reviews, subject: str) -> Assignment:
    """What the acting learner took. Raises NotFound."""
    assignment = turn.store.find(turn.here.id, read_number(subject) or 0)
    if assignment is None or assignment.reviewer != turn.me.id:
        raise NotFound
    return assignment


def is_own(turn: Reviews, review: Review, assignment: Assignment) -> bool:
    """Whether what somebody took is the work of their pod now."""
    return bool(assignment.pod) and assignment.pod in pods_of(turn, turn.here, review, assignment.reviewer)


def pods_of(turn: Reviews, cohort: Cohort, review: Review, person: int) -> set[str]:
    """The keys of the pods whose work somebody does not review."""
    return {w.pod for w in owned(turn, cohort, review, person) if w.pod}


def mates(turn: Reviews, cohort: Cohort, review: Review) -> Mapping[int, frozenset[int]]:
    """With whom each person is in a pod now, if its work can be a pod's."""
    milestone = course_of(cohort.course_text).milestone(review.milestone)
    if milestone is None or not milestone.pod:
        return {}
    return {person: pod.people for pod in turn.collect(PODS, cohort) for person in pod.people}


def owned(turn: Reviews, cohort: Cohort, review: Review, person: int) -> list[Work]:
    """The work that somebody does not review."""
    others = mates(turn, cohort, review).get(person, frozenset())
    return rules.owned(person, rules.by_person(works(turn, cohort, review, {person, *others})), others)


def others_ready(turn: Reviews, cohort: Cohort, review: Review, person: int) -> bool:
    """Whether a piece can be handed out that is not somebody's own."""
    opening, mine = turn.store.openings(cohort.id).get(review.id), owned(turn, cohort, review, person)
    return opening is not None and opening.pieces > rules.in_hand(mine, waiting(turn, cohort, review, mine))


def author_of(turn: Reviews, assignment: Assignment) -> str:
    """The author's name for the reviewer, or those of their pod; '' where they stay unnamed."""
    if assignment.anonymous:
        return ""
    people = authors(turn, turn.here, assignment) if assignment.pod else []
    return all_of([turn.people.person(person).name for person in people or [assignment.author]])


def reviewer_of(turn: Reviews, assignment: Assignment) -> str:
    """The reviewer's name for the author; '' where they stay unnamed."""
    return "" if assignment.anonymous else turn.people.person(assignment.reviewer).name
