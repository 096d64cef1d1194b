"""Personal data, for the command line: finds a person, copies their data and erases it."""

from collections.abc import Sequence
from datetime import datetime

from bot.core.errors import Refused
from bot.core.incoming import quoted
from bot.core.keeping import Copied, KeptTable
from bot.core.people import Account, Person
from bot.runtime.personal import copy_of
from bot.runtime.ports import Unit
from bot.runtime.registry import Registry
from bot.runtime.turns import blank_turn, take_turn

SHOWN = 20
"""Most people of one name that are listed."""


def find_person(unit: Unit, who: str, kept: Sequence[KeptTable]) -> Person:
    """Finds a person by WORKSPACE/USER, by name, or by the bot's number for them (`#5`).

    Raises Refused if nobody or more than one person can be meant.
    """
    data = unit.personal(kept)
    number = who.removeprefix("#")
    if who.startswith("#") and number.isascii() and number.isdigit() and len(number) < 10 and data.exists(int(number)):
        return unit.people.person(int(number))
    workspace, slash, user = who.rpartition("/")
    owner = unit.people.owner(Account(workspace, user)) if slash else None
    found: dict[int, Person] = {p.id: p for p in (*([owner] if owner else ()), *data.named(who))}
    if not found:
        unknown = f"Nobody is known here as {quoted(who)}."
        if near := data.named(who, part=True):
            raise Refused(f"{unknown} Give the number of one of these, if you mean them:\n{_listed(unit, near)}")
        raise Refused(f"{unknown} Give WORKSPACE/USER, as the platform knows the person, or a name.")
    if len(found) > 1:
        listed = _listed(unit, list(found.values()))
        raise Refused(f"{quoted(who)} can mean {len(found)} people. Give the number of one:\n{listed}")
    (person,) = found.values()
    return person


def _listed(unit: Unit, people: Sequence[Person]) -> str:
    accounts = ((p, unit.people.account(p.id)) for p in people[:SHOWN])
    return "\n".join(f"  #{p.id}: {p.name}, {f'{a.workspace}/{a.user}' if a else 'no account'}" for p, a in accounts)


def copied(registry: Registry, unit: Unit, person: Person, now: datetime) -> Copied:
    """A copy of everything that is stored about a person."""
    return copy_of(unit.personal(registry.kept), person, now)


def messages_taken_away(registry: Registry, unit: Unit, person: Person, now: datetime) -> int:
    """How many posted messages an erasure removes from the chat or edits. It is tried out and rolled back. Raises
    Refused if the person cannot be erased."""
    turn = blank_turn(registry, unit, "enrolment", now)
    return turn.features.erasure(turn, person.id).messages


def erase(registry: Registry, unit: Unit, person: Person, now: datetime) -> None:
    """Erases a person. Raises Refused if they cannot be erased."""
    take_turn(registry, unit, "enrolment", now, lambda turn: turn.erase(person.id))
