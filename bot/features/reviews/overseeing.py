"""The course team sees who reviewed whom, and takes back a review that hurts or is of no use."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.core import nameless
from bot.core.actions import read_number
from bot.core.errors import FormRefused, NotFound, Refused
from bot.core.facts import DeskChanged, ItemTakenBack
from bot.core.feature import Press, Reply, Submission
from bot.core.forms import Doubt, Stored
from bot.core.names_in_text import stands_in
from bot.core.people import STAFF
from bot.core.timetable import WEEK
from bot.core.translation import _
from bot.core.typed import trim
from bot.core.voice import Awaited, Line
from bot.course.loader import course_of
from bot.course.model import Review
from bot.features.reviews import author_views, desk_views, finding, heartening, reading, rules, telling, views
from bot.features.reviews.finding import Reviews
from bot.features.reviews.store import HURTFUL, UNWANTED, Assignment, feature, item_name

TOLD_FOR = 2 * WEEK


def names(turn: Reviews) -> Mapping[int, str]:
    return {p.id: p.name for p in turn.people.members(turn.here.id)}


def _states(turn: Reviews, review: Review, found: list[Assignment]) -> dict[int, str]:
    until = rules.taken_until(*finding.window(turn, turn.here, review), turn.here)
    return {a.id: desk_views.state(a, turn.now, min(a.taken_at + review.hold, until)) for a in found}


@feature.action("matrix", roles=STAFF, lane="private", after_end=True)
def matrix(turn: Reviews, press: Press) -> Reply:
    """A page of who reviews whom, which the code calls the matrix: hurtful and useless reviews first. The subject: the
    review, then '.' and the page from 1."""
    course = course_of(turn.here.course_text)
    id, _dot, page = press.subject.rpartition(".")
    if not id and len(course.reviews) != 1:
        return desk_views.which(turn.here.id, course.reviews)
    review = finding.known(turn, id or course.reviews[0].id)
    found = list(turn.store.of(turn.here.id, review.id))
    by_work: dict[str, list[Assignment]] = {}
    for one in found:
        by_work.setdefault(one.piece, []).append(one)
    works = rules.pieces(finding.works(turn, turn.here, review))
    waits = finding.waiting(turn, turn.here, review, works)
    pieces = [(w, sorted(by_work.get(rules.piece_of(w), ()), key=rules.look_first)) for w in works]
    pieces.sort(
        key=lambda p: (
            min((rules.look_first(a)[0] for a in p[1]), default=len(UNWANTED)),
            sum(a.counts for a in p[1]),
            p[0].first_at,
        )
    )
    return desk_views.matrix(
        turn.here.id, review, pieces, read_number(page) or 1, names(turn), _states(turn, review, found), waits
    )


@feature.action("piece", roles=STAFF, lane="private", after_end=True)
def piece(turn: Reviews, press: Press) -> Reply:
    """The reviews of a piece; the subject: the review, then '.' and its author."""
    id, _dot, author = press.subject.rpartition(".")
    number, review = read_number(author) or 0, finding.known(turn, id)
    found = [a for a in finding.about(turn, turn.here, number) if a.review == review.id]
    if not found:
        raise NotFound
    name = names(turn).get(number) or turn.people.person(number).name
    return desk_views.of_piece(
        review.title, name, sorted(found, key=rules.look_first), names(turn), _states(turn, review, found)
    )


def _found(turn: Reviews, subject: str) -> Assignment:
    found = turn.store.find(turn.here.id, read_number(subject) or 0)
    if found is None or found.sent_at is None:
        raise NotFound
    return found


@feature.action("open", roles=STAFF, lane="private", after_end=True)
def look(turn: Reviews, press: Press) -> Reply:
    found = _found(turn, press.subject)
    return desk_views.opened(found, names(turn), desk_views.state(found, turn.now, found.held_until))


@feature.action("take_out", roles=STAFF, lane="form", after_end=True)
def ask(turn: Reviews, press: Press) -> Reply:
    return desk_views.out_form(_there(turn, press.subject), names(turn))


def _there(turn: Reviews, subject: str) -> Assignment:
    """A review that was not taken back. Raises Refused."""
    found = _found(turn, subject)
    if found.out_at is not None:
        raise Refused(reply=desk_views.out_already(found))
    return found


def stored(turn: Reviews, filled: Submission) -> list[Stored | Doubt]:
    """The review as it was read, and what in the reason may tell its reviewer whose work it is."""
    found = _found(turn, filled.subject)
    said = _("the reviewer changed it")
    read = Stored({f"said{n}": text for n, (_question, text) in enumerate(found.answers)}, said)
    work, why = finding.work(turn, turn.here, found), filled.values.get("why", "")
    authors = finding.names_of(turn, work) if work is not None else nameless.names_of(turn, found.author)
    if not found.anonymous or not stands_in([why], authors):
        return [read]
    return [read, Doubt("why", why, _("The reviewer reads this, and it names somebody whose work it is."))]


@feature.form("take_out", roles=STAFF, replaces=stored, after_end=True)
def take_out(turn: Reviews, filled: Submission) -> Reply:
    found, why = _there(turn, filled.subject), trim(filled.values.get("why", ""))
    if not why:
        raise FormRefused({"why": _("Please say why; the reviewer reads it.")})
    gone = replace(found, out_at=turn.now, out_by=turn.me.id, why=why, enough=False)
    has_come = telling.has_come(turn, found)
    turn.store.change(gone)
    turn.forget(*(text for _question, text in gone.answers if text))
    telling.show_again(turn, gone)
    if not has_come:
        # Its author never hears of it.
        turn.store.change(replace(gone, told=""))
    elif gone.useful == HURTFUL:
        _close(turn, gone)
    reading.follow(turn, gone)
    heartening.follow_taking_out(turn, gone)
    key = f"{gone.desk_name}/out"
    line, below = views.taken_out(gone, _asked_until(turn, gone))
    turn.say(Awaited(gone.reviewer, gone.cohort, key, line, turn.now + TOLD_FOR, below))
    turn.log(f"took back review {gone.id} of person {gone.reviewer}")
    turn.happened(DeskChanged(gone.cohort, gone.desk_name, done=True))
    turn.happened(ItemTakenBack(gone.cohort, item_name(gone.review), gone.reviewer))
    return desk_views.out(gone, names(turn))


def _close(turn: Reviews, gone: Assignment) -> None:
    """Whoever was hurt by a review hears that it was taken back."""
    number = rules.numbers(finding.of_piece(turn, gone))[gone.id]
    line, key = author_views.closed(gone.title, number), f"{gone.desk_name}/closed"
    turn.say(Line(gone.said_by or gone.author, gone.cohort, key, line, turn.now + TOLD_FOR))


def _asked_until(turn: Reviews, gone: Assignment) -> datetime | None:
    """Until when one more is taken, if it is asked of whoever lost a review."""
    review, reviewer = course_of(turn.here.course_text).review(gone.review), turn.people.person(gone.reviewer)
    if review is None or not finding.share(turn, review, reviewer).owed:
        return None
    until = rules.taken_until(*finding.window(turn, turn.here, review, reviewer), turn.here)
    return until if turn.now < until else None
