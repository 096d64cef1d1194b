"""Learners read feedback, reply once, and look at their work with what was said about it."""

from collections.abc import Sequence
from dataclasses import replace

from bot.core.contributions import AGENDA, AGENDA_AFTER_END, FEEDBACK, Upcoming
from bot.core.contributions import Feedback as Received
from bot.core.errors import FormRefused, Refused
from bot.core.facts import DeskChanged
from bot.core.feature import Press, Reply, Submission
from bot.core.people import MEMBERS, Cohort, Person, Role
from bot.core.timetable import WEEK
from bot.core.translation import _
from bot.core.typed import trim
from bot.core.voice import Awaited, Hush
from bot.features.feedback import desk_views, views
from bot.features.feedback.finding import Feedbacks, pieces, received
from bot.features.feedback.store import Feedback, feature

USEFUL = 2 * WEEK
"""How long whoever gave feedback is still told of a reply."""


@feature.action("read", roles=MEMBERS, lane="private", after_end=True)
def read(turn: Feedbacks, press: Press) -> Reply:
    """One's own work with the feedback on it."""
    found = _opened(turn, received(turn, press.subject))
    piece = next((p for p in pieces(turn, turn.here, {turn.me.id}) if p.work.name == found.work), None)
    return views.beside(piece, found, turn.people.person(found.by).name)


def _opened(turn: Feedbacks, found: Feedback) -> Feedback:
    """Feedback that its reader opened on their own page does not come as a message, too."""
    if not turn.links.shown([found.anchor]):
        turn.say(Hush(found.anchor))
    if found.read_at is None:
        found = replace(found, read_at=turn.now)
        turn.store.change(found)
    return found


# Replying once


@feature.action("reply", roles=MEMBERS, lane="form", after_end=True)
def open_reply(turn: Feedbacks, press: Press) -> Reply:
    found = _open(turn, press.subject)
    return views.reply_form(found, turn.people.person(found.by).name)


@feature.form("reply", roles=MEMBERS, replaces=None, after_end=True)
def take_reply(turn: Feedbacks, filled: Submission) -> Reply:
    text = trim(filled.values.get("text", ""))
    if not text:
        raise FormRefused({"text": _("Please write your reply.")})
    found = replace(_opened(turn, _open(turn, filled.subject)), reply=text, reply_at=turn.now)
    turn.store.change(found)
    turn.happened(DeskChanged(turn.here.id, found.anchor))
    by = turn.people.person(found.by)
    if not turn.teaches(by.id, turn.here.id):
        said, below = desk_views.wrote_back(found, turn.me.name)
        turn.say(Awaited(by.id, turn.here.id, f"{found.anchor}/reply", said, turn.now + USEFUL, below))
    receipt = views.replied(found, by.name)
    if turn.links.shown([found.anchor]):
        turn.show_to(turn.me.id, found.anchor, receipt)
    return None if turn.about == found.anchor else receipt


def _open(turn: Feedbacks, subject: str) -> Feedback:
    """Feedback that the acting learner can still reply to. Raises Refused."""
    found = received(turn, subject)
    if found.reply_at is not None:
        raise Refused(views.replied_already())
    return found


# One's own page


@feature.contributes(AGENDA)
def on_my_page(turn: Feedbacks, person: Person, cohort: Cohort) -> Sequence[Upcoming]:
    if Role.LEARNER not in turn.roles:
        return ()
    found = pieces(turn, cohort, {person.id})
    fresh = [f for f in turn.store.of(cohort.id, {person.id}) if f.read_at is None]
    heard = {received.item for received in turn.collect(FEEDBACK, cohort, person)} if found else set()
    return views.on_my_page(cohort.id, found, heard, [(f, turn.people.person(f.by).name) for f in fresh])


@feature.contributes(AGENDA_AFTER_END)
def still_there(turn: Feedbacks, person: Person, cohort: Cohort) -> Sequence[Upcoming]:
    """The work that one handed in is something to look at; how far one came is the certificate."""
    return [replace(entry, last=False) for entry in on_my_page(turn, person, cohort)]


@feature.contributes(FEEDBACK)
def received_by(turn: Feedbacks, cohort: Cohort, person: Person) -> Sequence[Received]:
    found = pieces(turn, cohort, {person.id})
    return [views.in_progress(p.work.item, f, turn.people.person(f.by).name) for p in found for f in p.given[-1:]]


@feature.action("mine", roles=MEMBERS, lane="private", after_end=True)
def my_work(turn: Feedbacks, press: Press) -> Reply:
    found = pieces(turn, turn.here, {turn.me.id})
    names = {f.by: turn.people.person(f.by).name for p in found for f in p.given}
    return views.mine(sorted(found, key=lambda p: p.work.changed_at, reverse=True), names)
