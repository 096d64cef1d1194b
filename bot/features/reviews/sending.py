"""Sending a review: by the form that is the rubric, changed until its author has been told of it."""

from dataclasses import replace

from bot.core import nameless
from bot.core.errors import FormRefused, Refused
from bot.core.facts import DeskChanged, ItemDone, ItemsChanged
from bot.core.feature import Press, Reply, Submission
from bot.core.forms import Doubt, Form, Stored
from bot.core.people import MEMBERS
from bot.core.time import say
from bot.core.translation import _
from bot.features.reviews import consenting, finding, listing, rules, telling, views
from bot.features.reviews.finding import Reviews
from bot.features.reviews.store import Assignment, feature, item_name, piece_name


@feature.action("send", roles=MEMBERS, lane="form", after_end=True)
def open_form(turn: Reviews, press: Press) -> Reply:
    return form_of(turn, _open(turn, press.subject))


def form_of(turn: Reviews, assignment: Assignment) -> Form:
    work = finding.work(turn, turn.here, assignment)
    if work is None:
        raise Refused(views.gone())
    review = finding.known(turn, assignment.review)
    if assignment.sent_at is None:
        assignment = consenting.renewed(turn, review, assignment, work) or assignment
    _opens, due_at = finding.window(turn, turn.here, review, turn.me)
    return views.form(review, assignment, work, finding.author_of(turn, assignment), say(due_at, turn.me.zone))


def _open(turn: Reviews, subject: str) -> Assignment:
    """What the acting learner took and can still write or change. Raises Refused."""
    assignment = finding.own(turn, subject)
    if assignment.out_at is not None:
        raise Refused(views.out_already(assignment))
    if assignment.told:
        raise Refused(views.told_already())
    review = finding.known(turn, assignment.review)
    if assignment.sent_at is None and finding.is_own(turn, review, assignment):
        raise Refused(views.own_now())
    # It was promised that it is kept, also if the dates have moved since.
    if not assignment.is_under_way(turn.acted_at):
        finding.require_taken(turn, review)
    return assignment


def stored(turn: Reviews, filled: Submission) -> list[Stored | Doubt]:
    """What a review is about, as it was read, the review itself, and what in it may show whose it is."""
    assignment = finding.own(turn, filled.subject)
    work = finding.work(turn, turn.here, assignment)
    changed = {"changed": work.changed_at.isoformat()} if work else {}
    values = {rules.field(question): text for question, text in assignment.answers}
    values |= {"points": str(assignment.points)} if assignment.points is not None else {}
    said = _("sent {say}", say=say(assignment.changed_at, turn.me.zone)) if assignment.changed_at else _("taken back")
    doubts = nameless.own_doubts(turn, **filled.values) if assignment.anonymous else []
    return [Stored(changed, views.changed_work(), "work"), Stored(values, said, "review"), *doubts]


@feature.form("send", roles=MEMBERS, replaces=stored, after_end=True)
def take_form(turn: Reviews, filled: Submission) -> Reply:
    assignment = _open(turn, filled.subject)
    review, cohort, me = finding.known(turn, assignment.review), turn.here, turn.me
    if finding.work(turn, cohort, assignment) is None:
        raise Refused(views.gone())
    if not rules.is_asked(review, filled.values):
        raise FormRefused({"": views.asked_otherwise()}, form_of(turn, assignment))
    answers = rules.answered(review, filled.values)
    if wrong := rules.problems(review, answers, filled.values.get("points", "")):
        raise FormRefused(wrong)
    opens_at, due_at = finding.window(turn, cohort, review, me)
    before = finding.share(turn, review, me)
    given = before.given + (assignment.sent_at is None)
    turn.forget(*(text for _question, text in assignment.answers if text))
    new = replace(
        assignment,
        answers=answers,
        points=rules.points_of(review, filled.values.get("points", "")),
        sent_at=assignment.sent_at or turn.now,
        changed_at=turn.now,
        late=assignment.late if assignment.sent_at else turn.acted_at > due_at,
        enough=assignment.enough or (opens_at <= turn.now and given >= before.asked),
    )
    turn.store.change(new)
    share = finding.share(turn, review, me)
    name = item_name(review.id)
    turn.happened(ItemDone(cohort.id, name, me.id) if share.done else ItemsChanged(cohort.id, me.id))
    turn.happened(DeskChanged(cohort.id, piece_name(new.work)))
    until = telling.tell(turn, review, new)
    more = listing.next_work(turn, review, me.id) is not None
    return views.sent(new, until, share.asked - share.given if share.owed else 0, more, new.late)
