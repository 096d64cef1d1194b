"""Work that may show its author's name is handed out anonymously only if its author says so."""

from bot.core.actions import read_number
from bot.core.contributions import WORK, Work
from bot.core.errors import Spent
from bot.core.feature import Press, Reply
from bot.core.forms import Kept
from bot.core.people import MEMBERS, Role
from bot.core.timetable import WEEK
from bot.core.translation import _
from bot.core.voice import Card
from bot.course.loader import course_of
from bot.course.model import Review
from bot.features.reviews import cleaning_views, copying, rules, views
from bot.features.reviews.finding import Reviews
from bot.features.reviews.store import Consent, consent_anchor, feature


def ready(turn: Reviews, review: Review, work: Work, consent: Consent | None) -> tuple[bool, Kept | None]:
    """Whether a piece may be handed out without names, and the copy of its file that is. Where its author has to be
    asked first, they are."""
    agreed, asked = rules.agreed(work, consent), consent is not None and consent.version == work.changed_at
    if (agreed or not asked) and (before := copying.earlier(turn, work)) is not None:
        return True, before
    found = copying.looked_into(turn, work)
    if agreed or not (why := cleaning_views.shows(work, found)):
        return True, copying.kept(turn, work, found)
    if not asked:
        ask(turn, review, work, why, answering=False)
    return False, None


def follow_work(turn: Reviews, review: Review, work: Work) -> None:
    """Asks the author of new or changed work."""
    if not review.anonymous:
        return
    consent = next((c for c in turn.store.consents(turn.here.id, {work.person}) if c.work == work.name), None)
    if why := cleaning_views.shows(work, copying.looked_into(turn, work)):
        if consent is None or consent.version != work.changed_at:
            ask(turn, review, work, why, answering=True)
    elif consent is not None:
        turn.store.drop_consent(turn.here.id, work.name)
        turn.withdraw(consent_anchor(turn.here.id, work.name))


def ask(turn: Reviews, review: Review, work: Work, why: str, *, answering: bool) -> None:
    """`why` it may show their name. `answering`: the author has just handed it in, and is asked at once; else with
    their next card."""
    cohort = turn.here
    turn.store.keep_consent(cohort.id, Consent(work.name, work.person, work.changed_at))
    asked, anchor = views.may_show(cohort.id, review.title, work, why), consent_anchor(cohort.id, work.name)
    if answering:
        turn.show_to(work.person, anchor, asked)
    else:
        turn.say(Card(work.person, cohort.id, anchor, asked, turn.now, turn.now + WEEK))


@feature.action("ask_consent", roles=MEMBERS, lane="private")
def look(turn: Reviews, press: Press) -> Reply:
    work, review = _mine(turn, press.subject)
    why = cleaning_views.shows(work, copying.looked_into(turn, work))
    return views.may_show(turn.here.id, review.title, work, why)


@feature.action("consent", roles=MEMBERS, lane="private")
def decide(turn: Reviews, press: Press) -> Reply:
    name, _dot, said = press.subject.rpartition(".")
    work, review = _mine(turn, name)
    agreed = said == "yes"
    turn.store.keep_consent(turn.here.id, Consent(work.name, turn.me.id, work.changed_at, agreed))
    anchor, receipt = consent_anchor(turn.here.id, work.name), views.consented(turn.here.id, review.title, work, agreed)
    if turn.links.shown([anchor]):
        turn.show_to(turn.me.id, anchor, receipt)
    return None if turn.about == anchor else receipt


def _mine(turn: Reviews, name: str) -> tuple[Work, Review]:
    """The acting learner's work in an anonymous review. Raises Spent."""
    if Role.LEARNER in turn.roles and read_number(name.rpartition("/")[2]):
        for work in turn.collect(WORK, turn.here, {turn.me.id}):
            for review in course_of(turn.here.course_text).reviews:
                if work.name == name and review.anonymous and rules.work_item(review) == work.item:
                    return work, review
    raise Spent(_("You took this work back, or it is not reviewed without names any more."))
