"""Follows what people say and do in the channels: questions, replies, reactions, edits and deletions.

Events may come twice, late or out of order. An edit contains the whole message; a deletion is remembered, and what
comes after it changes nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.due import Plan
from bot.core.events import MessageDeleted, MessageEdited, MessagePosted, ReactionChanged
from bot.core.facts import PersonErased, WordsEdited, WordsErased
from bot.core.message import message, paragraph
from bot.core.people import MessageRef
from bot.core.turn import Turn
from bot.core.typed import trim
from bot.core.voice import Awaited, Hush
from bot.features.questions import views
from bot.features.questions.detecting import Spoken
from bot.features.questions.helping import ask_about_another, show_known, suggest
from bot.features.questions.marking import (
    USEFUL,
    author_name,
    blank,
    changed,
    deleted_key,
    desk_changed,
    drop,
    edited_key,
    hear_asker,
    helped_key,
    mark,
    read_thread,
    refuse,
    replies_key,
    restore,
    settle,
    tell_of_replies,
    told_key,
    unmark,
    withdraw,
)
from bot.features.questions.rules import (
    asks_elsewhere,
    badges,
    gesture,
    is_courtesy,
    is_over,
    is_own,
    is_word,
    may_decide,
    newer,
    opens_question,
    status,
    wordless,
)
from bot.features.questions.store import Kind, Question, QuestionStore, Response, State, feature

HELPED_AFTER = timedelta(days=2)
"""How long after the last reply the asker may be asked whether it helped: on the next card that comes then."""

JUST_NOW = timedelta(hours=1)
"""Whoever edited their question so recently is told at once what became of it."""

ASKED: frozenset[Kind] = frozenset({"questions", "main", "private"})
"""The kinds of questions whose askers are asked that."""

Said = MessagePosted | MessageEdited


def _ref(event: Said | MessageDeleted | ReactionChanged) -> MessageRef:
    return MessageRef(event.place.workspace, event.place.channel, event.id)


def _said(event: Said) -> str:
    """The words of a reply, or what it is if it has none."""
    return trim(event.text) or wordless(event.medium)


def _follows(turn: Turn[QuestionStore]) -> bool:
    return turn.cohort is not None and turn.purpose in ("questions", "main")


def _first_question(event: MessagePosted) -> str:
    """The text of a message that may be a question in the channel."""
    text = trim(event.text)
    first = event.place.thread in (None, event.id) and not event.place.direct
    return text if first and (event.titled or opens_question(text)) else ""


@feature.on(MessagePosted, looks_up=_first_question)
def follow_post(turn: Turn[QuestionStore], event: MessagePosted) -> None:
    if _follows(turn):
        _follow(turn, event, "")
    elif turn.cohort is None and (text := _first_question(event)):
        _say_that_it_ended(turn, event, text)


def _say_that_it_ended(turn: Turn[QuestionStore], event: MessagePosted, text: str) -> None:
    """Answers a member who asks in the question channel of an ended cohort."""
    cohort, purpose = turn.people.cohort_at(event.place, ended=True) or (None, "")
    if cohort is None or cohort.ended_at is None or purpose != "questions":
        return
    if any(m.cohort == cohort.id for m in turn.people.memberships(turn.me.id, ended=True)):
        turn.whisper(turn.me.id, event.place, views.asked_after_end(cohort, text))


@feature.on(MessageEdited)
def follow_edit(turn: Turn[QuestionStore], event: MessageEdited) -> None:
    if _follows(turn):
        _follow(turn, event, event.revision)


def _follow(turn: Turn[QuestionStore], event: Said, revision: str) -> None:
    ref = _ref(event)
    if event.place.thread is None or event.place.thread == event.id:
        question = turn.store.question_at(ref)
        if question is not None:
            _question_again(turn, question, event, revision)
        elif not turn.store.was_deleted(ref):
            _new_question(turn, event, ref, revision)
        return
    response = turn.store.response_at(ref)
    if response is not None:
        _response_again(turn, response, event, revision)
        return
    question = _thread_of(turn, event)
    if question is not None and question.state != "withdrawn" and not turn.store.was_deleted(ref):
        _new_response(turn, question, event, ref, revision)


def _new_question(turn: Turn[QuestionStore], event: Said, ref: MessageRef, revision: str) -> None:
    text = trim(event.text)
    kind: Kind = "questions" if turn.purpose == "questions" else "main"
    state: State
    if kind == "questions" and (event.titled or opens_question(text)):
        state = "open"
    elif kind == "main" and _asks_elsewhere(turn, event, ref, text):
        state = "elsewhere"
    else:
        return
    question = Question(
        0, turn.here.id, turn.me.id, text, kind, state, True, False, ref, asked_at=event.at, revision=revision
    )
    question = turn.store.add(question)
    turn.happened(desk_changed(question, done=False))
    for emoji in badges(question):
        turn.react(ref, emoji, state=status(question))
    if state == "open" and isinstance(event, MessagePosted):
        suggest(turn, question, event.place)


def _asks_elsewhere(turn: Turn[QuestionStore], event: Said, ref: MessageRef, text: str) -> bool:
    """Reads a message in its conversation, and stores that somebody spoke."""
    earlier = turn.store.talk(event.place)
    if not is_courtesy(text):
        turn.store.remember_talk(ref, Spoken(turn.me.id, event.at))
    return not turn.is_staff and asks_elsewhere(text, turn.me.id, event.at, earlier)


def _question_again(turn: Turn[QuestionStore], question: Question, event: Said, revision: str) -> None:
    if question.state == "withdrawn" or not question.plain:
        return
    if not revision:
        # The post itself, after an edit that overtook it, or a repetition.
        turn.store.keep(replace(question, asked_at=min(question.asked_at, event.at)))
    elif turn.me.id == question.asker and newer(revision, question.revision):
        text = trim(event.text)
        after = replace(question, text=text, revision=revision)
        turn.store.keep(after)
        if text != question.text:
            turn.happened(WordsEdited(after.cohort, after.asker, question.text, text))
            changed(turn, after)
            _asks_still(turn, question, after, event.at)


def _asks_still(turn: Turn[QuestionStore], before: Question, after: Question, at: datetime) -> None:
    """Reads a question anew after its asker's edit: 'thanks, found it' leaves the queue, and a question comes back."""
    if after.waits and is_over(before.text, after.text):
        question = drop(turn, after)
    elif after.state == "dropped" and opens_question(after.text) and is_over(after.text, before.text):
        question = restore(turn, after)
    else:
        return
    line, below = views.after_an_edit(question)
    if turn.now - at <= JUST_NOW:
        turn.show_to(question.asker, edited_key(question), message(paragraph(*line), *below))
    else:
        turn.say(Awaited(question.asker, question.cohort, edited_key(question), line, turn.now + USEFUL, below))


def _new_response(turn: Turn[QuestionStore], question: Question, event: Said, ref: MessageRef, revision: str) -> None:
    author = turn.me.id
    response = turn.store.respond(
        Response(0, question.id, author, is_own(question, author), _said(event), event.at, ref, revision=revision)
    )
    question = count_response(turn, question, response)
    if author != question.asker:
        question = tell_asker(turn, question)
    turn.happened(desk_changed(question, done=turn.is_staff and not response.own, again=response.own))
    read_thread(turn, hear_asker(turn, question, response), response)


def count_response(turn: Turn[QuestionStore], question: Question, response: Response) -> Question:
    """Stores a reply by somebody else, and the time of the first one."""
    if response.own:
        return question
    first = min(question.first_answer_at or response.at, response.at)
    after = replace(question, replies=question.replies + 1, first_answer_at=first)
    turn.store.keep(after)
    return after


def tell_asker(turn: Turn[QuestionStore], question: Question) -> Question:
    """Tells the asker at their next hour, if the platform itself does not notify them of replies; and plans to ask them
    whether it helped."""
    if question.waits and question.kind in ASKED:
        turn.plan(Plan("questions.helped", str(question.id), "", turn.now + HELPED_AFTER, question.cohort))
    return tell_of_replies(turn, question)


def give_privately(turn: Turn[QuestionStore], question: Question, response: Response) -> None:
    """Gives the asker a reply that is not in its thread, and plans to ask them whether it helped."""
    if question.state == "open":
        turn.plan(Plan("questions.helped", str(question.id), "", turn.now + HELPED_AFTER, question.cohort))
    said, below = views.replied_privately(question, author_name(turn, response), response)
    turn.say(Awaited(question.asker, question.cohort, told_key(response), said, turn.now + USEFUL, below))


def uncount_response(turn: Turn[QuestionStore], question: Question, response: Response) -> None:
    """A reply did not get into its thread: it counts no more, and what it answered is open again."""
    turn.store.unmark(response)
    if not response.own:
        others = [r.at for r in turn.store.responses(question.id) if not r.own]
        question = replace(question, replies=len(others), first_answer_at=min(others, default=None))
        turn.store.keep(question)
        if not others:
            turn.say(Hush(replies_key(question)), Hush(helped_key(question)))
    settle(turn, question)
    turn.happened(desk_changed(question, done=False, again=True))


def _response_again(turn: Turn[QuestionStore], response: Response, event: Said, revision: str) -> None:
    if response.deleted:
        return
    if not revision:
        if event.at < response.at:
            turn.store.keep_response(replace(response, at=event.at))
    elif turn.me.id == response.author and newer(revision, response.revision):
        after = replace(response, text=_said(event), revision=revision)
        turn.store.keep_response(after)
        if after.text != response.text:
            turn.happened(WordsEdited(turn.here.id, turn.me.id, response.text, after.text))
        question = turn.store.question(response.question)
        if question is not None and question.answer == response.id and after.text != response.text:
            changed(turn, question, after)


def _thread_of(turn: Turn[QuestionStore], event: Said) -> Question | None:
    question = _question_of_anchor(turn, turn.below)
    if question is None and event.place.thread is not None:
        question = turn.store.question_at(MessageRef(event.place.workspace, event.place.channel, event.place.thread))
    return question if question is not None and question.cohort == turn.here.id else None


def _question_of_anchor(turn: Turn[QuestionStore], anchor: str | None) -> Question | None:
    match (anchor or "").split("/"):
        case ["question", number, "root"]:
            return turn.store.question(int(number))
    return None


def _response_of_anchor(turn: Turn[QuestionStore], anchor: str | None) -> Response | None:
    match (anchor or "").split("/"):
        case ["question", _, "reply", number]:
            return turn.store.response(int(number))
    return None


@feature.on(MessageDeleted)
def follow_deletion(turn: Turn[QuestionStore], event: MessageDeleted) -> None:
    if not _follows(turn):
        return
    ref = _ref(event)
    response = turn.store.response_at(ref) or _response_of_anchor(turn, turn.about)
    question = None if response else turn.store.question_at(ref) or _question_of_anchor(turn, turn.about)
    if response is not None:
        delete_response(turn, response)
    elif question is not None:
        _post_deleted(turn, question)
    elif turn.about is None:
        turn.store.remember_deleted(ref)


def _post_deleted(turn: Turn[QuestionStore], question: Question) -> None:
    """The post of a question is deleted: by its author, or (the bot's post) by whoever moderates the channel."""
    if not question.plain and question.state not in ("withdrawn", "dropped"):
        line, below = views.deleted_in_the_channel(question, _as_draft(turn, question))
        until = turn.now + USEFUL
        turn.say(Awaited(question.asker, question.cohort, deleted_key(question), line, until, below))
    withdraw(turn, question, gone=True)


def _as_draft(turn: Turn[QuestionStore], question: Question) -> Question:
    """A draft of the same words, so that their author need not type them again."""
    draft = Question(
        0,
        question.cohort,
        question.asker,
        question.text,
        "questions",
        "draft",
        False,
        question.anonymous,
        None,
        asked_at=turn.now,
    )
    return turn.store.add(draft)


def delete_response(turn: Turn[QuestionStore], response: Response) -> None:
    """Deletes its text; a question that it answered is open again."""
    if response.deleted:
        return
    question = turn.store.question(response.question)
    if question is None:
        return
    blank(turn, question, response)
    turn.store.unmark(response)
    if question.state == "withdrawn":
        return
    if response.stands and not response.own and not is_word(question, response):
        left = question.replies - 1
        question = replace(question, replies=left, first_answer_at=question.first_answer_at if left else None)
        turn.store.keep(question)
    settle(turn, question, deleted=True)


@feature.on(PersonErased)
def erase(turn: Turn[QuestionStore], fact: PersonErased) -> None:
    questions, responses = turn.store.written_by(fact.person)
    for cohort, number, words in _words(turn, questions, responses):
        turn.happened(WordsErased(cohort, number, words))
    for response in responses:
        delete_response(_in_cohort(turn, response.question), response)
        if response.ref is None:
            turn.withdraw(response.anchor)
        if (asked := turn.store.question(response.question)) is not None:
            ask_about_another(_in_cohort(turn, asked.id), asked)
    for letter in turn.store.letters(fact.person):
        turn.forget(*turn.store.wordings(letter.question, letter.id))
        _in_cohort(turn, letter.question).withdraw(letter.anchor)
    for question in questions:
        withdraw(_in_cohort(turn, question.id), question)


def _words(
    turn: Turn[QuestionStore], questions: Sequence[Question], responses: Sequence[Response]
) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """(cohort, question, what a person wrote there in all wordings), for each question in which they wrote."""
    said: dict[int, list[str]] = {}
    for question in questions:
        said.setdefault(question.id, []).extend(turn.store.wordings(question.id))
    for response in responses:
        said.setdefault(response.question, []).extend(turn.store.wordings(response.question, response.id))
    for number, words in said.items():
        asked = turn.store.question(number)
        if asked is not None:
            yield asked.cohort, number, tuple(words)


def _in_cohort(turn: Turn[QuestionStore], question: int) -> Turn[QuestionStore]:
    """The turn, in the cohort of a question."""
    found = turn.store.question(question)
    return replace(turn, cohort=turn.people.cohort(found.cohort)) if found else turn


@feature.on(ReactionChanged)
def follow_reaction(turn: Turn[QuestionStore], event: ReactionChanged) -> None:
    meant = gesture(event.emoji)
    if not meant or not _follows(turn):
        return
    if meant == "tick":
        response = turn.store.response_at(_ref(event)) or _response_of_anchor(turn, turn.about)
        question = turn.store.question(response.question) if response else None
        if response is not None and not response.deleted and question is not None and _decides(turn, question, event):
            if event.added:
                mark(turn, question, response, turn.me.id)
            else:
                unmark(turn, question, response, turn.me.id)
        return
    if meant == "known":
        question = turn.store.question_at(_ref(event))
        if event.added and question is not None and question.asker == turn.me.id and question.cohort == turn.here.id:
            show_known(turn, question)
        return
    question = _guessed_with(turn, event)
    if question is not None:
        if event.added and _decides(turn, question, event):
            refuse(turn, question)
        return
    question = turn.store.question_at(_ref(event)) or _question_of_anchor(turn, turn.about)
    if question is not None and _decides(turn, question, event):
        if event.added:
            drop(turn, question)
        else:
            restore(turn, question)


def _guessed_with(turn: Turn[QuestionStore], event: ReactionChanged) -> Question | None:
    """The question for which we guessed that the reacted message is the answer."""
    response = turn.store.response_at(_ref(event))
    question = turn.store.question(response.question) if response else None
    if response is None or question is None or question.guess != "stands":
        return None
    return question if question.answer == response.id else None


def _decides(turn: Turn[QuestionStore], question: Question, event: ReactionChanged) -> bool:
    if question.state == "withdrawn" or question.cohort != turn.here.id:
        return False
    if may_decide(question, turn.me.id, turn.is_staff, openly=True):
        return True
    if question.anonymous and turn.me.id == question.asker and event.added:
        turn.whisper(turn.me.id, event.place, views.mark_privately(question))
    return False
