"""Asks an asker, on a card that comes anyway, whether a reply helped; and tells the author of a question in the
channel, privately, what the FAQ very likely answers."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.core.due import Due
from bot.core.effects import React
from bot.core.errors import NotFound, Spent
from bot.core.facts import SuggestionsRefused
from bot.core.feature import Press, Reply
from bot.core.people import MEMBERS, Place, Role
from bot.core.ports import Suggestion
from bot.core.timetable import WEEK
from bot.core.translation import _
from bot.core.turn import Turn
from bot.core.voice import Card, Hush
from bot.course.loader import course_of
from bot.features.questions import views
from bot.features.questions.asking import mine
from bot.features.questions.marking import author_name, desk_changed, helped_key, known_key, likeliest, mark
from bot.features.questions.rules import KNOWN
from bot.features.questions.store import Question, QuestionStore, Response, feature

Questions = Turn[QuestionStore]

AT_ONCE = timedelta(hours=1)
"""How old a message may be for its author to hear at once what the FAQ says."""


# Did a reply help?


@feature.due("helped", within=WEEK)
def ask_whether_it_helped(turn: Questions, batch: Sequence[Due]) -> None:
    """Planned by each reply; it happens once to a question."""
    for due in batch:
        question = turn.store.question(int(due.subject))
        reply = likeliest(turn, question) if question is not None and question.waits else None
        if question is not None and reply is not None:
            said = views.did_it_help(question, reply, author_name(turn, reply))
            key, until = helped_key(question), turn.now + WEEK
            turn.say(Card(question.asker, question.cohort, key, said, turn.now, until, about=_("Did a reply help?")))


def ask_about_another(turn: Questions, question: Question) -> None:
    """The author of a reply is erased: a card that asks about it asks about another reply, or is taken away."""
    key = helped_key(question)
    if not question.waits or not turn.links.shown([key]):
        turn.say(Hush(key))
    elif reply := likeliest(turn, question):
        turn.show_to(question.asker, key, views.did_it_help(question, reply, author_name(turn, reply)))
    else:
        turn.withdraw(key)


@feature.action("it_helped", roles=MEMBERS, lane="private", after_end=True)
def press_it_helped(turn: Questions, press: Press) -> Reply:
    number, __, rest = press.subject.partition(".")
    question = mine(turn, number)
    response = next((r for r in turn.store.responses(question.id) if str(r.id) == rest), None)
    if question.waits and response is None:
        raise NotFound(_("This reply is not there any more."))
    if question.waits and response is not None:
        question = mark(turn, question, response, turn.me.id)
    turn.show_to(question.asker, helped_key(question), views.it_helped(question))
    return None


@feature.action("not_yet", roles=MEMBERS, lane="private", after_end=True)
def press_not_yet(turn: Questions, press: Press) -> Reply:
    question = mine(turn, press.subject)
    if question.waits:
        question = replace(question, guess="not_yet")
        turn.store.keep(question)
        turn.happened(desk_changed(question, done=False, again=True))
    turn.show_to(question.asker, helped_key(question), views.not_yet(question))
    return None


# What the FAQ says


def suggest(turn: Questions, question: Question, place: Place) -> None:
    """Tells a learner who asked in the channel what very likely answers it: at once, unseen by others, and if they do
    not react to that, in a line of their next card."""
    if question.ref is None or Role.LEARNER not in turn.roles or turn.now - question.asked_at > AT_ONCE:
        return
    course = course_of(turn.here.course_text).id
    found = next(iter(turn.store.likely(course, question.cohort, question.text, sure=True)), None)
    if found is None:
        return
    turn.store.keep(replace(question, known=found.entry))
    turn.whisper(question.asker, place, views.known(question, found), instead=React(question.ref, KNOWN))
    card = views.maybe_known(question)
    turn.say(Card(question.asker, question.cohort, known_key(question), card, turn.now, turn.now + WEEK))


def show_known(turn: Questions, question: Question) -> None:
    """Shows its author privately what the FAQ says, after a reaction of theirs."""
    if question.state == "open" and (found := _known(turn, question)) is not None:
        turn.say(Hush(known_key(question)))
        turn.show_to(question.asker, known_key(question), views.known(question, found))


def _known(turn: Questions, question: Question) -> Suggestion | None:
    """The entry that was suggested, as it is now."""
    course = course_of(turn.here.course_text).id
    return turn.store.known(course, question.cohort, question.known) if question.known is not None else None


def _suggested(turn: Questions, press: Press) -> tuple[Question, Suggestion]:
    """The presser's own open question, and the entry that was suggested. Raises Refused."""
    question = mine(turn, press.subject)
    turn.say(Hush(known_key(question)))
    if question.state != "open":
        raise Spent(_("This question is not open any more. `/cohort` shows how it stands."))
    if (found := _known(turn, question)) is None:
        raise NotFound(_("This entry is not in the FAQ any more. Your question stays open."))
    return question, found


@feature.action("known", roles=MEMBERS, lane="private")
def press_known(turn: Questions, press: Press) -> Reply:
    return views.known(*_suggested(turn, press))


@feature.action("known_helped", roles=MEMBERS, lane="private")
def press_known_helped(turn: Questions, press: Press) -> Reply:
    """Its author says that the FAQ answers it: it is solved, and nothing is posted."""
    question, found = _suggested(turn, press)
    said = Response(0, question.id, turn.me.id, True, found.answer, turn.now, None, entry=found.entry)
    return views.solved_by_the_faq(mark(turn, question, turn.store.respond(said), turn.me.id), found)


@feature.action("known_not", roles=MEMBERS, lane="private")
def press_known_not(turn: Questions, press: Press) -> Reply:
    question, found = _suggested(turn, press)
    turn.store.keep(replace(question, known=None))
    turn.happened(SuggestionsRefused(question.cohort, turn.me.id, question.text, (found.entry,)))
    return views.not_known(question)
