"""Changes and shows a question's state: the one way for reactions, buttons and commands."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.core.effects import Below, In
from bot.core.facts import (
    DeskChanged,
    QuestionChanged,
    QuestionReopened,
    QuestionSolved,
    QuestionWithdrawn,
    QuotesWithdrawn,
    WordsWithdrawn,
)
from bot.core.message import Message, message, paragraph
from bot.core.people import Place
from bot.core.private import held_key
from bot.core.timetable import WEEK
from bot.core.turn import Turn
from bot.core.voice import Awaited, Hush
from bot.course.loader import course_of
from bot.features.questions import views
from bot.features.questions.resolving import Said, Verdict, judge
from bot.features.questions.rules import (
    ASKS,
    DONE,
    asks_more,
    badges,
    has_words,
    insists,
    is_word,
    status,
    unsolved,
)
from bot.features.questions.store import Guess, Question, QuestionStore, Response, State

USEFUL = WEEK
"""How long it is useful to tell somebody about a reply, or that their question was closed."""


def asker_name(turn: Turn[QuestionStore], question: Question) -> str | None:
    """The asker's name; None if they asked anonymously."""
    return None if question.anonymous else turn.people.person(question.asker).name


def author_name(turn: Turn[QuestionStore], response: Response) -> str | None:
    """The author of a reply; None if they asked anonymously."""
    return None if response.author is None else turn.people.person(response.author).name


def word_of(turn: Turn[QuestionStore], note: Question) -> Response | None:
    """What the course team had written to the author of a note, which the note answers."""
    first = next(iter(turn.store.responses(note.id)), None) if note.kind == "note" else None
    return first if first is not None and is_word(note, first) else None


def mark(turn: Turn[QuestionStore], question: Question, response: Response, person: int) -> Question:
    """A person with the right to do so says that a reply is the answer."""
    turn.store.mark(response, person)
    if question.state == "solved" and question.answer == response.id and question.guess != "stands":
        return question
    return _solve(turn, question, response)


def read_thread(turn: Turn[QuestionStore], question: Question, response: Response) -> None:
    """After the asker has spoken again: infers from the thread whether a reply was the answer. Only if nobody has
    marked one, or refused one; a later inference may undo it."""
    marked = question.state == "solved" and question.guess != "stands"
    if not response.own or marked or question.private or question.guess == "refused":
        return
    if question.state not in ("open", "elsewhere", "past", "solved"):
        return
    responses, verdict = judged(turn, question)
    if verdict is None:
        return
    if verdict.sure:
        answer = responses[verdict.ranked[0]]
        if question.answer != answer.id:
            _solve(turn, question, answer, "stands")
    elif question.guess == "stands" and verdict.doubted:
        _reopen(turn, question, "")


def hear_asker(turn: Turn[QuestionStore], question: Question, response: Response) -> Question:
    """The asker has spoken below their question, so they have seen what is there. If they still ask what somebody else
    has settled, it is open again."""
    if not response.own:
        return question
    question = look(turn, question)
    settled = question.state == "solved" and question.guess != "stands" and question.answer is not None
    if question.state == "dropped" and question.by_team and insists(response.text):
        question = restore(turn, question)
    elif not (settled and asks_more(response.text)) or question.asker in turn.store.marked_by(question.answer or 0):
        return question
    if question.state == "solved":
        turn.store.clear_marks(question.id)
        question = _reopen(turn, question, "not_yet")
    return question


def look(turn: Turn[QuestionStore], question: Question) -> Question:
    """Its asker has seen what is below it."""
    turn.say(Hush(replies_key(question)))
    if question.unseen:
        question = replace(question, unseen=False)
        turn.store.keep(question)
    return question


def tell_of_replies(turn: Turn[QuestionStore], question: Question) -> Question:
    """Tells the asker at their next hour of what is below the bot's post, whatever others mark meanwhile."""
    if question.plain or question.private:
        return question
    question = replace(question, unseen=True)
    turn.store.keep(question)
    said, below = views.told_of_replies(question)
    turn.say(Awaited(question.asker, question.cohort, replies_key(question), said, turn.now + USEFUL, below))
    return question


def _tell_anew(turn: Turn[QuestionStore], question: Question) -> None:
    """A line about replies that still waits says how the question stands now."""
    if question.unseen and turn.links.waiting([replies_key(question)]):
        tell_of_replies(turn, question)


def judged(turn: Turn[QuestionStore], question: Question) -> tuple[Sequence[Response], Verdict | None]:
    """The replies in the thread, and what they say of the answer; None if their language cannot be read."""
    responses = [r for r in turn.store.responses(question.id) if r.entry is None or not r.own]
    if not course_of(turn.here.course_text).is_english:
        return responses, None
    said = [Said(question.asker if r.own else f"other {r.author}", r.text) for r in responses]
    return responses, judge(Said(question.asker, question.text), said)


def likeliest(turn: Turn[QuestionStore], question: Question) -> Response | None:
    """The reply of somebody else that most likely is the answer: the last, if the thread cannot be read."""
    responses, verdict = judged(turn, question)
    ranked = [responses[n] for n in verdict.ranked] if verdict else list(reversed(responses))
    return next((r for r in ranked if not r.own and r.author != question.asker), None)


def refuse(turn: Turn[QuestionStore], question: Question) -> Question:
    """A person with the right to do so says that the inferred answer is none."""
    return _reopen(turn, question, "refused")


def _reopen(turn: Turn[QuestionStore], question: Question, guess: Guess) -> Question:
    turn.happened(QuestionReopened(question.cohort, question.id))
    return change(turn, question, unsolved(question), guess)


def unmark(turn: Turn[QuestionStore], question: Question, response: Response, person: int) -> Question:
    """Removes a person's mark; somebody else's still counts."""
    turn.store.unmark(response, person)
    return settle(turn, question)


def settle(turn: Turn[QuestionStore], question: Question, deleted: bool = False) -> Question:
    """Updates the question from its marks. `deleted`: the marked answer is gone."""
    marked = turn.store.marked(question.id)
    if question.state != "solved" or marked == question.answer:
        return question
    if marked is None and question.guess == "stands" and _stands(turn, question):
        return question
    if deleted:
        turn.happened(QuestionWithdrawn(question.cohort, question.id))
        turn.happened(WordsWithdrawn(question.cohort))
    response = turn.store.response(marked) if marked is not None else None
    if response is not None:
        return _solve(turn, question, response)
    if not deleted:
        turn.happened(QuestionReopened(question.cohort, question.id))
    return change(turn, question, unsolved(question))


def _stands(turn: Turn[QuestionStore], question: Question) -> bool:
    answer = turn.store.response(question.answer) if question.answer is not None else None
    return answer is not None and not answer.deleted and answer.stands


def drop(turn: Turn[QuestionStore], question: Question) -> Question:
    """Not a question, or not needed any more."""
    if question.state in ("dropped", "withdrawn"):
        return question
    if question.state == "solved":
        turn.happened(QuestionReopened(question.cohort, question.id))
    _hush(turn, question)
    if not (question.private or is_posted(turn, question)):
        _close_unposted(turn, question, views.dropped(question, mine=True, posted=False))
    return change(turn, replace(question, by_team=not _by_asker(turn, question)), "dropped")


def _by_asker(turn: Turn[QuestionStore], question: Question) -> bool:
    return turn.person is not None and turn.person.id == question.asker


def _close_unposted(turn: Turn[QuestionStore], question: Question, receipt: Message) -> None:
    """What told the asker that it waits becomes the receipt."""
    key = held_key(question.asker, question.root)
    turn.say(Hush(key))
    if turn.links.shown([key]):
        turn.show_to(question.asker, key, receipt)


def close(turn: Turn[QuestionStore], question: Question) -> Question:
    """Somebody of the course team says that it is not needed any more; its asker is told, and can open it again."""
    after = drop(turn, question)
    if after.state != question.state and not _by_asker(turn, question):
        said, below = views.closed_by_the_team(question)
        turn.say(Awaited(question.asker, question.cohort, closed_key(question), said, turn.now + USEFUL, below))
    return after


def restore(turn: Turn[QuestionStore], question: Question) -> Question:
    """It is a question after all, with the answer that it had."""
    if question.state != "dropped":
        return question
    turn.say(Hush(closed_key(question)))
    if _by_asker(turn, question) and question.replies:
        question = replace(question, guess="not_yet")
    marked = turn.store.marked(question.id)
    response = turn.store.response(marked) if marked is not None else None
    anew = not (question.private or is_posted(turn, question))
    after = _solve(turn, question, response) if response else change(turn, question, unsolved(question))
    if anew:
        _close_unposted(turn, after, views.restored(after))
        for below in turn.store.unposted([after.id]):
            post_reply(turn, after, below)
    return after


def withdraw(turn: Turn[QuestionStore], question: Question, gone: bool = False) -> Question:
    """Deletes its text and everything that was made of it. `gone`: the message in the channel is deleted too."""
    if question.state == "withdrawn":
        return question
    turn.happened(QuestionWithdrawn(question.cohort, question.id))
    turn.happened(WordsWithdrawn(question.cohort))
    _hush(turn, question)
    turn.say(Hush(replies_key(question)))
    turn.store.clear_marks(question.id)
    words = turn.store.wordings(question.id)
    turn.forget(*words)
    turn.happened(QuotesWithdrawn(question.cohort, question.asker, words))
    after = replace(question, text="", state="withdrawn", answer=None, solved_at=None, guess="")
    turn.store.keep(after)
    _point(turn, question, after)
    if gone or not (question.private or (question.replies and is_posted(turn, question))):
        for response in turn.store.unposted([question.id]):
            if response.post == "waits":
                # Whoever took a question back wants none of its words kept.
                let_go(turn, question if gone and not question.plain else after, response, gone)
    if gone:
        if question.plain and question.ref is not None:
            turn.react(question.ref, ASKS, on=False, state=status(after))
        return after
    if question.private or (question.replies and is_posted(turn, question)):
        show(turn, question, after)
    else:
        _close_unposted(turn, question, views.withdrawn(question))
        turn.withdraw(question.root)
    return after


def let_go(turn: Turn[QuestionStore], question: Question, response: Response, gone: bool) -> None:
    """Tells the author of a reply that its question was deleted before the reply was posted. `gone`: not by the asker's
    own button, so the reply may still be of use to them."""
    if response.author is None or response.deleted or (response.own and not gone):
        return
    turn.store.keep_response(replace(response, post="lost"))
    asker = asker_name(turn, question) if gone and not response.own else None
    said, below = views.reply_let_go(question, response, asker, gone and not response.own)
    key = held_key(response.author, response.anchor)
    if turn.links.shown([key]):
        turn.show_to(response.author, key, message(paragraph(*said), *below))
    turn.say(Awaited(response.author, question.cohort, key, said, turn.now + USEFUL, below))


def blank(turn: Turn[QuestionStore], question: Question, response: Response) -> None:
    """Blanks a reply's text in every version, also where it was quoted."""
    words = turn.store.wordings(question.id, response.id)
    turn.forget(*words)
    if response.author is not None:
        turn.happened(QuotesWithdrawn(question.cohort, response.author, words))
    turn.say(Hush(told_key(response)))
    turn.store.keep_response(replace(response, text="", deleted=True))


def changed(turn: Turn[QuestionStore], question: Question, answer: Response | None = None) -> None:
    """The text of the question or of its answer changed: tells features that made something of it."""
    if question.state != "solved" or question.answer is None:
        return
    if answer is None:
        answer = turn.store.response(question.answer)
    if answer is not None and not (question.anonymous or question.private) and has_words(answer.text):
        turn.happened(QuestionChanged(question.cohort, question.id, question.text, answer.text, turn.now))


def change(turn: Turn[QuestionStore], question: Question, state: State, guess: Guess | None = None) -> Question:
    """Stores the question in a state without an answer, and shows it. `guess` is the new state of inferences."""
    if guess is None:
        guess = "" if question.guess == "stands" else question.guess
    by_team = question.by_team and state == "dropped"
    after = replace(question, state=state, answer=None, solved_at=None, guess=guess, by_team=by_team)
    turn.store.keep(after)
    _tell_anew(turn, after)
    show(turn, question, after)
    return after


def _solve(turn: Turn[QuestionStore], question: Question, response: Response, guess: Guess = "") -> Question:
    if _by_asker(turn, question):
        question = look(turn, question)
    after = replace(question, state="solved", answer=response.id, solved_at=turn.now, guess=guess, by_team=False)
    turn.store.keep(after)
    # An answer without words (a picture) cannot become an FAQ entry.
    hidden = question.anonymous or question.private or not has_words(response.text)
    by = None if response.own else response.author
    turn.happened(
        QuestionSolved(question.cohort, question.id, question.text, response.text, turn.now, hidden, response.entry, by)
    )
    _hush(turn, question)
    _tell_anew(turn, after)
    show(turn, question, after)
    return after


def _point(turn: Turn[QuestionStore], before: Question, after: Question) -> None:
    """Puts our ✅ on the reply that we infer to be the answer; it is confirmed or refused there."""
    old, new = (q.answer if q.guess == "stands" else None for q in (before, after))
    for answer, on in ((old, False), (new, True)):
        response = turn.store.response(answer) if answer is not None and old != new else None
        if response is not None and response.ref is not None and not response.deleted:
            turn.react(response.ref, DONE, on)


def show(turn: Turn[QuestionStore], before: Question, after: Question) -> None:
    """Shows the present state of a question in the chat and on the desks, without notifying anybody."""
    if before.state != after.state:
        again = before.state in ("solved", "dropped") and after.state == unsolved(after)
        done = turn.is_staff and after.state in ("solved", "dropped")
        turn.happened(desk_changed(after, done=done, again=again))
    _point(turn, before, after)
    if after.plain:
        if after.ref is not None and after.state != "withdrawn":
            old, new = badges(before), badges(after)
            for emoji in sorted(old ^ new):
                turn.react(after.ref, emoji, emoji in new, status(after))
        return
    if after.state == "dropped" and not after.private and not is_posted(turn, after):
        # What nobody needs any more is not posted.
        turn.withdraw(after.root)
        return
    response = turn.store.response(after.answer) if after.answer is not None else None
    name = asker_name(turn, after)
    if after.private:
        # Without a channel of their own the instructors find it on the desk, and get no message for it.
        staff = turn.here.place("staff")
        if staff is not None and (before.text or after.text):
            movable = bool(course_of(turn.here.course_text).milestones)
            message = views.private_card(after, name, word_of(turn, after), movable=movable)
            turn.show(f"question/{after.id}/staff", In(staff), message)
        return
    place = _place(turn, after)
    if place is not None:
        turn.show(after.root, In(place), views.root(after, name, response))


def _place(turn: Turn[QuestionStore], question: Question) -> Place | None:
    """The channel of a question that the bot posts: where it is posted, or where it was asked."""
    stands = turn.links.ref(question.root)
    here = turn.place.workspace if turn.place else None
    return turn.here.place("questions", stands.workspace if stands else here)


def receipt(turn: Turn[QuestionStore], question: Question) -> Message:
    """What the asker reads about their question."""
    place = _place(turn, question)
    lost = place is not None and turn.here.lost_at(place) is not None
    return views.asked(question, turn.links.ref(question.root) is not None, lost)


def is_posted(turn: Turn[QuestionStore], question: Question) -> bool:
    return question.plain or turn.links.ref(question.root) is not None


def unposted(turn: Turn[QuestionStore], questions: Sequence[Question]) -> Collection[int]:
    """Which questions are for a channel, and not there yet."""
    ours = [q for q in questions if not (q.plain or q.private)]
    there = turn.links.refs([q.root for q in ours])
    return {q.id for q in ours if q.root not in there}


def post_reply(turn: Turn[QuestionStore], question: Question, response: Response) -> None:
    """Posts in the question's thread what was written by form."""
    message = views.posted_reply(response, author_name(turn, response))
    if question.plain and question.ref is not None:
        thread = Place(question.ref.workspace, question.ref.channel, question.ref.id)
        turn.show(response.anchor, In(thread), message)
    elif not question.private:
        turn.show(response.anchor, Below(question.root), message)


def desk_changed(question: Question, *, done: bool, again: bool = False) -> DeskChanged:
    return DeskChanged(question.cohort, f"questions/{question.id}", done, again)


def replies_key(question: Question) -> str:
    """The key of the line that tells the asker about replies."""
    return f"question/{question.id}/replies"


def told_key(response: Response) -> str:
    """The anchor of what tells the asker a private reply, and after their answer of its receipt."""
    return f"question/{response.question}/told/{response.id}"


def word_key(note: Question) -> str:
    """The anchor of what the course team wrote to a learner, and after their answer of its receipt."""
    return f"word/{note.id}"


def asked_back_key(question: Question) -> str:
    """The key of the line that tells whoever wrote to a learner about the learner's reply."""
    return f"question/{question.id}/asked_back"


def helped_key(question: Question) -> str:
    """The anchor of the card that asks whether a reply helped."""
    return f"question/{question.id}/helped"


def known_key(question: Question) -> str:
    """The anchor of the card that says that the FAQ knows something."""
    return f"question/{question.id}/known"


def raised_key(question: Question) -> str:
    """The key of the line that tells learners that the course team made something of theirs a question."""
    return f"question/{question.id}/raised"


def closed_key(question: Question) -> str:
    """The key of the line that tells the asker that the course team closed it."""
    return f"question/{question.id}/closed"


def deleted_key(question: Question) -> str:
    """The key of the line that tells the asker that its post was deleted in the channel."""
    return f"question/{question.id}/deleted"


def edited_key(question: Question) -> str:
    """The key of what tells the asker that their edit closed the question, or opened it again."""
    return f"question/{question.id}/edited"


def _hush(turn: Turn[QuestionStore], question: Question) -> None:
    """The question is settled: what still waits to be said about it is not needed any more. Its asker still hears of a
    reply that they have not seen, unless they settled it."""
    keys = (asked_back_key, helped_key, known_key, *([replies_key] if _by_asker(turn, question) else []))
    turn.say(*(Hush(key(question)) for key in keys))
