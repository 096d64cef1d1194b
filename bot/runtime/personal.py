"""Personal data: copies what is kept about a person, and erases it."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.core.effects import Forget, Withdraw
from bot.core.keeping import Copied, KeptTable
from bot.core.people import Person
from bot.runtime.ports import NewDelivery, PersonalData, Unit


def copy_of(data: PersonalData, person: Person, now: datetime) -> Copied:
    """Everything that is stored about a person."""
    files: dict[str, bytes] = {}
    tables: list[tuple[KeptTable, Sequence[Mapping[str, Any]]]] = []
    for kept, rows in data.rows(person.id):
        told = []
        for row in rows:
            values = dict(row)
            for column, value in row.items():
                if isinstance(value, bytes):
                    name = f"files/{row['id']}-{str(row['name']).replace('/', '_')}"
                    files[name], values[column] = value, name
            told.append(values)
        tables.append((kept, told))
    return Copied(_document(person, tables, now), tables, files)


def _document(person: Person, tables: Sequence[tuple[KeptTable, Sequence[Mapping[str, Any]]]], now: datetime) -> str:
    said = [
        {"table": kept.table, "what": kept.what, "for": kept.purpose, "kept": kept.until, "rows": rows}
        for kept, rows in tables
    ]
    whole = {"person": person.id, "name": person.name, "made_at": now, "tables": said}
    return json.dumps(whole, ensure_ascii=False, indent=2, default=str)


def erase_rows(data: PersonalData, unit: Unit, person: int, now: datetime, asked: bool) -> None:
    """Erases the rows of a person, after the features have withdrawn their words. `asked`: they did so themselves."""
    accounts, told = data.accounts(person), unit.outbox.told(person)
    for account in accounts:
        unit.inbox.forget_author(account)
        data.note_erasure(account, now)
    data.erase(person)
    gone = [NewDelivery(Withdraw(anchor), ref.workspace, ref.channel, None, None) for anchor, ref in told.items()]
    unit.outbox.put([*gone, *(NewDelivery(Forget(a), a.workspace, "~", None, None) for a in accounts)], now)
    unit.log(None, None, f"erased person {person}, who asked for it" if asked else f"erased person {person}")
