"""The zones of people, for an export that has none: a CSV of account,zone."""

import csv
from collections.abc import Mapping
from pathlib import Path

from bot.app.look.calendars import decoded
from bot.app.zones import problem
from bot.core.errors import PacekeeperError
from bot.core.history import PastPerson

LARGEST = 8 * 2**20
SHOWN = 5
"""Wrong lines that are named."""


def read(file: Path) -> dict[str, str]:
    """What is written for an account (an id or a name, in lower case) -> its zone. Raises PacekeeperError, which names
    the lines that are wrong."""
    try:
        if file.stat().st_size > LARGEST:
            raise PacekeeperError(f"{file.name} is larger than any list of people. Give a CSV of account,zone.")
        text = decoded(file.read_bytes())
    except OSError as e:
        raise PacekeeperError(f"{file} cannot be read: {e.strerror}. Give a CSV of account,zone.") from None
    found: dict[str, str] = {}
    wrong: list[str] = []
    first = text.split("\n")[0]
    separator = next((sign for sign in (",", ";", "\t") if sign in first), ",")
    try:
        rows = list(csv.reader(text.splitlines(), delimiter=separator, skipinitialspace=True))
    except csv.Error:
        raise PacekeeperError(f"{file.name} is no CSV. Write a line such as mia,Europe/Berlin for each.") from None
    for number, row in enumerate(rows, 1):
        cells = [cell.strip() for cell in row]
        if not any(cells) or cells[0].startswith("#") or (number == 1 and cells[-1].casefold() in ("zone", "timezone")):
            continue
        if len(cells) < 2 or not cells[0]:
            wrong.append(f"line {number}: write account{separator}zone")
        elif said := problem(cells[1]):
            wrong.append(f"line {number}: {said}")
        else:
            found[cells[0].removeprefix("@").casefold()] = cells[1]
    if wrong:
        more = f" And {len(wrong) - SHOWN} more." if len(wrong) > SHOWN else ""
        raise PacekeeperError(f"{file.name} has zones that cannot be used. {' '.join(wrong[:SHOWN])}{more}")
    if not found:
        raise PacekeeperError(f"{file.name} names no zone. Write a line such as mia,Europe/Berlin for each person.")
    return found


def of_people(people: Mapping[str, PastPerson], given: Mapping[str, str]) -> dict[str, str]:
    """The zone of each account: the one given by its id or by one of its names, else the export's."""
    found = {}
    for account, person in people.items():
        keys = (account.casefold(), *sorted(name.casefold() for name in person.names))
        zone = next((given[key] for key in keys if key in given), person.zone)
        if zone and not problem(zone):
            found[account] = zone
    return found
