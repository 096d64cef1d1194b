"""Finds the accounts that an operator names by an e-mail address, a name or an id."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.app.connections import connect
from bot.app.roster import RosterInvalid, Row
from bot.app.settings import Settings
from bot.app.workspaces import SANDBOX, is_id
from bot.core.errors import DeliveryError, PacekeeperError, Refused
from bot.core.incoming import quoted
from bot.core.people import Actor
from bot.core.ports import Adapter


@dataclass(frozen=True, slots=True)
class Found:
    """The accounts that were found, by what was written, and why others were not."""

    actors: Mapping[str, Actor]
    unknown: Mapping[str, str]


def find_accounts(settings: Settings, rows: Sequence[Row], workspace: str, file: str = "") -> list[Row]:
    """The rows with the ids, names and zones that the platforms know. Raises RosterInvalid for accounts that are
    unknown, or Refused if they come from no file."""
    named: dict[str, list[str]] = {}
    for row in rows:
        named.setdefault(row.workspace or workspace, []).append(row.account)
    found = {where: _look_up(settings, where, accounts) for where, accounts in named.items()}
    problems, result = [], []
    for row in rows:
        here = found[row.workspace or workspace]
        if why := here.unknown.get(row.account):
            problems.append((f"Line {row.line}: " if file else "") + f"{quoted(row.account)} {why}")
        elif actor := here.actors.get(row.account):
            row = replace(row, account=actor.account.user, name=actor.name or row.name, zone=row.zone or actor.zone)
        result.append(row)
    if problems:
        raise RosterInvalid(file, problems) if file else Refused("\n".join(problems))
    return result


def _look_up(settings: Settings, workspace: str, wanted: Sequence[str]) -> Found:
    """Asks the platforms. The sandbox takes any account; an id is also taken if no platform answers."""
    if workspace == SANDBOX:
        return Found({}, {name: "is no account of the sandbox: it has a blank." for name in wanted if " " in name})
    adapters, _ = connect(settings, None)
    answer, failed = asyncio.run(_ask(adapters, workspace, list(dict.fromkeys(wanted))))
    if answer is None:
        names = [name for name in wanted if not is_id(name)]
        if failed and names:
            raise PacekeeperError(f"{failed} {quoted(names[0])} is no id, and was not found. Try again later.")
        return Found({}, dict.fromkeys(names, f"is no id, and the workspace {workspace} is not connected."))
    unknown = {name: _why(name, actors) for name, actors in answer.items() if len(actors) != 1}
    return Found({name: actors[0] for name, actors in answer.items() if len(actors) == 1}, unknown)


async def _ask(
    adapters: Sequence[Adapter], workspace: str, wanted: Sequence[str]
) -> tuple[Mapping[str, Sequence[Actor]] | None, str]:
    """The answer of the platform whose workspace it is, or why there is none."""
    failed = ""
    for adapter in adapters:
        try:
            if (answer := await adapter.look_up(workspace, wanted)) is not None:
                return answer, ""
        except DeliveryError as e:
            failed = str(e)
    return None, failed


def _why(name: str, actors: Sequence[Actor]) -> str:
    if actors:
        return f"is the name of {len(actors)} people. Write the id: {', '.join(a.account.user for a in actors[:5])}."
    if "@" in name:
        return (
            "is unknown there. Slack tells e-mail addresses only with the scope users:read.email, and Discord never. "
            "Write the account's id."
        )
    return "is unknown there. Write the account's id."
