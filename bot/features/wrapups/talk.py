"""Answers that are said rather than filled in: replies in the week's thread, and direct messages."""

from collections.abc import Sequence

from bot.core.actions import read_number
from bot.core.effects import Direct
from bot.core.errors import NotFound, Spent
from bot.core.events import MessageDeleted, MessageEdited, MessagePosted
from bot.core.feature import Reply
from bot.core.message import Message
from bot.core.people import Cohort, MessageRef, Role
from bot.core.time import local_day
from bot.core.turn import Turn
from bot.features.wrapups import answers, rules, views
from bot.features.wrapups.states import Part, Standing, WrapupStore

Wrapups = Turn[WrapupStore]
TAKEN = "✅"


# In the thread


def hear_below(turn: Wrapups, event: MessagePosted, below: str) -> None:
    """A learner's plain reply below the root post is their answer, or adds to it. Once their time is over, only
    who has not answered yet is taken to answer: the others talk."""
    kind, _, rest = below.partition("/")
    id, _, what = rest.partition("/")
    number = read_number(id)
    if kind != "wrapup" or what != "together" or number is None or not _learns(turn):
        return
    text = event.text
    try:
        at = answers.standing(turn, number, turn.me.id)
    except NotFound:
        return
    if rules.is_courtesy(text) or (at.answer is not None and at.window.closes_at <= turn.now):
        return
    if _length(at, text, cohort_only=True) > views.LONGEST:
        _tell(turn, f"wrapup/{id}/{turn.me.id}/long", views.too_long(len(text), at.round))
        return
    part = turn.store.add_part(event, turn.me.id, "thread")
    if answers.take_part(turn, turn.here, at, part, cohort_only=True):
        turn.react(part.ref, TAKEN)
    else:
        turn.store.drop_part(part.id)


def _learns(turn: Wrapups) -> bool:
    return Role.LEARNER in turn.roles and not turn.is_staff


# By direct message


def hear_direct(turn: Wrapups, event: MessagePosted) -> None:
    """Free text to the bot answers the round that is open; which one, if there are several, it asks."""
    text = event.text
    if rules.is_courtesy(text):
        return
    learning = _learning(turn)
    mine = turn.store.standings(turn.me.id, set(learning))
    found = rules.open_now(mine, turn.now)
    if not found:
        _hint(turn, mine, bool(learning))
        return
    if all(_length(s, text) > views.LONGEST for s in found):
        _tell(turn, f"wrapup/dm/{event.id}/long", views.too_long(len(text), found[0].round))
        return
    part = turn.store.add_part(event, turn.me.id, "direct")
    if len(found) > 1:
        choices = [(s.round, learning[s.round.cohort].title) for s in found]
        _tell(turn, _anchor(part), views.which(part, choices))
        return
    turn.cohort = learning[found[0].round.cohort]
    _save_direct(turn, turn.cohort, found[0], part)


def _learning(turn: Wrapups) -> dict[int, Cohort]:
    """The cohorts in which the person is a learner and nothing else."""
    roles: dict[int, set[Role]] = {}
    for m in turn.people.memberships(turn.me.id):
        roles.setdefault(m.cohort, set()).add(m.role)
    mine = (turn.people.cohort(c) for c, r in roles.items() if r == {Role.LEARNER})
    return {c.id: c for c in mine if c is not None}


def _length(at: Standing, text: str, cohort_only: bool = False) -> int:
    """How long the answer would become."""
    question = rules.takes_text(at.round.questions, cohort_only)
    before = at.answer.values.get(question.id, "") if at.answer and question else ""
    return len(rules.added(before, text))


def _save_direct(turn: Wrapups, cohort: Cohort, at: Standing, part: Part) -> None:
    question = rules.takes_text(at.round.questions, cohort_only=False)
    if question is None or not answers.take_part(turn, cohort, at, part, cohort_only=False):
        turn.store.drop_part(part.id)
        _tell(turn, _anchor(part), views.only_by_form(at.round))
        return
    _tell(turn, _anchor(part), views.saved(at.round, part, question, at.window.closes_at <= turn.now))


def _hint(turn: Wrapups, mine: Sequence[Standing], learns: bool) -> None:
    """Says what to do instead, once a day."""
    day = local_day(turn.now, turn.me.zone).isoformat()
    if not turn.store.may_hint(turn.me.id, day):
        return
    said = views.hint_for_others(bool(turn.people.memberships(turn.me.id)))
    if learns:
        said = views.hint(rules.last_closed(mine, turn.now), rules.next_to_open(mine, turn.now))
    _tell(turn, f"wrapup/hint/{turn.me.id}/{day}", said)


def _anchor(part: Part) -> str:
    return f"wrapup/said/{part.id}"


def _tell(turn: Wrapups, anchor: str, said: Message) -> None:
    """Answers where the person wrote from."""
    turn.show(anchor, Direct(turn.me.id, turn.place.workspace if turn.place else None), said)


# Buttons below a direct message


def assign(turn: Wrapups, subject: str) -> Reply:
    """The person says which round a direct message is for."""
    pair = rules.parse_pair(subject)
    part = turn.store.part(pair[0]) if pair else None
    if pair is None or part is None or part.person != turn.me.id:
        raise NotFound("This message is not kept any more. Please send it once more.")
    if part.answer is not None:
        raise Spent
    at = answers.standing(turn, pair[1], turn.me.id)
    if _length(at, part.text) > views.LONGEST:
        _tell(turn, _anchor(part), views.too_long(len(part.text), at.round))
        return None
    _save_direct(turn, turn.here, at, part)
    return None


def undo(turn: Wrapups, subject: str) -> Reply:
    number = read_number(subject)
    part = turn.store.part(number) if number is not None else None
    if part is None or part.person != turn.me.id:
        raise Spent("That is taken back already.")
    round = _round_of(turn, part)
    answers.take_back(turn, part)
    if round is not None:
        _tell(turn, _anchor(part), views.taken_back(round.round))
    return None


def _round_of(turn: Wrapups, part: Part) -> Standing | None:
    answer = turn.store.answer_by_id(part.answer) if part.answer is not None else None
    return answers.standing(turn, answer.round, part.person) if answer else None


# Edits and deletions


def follow_edit(turn: Wrapups, event: MessageEdited) -> None:
    part = turn.store.part_at(MessageRef(event.place.workspace, event.place.channel, event.id))
    if part is None or part.person != turn.me.id or event.text == part.text:
        return
    if not event.text:
        answers.take_back(turn, part)
        return
    too_long_for = answers.change_part(turn, part, event.text)
    if too_long_for is not None:
        _tell(turn, f"{_anchor(part)}/long", views.too_long(len(event.text), too_long_for))


def follow_deletion(turn: Wrapups, event: MessageDeleted) -> None:
    part = turn.store.part_at(MessageRef(event.place.workspace, event.place.channel, event.id))
    if part is None:
        return
    answers.take_back(turn, part)
    if part.way == "direct":
        turn.withdraw(_anchor(part))
