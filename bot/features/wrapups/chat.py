"""Answers without a form: replies in the week's thread, and private messages."""

from collections.abc import Sequence
from datetime import datetime

from bot.core.actions import read_number
from bot.core.contributions import FILLABLE, Fillable
from bot.core.effects import Direct
from bot.core.errors import NotFound, Refused, Spent
from bot.core.events import MessageDeleted, MessageEdited, MessagePosted
from bot.core.facts import CardChanged, SaidReturned
from bot.core.feature import Press, Reply
from bot.core.message import Message
from bot.core.people import MEMBERS, Cohort, MessageRef, Person, Role
from bot.core.private import Meaning, Receipt, Said, answer_to, skip, workspace_of
from bot.core.translation import _
from bot.core.turn import Turn
from bot.features.wrapups import answers, rules, views
from bot.features.wrapups.store import Part, Standing, WrapupStore, feature

Wrapups = Turn[WrapupStore]
TAKEN = "✅"
KIND = "wrapup"
"""The kind of a private message that answers a wrap-up."""


# In the thread


def hear_below(turn: Wrapups, event: MessagePosted, below: str) -> None:
    """A learner's plain reply in the thread of a wrap-up's post is their answer, or adds to it. After their close, only
    a person's first late reply counts as an answer; later ones are conversation. In another post's thread,
    a mere question is conversation, too."""
    text = event.text
    if not _learns(turn) or rules.is_courtesy(text):
        return
    at = rules.replied_to(_posted_here(turn), turn.acted_at)
    question = rules.takes_text(at.round.questions) if at is not None else None
    if at is None or question is None or (at.round.together != below and rules.only_asks(text)):
        return
    part = turn.store.add_part(_ref(event), text, turn.me.id, "thread")
    try:
        answers.take_part(turn, turn.here, at, part, question)
    except Refused:
        turn.store.drop_part(part.id)
        _tell(turn, f"wrapup/{at.round.id}/{turn.me.id}/long", views.too_long(len(text), at.round))
    else:
        turn.react(part.ref, TAKEN)


def _posted_here(turn: Wrapups) -> list[Standing]:
    """The rounds whose posts are in the thread of the event, as the acting person stands in them."""
    mine = answers.standings(turn, turn.me.id, turn.here) if turn.purpose == "main" else []
    return [at for at in mine if at.round.posted and turn.is_in_thread_of("main", at.round.together)]


def _learns(turn: Wrapups) -> bool:
    return Role.LEARNER in turn.roles and not turn.is_staff


def _ref(event: MessagePosted | MessageEdited | MessageDeleted) -> MessageRef:
    return MessageRef(event.place.workspace, event.place.channel, event.id)


def _tell(turn: Wrapups, anchor: str, said: Message) -> None:
    """Tells the person in private."""
    turn.show(anchor, Direct(turn.me.id, turn.place.workspace if turn.place else None), said)


# In private


@feature.meanings(KIND)
def meanings(turn: Wrapups, said: Said, cohort: Cohort) -> Sequence[Meaning]:
    """A private message may answer each question of an open round, or of the last one, late."""
    if not _learns(turn):
        return ()
    said_at = turn.counted(said.at)
    found = _answerable(turn, said.person, cohort, said_at)
    return [_meaning(at, place, said_at) for at in found for place in range(len(at.round.questions))]


def _answerable(turn: Wrapups, person: int, cohort: Cohort, now: datetime) -> Sequence[Standing]:
    """The rounds that somebody could answer at an instant, or the last one late."""
    mine = answers.standings(turn, person, cohort)
    found, last = rules.open_now(mine, now), rules.last_closed(mine, now)
    if cohort.ended_at is not None:
        return rules.still_taken(mine, cohort)[:1]
    if not found and last is not None and rules.lacks_words(last) and now - last.window.closes_at < rules.LATE_FOR:
        return [last]
    return found


@feature.contributes(FILLABLE)
def fillable(turn: Wrapups, cohort: Cohort, person: Person) -> Sequence[Fillable]:
    if not _learns(turn):
        return ()
    return [
        Fillable(
            answers.form(turn, at),
            f"wrapup/{at.round.id}",
            frozenset(q.id for q in at.round.questions if q.audience != "cohort"),
        )
        for at in _answerable(turn, person.id, cohort, turn.acted_at)
    ]


def _meaning(at: Standing, place: int, said_at: datetime) -> Meaning:
    round, question = at.round, at.round.questions[place]
    late = at.window.closes_at <= said_at
    label, text = views.becomes(round, question, late=late)
    return Meaning(
        round.cohort,
        label,
        text,
        "cohort" if question.audience == "cohort" else "team",
        "" if late else "statement",
        _subject(at, place),
        round.name,
        group=str(round.id),
        field=question.text,
        filled=bool(at.answer and at.answer.values.get(question.id)),
        asked_only=question.kind not in rules.WORDS,
    )


def _subject(at: Standing, place: int) -> str:
    return f"{at.round.id}.{place}"


@feature.takes(KIND, after_end=True)
def take(turn: Wrapups, said: Said | None, subject: str) -> Receipt:
    """Stores a private message as the answer to the question that its author was shown, and asks the next one."""
    pair = rules.parse_pair(subject)
    if pair is None:
        raise NotFound
    at = answers.standing(turn, pair[0], turn.me.id)
    if pair[1] >= len(at.round.questions):
        raise NotFound
    question = at.round.questions[pair[1]]
    if said is None:
        return _go_on(at, pair[1], None)
    text = said.text if question.kind in rules.WORDS else rules.read_answer(question, said.text)
    answers.joined(at.answer.values.get(question.id, "") if at.answer else "", question, text)
    part = turn.store.add_part(said.ref, text, said.person, "direct")
    saved = answers.take_part(turn, turn.here, at, part, question, turn.counted(said.at))
    return _go_on(Standing(at.round, at.window, saved.answer), pair[1], turn.store.part(part.id))


def _go_on(at: Standing, place: int, part: Part | None) -> Receipt:
    """Asks the question after this one; `part` is the stored message, None if the question was skipped."""
    values = at.answer.values if at.answer else {}
    following = rules.next_empty(at.round.questions, values, place)
    if following is None:
        return Receipt(views.step(at, part, None))
    question, subject = at.round.questions[following], _subject(at, following)
    shown = views.step(at, part, question, skip(KIND, at.round.cohort, subject))
    return Receipt(shown, views.asked(at.round, question, subject, str(part.id) if part is not None else ""))


@feature.on(CardChanged)
def follow_card(turn: Wrapups, fact: CardChanged) -> None:
    """Shows a card of the dialogue again, with or without its question."""
    if fact.kind != KIND:
        return
    pair = rules.parse_pair(fact.subject)
    part = turn.store.part(int(fact.card)) if fact.card else None
    if pair is None or (fact.card and part is None):
        return  # the card's subject was taken back
    try:
        at = answers.standing(turn, pair[0], fact.person)
    except Refused:
        return
    question = at.round.questions[pair[1]] if fact.asks and pair[1] < len(at.round.questions) else None
    ahead = skip(KIND, fact.cohort, fact.subject)
    said = views.step(at, part, question, ahead) if question is not None else views.saved(at, part)
    turn.show(fact.anchor, Direct(fact.person, workspace_of(fact.anchor)), said)


@feature.action("undo", roles=MEMBERS)
def undo(turn: Wrapups, press: Press) -> Reply:
    """Takes a message out of the answer. Its author can then choose again what it is."""
    number = read_number(press.subject)
    part = turn.store.part(number) if number is not None else None
    if part is None or part.person != turn.me.id:
        raise Spent(_("That is taken back already."))
    answers.take_back(turn, part)
    turn.happened(SaidReturned(part.person, part.ref, part.text))
    return None


# Edits and deletions


def follow_edit(turn: Wrapups, event: MessageEdited) -> None:
    part = turn.store.part_at(_ref(event))
    if part is None or part.person != turn.me.id or event.text == part.text:
        return
    if not event.text:
        answers.take_back(turn, part)
        if part.way == "direct":
            turn.happened(SaidReturned(part.person, part.ref))
            _tell(turn, answer_to(part.ref), views.emptied())
        return
    long = f"{answer_to(part.ref)}/long"
    try:
        changed = answers.change_part(turn, part, event.text)
    except answers.Closed as e:
        _tell(turn, long, views.closed(str(e)))
        return
    except Refused as e:
        _tell(turn, long, views.unchanged(str(e)))
        return
    turn.withdraw(long)
    if changed is not None and part.way == "direct":
        # The dialogue knows whether the card still asks something.
        said = views.saved(changed, turn.store.part(part.id), over=turn.here.ended_at is not None)
        _tell(turn, answer_to(part.ref), said)


@feature.on(MessageDeleted)
def follow_deletion(turn: Wrapups, event: MessageDeleted) -> None:
    part = turn.store.part_at(_ref(event))
    if part is not None:
        answers.take_back(turn, part)
