"""Giving thanks, and asking who was thanked whether they may be named."""

from bot.core.errors import NotFound, Refused
from bot.core.facts import TogetherChanged
from bot.core.message import Message
from bot.core.people import MessageRef, Person, Role
from bot.core.time import local_day
from bot.core.translation import _
from bot.core.turn import Turn
from bot.core.voice import Card, Line
from bot.features.thanks import views
from bot.features.thanks.rules import A_WEEK, USEFUL, since
from bot.features.thanks.store import Thanks, ThanksStore


def give(turn: Turn[ThanksStore], author: Person, ref: MessageRef) -> Message:
    """Thanks somebody for a message; one without an id: for nothing that one can point at. Raises Refused."""
    if author.id == turn.me.id:
        raise Refused(_("This is your own message. Well done, all the same."))
    roles = [m.role for m in turn.people.memberships(author.id) if m.cohort == turn.here.id]
    if not roles:
        raise NotFound(_("{name} is not in this cohort any more.", name=author.name))
    given = turn.store.given(turn.here.id, turn.me.id, since(turn.now))
    if any((t.receiver, t.message) == (author.id, ref) for t in given):
        return views.thanked(author.name, A_WEEK - len(given))
    if len(given) >= A_WEEK:
        raise Refused(
            _(
                "You have thanked {a_week} times in seven days, which is as often as it counts. A reply works, too.",
                a_week=A_WEEK,
            )
        )
    turn.store.add(Thanks(turn.here.id, turn.me.id, author.id, ref, turn.now))
    role = Role.LEARNER if Role.LEARNER in roles else roles[0]
    _tell(turn, author.id, role)
    ask(turn, author.id, role)
    if turn.store.naming(turn.here.id).get(author.id):
        turn.happened(TogetherChanged(turn.here.id, turn.here.week_on(local_day(turn.now, turn.here.zone))))
    return views.thanked(author.name, A_WEEK - len(given) - 1)


def _tell(turn: Turn[ThanksStore], person: int, role: Role) -> None:
    """One line for everybody who thanked a person lately; it goes with their next message."""
    lately = turn.store.received(turn.here.id, person, since(turn.now))
    names = list(dict.fromkeys(turn.people.person(t.giver).name for t in lately))
    key = f"thanks/{turn.here.id}/{person}"
    turn.say(Line(person, turn.here.id, key, views.line(names, lately[-1].message), turn.now + USEFUL, role))


def anchor(cohort: int, person: int) -> str:
    return f"thanks/naming/{cohort}/{person}"


def ask(turn: Turn[ThanksStore], person: int, role: Role) -> None:
    """Asks once whether somebody may be named; the question rides on their next card."""
    cohort = turn.here.id
    if role is Role.LEARNER and person not in turn.store.naming(cohort):
        turn.store.set_naming(cohort, person, None)
        asked = views.may_be_named(cohort, None)
        turn.say(Card(person, cohort, anchor(cohort, person), asked, turn.now, turn.now + USEFUL))
