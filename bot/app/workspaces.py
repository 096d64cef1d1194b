"""The default workspace, used when the operator names none."""

import re
from collections.abc import Sequence

from bot.core.errors import Refused

SANDBOX = "sandbox"

_SLACK = re.compile(r"(?=[A-Z]*\d)[CDEGTUW][A-Z0-9]{4,20}")
_DISCORD = re.compile(r"\d{17,20}")


def default_workspace(
    connected: bool, known: Sequence[str], accounts: Sequence[str], channels: Sequence[str] = ()
) -> str:
    """The only workspace: the sandbox, or if a platform is `connected`, the only one in `known` besides the sandbox.
    `accounts` (ids, names or e-mail addresses) and `channels` (ids) belong to it.

    Raises Refused if there is none or there are several, and for an id of another platform.
    """
    found = [workspace for workspace in known if workspace != SANDBOX] if connected else [SANDBOX]
    if not found:
        raise Refused(f"No workspace is known yet. Say where these are: {_WRITE} `pacekeeper doctor` says more.")
    if len(found) > 1:
        raise Refused(f"There are several workspaces: {', '.join(found)}. Say which one: {_WRITE}")
    ids = [*channels, *filter(is_id, accounts)]
    foreign = next((id for id in ids if _looks_like(id) != _looks_like(found[0])), None)
    if foreign is not None:
        raise Refused(f"{foreign} looks like an id of another workspace than {found[0]}. Say where it is: {_WRITE}")
    return found[0]


_WRITE = "--workspace T0123ABCD (a Slack workspace's id), or --workspace 112233445566778899 (a Discord server's)."


def is_id(text: str) -> bool:
    """Whether it looks like an id of Slack or Discord."""
    return bool(_looks_like(text))


def _looks_like(id: str) -> str:
    return "Slack" if _SLACK.fullmatch(id) else "Discord" if _DISCORD.fullmatch(id) else ""
