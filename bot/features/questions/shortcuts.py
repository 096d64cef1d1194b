"""A message's own menu, for places that commands do not reach, such as threads."""

from bot.core.errors import NotAllowed, NotFound
from bot.core.feature import Chosen, Reply
from bot.core.people import MEMBERS
from bot.core.translation import N_, _
from bot.core.turn import Turn
from bot.core.typed import trim
from bot.features.questions import views
from bot.features.questions.answering import mark_answer
from bot.features.questions.asking import allows_anonymous, decided
from bot.features.questions.marking import change, restore
from bot.features.questions.rules import LONGEST, badges
from bot.features.questions.store import Kind, Question, QuestionStore, Response, feature


@feature.shortcut("ask", label=N_("Ask as a question"), roles=MEMBERS)
def ask_as_question(turn: Turn[QuestionStore], chosen: Chosen) -> Reply:
    """Make a message a question, which is followed until it is answered."""
    if chosen.author is None or not chosen.text.strip():
        raise NotFound(_("Only what a person wrote can become a question."))
    author = turn.people.owner(chosen.author.account)
    own = author is not None and author.id == turn.me.id
    if not own and not turn.is_staff:
        raise NotAllowed(_("Only whoever wrote this, and the course team, can make it a question."))
    known = turn.store.question_at(chosen.message)
    if known is not None:
        return _again(turn, known)
    if turn.below is not None or (turn.place and turn.place.thread) or turn.purpose not in ("questions", "main"):
        # It has no thread of its own here: the person who chose it asks it again.
        return views.ask_form(turn.here.id, allows_anonymous(turn), trim(chosen.text)[:LONGEST])
    asker = author or turn.people.meet(chosen.author)
    kind: Kind = "questions" if turn.purpose == "questions" else "main"
    question = turn.store.add(
        Question(
            0, turn.here.id, asker.id, trim(chosen.text), kind, "open", True, False, chosen.message, asked_at=turn.now
        )
    )
    for emoji in badges(question):
        turn.react(chosen.message, emoji)
    return views.followed(question, own)


def _again(turn: Turn[QuestionStore], question: Question) -> Reply:
    """The message was already a question, or was dropped as one."""
    question = decided(turn, str(question.id))
    if question.state == "dropped":
        question = restore(turn, question)
    elif question.state == "elsewhere":
        question = change(turn, question, "open")
    return views.followed(question, question.asker == turn.me.id)


@feature.shortcut("answer", label=N_("Mark as the answer"), roles=MEMBERS)
def mark_as_answer(turn: Turn[QuestionStore], chosen: Chosen) -> Reply:
    """Say that this reply is the answer to the question of its thread."""
    response = _reply_at(turn, chosen)
    if response is None or response.deleted:
        raise NotFound(_("This is no reply to a question. Choose the reply in the question's thread."))
    return mark_answer(turn, decided(turn, str(response.question)), response)


def _reply_at(turn: Turn[QuestionStore], chosen: Chosen) -> Response | None:
    kind, *parts = (turn.about or "").split("/")
    if kind == "question" and len(parts) == 3 and parts[1] == "reply":
        return turn.store.response(int(parts[2]))
    return turn.store.response_at(chosen.message)
