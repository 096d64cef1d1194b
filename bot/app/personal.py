"""What is kept about a person: finding them, a copy for them, and erasure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.core.errors import Refused
from bot.core.facts import PersonErased
from bot.core.incoming import quoted
from bot.core.keeping import KeptTable
from bot.core.people import Account, Person
from bot.core.turn import Turn
from bot.runtime.ports import PersonalData, Unit
from bot.runtime.registry import Registry
from bot.runtime.turns import take_turn

SHOWN = 20
"""How many people of one name are listed."""


def find_person(unit: Unit, who: str, kept: Sequence[KeptTable]) -> Person:
    """The one person that is meant: by WORKSPACE/USER, the number that the bot knows them by, or their name.

    Raises Refused where there is none, or where several have the name.
    """
    workspace, slash, user = who.rpartition("/")
    if slash:
        owner = unit.people.owner(Account(workspace, user))
        if owner is None:
            raise Refused(f"Nobody is known here as {quoted(user)} in the workspace {quoted(workspace)}.")
        return owner
    data = unit.personal(kept)
    if who.isascii() and who.isdigit() and len(who) < 10 and data.exists(int(who)):
        return unit.people.person(int(who))
    found = data.named(who)
    if not found:
        raise Refused(f"Nobody is called {quoted(who)} here. Give WORKSPACE/USER, as the platform knows the person.")
    if len(found) > 1:
        accounts = ((p, unit.people.account(p.id)) for p in found[:SHOWN])
        lines = [f"  {p.id}: {p.name}, {f'{a.workspace}/{a.user}' if a else 'no account'}" for p, a in accounts]
        raise Refused(f"{len(found)} people are called {quoted(who)}. Give the number of one:\n" + "\n".join(lines))
    return found[0]


def copy_of(data: PersonalData, person: Person, now: datetime) -> tuple[Mapping[str, Any], Mapping[str, bytes]]:
    """A JSON document with all that is kept about a person, and the files that they sent in by name.

    A file stands in the document by its name in the copy.
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


def erase(registry: Registry, unit: Unit, person: Person, now: datetime) -> None:
    """Forgets a person: first as the features do what follows from it (texts withdrawn, cohorts left), then by row."""

    def begin(turn: Turn[Any]) -> None:
        turn.happened(PersonErased(person.id))
        turn.forget(person.id, person.name)

    take_turn(registry, unit, "enrolment", now, begin)
    unit.personal(registry.kept).erase(person.id)
    unit.log(None, None, f"erased person {person.id}")
