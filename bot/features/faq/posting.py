"""The FAQ as a post in the cohort's channel: posted by the course team, pinned, and updated from then on."""

from dataclasses import replace

from bot.core.errors import Refused
from bot.core.feature import Press, Reply
from bot.core.people import STAFF, Cohort
from bot.core.translation import _
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.faq import views
from bot.features.faq.book import Book, collect
from bot.features.faq.store import FaqStore, feature


def _anchor(cohort: Cohort) -> str:
    return f"faq/{cohort.id}/post"


def _book(turn: Turn[FaqStore], cohort: Cohort) -> Book:
    return collect(turn.store, course_of(cohort.course_text).id, turn.now, cohort.id)


def _address(turn: Turn[FaqStore], book: Book) -> str:
    """Its public address; empty if it is not public."""
    return f"{turn.links.address}/faq/{book.course}/" if turn.links.address and book.public else ""


@feature.action("publish", roles=STAFF, lane="private")
def show_where(turn: Turn[FaqStore], press: Press) -> Reply:
    """Where people read the FAQ, and what else is possible."""
    book = _book(turn, turn.here)
    posted = turn.here.id in turn.store.posted(book.course)
    return views.where_published(book, _address(turn, book), posted, turn.here.id)


@feature.action("post", roles=STAFF, lane="private")
def post(turn: Turn[FaqStore], press: Press) -> Reply:
    if turn.here.place("questions") is None:
        raise Refused(_("This cohort has no channel for it yet. `/cohort setup` names one."))
    book = _book(turn, turn.here)
    turn.store.set_posted(turn.here.id, book.course, True)
    _show(turn, turn.here)
    turn.pin(_anchor(turn.here))
    turn.log("posted the FAQ")
    return views.where_published(book, _address(turn, book), True, turn.here.id)


@feature.action("unpost", roles=STAFF, lane="private")
def unpost(turn: Turn[FaqStore], press: Press) -> Reply:
    book = _book(turn, turn.here)
    turn.store.set_posted(turn.here.id, book.course, False)
    turn.withdraw(_anchor(turn.here))
    turn.log("took the FAQ's post away")
    return views.where_published(book, _address(turn, book), False, turn.here.id)


def refresh(turn: Turn[FaqStore]) -> None:
    """After a change to an approved entry, updates the posts of all runs of the course."""
    posted = turn.store.posted(course_of(turn.here.course_text).id)
    for cohort in turn.people.cohorts() if posted else ():
        if cohort.id in posted:
            _show(turn, cohort)


def _show(turn: Turn[FaqStore], cohort: Cohort) -> None:
    place, book = cohort.place("questions"), _book(turn, cohort)
    if place is not None:
        target = turn.links.root(cohort, place, _anchor(cohort), turn.now)
        replace(turn, cohort=cohort).show(_anchor(cohort), target, views.post(book, _address(turn, book)))
