"""Threads of an export become questions like those followed live, without telling anybody or posting anything."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import chain

from bot.core.facts import QuestionSolved
from bot.core.history import PastMessage, PastThread
from bot.core.people import STAFF, Account, Actor, MessageRef
from bot.core.turn import Turn
from bot.core.typed import trim
from bot.features.questions.marking import judged
from bot.features.questions.resolving import says_something
from bot.features.questions.rules import is_thanks, is_tick, opens_question
from bot.features.questions.store import Question, QuestionStore, Response

SOMEBODY = "somebody"
"""The account for people whom the export does not name. Their questions count as one person's."""


def take_in(turn: Turn[QuestionStore], threads: Sequence[PastThread]) -> Counter[str]:
    """Stores what is new in these threads. Known questions stay as they are; only those without an answer look for one
    among new replies. Returns how many were 'known', 'no question', 'new', and of the new ones 'marked', 'read' (the
    answer was inferred from the thread) and 'open'."""
    done: Counter[str] = Counter()
    staff = {person.id for role in STAFF for person in turn.people.members(turn.here.id, role)}
    people = _people(turn, threads)
    for thread in threads:
        root = thread.root
        known = turn.store.question_at(root.ref)
        if turn.store.was_deleted(root.ref) or (known is not None and known.state != "past"):
            done["known"] += 1
            continue
        ticked = any(is_tick(r.emoji) for reply in thread.replies for r in reply.reactions)
        if known is None and not ticked and not opens_question(root.text):
            done["no question"] += 1
            continue
        asker = _author(people, root)
        question = known or turn.store.add(
            Question(0, turn.here.id, asker, trim(root.text), "history", "past", True, False, root.ref, root.at)
        )
        if not _add_replies(turn, question, thread, people) and known is not None:
            done["known"] += 1
            continue
        if known is None:
            done["new"] += 1
        done[_settle(turn, question, thread, people, staff)] += 1
    return done


def _people(turn: Turn[QuestionStore], threads: Sequence[PastThread]) -> dict[tuple[str, str], int]:
    """The people behind all accounts in the threads, including reactions. New ones get no name."""
    found: dict[tuple[str, str], int] = {}
    for message in chain.from_iterable((thread.root, *thread.replies) for thread in threads):
        writer = message.author or SOMEBODY
        for user in (writer, *chain.from_iterable(r.by for r in message.reactions if is_tick(r.emoji))):
            key = (message.ref.workspace, user)
            if key not in found:
                account = Account(*key)
                # A known person is not met again: what they wrote long ago says nothing about where they are now.
                found[key] = (turn.people.owner(account) or turn.people.meet(Actor(account, SOMEBODY))).id
    return found


def _author(people: dict[tuple[str, str], int], message: PastMessage) -> int:
    return people[message.ref.workspace, message.author or SOMEBODY]


def _add_replies(
    turn: Turn[QuestionStore], question: Question, thread: PastThread, people: dict[tuple[str, str], int]
) -> int:
    added = 0
    for reply in thread.replies:
        if turn.store.response_at(reply.ref) is None and not turn.store.was_deleted(reply.ref):
            author = _author(people, reply)
            own = reply.author is not None and author == question.asker
            turn.store.respond(Response(0, question.id, author, own, trim(reply.text), reply.at, reply.ref))
            added += 1
    return added


def _settle(
    turn: Turn[QuestionStore],
    question: Question,
    thread: PastThread,
    people: dict[tuple[str, str], int],
    staff: set[int],
) -> str:
    """Finds the answer: a mark by a person with the right to set it, or else an inference from the thread."""
    responses = turn.store.responses(question.id)
    others = [response for response in responses if not response.own]
    first = min((response.at for response in others), default=None)
    question = replace(question, replies=len(others), first_answer_at=first)
    ticks = {reply.ref: _put(reply, people, is_tick) for reply in thread.replies}
    may = staff | {question.asker}
    marked = [(response, ticks.get(_place(response), set()) & may) for response in responses]
    for response, by in marked:
        for person in by:
            turn.store.mark(response, person)
    answers = [response for response, by in marked if by]
    if answers:
        _solve(turn, question, answers[-1])
        return "marked"
    thanked = {reply.ref for reply in thread.replies if question.asker in _put(reply, people, is_thanks)}
    answer = _read(turn, question, thanked)
    if answer is not None:
        _solve(turn, replace(question, guess="stands"), answer)
        return "read"
    turn.store.keep(question)
    return "open"


def _read(turn: Turn[QuestionStore], question: Question, thanked: set[MessageRef]) -> Response | None:
    """The answer by the asker's 🙏 on a reply, or inferred from the words."""
    responses, verdict = judged(turn, question)
    liked = [r for r in responses if not r.own and _place(r) in thanked and says_something(r.text)]
    if liked:
        return liked[-1]
    return responses[verdict.ranked[0]] if verdict and verdict.sure else None


def _place(response: Response) -> MessageRef:
    assert response.ref is not None
    return response.ref


def _put(reply: PastMessage, people: dict[tuple[str, str], int], means: Callable[[str], bool]) -> set[int]:
    """The known people who put a reaction with this meaning on a reply."""
    users = {user for reaction in reply.reactions if means(reaction.emoji) for user in reaction.by}
    return {people[key] for key in ((reply.ref.workspace, user) for user in users) if key in people}


def _solve(turn: Turn[QuestionStore], question: Question, answer: Response) -> None:
    turn.store.keep(replace(question, state="solved", answer=answer.id, solved_at=answer.at))
    turn.happened(QuestionSolved(question.cohort, question.id, question.text, answer.text, answer.at, False))
