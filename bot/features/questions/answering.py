"""A question with its replies, privately: for the asker, who may be anonymous, and for the course team."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from bot.core.actions import read_number
from bot.core.contributions import AGENDA, AGENDA_AFTER_END, Upcoming
from bot.core.effects import Below
from bot.core.errors import FormRefused, NotFound, Spent
from bot.core.feature import Press, Reply, Submission
from bot.core.forms import Doubt, Stored
from bot.core.message import Button
from bot.core.nameless import own_doubts
from bot.core.people import MEMBERS, STAFF, Cohort, MessageRef, Person
from bot.core.time import say_span
from bot.core.translation import _
from bot.core.turn import Turn
from bot.core.typed import trim
from bot.core.voice import Awaited, Hush
from bot.course.loader import course_of
from bot.features.questions import pages, views
from bot.features.questions.asking import AT_ONCE, decided
from bot.features.questions.following import count_response, give_privately, tell_asker
from bot.features.questions.marking import (
    USEFUL,
    asked_back_key,
    asker_name,
    author_name,
    desk_changed,
    hear_asker,
    is_posted,
    look,
    mark,
    post_reply,
    read_thread,
    refuse,
    settle,
    show,
    told_key,
)
from bot.features.questions.rules import has_answered, is_word, unfit
from bot.features.questions.store import Post, Question, QuestionStore, Response, feature
from bot.features.questions.waiting import overdue, waiting


@feature.action("open", roles=MEMBERS, lane="private", after_end=True)
def open_page(turn: Turn[QuestionStore], press: Press) -> Reply:
    question = decided(turn, press.subject)
    mine = question.asker == turn.me.id
    responses = [(r, author_name(turn, r)) for r in turn.store.responses(question.id)]
    if mine:
        question = look(turn, question)
        turn.say(*(Hush(told_key(r)) for r, __ in responses))
    taker = turn.people.person(question.taken_by).name if question.taken_by else None
    name = asker_name(turn, question)
    return pages.page(question, name, responses, mine=mine, staff=turn.is_staff, taken_by=taker)


# Replying by form


@feature.action("reply", roles=MEMBERS, lane="form", after_end=True)
def open_reply(turn: Turn[QuestionStore], press: Press) -> Reply:
    question = decided(turn, press.subject)
    as_asker = question.asker == turn.me.id
    if as_asker:
        answer_once(question, turn.store.responses(question.id))
    return views.reply_form(question, as_asker)


def answer_once(question: Question, responses: Sequence[Response]) -> None:
    """A private reply is answered once. Raises Spent."""
    if question.private and has_answered(question, responses):
        raise answered_once()


def answered_once() -> Spent:
    return Spent(_("You have answered this. To say more, write it to me as a new message: I ask who may read it."))


def said_meanwhile(turn: Turn[QuestionStore], filled: Submission) -> Sequence[Stored | Doubt]:
    """What somebody who replies should know first: that it was settled, that a colleague has replied privately, or that
    an asker without a name shows it."""
    question = decided(turn, filled.subject)
    if question.asker == turn.me.id:
        return own_doubts(turn, text=filled.values.get("text", "")) if question.anonymous else []
    replies = turn.store.responses(question.id) if question.private else ()
    last = next((r for r in reversed(replies) if not r.own and r.author != turn.me.id), None)
    values = {"reply": str(last.id) if last is not None else "", "state": "" if question.waits else question.state}
    said = [views.has_replied(author_name(turn, last), last, turn.me.zone)] if last is not None else []
    said += [views.settled_meanwhile(question)] if not question.waits else []
    return [Stored(values, "; ".join(said))] if said else []


@feature.form("reply", roles=MEMBERS, replaces=said_meanwhile, after_end=True)
def take_reply(turn: Turn[QuestionStore], filled: Submission) -> Reply:
    question = decided(turn, filled.subject)
    as_asker = question.asker == turn.me.id
    text = trim(filled.values.get("text", ""))
    if wrong := unfit(text, "reply"):
        raise FormRefused({"text": wrong}, views.reply_form(question, as_asker))
    return reply(turn, question, text, as_asker)


@feature.action("send", roles=STAFF, lane="private", after_end=True)
def send_known(turn: Turn[QuestionStore], press: Press) -> Reply:
    """Somebody of the course team says that an FAQ entry answers the question: it is posted as their reply."""
    number, __, rest = press.subject.partition(".")
    question, entry = decided(turn, number), read_number(rest)
    course = course_of(turn.here.course_text).id
    found = turn.store.known(course, turn.here.id, entry) if entry is not None else None
    if found is None:
        raise NotFound(_("This entry is not in the FAQ any more. Reply in the thread instead."))
    if not question.waits:
        return views.not_waiting(question)
    before = [r for r in turn.store.responses(question.id) if r.entry == found.entry and not r.own]
    if before:
        return views.sent_already(question, author_name(turn, before[-1]), before[-1])
    turn.log(f"sent FAQ {found.entry} to question {question.id}")
    return reply(turn, question, found.answer, as_asker=False, entry=found.entry)


def reply(turn: Turn[QuestionStore], question: Question, text: str, as_asker: bool, entry: int | None = None) -> Reply:
    author = None if as_asker and question.anonymous else turn.me.id
    before = turn.store.responses(question.id)
    for known in before:
        if known.text == text and known.author == author and turn.now - known.at < AT_ONCE:
            return views.replied(question, known, as_asker)
    if as_asker:
        answer_once(question, before)
    post: Post = ""
    if not question.private and not is_posted(turn, question):
        post = "waits" if as_asker else "privately"
    response = Response(0, question.id, author, as_asker, text, turn.now, None, entry=entry, post=post)
    response = turn.store.respond(response)
    if response.stands:
        question = count_response(turn, question, response)
    post_reply(turn, question, response)
    if question.private:
        _pass_on(turn, question, response)
    if question.taken_by == turn.me.id and not as_asker:
        turn.say(Hush(asked_back_key(question)))
    if post == "privately":
        give_privately(turn, question, response)
    elif not as_asker and question.private:
        said, below = views.answered_privately(question, turn.me.name, text)
        turn.say(Awaited(question.asker, question.cohort, told_key(response), said, turn.now + USEFUL, below))
    elif not as_asker:
        question = tell_asker(turn, question)
    turn.happened(desk_changed(question, done=not as_asker and turn.is_staff, again=as_asker))
    question = hear_asker(turn, question, response)
    read_thread(turn, question, response)
    told = list(takewhile(lambda r: not (r.own or is_word(question, r)), reversed(before)))
    if as_asker and question.private and told:
        _show_answered(turn, question, told[::-1])
        return None
    return views.replied(question, response, as_asker)


def _show_answered(turn: Turn[QuestionStore], question: Question, told: Sequence[Response]) -> None:
    """The asker has answered what the course team wrote since their last word: one receipt is in its place."""
    for response in told[:-1]:
        turn.withdraw(told_key(response))
    quoted = [(author_name(turn, response) or "", response.text) for response in told]
    turn.show_to(question.asker, told_key(told[-1]), views.answered_back(question, quoted))


def _pass_on(turn: Turn[QuestionStore], question: Question, response: Response) -> None:
    """Posts a reply to an instructors-only question in their channel's thread, if they have a channel."""
    show(turn, question, question)
    if turn.here.place("staff") is not None:
        message = views.posted_reply(response, author_name(turn, response))
        turn.show(response.anchor, Below(f"question/{question.id}/staff"), message)


# Marks


@feature.action("mark", roles=MEMBERS, lane="private", after_end=True)
def press_mark(turn: Turn[QuestionStore], press: Press) -> Reply:
    number, __, rest = press.subject.partition(".")
    question, reply = decided(turn, number), read_number(rest)
    response = turn.store.response(reply) if reply is not None else None
    if response is None or response.question != question.id or response.deleted:
        raise NotFound(_("This reply is not there any more."))
    return mark_answer(turn, question, response)


def mark_answer(turn: Turn[QuestionStore], question: Question, response: Response) -> Reply:
    """A person with the right to do so says that a reply is the answer."""
    mark(turn, question, response, turn.me.id)
    if question.asker != turn.me.id:
        turn.log(f"marked the answer of question {question.id}")
    return views.marked(question)


@feature.action("unmark", roles=MEMBERS, lane="private", after_end=True)
def press_unmark(turn: Turn[QuestionStore], press: Press) -> Reply:
    question = decided(turn, press.subject)
    if question.state == "dropped":
        return views.not_waiting(question)
    turn.store.clear_marks(question.id)
    after = refuse(turn, question) if question.guess == "stands" else settle(turn, question)
    if question.asker != turn.me.id:
        turn.log(f"took the mark of question {question.id} back")
    return views.unmarked(after)


@dataclass(frozen=True)
class Solved:
    """Say that your question is answered: in its thread, or by picking the reply."""


@feature.command("solved", example="/cohort solved", roles=MEMBERS)
def solved(turn: Turn[QuestionStore], typed: Solved) -> Reply:
    here = _thread(turn)
    if here is not None:
        question = decided(turn, str(here.id))
        others = [r for r in turn.store.responses(question.id) if not r.own]
        if not others:
            raise NotFound(_("Nobody has replied here yet, so there is no answer to mark."))
        return mark_answer(turn, question, others[-1])
    mine = turn.store.unsolved_of(turn.here.id, turn.me.id)
    shown = mine[: pages.SHOWN]
    lines = []
    for question in shown:
        others = [r for r in turn.store.responses(question.id) if not r.own] if question.replies else []
        last = others[-1] if others else None
        lines.append((question, last, author_name(turn, last) if last else None))
    return pages.my_open(lines)


def _thread(turn: Turn[QuestionStore]) -> Question | None:
    """The question in whose thread a command was used."""
    place = turn.place
    if place is None or place.thread is None:
        return None
    match (turn.below or "").split("/"):
        case ["question", number, "root"]:
            return turn.store.question(int(number))
    return turn.store.question_at(MessageRef(place.workspace, place.channel, place.thread))


# The course team


@feature.action("take", roles=STAFF, lane="private")
def take(turn: Turn[QuestionStore], press: Press) -> Reply:
    number, _, over = press.subject.partition(".")
    question = decided(turn, number)
    if not question.waits:
        return views.not_waiting(question)
    if question.taken_by not in (None, turn.me.id) and not over:
        assert question.taken_by is not None
        return views.taken_already(question, turn.people.person(question.taken_by).name)
    if question.taken_by != turn.me.id:
        turn.store.keep(replace(question, taken_by=turn.me.id))
        turn.happened(desk_changed(question, done=False))
    return views.taken(question)


@feature.action("give_back", roles=STAFF, lane="private")
def give_back(turn: Turn[QuestionStore], press: Press) -> Reply:
    question = decided(turn, press.subject)
    if not question.waits:
        return views.not_waiting(question)
    if question.taken_by == turn.me.id:
        turn.store.keep(replace(question, taken_by=None))
        turn.happened(desk_changed(question, done=False))
    return views.given_back(question)


LATE = 20
"""Questions in the list of those that wait too long."""


@feature.action("queue", roles=STAFF, lane="private", after_end=True)
def queue(turn: Turn[QuestionStore], press: Press) -> Reply:
    """What waits for somebody. The subject `late`: what waits longer than promised, as counted in the week."""
    found = overdue(turn, turn.here, LATE) if press.subject == "late" else waiting(turn, turn.here, pages.SHOWN)
    takers = [turn.people.person(q.taken_by).name if q.taken_by else None for _since, q in found.oldest]
    return pages.queue(found, takers, turn.now)


@feature.contributes(AGENDA_AFTER_END)
@feature.contributes(AGENDA)
def what_is_next(turn: Turn[QuestionStore], person: Person, cohort: Cohort) -> list[Upcoming]:
    """The asker's answered questions, and for the course team what waits."""
    lines = []
    replied = [q for q in turn.store.unsolved_of(cohort.id, person.id) if q.replies]
    replied += turn.store.unseen_of(cohort.id, person.id)
    for question in replied:
        label = views.look_label(question) if len(replied) > 1 else _("Look")
        look = Button(label, views.act("open", cohort.id, str(question.id)))
        lines.append(Upcoming((views.has_replies(question),), button=look))
    if turn.roles & STAFF:
        found = waiting(turn, cohort, 1)
        if found.oldest:
            waits, age = views.waits(found), say_span(turn.now - found.oldest[0][0])
            lines.append(
                Upcoming(
                    (_("{waits}, the oldest for {age}", waits=waits, age=age),),
                    button=Button(_("See questions"), views.act("queue", cohort.id)),
                )
            )
    return lines[:4]
