"""Work that may show its author's name is handed out anonymously only if its author says so."""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import timedelta

from bot.core.actions import read_number
from bot.core.contributions import WORK, Work
from bot.core.due import Due
from bot.core.errors import Spent
from bot.core.facts import DeskChanged, ItemsChanged
from bot.core.feature import Press, Reply
from bot.core.forms import Kept
from bot.core.names_in_text import stands_in
from bot.core.people import MEMBERS, Cohort, Role
from bot.core.timetable import WEEK
from bot.core.translation import _
from bot.core.voice import Card
from bot.course.loader import course_of
from bot.course.model import Review
from bot.features.reviews import cleaning_views, copying, counting, finding, rules, views
from bot.features.reviews.copying import Looked
from bot.features.reviews.finding import Reviews
from bot.features.reviews.store import Assignment, Consent, Copy, consent_anchor, feature, piece_name

JUST_NOW = timedelta(minutes=10)
"""How long after somebody handed in work a question about it is an answer to that."""


def ready(turn: Reviews, review: Review, work: Work, consent: Consent | None) -> tuple[bool, Kept | None]:
    """Whether a piece may be handed out without names, and the copy of its file that is. Where its file has to be
    looked into, or its author asked first, that is begun."""
    agreed, asked = rules.agreed(work, consent), consent is not None and consent.version == work.changed_at
    found = copying.found(turn, work)
    if work.file is not None and found is None:
        copying.ask_for(turn, work)
        return False, None
    if agreed or not (why := _shows(turn, work, found)):
        return True, copying.to_hand_out(turn, work, found)
    if not asked:
        ask(turn, review, work, why, answering=False)
    return False, None


def renewed(turn: Reviews, review: Review, taken: Assignment, work: Work) -> Assignment | None:
    """What somebody took, as its author has it now; None while its new version may not be handed out."""
    if taken.version == work.changed_at:
        return taken
    file = None
    if taken.anonymous:
        consent = rules.latest(turn.store.consents(turn.here.id)).get(rules.consent_of(work))
        free, file = ready(turn, review, work, consent)
        if not free:
            return None
    new = replace(taken, version=work.changed_at, file=file)
    turn.store.change(new)
    return new


def _shows(turn: Reviews, work: Work, found: Copy | None) -> str:
    return cleaning_views.shows(work, found, finding.names_of(turn, work))


def follow_work(turn: Reviews, review: Review, work: Work) -> None:
    """Has the file of new or changed work looked into, and asks its author if it may show their name."""
    if not review.anonymous or finding.is_over(turn, turn.here, review):
        return
    found = copying.found(turn, work)
    if work.file is not None and found is None:
        copying.ask_for(turn, work)
        return
    piece = rules.consent_of(work)
    consent = rules.latest(turn.store.consents(turn.here.id, None if work.pod else {work.person})).get(piece)
    if why := _shows(turn, work, found):
        if consent is None or consent.version != work.changed_at:
            ask(turn, review, work, why, answering=turn.now - work.changed_at < JUST_NOW)
    elif consent is not None:
        turn.store.drop_consent(turn.here.id, piece)
        turn.withdraw(consent_anchor(turn.here.id, piece))
        counting.count(turn, review, more=True)
        turn.happened(ItemsChanged(turn.here.id, work.person))


def follow_names(turn: Reviews, review: Review, work: Work, piece: Collection[Work]) -> None:
    """Somebody behind a piece has another name, which is looked for like the one before. `piece`: the work of all
    whose it is. An agreement was not about the new name: where that may stand in it, it is asked for anew."""
    if not review.anonymous or finding.is_over(turn, turn.here, review):
        return
    name = rules.consent_of(work)
    consent = rules.latest(turn.store.consents(turn.here.id)).get(name)
    looked_into = any((found := copying.found(turn, w)) is not None and not found.why for w in piece)
    if rules.agreed(work, consent) and (looked_into or stands_in([work.text], finding.names_of(turn, work))):
        turn.store.drop_consent(turn.here.id, name)
        turn.withdraw(consent_anchor(turn.here.id, name))
    for one in piece:
        copying.look_again(turn, one)
    follow_work(turn, review, next((w for w in piece if consent and w.person == consent.person), work))


def follow_looking(turn: Reviews, due: Due, looked: Looked) -> None:
    """A file was looked into."""
    work = copying.meant(turn, due)
    if work is None:
        return
    if looked.names != tuple(finding.names_of(turn, work)):
        copying.look_again(turn, work)
        return
    copying.keep(turn, work, looked.result)
    for review in course_of(turn.here.course_text).reviews:
        if rules.work_item(review) == work.item:
            follow_work(turn, review, work)


@feature.prepares("clean", keep=follow_looking)
def look_into(turn: Reviews, due: Due) -> Callable[[], Looked] | None:
    return copying.prepare(turn, due)


def ask(turn: Reviews, review: Review, work: Work, why: str, *, answering: bool) -> None:
    """`why` it may show their name. `answering`: the author has just handed it in, and is asked at once; else with
    their next card."""
    cohort = turn.here
    piece = rules.consent_of(work)
    turn.store.keep_consent(cohort.id, Consent(piece, work.person, work.changed_at))
    counting.count_without(turn, review)
    turn.happened(ItemsChanged(cohort.id, work.person))
    asked, anchor = views.may_show(cohort.id, review.title, work, why), consent_anchor(cohort.id, piece)
    if answering:
        turn.show_to(work.person, anchor, asked)
    else:
        turn.say(Card(work.person, cohort.id, anchor, asked, turn.now, turn.now + WEEK))


@feature.action("ask_consent", roles=MEMBERS, lane="private")
def look(turn: Reviews, press: Press) -> Reply:
    work, review = _mine(turn, press.subject)
    why = _shows(turn, work, copying.found(turn, work))
    return views.may_show(turn.here.id, review.title, work, why)


@feature.action("consent", roles=MEMBERS, lane="private")
def decide(turn: Reviews, press: Press) -> Reply:
    name, _dot, said = press.subject.rpartition(".")
    work, review = _mine(turn, name)
    agreed = said == "yes"
    piece = rules.consent_of(work)
    turn.store.keep_consent(turn.here.id, Consent(piece, turn.me.id, work.changed_at, agreed))
    counting.count(turn, review)
    turn.happened(ItemsChanged(turn.here.id, turn.me.id))
    turn.happened(DeskChanged(turn.here.id, piece_name(work.name)))
    anchor, receipt = consent_anchor(turn.here.id, piece), views.consented(turn.here.id, review.title, work, agreed)
    if turn.links.shown([anchor]):
        turn.show_to(turn.me.id, anchor, receipt)
    return None if turn.about == anchor else receipt


def asked(turn: Reviews, cohort: Cohort, people: Collection[int]) -> list[tuple[str, Work, rules.Waits]]:
    """The work of these people that waits until they agree that it is handed out, with the title of its review: as
    long as that takes reviews."""
    consents = rules.latest(c for c in turn.store.consents(cohort.id, people) if c.agreed is not True)
    found, anonymous = [], [r for r in course_of(cohort.course_text).reviews if r.anonymous]
    there = [r for r in anonymous if not finding.is_over(turn, cohort, r)] if consents else []
    for work in turn.collect(WORK, cohort, people) if there else ():
        consent = consents.get(rules.consent_of(work))
        if consent is not None and consent.person == work.person and (why := rules.waits(work, consent)):
            titles = [r.title for r in there if rules.work_item(r) == work.item]
            found += [(title, work, why) for title in titles[:1]]
    return found


def _mine(turn: Reviews, name: str) -> tuple[Work, Review]:
    """The acting learner's work in an anonymous review. Raises Spent."""
    if Role.LEARNER in turn.roles and read_number(name.rpartition("/")[2]):
        for work in turn.collect(WORK, turn.here, {turn.me.id}):
            for review in course_of(turn.here.course_text).reviews:
                if work.name == name and review.anonymous and rules.work_item(review) == work.item:
                    return work, review
    raise Spent(_("You took this work back, or it is not reviewed without names any more."))
