"""The list of erasures: it stands beside the backups, so that a restored one erases again who was erased since.

A line has when an account was erased, and a hash of it. It names nobody.
"""

import sqlite3
from collections.abc import Mapping
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from bot.app.permissions import write
from bot.app.personal import erase
from bot.core.errors import Refused
from bot.core.time import parse_instant
from bot.runtime.ports import Unit
from bot.runtime.registry import Registry

LIST = "erasures.txt"

Erasures = Mapping[str, datetime]
"""The hashes of erased accounts, and when each was erased last."""


def dump(found: Erasures) -> str:
    """To the microsecond, so that a backup made since knows it."""
    return "".join(f"{at:%Y-%m-%dT%H:%M:%S.%fZ} {hashed}\n" for hashed, at in found.items())


def read(file: Path, text: str) -> Erasures:
    """Raises Refused if it is no list."""
    try:
        return {
            hashed: parse_instant(at) for at, hashed in (line.split() for line in text.splitlines() if line.strip())
        }
    except ValueError:
        raise Refused(f"{file} is no list of erasures. `pacekeeper person erasures` writes one.") from None


def beside(archive: Path) -> Erasures:
    """The list beside an archive; empty if there is none. Raises Refused if it is no list."""
    file = archive.parent / LIST
    with suppress(FileNotFoundError):
        return read(file, file.read_text(encoding="utf-8", errors="replace"))
    return {}


def keep_beside(archive: Path, database: Path) -> None:
    """Adds the erasures that a copied database knows to the list beside the archives. Those of before stay."""
    known = dict(beside(archive))
    with closing(sqlite3.connect(database)) as db, suppress(sqlite3.OperationalError):
        # A database of an earlier version has no such table.
        for hashed, at in db.execute("SELECT hash, at FROM erasures"):
            erased = parse_instant(f"{at}Z".replace(" ", "T"))
            known[hashed] = max(erased, known.get(hashed, erased))
    if known:
        write(archive.parent / LIST, dump(dict(sorted(known.items(), key=lambda one: one[1]))))


def erase_again(registry: Registry, unit: Unit, listed: Erasures, now: datetime) -> int:
    """Erases everybody who was erased after this database was copied; returns how many. Whom it knows to be erased, and
    who was there again when it was copied, stays."""
    data = unit.personal(registry.kept)
    known = data.erasures()
    people = data.with_hashes({h for h, at in listed.items() if h not in known or known[h] < at})
    for person in people:
        erase(registry, unit, unit.people.person(person), now)
    return len(people)
