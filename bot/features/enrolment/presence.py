"""Learners whom no message reaches: they are not there any more, or take none. Whoever is not there counts nowhere,
keeps what they have, and goes on when they are back."""

from collections.abc import Sequence

from bot.core.actions import read_number
from bot.core.contributions import DESK, Pile
from bot.core.errors import Spent
from bot.core.events import AccountChanged
from bot.core.facts import DeskChanged, Left, PresenceChanged
from bot.core.feature import Press, Reply
from bot.core.people import STAFF, Cohort, Person
from bot.core.turn import Turn
from bot.features.enrolment import presence_views as views
from bot.features.enrolment.store import EnrolmentStore, feature


def note(turn: Turn[EnrolmentStore], event: AccountChanged) -> None:
    """Notes whether an account is there and takes messages."""
    was_there = turn.people.is_active(turn.me.id)
    turn.store.set_active(event.actor.account, event.active, event.why or ("" if event.active else "left"))
    if turn.people.is_active(turn.me.id) != was_there:
        turn.happened(PresenceChanged(turn.me.id))
    elif event.why:
        _follow(turn, turn.me.id)


@feature.on(PresenceChanged)
def follow_presence(turn: Turn[EnrolmentStore], fact: PresenceChanged) -> None:
    _follow(turn, fact.person)


def _follow(turn: Turn[EnrolmentStore], person: int) -> None:
    for cohort in dict.fromkeys(m.cohort for m in turn.people.memberships(person)):
        turn.happened(DeskChanged(cohort, views.item_name(person)))


@feature.contributes(DESK)
def not_reached(turn: Turn[EnrolmentStore], cohort: Cohort, person: Person) -> Sequence[Pile]:
    found = turn.store.unreached(cohort.id) if cohort.ended_at is None else ()
    items = [views.item(cohort, turn.people.person(p), at, why) for p, at, why in found]
    return [views.pile(items)] if items else ()


@feature.action("take_out", roles=STAFF, lane="private")
def take_out(turn: Turn[EnrolmentStore], press: Press) -> Reply:
    """Ends the membership of a learner who is not there any more; whoever comes back joins with the code."""
    number, cohort = read_number(press.subject), turn.here
    gone = {p for p, _at, _why in turn.store.unreached(cohort.id) if not turn.people.is_active(p)}
    if number is None or number not in gone:
        raise Spent(views.not_gone())
    person = turn.people.person(number)
    turn.store.end_membership(cohort.id, number)
    turn.happened(Left(cohort.id, number))
    turn.happened(DeskChanged(cohort.id, views.item_name(number), done=True))
    turn.log(f"took {person.name} out, who is not there any more")
    return views.taken_out(cohort, person)
