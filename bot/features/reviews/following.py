"""What follows from work, from people who come and go, and from dates that move."""

from dataclasses import replace

from bot.core.contributions import PODS, WORK
from bot.core.facts import (
    CameUp,
    CohortPlanned,
    ItemMoved,
    ItemTakenBack,
    Left,
    MoreTimeGiven,
    NameChanged,
    PersonErased,
    PodJoined,
    WordsWithdrawn,
    WorkHandedIn,
)
from bot.core.timetable import WEEK
from bot.core.voice import Awaited
from bot.course.loader import course_of
from bot.course.model import Review
from bot.features.reviews import (
    consenting,
    copying,
    counting,
    finding,
    heartening,
    listing,
    reading,
    receiving,
    rules,
    telling,
    views,
)
from bot.features.reviews.finding import Reviews
from bot.features.reviews.store import Assignment, feature, item_name, without_words


def _of_milestone(turn: Reviews, milestone: str) -> list[Review]:
    return [r for r in course_of(turn.here.course_text).reviews if r.milestone == milestone]


@feature.on(WorkHandedIn)
def follow_work(turn: Reviews, fact: WorkHandedIn) -> None:
    consenting.begin_anew(turn, fact.person, f"milestone/{fact.milestone}")
    for review in _of_milestone(turn, fact.milestone):
        listing.list_pieces(turn, review, {fact.person})
        for work in finding.works(turn, turn.here, review, {fact.person}):
            if work.by in (None, fact.person) or work.changed_at < turn.now:
                # What is handed in for a pod now is looked into once, with who handed it in.
                consenting.follow_work(turn, review, work)
            counting.invite(turn, review, work.person)
        if fact.first:
            counting.count(turn, review, more=True)


@feature.on(NameChanged)
def follow_name(turn: Reviews, fact: NameChanged) -> None:
    for cohort in dict.fromkeys(m.cohort for m in turn.people.memberships(fact.person)):
        if (home := turn.people.cohort(cohort)) is not None:
            here = replace(turn, cohort=home)
            for review in course_of(home.course_text).reviews:
                for work in finding.works(here, home, review, {fact.person}):
                    pods = finding.works(here, home, review) if work.pod else [work]
                    piece = [w for w in pods if rules.piece_of(w) == rules.piece_of(work)]
                    consenting.follow_names(here, review, work, piece, turn.people.person(fact.person).name)


@feature.on(ItemTakenBack)
def follow_taking_back(turn: Reviews, fact: ItemTakenBack) -> None:
    """A piece that was taken back is in nobody's hands, and no copy of its file stays."""
    kind, _slash, id = fact.name.partition("/")
    for review in _of_milestone(turn, id) if kind == "milestone" else ():
        listing.list_pieces(turn, review, {fact.person})
        counting.count_without(turn, review)
        heartening.stop(turn, review.id, {fact.person})
        there = {rules.piece_of(w) for w in finding.works(turn, turn.here, review, {fact.person})}
        for one in turn.store.about(fact.cohort, {fact.person}):
            if one.review != review.id or one.piece in there:
                continue
            if one.file is not None:
                turn.discard(one.file.file)
                one = replace(one, file=None)
                turn.store.change(one)
            _without(turn, one, fact.person)
    mine = turn.store.consents(fact.cohort, {fact.person})
    gone = {c.work for c in mine} - finding.by_consent(turn, turn.here, mine).keys()
    for consent in turn.store.consents(fact.cohort) if gone else ():
        if consent.work in gone:
            consenting.withdraw_question(turn, consent.work, consent.person)
    names = {work.name for work in turn.collect(WORK, turn.here, {fact.person})}
    for copy in turn.store.copies(fact.cohort, {fact.person}):
        if copy.work not in names:
            copying.drop(turn, copy.work)


def _without(turn: Reviews, assignment: Assignment, gone: int) -> None:
    """A piece without somebody whose work it was: the others of their pod have it on, and else nobody has to finish its
    review."""
    left = [w for w in finding.everybodys(turn, turn.here, assignment) if w.person != gone]
    if left:
        turn.store.change(replace(assignment, author=left[0].person, work=left[0].name))
    elif assignment.is_under_way(turn.now):
        _let_go(turn, assignment)


def _let_go(turn: Reviews, assignment: Assignment) -> None:
    turn.store.change(replace(assignment, held_until=turn.now))
    review = course_of(turn.here.course_text).review(assignment.review)
    more = review is not None and listing.next_work(turn, review, assignment.reviewer) is not None
    line, below = views.let_go(assignment, more)
    turn.say(
        Awaited(assignment.reviewer, assignment.cohort, f"{assignment.desk_name}/gone", line, turn.now + WEEK, below)
    )


@feature.on(CohortPlanned)
def follow_course(turn: Reviews, fact: CohortPlanned) -> None:
    """A review may be new, or of another milestone now. Nobody has to finish what is for one that is not in the course
    any more."""
    reviews = course_of(turn.here.course_text).reviews
    for review in reviews:
        listing.list_pieces(turn, review)
    there = {review.id for review in reviews}
    for one in turn.store.of(fact.cohort):
        if one.review not in there and one.is_under_way(turn.now):
            _let_go(turn, one)


@feature.on(PodJoined)
def follow_joining(turn: Reviews, fact: PodJoined) -> None:
    """Nobody reviews what those made who are in their pod now: not those who join, and not those whom they join."""
    people = next((pod.people for pod in turn.collect(PODS, turn.here) if pod.key == fact.pod), fact.people)
    course = course_of(turn.here.course_text)
    for one in turn.store.by(fact.cohort, people):
        review = course.review(one.review) if one.pod and one.is_under_way(turn.now) else None
        if review is not None and finding.is_own(turn, review, one):
            _let_go(turn, one)
    consenting.follow_joining(turn, fact.pod)


@feature.on(Left)
def follow_leaving(turn: Reviews, fact: Left) -> None:
    """What a leaver had taken is free at once, and nobody has to finish the review of their work."""
    for one in turn.store.by(fact.cohort, {fact.person}):
        if one.is_under_way(turn.now):
            turn.store.change(replace(one, held_until=turn.now))
    for one in turn.store.about(fact.cohort, {fact.person}):
        _without(turn, one, fact.person)
    for review in course_of(turn.here.course_text).reviews:
        if turn.store.openings(turn.here.id).get(review.id) is not None:
            counting.count_without(turn, review)


@feature.on(PersonErased)
def erase(turn: Reviews, fact: PersonErased) -> None:
    """Deletes what they said about others' work and what they answered, before anything is shown without it; in all
    cohorts, because they may have left one."""
    for cohort in (*turn.people.cohorts(), *turn.people.cohorts(ended=True)):
        here = replace(turn, cohort=cohort)
        consenting.follow_erasure(here, fact.person)
        for one in turn.store.by(cohort.id, {fact.person}):
            turn.forget(*(text for _question, text in one.answers if text))
            turn.store.remove(one.id)
            telling.show_again(here, one)
            reading.follow(here, one)
            turn.happened(WordsWithdrawn(cohort.id))
        mine = [a for a in turn.store.about(cohort.id, {fact.person}) if a.said_by in (None, fact.person)]
        for one in [*mine, *(a for a in turn.store.said_by(cohort.id, fact.person) if a.author != fact.person)]:
            if one.reply:
                turn.forget(one.reply)
                receiving.withdraw_reply(here, one)
            turn.store.change(without_words(one, "author"))
            reading.follow(here, one)
            turn.happened(WordsWithdrawn(cohort.id))


@feature.on(ItemMoved)
def follow_move(turn: Reviews, fact: ItemMoved) -> None:
    """A review moves along with its milestone."""
    kind, _slash, id = fact.name.partition("/")
    if kind == "milestone" and fact.person is None:
        for review in _of_milestone(turn, id):
            turn.happened(ItemMoved(fact.cohort, item_name(review.id)))


@feature.on(MoreTimeGiven)
def forgive(turn: Reviews, fact: MoreTimeGiven) -> None:
    """What came after a date is late no more if it came before the one that its reviewer has now."""
    course, people = course_of(turn.here.course_text), None if fact.person is None else {fact.person}
    found = turn.store.of(fact.cohort) if people is None else turn.store.by(fact.cohort, people)
    for one in found:
        review = course.review(one.review) if one.late else None
        if review is not None and one.sent_at is not None:
            _opens, due = finding.window(turn, turn.here, review, turn.people.person(one.reviewer))
            if one.sent_at <= due:
                turn.store.change(replace(one, late=False))


@feature.on(CameUp)
def follow_downtime(turn: Reviews, fact: CameUp) -> None:
    """What was under way in a downtime is kept for a day after it."""
    for one in turn.store.of(turn.here.id):
        if one.sent_at is None and one.out_at is None:
            until = turn.uptime.open_until(one.taken_at, one.held_until)
            if until != one.held_until:
                turn.store.change(replace(one, held_until=until))
