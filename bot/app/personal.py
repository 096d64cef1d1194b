"""Personal data: finds a person, copies their data and erases it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.core.effects import Withdraw
from bot.core.errors import Refused
from bot.core.facts import PersonErased
from bot.core.incoming import quoted
from bot.core.keeping import KeptTable
from bot.core.people import Account, Person
from bot.core.turn import Turn
from bot.runtime.ports import PersonalData, Unit
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


def copy_of(data: PersonalData, person: Person, now: datetime) -> tuple[Mapping[str, Any], Mapping[str, bytes]]:
    """A JSON document with everything stored about a person, and the files that they sent in, by name.

    The document refers to files by these names.
    """
    files: dict[str, bytes] = {}
    tables: list[Mapping[str, Any]] = []
    for kept, rows in data.rows(person.id):
        told = []
        for row in rows:
            values = dict(row)
            for column, value in row.items():
                if isinstance(value, bytes):
                    name = f"files/{row['id']}-{str(row['name']).replace('/', '_')}"
                    files[name], values[column] = value, name
            told.append(values)
        tables.append({"table": kept.table, "what": kept.what, "kept": kept.until, "rows": told})
    return {"person": person.id, "name": person.name, "made_at": now, "tables": tables}, files


def messages_taken_away(registry: Registry, unit: Unit, person: Person, now: datetime) -> int:
    """How many posted messages an erasure removes from the chat. It is tried out and rolled back. Raises Refused if the
    person cannot be erased."""

    def look(turn: Turn[Any]) -> int:
        withdrawn = {d.effect.anchor for d in turn.effects if isinstance(d.effect, Withdraw)}
        return len(turn.links.refs(withdrawn))

    turn = blank_turn(registry, unit, "enrolment", now)
    return turn.features.try_out(turn, lambda tried: tried.happened(PersonErased(person.id)), look)


def erase(registry: Registry, unit: Unit, person: Person, now: datetime) -> None:
    """Erases a person: the features react first (withdraw texts, leave cohorts), then the rows are erased."""

    def begin(turn: Turn[Any]) -> None:
        turn.happened(PersonErased(person.id))
        turn.forget(person.name)

    accounts = unit.personal(registry.kept).accounts(person.id)
    take_turn(registry, unit, "enrolment", now, begin)
    for account in accounts:
        unit.inbox.forget_author(account)
    unit.personal(registry.kept).erase(person.id)
    unit.log(None, None, f"erased person {person.id}")
