"""Asking by command or form, and what the asker can do with the question afterwards."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Annotated

from bot.core.actions import read_number
from bot.core.commands import Param
from bot.core.errors import FormRefused, NotAllowed, NotFound, Refused, Spent
from bot.core.facts import QuestionRaised, SaidReturned, SuggestionsRefused, WordsEdited
from bot.core.feature import Press, Reply, Submission
from bot.core.forms import Doubt, Stored
from bot.core.message import Message
from bot.core.nameless import doubted, own_doubts
from bot.core.people import ANYONE, MEMBERS
from bot.core.private import answer_to, held_key
from bot.core.translation import N_, _
from bot.core.turn import Turn
from bot.core.typed import trim
from bot.core.voice import Awaited, Hush
from bot.course.loader import course_of
from bot.features.questions import views
from bot.features.questions.marking import (
    USEFUL,
    blank,
    change,
    changed,
    close,
    is_posted,
    raised_key,
    receipt,
    restore,
    show,
    withdraw,
)
from bot.features.questions.nameless import asks_nameless, to_post
from bot.features.questions.rules import may_decide, unfit
from bot.features.questions.store import Kind, Question, QuestionStore, feature

AT_ONCE = timedelta(minutes=2)
"""The same words by the same person within this time are a second press, not a second question."""


@dataclass(frozen=True)
class Ask:
    """Ask a question; it gets a thread of its own."""

    text: Annotated[str, Param(N_("Your question"), long=True, max_length=40_000)] = ""
    anonymous: Annotated[bool, Param(N_("Without my name"), N_("No role sees who you are."))] = False
    instructors_only: Annotated[
        bool, Param(N_("Course team only"), N_("Not posted in the channel: instructors and managers alone see it."))
    ] = False


@feature.command("ask", example="/cohort ask How long may the report be?", roles=MEMBERS, lane="form", looks_up="text")
def ask(turn: Turn[QuestionStore], typed: Ask) -> Reply:
    if not typed.text:
        return views.ask_form(turn.here.id, allows_anonymous(turn), "", typed.anonymous, typed.instructors_only)
    if asks_nameless(typed.text) and not (typed.anonymous or typed.instructors_only):
        return views.ask_form(turn.here.id, allows_anonymous(turn), to_post(typed.text), nameless=True)
    if typed.anonymous and (doubts := own_doubts(turn, text=trim(typed.text))):
        form = views.ask_form(turn.here.id, allows_anonymous(turn), trim(typed.text), True, typed.instructors_only)
        raise doubted(doubts, form)
    return _ask(turn, typed.text, typed.anonymous, typed.instructors_only)


@feature.action("ask", roles=MEMBERS, lane="form")
def open_form(turn: Turn[QuestionStore], press: Press) -> Reply:
    """The form, prefilled with the button's subject."""
    return views.ask_form(turn.here.id, allows_anonymous(turn), press.subject)


@feature.action("ask_nameless", roles=MEMBERS, lane="form")
def open_nameless_form(turn: Turn[QuestionStore], press: Press) -> Reply:
    """The same form with 'Without my name' ticked."""
    return views.ask_form(turn.here.id, allows_anonymous(turn), nameless=True)


@feature.action("ask_privately", roles=MEMBERS, lane="form")
def open_private_form(turn: Turn[QuestionStore], press: Press) -> Reply:
    """The same form with 'Course team only' ticked. The subject may be a reply of the presser's that was not posted."""
    number = read_number(press.subject)
    reply = turn.store.response(number) if number is not None else None
    asked = turn.store.question(reply.question) if reply is not None and reply.own else None
    text = reply.text if reply is not None and asked is not None and asked.asker == turn.me.id else ""
    return views.ask_form(turn.here.id, allows_anonymous(turn), text, privately=True)


@feature.action("ask_again", roles=MEMBERS, lane="form")
def open_again(turn: Turn[QuestionStore], press: Press) -> Reply:
    """The form, filled with what was not posted yet, or was deleted by somebody else. The subject is its draft, and
    '.private' for the course team alone."""
    number, _dot, private = press.subject.partition(".")
    draft = mine(turn, number)
    kept = draft.id if draft.state == "draft" else None
    return views.ask_form(turn.here.id, allows_anonymous(turn), draft.text, draft.anonymous, bool(private), kept)


def form_doubted(turn: Turn[QuestionStore], filled: Submission) -> list[Doubt]:
    text = filled.values.get("text", "")
    return own_doubts(turn, text=text) if filled.values.get("anonymous") and allows_anonymous(turn) else []


@feature.form("ask", roles=MEMBERS, replaces=form_doubted, looks_up="text")
def take_form(turn: Turn[QuestionStore], filled: Submission) -> Reply:
    values, draft = filled.values, mine(turn, filled.subject) if filled.subject else None
    said = (values.get("text", ""), bool(values.get("anonymous")), bool(values.get("instructors_only")))
    return _ask(turn, *said, draft)


def allows_anonymous(turn: Turn[QuestionStore]) -> bool:
    return course_of(turn.here.course_text).privacy.anonymous_questions


def _ask(
    turn: Turn[QuestionStore], typed: str, anonymous: bool, instructors_only: bool, draft: Question | None = None
) -> Reply:
    """`draft` becomes the question, unless it was posted meanwhile: it is one question then, and edited as that."""
    text, kept = trim(typed), draft.id if draft is not None else None
    form = views.ask_form(turn.here.id, allows_anonymous(turn), text, anonymous, instructors_only, kept)
    if wrong := unfit(text, "question"):
        raise FormRefused({"text": wrong}, form)
    if anonymous and not allows_anonymous(turn):
        raise FormRefused(
            {"text": _("This course has no questions without a name. Ask with your name, or the course team alone.")},
            form,
        )
    if not instructors_only and turn.here.place("questions") is None:
        raise Refused(
            _("This cohort has no channel for questions yet. Tick 'Course team only' to ask the course team.")
        )
    again = draft or turn.store.asked_since(turn.here.id, turn.me.id, text, turn.now - AT_ONCE)
    if again is not None and again.state != "draft":
        return receipt(turn, again)
    kind: Kind = "private" if instructors_only else "questions"
    question = again or turn.store.add(
        Question(0, turn.here.id, turn.me.id, text, kind, "draft", False, anonymous, None, asked_at=turn.now)
    )
    question = replace(question, text=text, kind=kind, anonymous=anonymous)
    turn.store.keep(question)
    return answered(turn, question, post_unless_known(turn, question))


def post_unless_known(turn: Turn[QuestionStore], question: Question) -> Message:
    """Posts a question, unless something is known that may answer it: then its asker decides."""
    found = turn.store.likely(course_of(turn.here.course_text).id, turn.here.id, question.text)
    return views.asked_before(question, found) if found else receipt(turn, post(turn, question))


@feature.action("as_it_is", roles=MEMBERS, lane="private")
def send_as_it_is(turn: Turn[QuestionStore], press: Press) -> Reply:
    """A private message that shows its author, who asks it without their name all the same."""
    question = mine(turn, press.subject)
    if question.state != "draft":
        return receipt(turn, question)
    return answered(turn, question, post_unless_known(turn, question))


def post(turn: Turn[QuestionStore], question: Question) -> Question:
    """Posts a question, or tells it to the course team."""
    return change(turn, replace(question, asked_at=turn.now), "open")


@feature.on(QuestionRaised)
def follow_raising(turn: Turn[QuestionStore], fact: QuestionRaised) -> None:
    """The question has no name, and its author hears of it: they did not ask it themselves."""
    known = turn.store.raised(fact.cohort, fact.person, fact.source)
    if known is not None:
        _reword(turn, known, fact.text)
    elif fact.text:
        text, at, source = fact.text, turn.now, fact.source
        raised = Question(
            0, fact.cohort, fact.person, text, "questions", "draft", False, True, None, asked_at=at, source=source
        )
        question = turn.store.add(raised)
        post(turn, question)
        said, below = views.raised(question)
        turn.say(Awaited(question.asker, question.cohort, raised_key(question), said, turn.now + USEFUL, below))


def _reword(turn: Turn[QuestionStore], question: Question, text: str) -> None:
    if not text:
        _take_back(turn, question)
    elif text != question.text and question.state != "withdrawn":
        after = replace(question, text=text)
        turn.store.keep(after)
        turn.happened(WordsEdited(after.cohort, after.asker, question.text, text))
        show(turn, question, after)
        changed(turn, after)


def answered(turn: Turn[QuestionStore], question: Question, message: Message) -> Reply:
    """Answers about a person's own question, below the private message that it was made of, if any."""
    if question.ref is None or question.plain:
        return message
    turn.show_to(question.asker, answer_to(question.ref), message)
    return None


@feature.action("ask_anyway", roles=MEMBERS, lane="private")
def ask_anyway(turn: Turn[QuestionStore], press: Press) -> Reply:
    question = mine(turn, press.subject)
    if question.state != "draft":
        return receipt(turn, question)
    if not (question.anonymous or question.private):
        found = turn.store.likely(course_of(turn.here.course_text).id, turn.here.id, question.text)
        entries = tuple(one.entry for one in found)
        turn.happened(SuggestionsRefused(turn.here.id, turn.me.id, question.text, entries))
    return answered(turn, question, receipt(turn, post(turn, question)))


@feature.action("helped", roles=MEMBERS, lane="private")
def helped(turn: Turn[QuestionStore], press: Press) -> Reply:
    question = mine(turn, press.subject)
    if question.state != "draft":
        raise Spent(_("Your question is posted already. `/cohort solved` says that you need no answer any more."))
    turn.store.drop_draft(question.id)
    if question.ref is not None:
        turn.happened(SaidReturned(question.asker, question.ref))
    return answered(turn, question, views.helped())


def found(turn: Turn[QuestionStore], subject: str) -> Question:
    """The question of a button. Raises NotFound if it is not one of this cohort's."""
    number = read_number(subject)
    question = turn.store.question(number) if number is not None else None
    if question is None or question.cohort != turn.here.id:
        raise NotFound
    return question


def mine(turn: Turn[QuestionStore], subject: str) -> Question:
    """The asker's own question. Raises NotAllowed for anybody else, without revealing whose it is."""
    question = found(turn, subject)
    if question.asker != turn.me.id:
        raise NotAllowed(_("Only whoever asked can do this."))
    return question


def decided(turn: Turn[QuestionStore], subject: str) -> Question:
    """A question about which this person may decide: their own, or any for the course team."""
    question = found(turn, subject)
    if not may_decide(question, turn.me.id, turn.is_staff, openly=False):
        raise NotAllowed(_("Only whoever asked and the course team can do this."))
    if question.state in ("draft", "withdrawn"):
        raise NotFound(_("This question was taken back. `/cohort` shows what there is."))
    return question


# Afterwards


@feature.action("edit", roles=MEMBERS, lane="form", after_end=True)
def open_edit(turn: Turn[QuestionStore], press: Press) -> Reply:
    return views.edit_form(_editable(turn, press.subject))


def stored(turn: Turn[QuestionStore], filled: Submission) -> list[Stored | Doubt]:
    """What the form of a question would replace."""
    question = _editable(turn, filled.subject)
    doubts = own_doubts(turn, text=filled.values.get("text", "")) if question.anonymous else []
    return [Stored({"text": question.text}, _("its text has changed")), *doubts]


@feature.form("edit", roles=MEMBERS, replaces=stored, after_end=True)
def take_edit(turn: Turn[QuestionStore], filled: Submission) -> Reply:
    question = _editable(turn, filled.subject)
    text = trim(filled.values.get("text", ""))
    if wrong := unfit(text, "question"):
        # An empty text would blank every revision: 'Delete its text' is for that.
        raise FormRefused({"text": wrong}, views.edit_form(question))
    after = replace(question, text=text)
    if text != question.text:
        turn.store.keep(after)
        turn.happened(WordsEdited(after.cohort, after.asker, question.text, text))
        show(turn, question, after)
        changed(turn, after)
    if after.ref is not None:
        answered(turn, after, receipt(turn, after))
    return views.edited(after)


def _editable(turn: Turn[QuestionStore], subject: str) -> Question:
    question = mine(turn, subject)
    if question.plain or question.state in ("draft", "withdrawn"):
        raise NotFound(_("This question cannot be edited from here."))
    return question


@feature.action("drop", roles=MEMBERS, lane="private", after_end=True)
def press_drop(turn: Turn[QuestionStore], press: Press) -> Reply:
    question = decided(turn, press.subject)
    if question.state == "solved":
        raise Spent(_("It is answered already. Where the answer is wrong, take its mark back first."))
    if question.state == "dropped":
        return views.not_waiting(question)
    question, posted = close(turn, question), question.private or is_posted(turn, question)
    own = question.asker == turn.me.id
    if not own:
        turn.log(f"closed question {question.id} as not needed")
    return None if turn.about == held_key(turn.me.id, question.root) else views.dropped(question, own, posted)


@feature.action("restore", roles=MEMBERS, lane="private", after_end=True)
def press_restore(turn: Turn[QuestionStore], press: Press) -> Reply:
    question = restore(turn, decided(turn, press.subject))
    return None if turn.about == held_key(turn.me.id, question.root) else views.restored(question)


@feature.action("withdraw", roles=ANYONE, lane="private", after_end=True)
def press_withdraw(turn: Turn[QuestionStore], press: Press) -> Reply:
    """Also works after the end of the cohort and after leaving it, since the question is the asker's own."""
    number = read_number(press.subject)
    known = turn.store.question(number) if number is not None else None
    if turn.cohort is None and known is not None and known.asker == turn.me.id:
        turn.cohort = turn.people.cohort(known.cohort)
    question = mine(turn, press.subject)
    if question.plain:
        raise Refused(_("This is your own message: delete it in the channel, and everything made of it goes too."))
    _take_back(turn, question)
    return answered(turn, question, views.withdrawn(question))


def _take_back(turn: Turn[QuestionStore], question: Question) -> None:
    for response in (*turn.store.responses(question.id), *turn.store.unposted([question.id])):
        if response.own and response.ref is None:
            blank(turn, question, response)
            turn.withdraw(response.anchor)
    turn.say(Hush(raised_key(question)))
    if turn.links.shown([raised_key(question)]):
        turn.show_to(question.asker, raised_key(question), views.withdrawn(question))
    withdraw(turn, question)
