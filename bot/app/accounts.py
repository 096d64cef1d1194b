"""Finds the accounts that an operator names by an e-mail address, a name or an id."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

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
    """Asks the platforms. An id is also taken if no platform answers."""
    if workspace == SANDBOX:
        return _in_the_sandbox(settings, wanted)
    adapters, _ = connect(settings, None)
    answer, failed = asyncio.run(_ask(adapters, workspace, list(dict.fromkeys(wanted))))
    if answer is None:
        names = [name for name in wanted if not is_id(name)]
        if failed and names:
            raise PacekeeperError(f"{failed} {quoted(names[0])} is no id, and was not found. Try again later.")
        return Found({}, dict.fromkeys(names, f"is no id, and the workspace {workspace} is not connected."))
    return _found(answer)


def _in_the_sandbox(settings: Settings, wanted: Sequence[str]) -> Found:
    """Asks the sandbox of the data folder. Where it was never run, it takes any account that it could have."""
    from adapters.sandbox.adapter import Sandbox
    from adapters.sandbox.members import is_id as is_sandbox_id
    from adapters.sandbox.platform import Platform

    file = settings.data_dir / "sandbox.db"
    if not file.exists():
        why = "is no account of the sandbox: an id there has small letters, digits and - _ . alone, at most 40."
        return Found({}, {name: why for name in wanted if not is_sandbox_id(name)})
    platform = Platform(file, settings.make_sandbox_clock().now)
    try:
        answer, _ = asyncio.run(_ask([Sandbox(platform)], SANDBOX, list(dict.fromkeys(wanted))))
        here = [human.id for human in platform.people() if human.active]
    finally:
        platform.close()
    return _found(answer or {}, here)


def _found(answer: Mapping[str, Sequence[Actor]], here: Sequence[str] | None = None) -> Found:
    """`here`: the accounts of a place that tells them all."""
    unknown = {name: _why(name, actors, here) for name, actors in answer.items() if len(actors) != 1}
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


def _why(name: str, actors: Sequence[Actor], here: Sequence[str] | None) -> str:
    if actors:
        return f"is the name of {len(actors)} people. Write the id: {', '.join(a.account.user for a in actors[:5])}."
    if here is not None:
        near = get_close_matches(name.lower().partition("@")[0], here, 1)
        listed = near[0] if near else f"of somebody who is there ({', '.join(here[:5]) or 'nobody yet'})"
        return f"is unknown in the sandbox. Write the id {listed}, or add the person first (POST /api/v1/people)."
    if "@" in name:
        return (
            "is unknown there. Slack tells e-mail addresses only with the scope users:read.email, and Discord never. "
            "Write the account's id."
        )
    return "is unknown there. Write the account's id."
