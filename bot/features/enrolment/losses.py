"""What the managers are told of channels that take nothing: one message for each cause, kept true where it stands.

A cause that comes back within a day changes the message of the day before, so a channel that is lost and found again
and again is one message.
"""

from collections.abc import Sequence
from datetime import timedelta

from bot.core.message import Text, message, paragraph
from bot.core.people import Cohort, Person, Place, Role
from bot.core.turn import Turn
from bot.core.voice import Awaited, Hush, Line
from bot.features.enrolment.store import EnrolmentStore

TELL_WITHIN = timedelta(days=14)
SAME = 2
"""For so many days, beginning today, the message of a cause is the same."""


def places(turn: Turn[EnrolmentStore], cohort: Cohort, cause: str) -> Sequence[Place]:
    """The channels of a cohort that are lost for a cause."""
    return [place for place, why in turn.store.lost(cohort.id).items() if why == cause]


def tell(turn: Turn[EnrolmentStore], cohort: Cohort, cause: str, text: Text, workspace: str = "") -> None:
    """Tells the managers a loss, where they were told it last if that is not long ago. `workspace`: see `_reached`."""
    turn.cohort, until = cohort, turn.now + TELL_WITHIN
    for manager in _reached(turn, cohort, workspace):
        keys = _keys(turn, cohort, manager.id, cause)
        turn.say(Hush(_again(keys[0])))
        there = turn.links.shown(keys[:SAME])
        if there:
            turn.show_to(manager.id, next(k for k in keys if k in there), message(paragraph(*text)))
        else:
            turn.say(Line(manager.id, cohort.id, keys[0], text, until, Role.MANAGER, urgent=True))


def correct(
    turn: Turn[EnrolmentStore], cohort: Cohort, cause: str, text: Text, whole: bool, workspace: str = ""
) -> None:
    """Changes what the managers were told. `whole`: nothing is lost for this cause any more. Nobody who has not heard
    of the loss yet hears of it then, and nobody looks at a changed message after days."""
    turn.cohort, until = cohort, turn.now + TELL_WITHIN
    for manager in _reached(turn, cohort, workspace):
        keys = _keys(turn, cohort, manager.id, cause)
        waiting, there = turn.links.waiting(keys), turn.links.shown(keys)
        for key in waiting:
            turn.say(Hush(key) if whole else Line(manager.id, cohort.id, key, text, until, Role.MANAGER, urgent=True))
        if there:
            key = next(k for k in keys if k in there)
            turn.show_to(manager.id, key, message(paragraph(*text)))
            if whole and key not in keys[:SAME]:
                turn.say(Awaited(manager.id, cohort.id, _again(keys[0]), text, until))


def drop(turn: Turn[EnrolmentStore], cohort: Cohort, cause: str) -> None:
    """Takes back what the managers were told of a cause that another one has replaced."""
    turn.cohort = cohort
    for manager in turn.people.members(cohort.id, Role.MANAGER):
        keys = _keys(turn, cohort, manager.id, cause)
        for key in turn.links.waiting(keys):
            turn.say(Hush(key))
        for key in turn.links.shown(keys):
            turn.withdraw(key)


def _reached(turn: Turn[EnrolmentStore], cohort: Cohort, lost: str) -> list[Person]:
    """The managers who can be told: nobody hears in a `lost` workspace, and later it is not true any more."""
    managers = turn.people.members(cohort.id, Role.MANAGER)
    found = [(manager, turn.people.account(manager.id)) for manager in managers]
    return [manager for manager, account in found if account is not None and account.workspace != lost]


def _keys(turn: Turn[EnrolmentStore], cohort: Cohort, manager: int, cause: str) -> list[str]:
    """The keys of a cause's messages, by the day on which it was told; today's first."""
    days = (turn.now.date() - timedelta(days=n) for n in range(TELL_WITHIN.days + 1))
    return [f"lost/{cohort.id}/{manager}/{cause}/{day}" for day in days]


def _again(key: str) -> str:
    """The key of the line that it is well again, which has no day."""
    return f"{key.rpartition('/')[0]}/again"
