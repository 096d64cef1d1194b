"""The FAQ in a browser: the site for its readers, and the review for the course team."""

from collections.abc import Mapping

from bot.core.contributions import ARCHIVE, Filed
from bot.core.errors import NotAllowed, NotFound
from bot.core.feature import Press, Reply
from bot.core.message import Document, Message
from bot.core.pages import File, way_in
from bot.core.people import ANYONE, STAFF, Cohort
from bot.core.translation import N_, _
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.faq import markdown, site, views
from bot.features.faq.book import bound, collect
from bot.features.faq.reviewing import card_of, reviewer
from bot.features.faq.rules import most_asked
from bot.features.faq.store import FaqStore, feature
from bot.features.faq.views import Sitting

AT_ONCE = 25
"""Cards on the page of the review; decided ones make room for the next."""

SITE = "faq/{course}/"
REVIEW = "review/{cohort}"


@feature.page(SITE, title=N_("Questions and answers"), roles=ANYONE)
def show_site(turn: Turn[FaqStore], asked: Mapping[str, str]) -> File:
    return _file(turn, asked["course"], "index.html")


@feature.page(SITE + "{file}", title=N_("Questions and answers"), roles=ANYONE)
def show_file(turn: Turn[FaqStore], asked: Mapping[str, str]) -> File:
    return _file(turn, asked["course"], asked["file"])


def _file(turn: Turn[FaqStore], course: str, name: str) -> File:
    """A file of the site. If the course is not public, only for people in one of its cohorts."""
    mine = _cohort(turn, course)
    book = collect(turn.store, course, turn.now, mine.id if mine else None)
    if not book.public and mine is None:
        raise NotAllowed(_("These answers are for the course's own people. `/cohort faq` or `/cohort find` has them."))
    text = site.files(book).get(name)
    if text is None:
        raise NotFound(_("There is no such page."))
    return File(site.KINDS["." + name.rpartition(".")[2]], text)


def _cohort(turn: Turn[FaqStore], course: str) -> Cohort | None:
    """The reader's own cohort of the course."""
    if turn.person is None:
        return None
    memberships = (*turn.people.memberships(turn.person.id), *turn.people.memberships(turn.person.id, ended=True))
    mine = (turn.people.cohort(m.cohort) for m in memberships)
    return next((c for c in mine if c is not None and course_of(c.course_text).id == course), None)


@feature.contributes(ARCHIVE)
def of_the_run(turn: Turn[FaqStore], cohort: Cohort) -> list[Filed]:
    """The FAQ of a run, as one Markdown page."""
    course = course_of(cohort.course_text)
    entries = most_asked([e for e in turn.store.standing(course.id, cohort.id) if e.cohort == cohort.id])
    title = _("Questions and answers: {title}", title=cohort.title)
    book = bound(turn.store, course.id, title, entries, turn.now, course.faq.verify_after)
    return [Filed(Document("faq.md", markdown.page(book)), _("what was asked and answered in this run"))]


@feature.page(
    REVIEW,
    title=N_("The FAQ: what waits for a yes or no"),
    roles=STAFF,
    way=N_("In the chat, write `/cohort faq` and press 'All on a page' for a new link."),
    tab=N_("FAQ"),
)
def show_review(turn: Turn[FaqStore], asked: Mapping[str, str]) -> Message:
    waiting = turn.store.waiting(reviewer(turn), AT_ONCE)
    cards = [card_of(turn, entry) for entry in waiting.entries]
    return views.review_page(waiting, cards, Sitting(turn.here.id))


@feature.action("page", roles=STAFF, lane="private")
def lead_to_review(turn: Turn[FaqStore], press: Press) -> Reply:
    """A link for this person only."""
    if not turn.links.address:
        raise NotFound(_("Pages are not served here. `/cohort faq` shows one entry after the other."))
    address = turn.links.invite(turn.me.id, REVIEW.format(cohort=turn.here.id))
    return way_in(address, _("Review on a page"))
