"""The workspaces that the tokens reach."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from bot.app.connections import connect
from bot.app.settings import Settings
from bot.app.workspaces import SANDBOX
from bot.core.errors import DeliveryError, Refused
from bot.core.ports import Adapter

PATIENCE = 20.0
"""Seconds for a platform to say which workspaces it knows."""


@dataclass(frozen=True, slots=True)
class Reached:
    """The workspaces that the tokens reach, with their names. `complete`: whether every platform has answered."""

    names: Mapping[str, str]
    complete: bool

    def stranger(self, workspace: str) -> str:
        """That no token is for a workspace, and which one may be meant; '' if there is one, or that is not known."""
        if workspace in (SANDBOX, *self.names) or not self.complete:
            return ""
        near = get_close_matches(workspace.upper(), self.names, 1, 0.8)
        shown = [f"{id} ({name})" if name else id for id, name in self.names.items() if id in (near or self.names)]
        hint = f"Did you mean {shown[0]}?" if near else f"They are for: {', '.join(shown[:5]) or 'none yet'}."
        return f"None of your tokens is for the workspace {workspace}. {hint}"


async def reached(adapters: Sequence[Adapter]) -> Reached:
    names: dict[str, str] = {}
    complete = True
    for adapter in adapters:
        try:
            async with asyncio.timeout(PATIENCE):
                names |= await adapter.reach()
        except (DeliveryError, TimeoutError):
            complete = False
    return Reached(names, complete)


def reached_by(settings: Settings) -> Reached:
    """Asks the platforms of the settings."""
    return asyncio.run(reached(connect(settings, None)[0]))


def check_workspaces(settings: Settings, named: Iterable[str]) -> None:
    """Raises Refused for a workspace that no token is for."""
    wanted = {workspace for workspace in named if workspace} - {SANDBOX}
    if wanted and settings.connects:
        found = reached_by(settings)
        for workspace in sorted(wanted):
            if why := found.stranger(workspace):
                raise Refused(why)
