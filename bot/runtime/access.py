"""Access: who may do what, in which cohort, and until when."""

from typing import Any

from bot.core.actions import Action
from bot.core.commands import Command
from bot.core.errors import NotAllowed, Refused
from bot.core.message import Message
from bot.core.people import MANAGERS, STAFF, Cohort, Person, Role
from bot.core.ports import Directory
from bot.core.translation import _
from bot.core.turn import Turn
from bot.runtime.registry import Registry


def enter(turn: Turn[Any], cohort: Cohort) -> None:
    """Makes the turn about this cohort, with the person's roles in it."""
    turn.cohort = cohort
    mine = turn.people.memberships(turn.person.id, cohort.ended_at is not None) if turn.person else ()
    turn.roles = frozenset(m.role for m in mine if m.cohort == cohort.id)


def check(turn: Turn[Any], roles: frozenset[Role], after_end: bool = False) -> None:
    """Raises Refused if the person of the turn has none of the roles, or if the cohort has ended."""
    if turn.cohort is not None and turn.cohort.ended_at is not None and not after_end:
        raise Refused(
            _(
                "{cohort} has ended, so this is closed. `/cohort` shows what you still have there.",
                cohort=turn.cohort.title,
            )
        )
    if roles and not roles & turn.roles:
        if Role.LEARNER in roles and not turn.roles:
            raise NotAllowed(_("This is for members of the cohort. `/cohort join CODE` brings you in."))
        if roles <= MANAGERS and turn.roles & STAFF:
            raise NotAllowed(_("This is for the managers of the cohort. Ask one of them to do it, or to name you."))
        raise NotAllowed


def left(turn: Turn[Any], action: Action) -> Cohort | None:
    """The cohort of an action if its person was a learner there and has left."""
    if turn.roles or not action.cohort:
        return None
    was_there = turn.me.id in turn.people.joined(action.cohort, {turn.me.id}, ever=True)
    return turn.people.cohort(action.cohort) if was_there else None


def cohorts_for(people: Directory, person: Person, command: Command, ended: bool = False) -> list[Cohort]:
    """The cohorts in which a person may use a command: running ones or, for `ended`, ended ones, the latest end
    first."""
    if ended and not command.after_end:
        return []
    mine = [m for m in people.memberships(person.id, ended) if not command.roles or m.role in command.roles]
    found = [people.cohort(cohort) for cohort in dict.fromkeys(m.cohort for m in mine)]
    return [c for c in found if c is not None]


def without_refused(registry: Registry, people: Directory, said: Message) -> Message:
    """The message without the buttons that would be refused because their cohort has ended."""

    def works(encoded: str) -> bool:
        action = Action.decode(encoded)
        cohort = people.cohort(action.cohort) if action is not None and action.cohort else None
        if action is None or cohort is None or cohort.ended_at is None:
            return True
        if action.feature == "command":
            command = registry.command(action.name)
            return command is None or command.after_end
        handler = registry.handler(action.feature, action.name, False)
        return handler is None or handler.after_end

    return said.offering(works)
