"""Private messages that became a question or a note to the course team by their author's choice."""

from collections.abc import Sequence
from dataclasses import replace

from bot.core.errors import Refused, Spent
from bot.core.events import MessageDeleted, MessageEdited
from bot.core.feature import Press, Reply
from bot.core.nameless import own_doubts
from bot.core.people import STAFF, Cohort, MessageRef, Role
from bot.core.private import Meaning, Receipt, Said, answer_to
from bot.core.translation import _
from bot.core.turn import Turn
from bot.core.typed import trim
from bot.core.voice import Awaited, Hush
from bot.course.loader import course_of
from bot.features.questions import views
from bot.features.questions.asking import allows_anonymous, answered, decided, post, post_unless_known
from bot.features.questions.marking import USEFUL, asked_back_key, change, changed, receipt, show, withdraw
from bot.features.questions.nameless import asks_nameless, speaks_of_it, to_post
from bot.features.questions.rules import unfit
from bot.features.questions.store import Kind, Question, QuestionStore, feature

Questions = Turn[QuestionStore]


@feature.meanings("nameless")
def may_ask_nameless(turn: Questions, said: Said, cohort: Cohort) -> Sequence[Meaning]:
    """The only way to post what asks for it; also offered to whoever has words of it."""
    if not turn.roles or cohort.place("questions") is None or not allows_anonymous(turn):
        return ()
    if not speaks_of_it(said.text):
        return ()
    return [views.to_ask_nameless(cohort, wished=asks_nameless(said.text))]


@feature.meanings("ask")
def may_ask(turn: Questions, said: Said, cohort: Cohort) -> Sequence[Meaning]:
    """Not with their name, if they ask for being asked without it."""
    if not turn.roles or cohort.place("questions") is None or asks_nameless(said.text):
        return ()
    return [views.to_ask(cohort)]


@feature.meanings("team")
def may_note(turn: Questions, said: Said, cohort: Cohort) -> Sequence[Meaning]:
    return [views.to_note(cohort)] if turn.roles else ()


@feature.meanings("private")
def may_ask_privately(turn: Questions, said: Said, cohort: Cohort) -> Sequence[Meaning]:
    return [views.to_ask_privately(cohort)] if Role.LEARNER in turn.roles else ()


@feature.takes("ask")
def take_question(turn: Questions, said: Said | None, subject: str) -> Receipt:
    if turn.here.place("questions") is None:
        raise Refused(_("This cohort has no channel for questions any more. Ask the course team instead."))
    question = _draft(turn, said, "questions")
    return Receipt(post_unless_known(turn, question))


@feature.takes("nameless")
def take_nameless(turn: Questions, said: Said | None, subject: str) -> Receipt:
    """The words are posted without the wish, once their author knows what in them may show who they are. Where there
    are no others, the form is offered."""
    if turn.here.place("questions") is None or not allows_anonymous(turn):
        raise Refused(_("Questions without a name cannot be asked here any more. Ask the course team instead."))
    if said is not None and not to_post(said.text):
        return Receipt(views.ask_nameless_next(turn.here.id))
    question = _draft(turn, said, "questions", nameless=True)
    if why := _shows_asker(turn, question):
        return Receipt(views.shows_asker(question, why))
    return Receipt(post_unless_known(turn, question))


def _shows_asker(turn: Questions, question: Question) -> str:
    """Why a question without a name may show its asker; '' if nothing is known that does."""
    return next((d.why for d in own_doubts(turn, text=question.text)), "") if question.anonymous else ""


@feature.takes("private", after_end=True)
def take_privately(turn: Questions, said: Said | None, subject: str) -> Receipt:
    return Receipt(receipt(turn, post(turn, _draft(turn, said, "private"))))


@feature.takes("team", after_end=True)
def take_note(turn: Questions, said: Said | None, subject: str) -> Receipt:
    return Receipt(receipt(turn, post(turn, _draft(turn, said, "note"))))


def _draft(turn: Questions, said: Said | None, kind: Kind, *, nameless: bool = False) -> Question:
    """Stores a message as what its author said it is. Raises Refused."""
    text = _worded(said.text, nameless) if said is not None else ""
    if said is None or (wrong := unfit(text, "question")):
        raise Refused(wrong if said is not None else None)
    return turn.store.add(
        Question(0, turn.here.id, said.person, text, kind, "draft", False, nameless, said.ref, asked_at=turn.now)
    )


def _worded(text: str, nameless: bool) -> str:
    return to_post(text) if nameless else text


@feature.action("seen", roles=STAFF, lane="private", after_end=True)
def mark_read(turn: Questions, press: Press) -> Reply:
    """A note needs no answer: somebody of the course team has read it, and its author is told."""
    note = decided(turn, press.subject)
    if note.kind != "note":
        raise Spent(_("This is a question: reply to it, or say that it is not needed any more."))
    if note.state == "open":
        note = change(turn, replace(note, taken_by=turn.me.id), "dropped")
        turn.say(Hush(asked_back_key(note)))
        turn.log(f"marked note {note.id} as read")
        if note.asker != turn.me.id:
            key, said = f"question/{note.id}/read", views.was_read(turn.me.name, note)
            turn.say(Awaited(note.asker, note.cohort, key, said, turn.now + USEFUL))
    return views.read(note)


# Edits and deletions of the message


def _at(turn: Questions, event: MessageEdited | MessageDeleted) -> Question | None:
    """The question that a private message became."""
    ref = MessageRef(event.place.workspace, event.place.channel, event.id)
    question = turn.store.question_at(ref) if event.place.direct else None
    if question is None:
        return None
    turn.cohort = turn.people.cohort(question.cohort)
    return question if turn.cohort is not None else None


@feature.on(MessageEdited)
def follow_edit(turn: Questions, event: MessageEdited) -> None:
    question = _at(turn, event)
    if question is None or question.ref is None or question.asker != turn.me.id:
        return
    text = _worded(trim(event.text), question.anonymous)
    if text == question.text:
        return
    anchor = answer_to(question.ref)
    wrong = unfit(text, "question")
    if question.state != "draft":
        # What is posted changes at once, so its form is where they are asked.
        wrong = wrong or _shows_asker(turn, replace(question, text=text))
    if question.state == "withdrawn":
        turn.show_to(question.asker, anchor, views.gone())
    elif question.state == "draft" and turn.here.ended_at is not None:
        turn.show_to(
            question.asker, f"{anchor}/unchanged", views.unchanged(_("{title} has ended.", title=turn.here.title))
        )
    elif wrong:
        turn.show_to(question.asker, f"{anchor}/unchanged", views.unchanged(wrong))
    else:
        after = replace(question, text=text)
        turn.store.keep(after)
        turn.withdraw(f"{anchor}/unchanged")
        if question.state == "draft":
            found = turn.store.likely(course_of(turn.here.course_text).id, turn.here.id, text)
            why = _shows_asker(turn, after)
            answered(turn, after, views.shows_asker(after, why) if why else views.asked_before(after, found))
            return
        show(turn, question, after)
        changed(turn, after)
        answered(turn, after, receipt(turn, after))


@feature.on(MessageDeleted)
def follow_deletion(turn: Questions, event: MessageDeleted) -> None:
    question = _at(turn, event)
    if question is None:
        return
    if question.state == "draft":
        turn.forget(*turn.store.wordings(question.id))
        turn.store.drop_draft(question.id)
    else:
        withdraw(turn, question)
