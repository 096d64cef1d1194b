"""The course team gives feedback, edits it and takes it back, keeps drafts, and marks work as seen."""

from dataclasses import replace
from datetime import datetime

from bot.core.actions import Action
from bot.core.errors import FormRefused, Refused
from bot.core.facts import DeskChanged, FeedbackGiven, FeedbackTakenBack, ItemTakenBack, LearnerWritten, SeenOnDesk
from bot.core.feature import Press, Reply, Submission
from bot.core.forms import Stored
from bot.core.people import STAFF, Person
from bot.core.time import local_day, next_time, say
from bot.core.timetable import WEEK
from bot.core.translation import _
from bot.core.voice import Awaited, Card, Hush
from bot.course.loader import course_of
from bot.features.feedback import desk_views, rules, views
from bot.features.feedback.finding import Feedbacks, given, piece, pieces
from bot.features.feedback.rules import Piece
from bot.features.feedback.store import Feedback, Seen, feature

KEPT_FOR = 8 * WEEK
"""How long feedback waits for somebody who is away."""

# Giving


@feature.action("give", roles=STAFF, lane="form", after_end=True)
def open_form(turn: Feedbacks, press: Press) -> Reply:
    found, learner = piece(turn, press.subject)
    return desk_views.form(turn.here.id, found, learner, turn.store.draft(turn.here.id, press.subject, turn.me.id))


def stored(turn: Feedbacks, filled: Submission) -> list[Stored]:
    """What feedback is about: the work as it was read, and what others said about it meanwhile."""
    found, learner = piece(turn, filled.subject)
    changed = _("{name} changed the work {say}", name=learner.name, say=say(found.work.changed_at, turn.me.zone))
    parts = [Stored({"changed": found.work.changed_at.isoformat()}, changed, "work")]
    if not found.given:
        return [*parts, Stored({}, _("taken back"), "given")]
    last = found.given[-1]
    by = turn.people.person(last.by).name
    said = _("{name} gave feedback {say}", name=by, say=say(last.at, turn.me.zone))
    return [*parts, Stored({"given": str(last.id)}, said, "given")]


@feature.form("give", roles=STAFF, replaces=stored, after_end=True)
def take(turn: Feedbacks, filled: Submission) -> Reply:
    found, learner = piece(turn, filled.subject)
    said, cohort = rules.read(filled.values.get("text", ""), filled.values.get("link", "")), turn.here
    if filled.values.get("later") == "yes":
        kept = said if said.text or said.link else None
        turn.store.keep_draft(cohort.id, found.work.name, learner.id, turn.me.id, kept)
        return desk_views.draft_kept(cohort.id, found.work, learner) if kept else desk_views.draft_dropped(learner)
    if wrong := rules.problems(said):
        raise FormRefused(wrong)
    turn.store.keep_draft(cohort.id, found.work.name, learner.id, turn.me.id, None)
    waited = found.waits_since if found.waits else None
    work = found.work
    new = Feedback(
        0,
        cohort.id,
        work.name,
        work.title,
        learner.id,
        turn.me.id,
        said.text,
        said.link,
        turn.now,
        work.changed_at,
        waited,
    )
    new = turn.store.add(new)
    _tell(turn, new)
    turn.happened(FeedbackGiven(cohort.id, learner.id, work.name))
    for other in rules.same(pieces(turn, cohort), found) if work.pod else ():
        # Each of the pod has it as feedback on their own work.
        also = turn.store.add(replace(new, id=0, work=other.work.name, person=other.work.person))
        _tell(turn, also)
        turn.happened(FeedbackGiven(cohort.id, also.person, also.work))
        turn.happened(DeskChanged(cohort.id, also.work, done=True))
    turn.log(f"gave feedback to person {learner.id}")
    for name in (work.name, *(f.anchor for f in rules.unanswered(found.given))):
        turn.happened(DeskChanged(cohort.id, name, done=True))
    _tell_seen(turn, learner)
    return desk_views.given(new, learner, _next_hour(turn, learner), next_in_queue(turn, work.name))


def _tell(turn: Feedbacks, new: Feedback) -> None:
    said, below = views.told(new, turn.people.person(new.by).name)
    turn.say(Awaited(new.person, new.cohort, new.anchor, said, turn.now + KEPT_FOR, below))


def _next_hour(turn: Feedbacks, learner: Person) -> datetime:
    return next_time(turn.now, course_of(turn.here.course_text).messages.hour(learner.hour), learner.zone)


def next_in_queue(turn: Feedbacks, but: str) -> tuple[Piece, str] | None:
    """The work that waits longest, and whose it is."""
    for found in rules.queue(pieces(turn, turn.here)):
        if found.work.name != but:
            return found, turn.people.person(found.work.person).name
    return None


# Editing and taking back, until it was opened


def _own(turn: Feedbacks, subject: str) -> tuple[Feedback, Person]:
    """Feedback that the acting member of the course team gave and its reader has not opened. Raises Refused."""
    found = given(turn, subject)
    learner = turn.people.person(found.person)
    if found.by != turn.me.id:
        raise Refused(_("Only {name} can change this feedback.", name=turn.people.person(found.by).name))
    if found.read_at is not None:
        raise Refused(reply=desk_views.read_already(found, learner))
    return found, learner


def _editable(turn: Feedbacks, subject: str) -> tuple[Feedback, Person]:
    """The same, if its reader has it or will get it. Raises Refused."""
    found, learner = _own(turn, subject)
    here = {p.id for p in turn.people.members(turn.here.id)}
    if learner.id not in here and not _has_come(turn, found):
        raise Refused(reply=desk_views.never_comes(found, learner))
    return found, learner


@feature.action("edit", roles=STAFF, lane="form", after_end=True)
def open_edit(turn: Feedbacks, press: Press) -> Reply:
    return desk_views.edit_form(*_editable(turn, press.subject))


def stored_words(turn: Feedbacks, filled: Submission) -> list[Stored]:
    found, _learner = _editable(turn, filled.subject)
    at = found.edited_at or found.at
    return [Stored({"text": found.text, "link": found.link}, _("saved {say}", say=say(at, turn.me.zone)))]


@feature.form("edit", roles=STAFF, replaces=stored_words, after_end=True)
def take_edit(turn: Feedbacks, filled: Submission) -> Reply:
    before, learner = _editable(turn, filled.subject)
    said = rules.read(filled.values.get("text", ""), filled.values.get("link", ""))
    if wrong := rules.problems(said):
        raise FormRefused(wrong)
    came = _has_come(turn, before)
    after = replace(before, text=said.text, link=said.link, edited_at=turn.now if came else None)
    turn.store.change(after)
    for other in _same(turn, before):
        _change_also(turn, replace(other, text=said.text, link=said.link))
    turn.forget(*(old for old, new in ((before.text, said.text), (before.link, said.link)) if old and old != new))
    if came:
        turn.show_to(after.person, after.anchor, views.shown(after, turn.me.name))
    else:
        _tell(turn, after)
    return desk_views.changed(after, learner, None if came else _next_hour(turn, learner))


@feature.action("undo", roles=STAFF, lane="private", after_end=True)
def take_back(turn: Feedbacks, press: Press) -> Reply:
    found, learner = _own(turn, press.subject)
    came = _has_come(turn, found)
    for other in _same(turn, found):
        _remove_also(turn, other)
    turn.store.remove(found.id)
    turn.forget(*(text for text in (found.text, found.link) if text))
    turn.say(Hush(found.anchor))
    if came:
        turn.show_to(found.person, found.anchor, views.withdrawn(found, turn.me.name))
    turn.log(f"took back feedback to person {found.person}")
    piece = next((p for p in pieces(turn, turn.here, {learner.id}) if p.work.name == found.work), None)
    if piece is None or not piece.given:
        turn.happened(FeedbackTakenBack(turn.here.id, learner.id, found.work))
    if piece is not None and piece.waits:
        turn.happened(DeskChanged(turn.here.id, found.work, again=True))
    return desk_views.taken_back(found, learner, came, piece)


def _same(turn: Feedbacks, one: Feedback) -> list[Feedback]:
    """What the others of a pod got by the same act and have not opened."""
    found = pieces(turn, turn.here)
    mine = next((p for p in found if p.work.name == one.work), None)
    others = rules.same(found, mine) if mine is not None and mine.work.pod else []
    given_with = [f for p in others for f in p.given if (f.by, f.at, f.text) == (one.by, one.at, one.text)]
    return [f for f in given_with if f.read_at is None]


def _change_also(turn: Feedbacks, one: Feedback) -> None:
    came = _has_come(turn, one)
    one = replace(one, edited_at=turn.now if came else None)
    turn.store.change(one)
    if came:
        turn.show_to(one.person, one.anchor, views.shown(one, turn.me.name))
    else:
        _tell(turn, one)


def _remove_also(turn: Feedbacks, one: Feedback) -> None:
    turn.store.remove(one.id)
    turn.say(Hush(one.anchor))
    if _has_come(turn, one):
        turn.show_to(one.person, one.anchor, views.withdrawn(one, turn.me.name))
    turn.happened(FeedbackTakenBack(turn.here.id, one.person, one.work))


def _has_come(turn: Feedbacks, found: Feedback) -> bool:
    """Whether it stands in the learner's messages."""
    return bool(turn.links.shown([found.anchor]))


# Seen


@feature.action("seen", roles=STAFF, lane="private", after_end=True)
def mark_seen(turn: Feedbacks, press: Press) -> Reply:
    """One piece, the pieces of a page, or the whole queue. The desk knows which these are; `follow_seen` stores it."""
    return Action("digests", "seen", turn.here.id, press.subject)


@feature.on(SeenOnDesk)
def follow_seen(turn: Feedbacks, fact: SeenOnDesk) -> None:
    found = pieces(turn, turn.here)
    meant = {p.work.once for p in rules.queue(found) if p.work.name in fact.names}
    _see(turn, [p for p in found if p.waits and p.work.once in meant])


@feature.on(LearnerWritten)
def follow_writing(turn: Feedbacks, fact: LearnerWritten) -> None:
    """The button 'Reply' of desks that were posted earlier wrote to the learner about their work."""
    found = rules.queue(pieces(turn, turn.here, {fact.person}))
    meant = [p for p in found if fact.subject == f"{fact.person}.{desk_views.written_about(p.work.title)}"]
    _see(turn, meant)
    for one in meant:
        turn.happened(DeskChanged(fact.cohort, one.work.name, done=True))


# Work that is taken back


@feature.on(ItemTakenBack)
def follow_taking_back(turn: Feedbacks, fact: ItemTakenBack) -> None:
    """Feedback that has not come yet does not come: what it is about is gone."""
    there = {p.work.name for p in pieces(turn, turn.here, {fact.person})}
    gone = [f for f in turn.store.of(fact.cohort, {fact.person}) if f.work not in there]
    turn.say(*(Hush(f.anchor) for f in gone if not _has_come(turn, f)))


def _see(turn: Feedbacks, found: list[Piece]) -> None:
    for one in found:
        seen = Seen(one.work.name, one.work.person, turn.now)
        turn.store.see(turn.here.id, seen, turn.person.id if turn.person else None)
    for person in {one.work.person for one in found}:
        _tell_seen(turn, turn.people.person(person))


def _tell_seen(turn: Feedbacks, learner: Person) -> None:
    """A line on the learner's next card, for all of their work that was seen today and got no feedback."""
    today = local_day(turn.now, learner.zone)
    anchor = f"feedback/seen/{turn.here.id}/{learner.id}/{today.isoformat()}"
    titles = [
        p.work.title
        for p in pieces(turn, turn.here, {learner.id})
        if p.seen is not None
        and local_day(p.seen.at, learner.zone) == today
        and not p.waits
        and not any(f.version >= p.work.changed_at for f in p.given)
    ]
    if not titles:
        turn.say(Hush(anchor))
        return
    card = Card(learner.id, turn.here.id, anchor, views.seen(titles), turn.now, turn.now + WEEK)
    turn.say(card)
