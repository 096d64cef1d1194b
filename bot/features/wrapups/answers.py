"""Answers: by form, in the thread, by direct message; each with its receipt."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.core.actions import read_number
from bot.core.errors import NotFound, Refused, Spent
from bot.core.facts import DeskChanged, ItemDone, SaidReturned, WordsWithdrawn, WrapupAnswered
from bot.core.feature import Submission
from bot.core.forms import Form, Stored
from bot.core.message import Message
from bot.core.people import Cohort, Person, Role
from bot.core.time import say
from bot.core.translation import _
from bot.core.turn import Turn
from bot.core.voice import Hush
from bot.course.loader import course_of
from bot.course.model import Question
from bot.features.wrapups import rules, views
from bot.features.wrapups.rounds import plan_over, plan_report
from bot.features.wrapups.store import (
    Answer,
    Consent,
    Part,
    Round,
    Saved,
    Standing,
    Way,
    Window,
    WrapupStore,
    desk_name,
    item_name,
)

Wrapups = Turn[WrapupStore]


class Closed(Refused):
    """The cohort takes no more answers."""


def standing(turn: Wrapups, round: int, person: int) -> Standing:
    """A round of this cohort as a person stands in it. Raises NotFound if it was never theirs, and Closed if the cohort
    takes no more answers."""
    found = _standing(turn, round, person)
    if turn.here.taken_until(found.window.opens_at, None) is not None:
        raise Closed(_("{title} has ended, and takes no more answers. What you wrote is kept.", title=turn.here.title))
    return found


def _standing(turn: Wrapups, round: int, person: int) -> Standing:
    found = turn.store.round(round)
    windows = turn.store.windows({round}, {person})
    if found is None or not windows or found.cohort != turn.here.id:
        raise NotFound
    return Standing(found, rules.forgiving(windows[0], turn.uptime), turn.store.answer(round, person))


def standings(turn: Wrapups, person: int, cohort: Cohort) -> list[Standing]:
    """How a person stands in each of their rounds, sorted by opening."""
    found = turn.store.standings(person, {cohort.id})
    return [replace(s, window=rules.forgiving(s.window, turn.uptime)) for s in found]


def mine(turn: Wrapups, subject: str) -> Standing:
    """The round that an action names, as the acting person stands in it."""
    number = read_number(subject)
    if number is None:
        raise NotFound
    return standing(turn, number, turn.me.id)


def own(turn: Wrapups, subject: str) -> tuple[Round, Answer]:
    """The answer that an action names, if it is the acting person's."""
    number = read_number(subject)
    answer = turn.store.answer_by_id(number) if number is not None else None
    round = turn.store.round(answer.round) if answer else None
    if answer is None or round is None or answer.person != turn.me.id or round.cohort != turn.here.id:
        raise Spent(_("This answer is deleted already."))
    return round, answer


def form(turn: Wrapups, at: Standing) -> Form:
    """The form of a round, with the earlier answer."""
    return views.form(at.round, consent(turn.here, at.round), at.answer, at.window.closes_at, turn.acted_at)


def stored(turn: Wrapups, filled: Submission) -> list[Stored]:
    """What a wrap-up's form would replace: the answer, and the close that the learner saw."""
    if Role.LEARNER not in turn.roles:
        return []
    at, zone = mine(turn, filled.subject), turn.me.zone
    values, said = {}, "deleted"
    if at.answer is not None:
        said = _("answered {say}", say=say(at.answer.changed_at, zone))
        values = {q.id: at.answer.values.get(q.id, "") for q in at.round.questions}
        if consent(turn.here, at.round):
            values[rules.quote_field(at.round.questions)] = "yes" if at.answer.quote else ""
    closes = at.window.closes_at
    return [
        Stored(values, said, "answer"),
        Stored({"closes": closes.isoformat()}, _("it closes {say} now", say=say(closes, zone)), "closes"),
    ]


def consent(cohort: Cohort, round: Round) -> Consent | None:
    """What the form asks each author to agree to: quotes with their name, their name above all that the cohort sees,
    or nothing."""
    course = course_of(cohort.course_text)
    prompt = course.prompt(round.prompt)
    if rules.takes_text(round.questions) is None:
        return None
    if prompt is not None and prompt.names:
        return "names"
    return "quotes" if course.privacy.quotes == "ask" else None


def save(
    turn: Wrapups,
    cohort: Cohort,
    at: Standing,
    values: Mapping[str, str],
    quote: bool,
    way: Way,
    said_at: datetime | None = None,
) -> Saved:
    """Stores an answer, shows its receipt, and updates the report. `said_at`: when its author wrote it, if that was
    before this act."""
    person = turn.people.person(at.window.person)
    late = at.window.closes_at <= (said_at or turn.acted_at)
    begun = rules.is_begun(at.round.questions, values)
    saved = turn.store.save(at.round.id, person.id, values, quote, way, turn.now, late, begun)
    if saved.changed:
        settle(turn, cohort, at.round, person, at.window, saved.answer)
    return saved


def settle(turn: Wrapups, cohort: Cohort, round: Round, person: Person, window: Window, answer: Answer) -> None:
    """Follows a changed answer: the card becomes its receipt, and a posted report is updated."""
    turn.cohort = cohort
    turn.say(Hush(round.card(person.id)))
    turn.show_to(person.id, round.card(person.id), views.receipt(person.greeted, round, answer, window, turn.now))
    if answer.begun:
        plan_over(turn, round, answer, window)
    else:
        _finished(turn, round, person.id, views.finished(round))
    turn.happened(WrapupAnswered(cohort.id, person.id))
    turn.happened(ItemDone(cohort.id, item_name(round.id), person.id))
    turn.happened(DeskChanged(cohort.id, desk_name(answer), again=True))
    if round.state == "closed":
        plan_report(turn, round, answer, "said")


def _finished(turn: Wrapups, round: Round, person: int, message: Message) -> None:
    """Nothing is left of what offered to finish the answer."""
    anchor = round.finish(person)
    turn.say(Hush(anchor))
    if turn.links.shown([anchor]):
        turn.show_to(person, anchor, message)


def take_part(
    turn: Wrapups, cohort: Cohort, at: Standing, part: Part, question: Question, said_at: datetime | None = None
) -> Saved:
    """A chat message becomes (part of) the answer to a question. Words are added; a choice, a number or a link replaces
    an earlier one. Raises Refused if the question does not take it; nothing is stored then."""
    before = at.answer.values if at.answer else {}
    value = joined(before.get(question.id, ""), question, part.text)
    values = {**before, question.id: value}
    saved = save(turn, cohort, at, values, at.answer.quote if at.answer else False, part.way, said_at)
    turn.store.assign_part(part.id, saved.answer.id, question.id)
    return saved


def joined(before: str, question: Question, text: str) -> str:
    """An answer with a message added. Raises Refused if that is invalid."""
    said = rules.read_answer(question, text)
    value = rules.added(before, said) if question.kind in rules.WORDS else said
    if len(value) > views.LONGEST:
        raise Refused(views.how_long(len(value)))
    return value


def change_part(turn: Wrapups, part: Part, text: str) -> Standing | None:
    """The message behind an answer was edited; None if the answer is gone. Raises Refused if the answer stays as it
    was, and Closed if its cohort takes no more answers."""
    found = _behind(turn, part)
    if found is None:
        turn.store.change_part(part.id, text)
        return None
    cohort, _, answer = found
    at = standing(turn, answer.round, part.person)
    question = next((q for q in at.round.questions if q.id == part.question), None)
    if question is not None and question.kind not in rules.WORDS:
        value = rules.read_answer(question, text)
    else:
        value = rules.swapped(answer.values.get(part.question, ""), part.text, text)
    if len(value) > views.LONGEST:
        raise Refused(views.how_long(len(value)))
    turn.store.change_part(part.id, text)
    saved = save(turn, cohort, at, {**answer.values, part.question: value}, answer.quote, part.way)
    return replace(at, answer=saved.answer)


def take_back(turn: Wrapups, part: Part) -> bool:
    """The message behind an answer was deleted, or its author wants it back. False if nothing is left of it."""
    found = _behind(turn, part)
    turn.store.drop_part(part.id)
    if found is None:
        return False
    cohort, at, answer = found
    value = rules.without(answer.values.get(part.question, ""), part.text)
    question = next((q for q in at.round.questions if q.id == part.question), None)
    if question is not None and question.kind not in rules.WORDS:
        value = ""
    values = {k: v for k, v in {**answer.values, part.question: value}.items() if v}
    if not values:
        delete(turn, cohort, at.round, answer)
        return True
    turn.forget(part.text, *part.earlier)
    turn.store.scrub(answer.id, values, part, turn.now, rules.is_begun(at.round.questions, values))
    turn.happened(WordsWithdrawn(cohort.id))
    left = turn.store.answer_by_id(answer.id)
    if left is not None:
        settle(turn, cohort, at.round, turn.people.person(part.person), at.window, left)
    return True


def _behind(turn: Wrapups, part: Part) -> tuple[Cohort, Standing, Answer] | None:
    """The answer that a message went into, with its round; None if it is gone."""
    answer = turn.store.answer_by_id(part.answer) if part.answer is not None else None
    round = turn.store.round(answer.round) if answer else None
    cohort = turn.people.cohort(round.cohort) if round else None
    if answer is None or round is None or cohort is None:
        return None
    turn.cohort = cohort
    return cohort, _standing(turn, round.id, part.person), answer


def delete(turn: Wrapups, cohort: Cohort, round: Round, answer: Answer) -> None:
    """Blanks an answer everywhere, with a receipt."""
    for part in turn.store.parts(answer.id):
        if part.way == "thread":
            turn.react(part.ref, "✅", on=False)
        else:
            turn.happened(SaidReturned(part.person, part.ref))
    turn.forget(*turn.store.wordings(answer.id))
    turn.store.delete_answer(answer.id, turn.now)
    turn.happened(WordsWithdrawn(cohort.id))
    turn.cohort = cohort
    turn.say(Hush(round.card(answer.person)))
    turn.show_to(answer.person, round.card(answer.person), views.deleted(round, turn.now))
    _finished(turn, round, answer.person, views.deleted(round, turn.now))
    if round.state == "closed":
        plan_report(turn, round, answer, "deleted")
