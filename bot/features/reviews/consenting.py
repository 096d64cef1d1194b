"""Work that may show whose it is is handed out without names only if they say so: its author, or who handed it in for
their pod, and each of the pod whose whole name stands in it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import timedelta

from bot.core.actions import read_number
from bot.core.contributions import WORK, Work
from bot.core.due import Due
from bot.core.errors import Spent
from bot.core.facts import DeskChanged, ItemsChanged
from bot.core.feature import Press, Reply
from bot.core.forms import Kept
from bot.core.names_in_text import stands_in, whole_among, whole_in
from bot.core.people import MEMBERS, Cohort, Role
from bot.core.timetable import WEEK
from bot.core.translation import _
from bot.core.voice import Card
from bot.course.loader import course_of
from bot.course.model import Review
from bot.features.reviews import cleaning_views, consent_views, copying, counting, finding, rules
from bot.features.reviews.copying import Looked
from bot.features.reviews.finding import Reviews
from bot.features.reviews.store import Assignment, Consent, Copy, consent_anchor, feature, piece_name

JUST_NOW = timedelta(minutes=10)
"""How long after somebody handed in work a question about it is an answer to that."""


def ready(turn: Reviews, review: Review, work: Work) -> tuple[bool, Kept | None]:
    """Whether a piece may be handed out without names, and the copy of its file that is. Where its file has to be
    looked into, or somebody asked first, that is begun."""
    behind = finding.behind(turn, work)
    work = next(iter(behind.values()))
    found = copying.found(turn, work)
    if work.file is not None and found is None:
        copying.ask_for(turn, work)
        return False, None
    said = rules.said(work, _consents(turn, work))
    shows = _shows(turn, behind, found, said, set())
    # Whose names stand in its words besides was looked up when it came: whoever was asked then has to agree, too.
    if all(said.get(person) for person in {*shows, *said}):
        return True, copying.to_hand_out(turn, work, found)
    _ask(turn, review, behind, shows, said, answering=False)
    return False, None


def is_looked_into(turn: Reviews, work: Work) -> bool:
    """Whether the file of a piece is known. It is looked into for whoever stands for all of a pod."""
    return copying.found(turn, next(iter(finding.behind(turn, work).values()))) is not None


def _consents(turn: Reviews, work: Work) -> list[Consent]:
    found = turn.store.consents(turn.here.id, None if work.pod else {work.person})
    return [c for c in found if c.work == rules.consent_of(work)]


def renewed(turn: Reviews, review: Review, assignment: Assignment, work: Work) -> Assignment | None:
    """What somebody took, as its author has it now; None while its new version may not be handed out."""
    if assignment.version == work.changed_at:
        return assignment
    file = None
    if assignment.anonymous:
        free, file = ready(turn, review, work)
        if not free:
            return None
    new = replace(assignment, version=work.changed_at, file=file)
    turn.store.change(new)
    return new


def _in_words(turn: Reviews, work: Work) -> set[int]:
    """The learners outside its pod whose whole names stand in the words of a piece."""
    return finding.outsiders(turn, work, whole_among([work.text, work.link], finding.elsewhere(turn, work)))


def _shows(
    turn: Reviews, behind: Mapping[int, Work], found: Copy | None, said: Collection[int], others: Collection[int]
) -> Mapping[int, str]:
    """Who has to agree before a piece is handed out, each with why it may show their name. `said`: who was asked.
    `others` are named in its words and not of its pod, as some that were found in its file may be: they do not have the
    piece, so who stands for it is asked about them."""
    first, work = next(iter(behind.items()))
    by = work.by
    if by is not None and by in said:
        # They were asked for all while it was theirs.
        first = by
    elif by != first and said:
        first = min(said)
    names = finding.named(turn, work)
    outside = {*others, *(found.named if found is not None else ())} - {person for person, _name in names}
    called = [turn.people.person(person).name for person in sorted(outside)]
    why = {first: cleaning_views.shows(work, found, [name for _person, name in names], called)}
    in_words = set(whole_in([work.text, work.link], [name for _person, name in names])) if work.pod else set[str]()
    # Whoever took it off their own list is named in it all the same.
    here = finding.learners(turn, turn.here, {person for person, _name in names} if work.pod else ())
    for person, name in names:
        there = name in in_words or (found is not None and person in found.named)
        if person in here and person != first and there:
            why[person] = cleaning_views.named()
    return {person: shown for person, shown in why.items() if shown}


def follow_work(turn: Reviews, review: Review, work: Work) -> None:
    """Has the file of new or changed work looked into, and asks those whose names it may show."""
    if not review.anonymous or finding.is_over(turn, turn.here, review):
        return
    behind = finding.behind(turn, work)
    work = next(iter(behind.values()))
    found = copying.found(turn, work)
    if work.file is not None and found is None:
        copying.ask_for(turn, work)
        return
    consents = _consents(turn, work)
    said = rules.said(work, consents)
    shows = _shows(turn, behind, found, said, _in_words(turn, work))
    # What was said of this version holds, also by those whose names are others now or who are not in the pod any more.
    without = [c.person for c in consents if c.person not in shows and c.person not in said]
    for person in without:
        withdraw_question(turn, rules.consent_of(work), person)
    if without and not shows:
        counting.count(turn, review, more=True)
    _ask(turn, review, behind, shows, said, answering=turn.now - work.changed_at < JUST_NOW)


def begin_anew(turn: Reviews, person: int, item: str) -> None:
    """Nobody can have said anything of work that came now: it was about another version, of the same instant."""
    for work in turn.collect(WORK, turn.here, {person}):
        if work.item == item and work.changed_at == turn.now and work.by in (None, person):
            for consent in _consents(turn, work):
                if consent.version == work.changed_at:
                    before = consent.version - timedelta(microseconds=1)
                    turn.store.keep_consent(turn.here.id, replace(consent, version=before))


def withdraw_question(turn: Reviews, piece: str, person: int) -> None:
    """Takes back the question whether a piece may be handed out, and what was answered."""
    turn.store.drop_consent(turn.here.id, piece, person)
    turn.withdraw(consent_anchor(turn.here.id, piece, person))
    turn.happened(ItemsChanged(turn.here.id, person))


def follow_names(turn: Reviews, review: Review, work: Work, piece: Collection[Work], name: str) -> None:
    """Somebody behind a piece has another `name`, which is looked for like the ones before. `piece`: the work of all
    whose it is. An agreement was not about the new name: where that may stand in it, it is asked for anew."""
    if not review.anonymous or finding.is_over(turn, turn.here, review):
        return
    said = rules.said(work, _consents(turn, work))
    looked_into = any((found := copying.found(turn, w)) is not None and not found.why for w in piece)
    if looked_into or stands_in([work.text], [name]):
        for person, agreed in said.items():
            if agreed:
                withdraw_question(turn, rules.consent_of(work), person)
    for one in piece:
        copying.look_again(turn, one)
    follow_work(turn, review, work)


def follow_erasure(turn: Reviews, gone: int) -> None:
    """Where somebody who is erased did not agree, whoever else has the piece is asked: it still says their name."""
    mine = [c for c in turn.store.consents(turn.here.id, {gone}) if c.agreed is not True]
    pieces = finding.by_consent(turn, turn.here, mine)
    for consent in mine:
        left = [w for w in pieces.get(consent.work, ()) if w.person != gone]
        said = rules.said(left[0], _consents(turn, left[0])) if left else {}
        if left and left[0].changed_at == consent.version and False not in (said.get(w.person) for w in left):
            turn.store.keep_consent(turn.here.id, replace(consent, person=left[0].person, agreed=None))
            turn.happened(ItemsChanged(turn.here.id, left[0].person))


def follow_joining(turn: Reviews, pod: str) -> None:
    """The names of those who join a pod are looked for in what it handed in before."""
    course = course_of(turn.here.course_text)
    items = {rules.work_item(r) for r in course.reviews if r.anonymous and not finding.is_over(turn, turn.here, r)}
    for work in turn.collect(WORK, turn.here, None):
        if work.pod == pod and work.item in items and copying.found(turn, work) is not None:
            copying.look_again(turn, work)


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


def _ask(
    turn: Reviews,
    review: Review,
    behind: Mapping[int, Work],
    shows: Mapping[int, str],
    said: Collection[int],
    *,
    answering: bool,
) -> None:
    """Asks those who were not asked yet. `answering`: somebody has just handed it in, and is asked at once; others are
    with their next card."""
    cohort, asked = turn.here, [person for person in shows if person not in said]
    for person in asked:
        work = _as_seen_by(person, behind.values())
        piece = rules.consent_of(work)
        turn.store.keep_consent(cohort.id, Consent(piece, person, work.changed_at))
        turn.happened(ItemsChanged(cohort.id, person))
        question = consent_views.may_show(cohort.id, review.title, work, shows[person])
        anchor = consent_anchor(cohort.id, piece, person)
        if answering and work.by == person:
            turn.show_to(person, anchor, question)
        else:
            turn.say(Card(person, cohort.id, anchor, question, turn.now, turn.now + WEEK))
    if asked and not said:
        counting.count_without(turn, review)


def _as_seen_by(person: int, piece: Collection[Work]) -> Work:
    """A piece as somebody has it; as somebody of the pod saw it who took it off their list."""
    return next((w for w in piece if w.person == person), replace(next(iter(piece)), person=person))


@feature.action("ask_consent", roles=MEMBERS, lane="private")
def look(turn: Reviews, press: Press) -> Reply:
    work, review = _mine(turn, press.subject)
    return consent_views.may_show(turn.here.id, review.title, work, _why(turn, work))


def _why(turn: Reviews, work: Work) -> str:
    """Why a piece may show the name of the acting learner; '' if they are not asked about it as it is now."""
    behind, said = finding.behind(turn, work), rules.said(work, _consents(turn, work))
    found = copying.found(turn, next(iter(behind.values())))
    return _shows(turn, behind, found, said, _in_words(turn, work)).get(turn.me.id, "")


@feature.action("consent", roles=MEMBERS, lane="private")
def decide(turn: Reviews, press: Press) -> Reply:
    name, *version, said = press.subject.split(".")
    work, review = _mine(turn, name)
    if version != [rules.stamp_of(work)]:
        return consent_views.changed_since(turn.here.id, review.title, work, _why(turn, work))
    agreed = said == "yes"
    piece = rules.consent_of(work)
    turn.store.keep_consent(turn.here.id, Consent(piece, turn.me.id, work.changed_at, agreed))
    counting.count(turn, review)
    for person, one in {turn.me.id: work, **finding.behind(turn, work)}.items():
        turn.happened(ItemsChanged(turn.here.id, person))
        turn.happened(DeskChanged(turn.here.id, piece_name(one.name)))
    anchor = consent_anchor(turn.here.id, piece, turn.me.id)
    receipt = consent_views.consented(turn.here.id, review.title, work, agreed)
    if turn.links.shown([anchor]):
        turn.show_to(turn.me.id, anchor, receipt)
    return None if turn.about == anchor else receipt


def asked(turn: Reviews, cohort: Cohort, people: Collection[int]) -> list[tuple[str, Work, rules.Waits]]:
    """The work of these people that waits until they agree that it is handed out, with the title of its review: as
    long as that takes reviews."""
    consents = [c for c in turn.store.consents(cohort.id, people) if c.agreed is not True]
    found, anonymous = [], [r for r in course_of(cohort.course_text).reviews if r.anonymous]
    titles = {rules.work_item(r): r.title for r in reversed(anonymous) if not finding.is_over(turn, cohort, r)}
    pieces = finding.by_consent(turn, cohort, consents) if titles else {}
    for consent in consents:
        work = _as_seen_by(consent.person, piece) if (piece := pieces.get(consent.work)) else None
        if work is not None and work.item in titles and (why := rules.waits(work, [consent])):
            found.append((titles[work.item], work, why))
    return found


def kept_by_others(turn: Reviews, cohort: Cohort, person: int) -> list[str]:
    """The titles of reviews in which work that somebody handed in for their pod is kept from reviewers since another
    one said no."""
    found = []
    handed_in = [w for w in turn.collect(WORK, cohort, {person}) if w.pod and w.by == person]
    consents = rules.by_piece(turn.store.consents(cohort.id)) if handed_in else {}
    for work in handed_in:
        said = rules.said(work, consents.get(rules.consent_of(work), ()))
        if False in (answer for who, answer in said.items() if who != person):
            found += [r.title for r in course_of(cohort.course_text).reviews if rules.work_item(r) == work.item][:1]
    return found


def _mine(turn: Reviews, name: str) -> tuple[Work, Review]:
    """The acting learner's work in an anonymous review. Raises Spent."""
    if Role.LEARNER in turn.roles and read_number(name.rpartition("/")[2]):
        me, reviews = turn.me.id, course_of(turn.here.course_text).reviews
        asked = finding.by_consent(turn, turn.here, turn.store.consents(turn.here.id, {me}))
        own = [w for w in turn.collect(WORK, turn.here, {me}) if w.name == name]
        others = [_as_seen_by(me, piece) for piece in asked.values() if any(w.name == name for w in piece)]
        for work in (*own, *others):
            for review in reviews:
                if review.anonymous and rules.work_item(review) == work.item:
                    return work, review
    raise Spent(_("You took this work back, or it is not reviewed without names any more."))
