"""Which workspace something from Slack is for: https://docs.slack.dev/apis/events-api

One app may be installed in several workspaces. Slack sends what happens in any of them over any of the app's
connections, and what happens in a channel that they share only once.
"""

import logging
from collections.abc import Iterator, Sequence
from typing import Any, Protocol, TypeVar

from slack_bolt.app.async_app import AsyncApp

from adapters.slack.controls import Json
from bot.core.errors import Unavailable
from bot.core.incoming import Unreadable

log = logging.getLogger(__name__)


class Hearing(Protocol):
    """What hears for a connected workspace."""

    @property
    def app(self) -> AsyncApp:
        """Takes interactions."""
        ...

    async def take(self, body: Json) -> None:
        """Stores an event: see `Inbox.take`."""
        ...


class Addressee(Protocol):
    """A configured workspace. `team` is '' until Slack has said which one it is."""

    @property
    def hearing(self) -> Hearing:
        """Raises Unavailable while the workspace is not connected."""
        ...

    @property
    def team(self) -> str: ...

    @property
    def connected(self) -> bool: ...

    async def follows(self, channel: str) -> bool:
        """Whether a cohort uses this channel of the workspace."""
        ...


A = TypeVar("A", bound=Addressee)


class Teams:
    """Finds the workspace that a payload is for, and logs each workspace that is not configured once."""

    def __init__(self) -> None:
        self._strangers: set[str] = set()

    async def find(self, payload: Json, siblings: Sequence[A]) -> A | None:
        """The workspace among `siblings`, which share an app; None if that one is not configured. Raises Unavailable if
        it may be one that is not connected yet, Unreadable for an odd shape."""
        named = list(dict.fromkeys(_named(payload)))
        found = [w for team in named for w in siblings if w.team == team]
        if len(siblings) > 1 and (channel := _shared(payload)):
            # Slack names only one of the workspaces that see a shared channel.
            followers = [w for w in siblings if w.team and await w.follows(channel)]
            found = sorted(followers, key=lambda w: w not in found) or found
        if found and found[0].connected:
            return found[0]
        if found or not all(w.connected for w in siblings):
            raise Unavailable("This is for a workspace that is not connected yet.")
        if named and named[0] not in self._strangers:
            self._strangers.add(named[0])
            log.warning(
                "Nothing from workspace %s is handled: the app is installed there, but not set up here", named[0]
            )
        return None


def _named(payload: Json) -> Iterator[str]:
    """The workspaces that a payload names, the surest first. Authors may belong to others: those are not among them."""
    view, said, team = (_part(payload, name) for name in ("view", "message", "team"))
    if payload.get("type") == "block_actions" and str(said.get("team") or "").startswith("T"):
        yield str(said["team"])  # of our own message; `team` is where the person who pressed belongs
        return
    names = [view.get("app_installed_team_id")]
    authorizations = payload.get("authorizations") or []
    if not isinstance(authorizations, list) or not all(isinstance(a, dict) for a in authorizations):
        raise Unreadable("its authorizations have an odd shape")
    for each in authorizations:
        names += [each.get("team_id"), each.get("enterprise_id")]
    names += [payload.get("context_team_id"), team.get("id"), payload.get("team_id")]
    if isinstance(payload.get("team"), str):
        names.append(payload["team"])
    names += [_part(payload, "user").get("team_id"), view.get("team_id")]
    # An app that is installed in a whole organization has that as its workspace.
    names += [_part(payload, "enterprise").get("id"), payload.get("enterprise_id")]
    yield from (str(name) for name in names if name)


def _shared(payload: Json) -> str:
    """The channel of an event that several workspaces may see; '' if it is in none."""
    if not payload.get("is_ext_shared_channel") and not payload.get("enterprise_id"):
        return ""
    event = _part(payload, "event")
    channel = event.get("channel") or _part(event, "item").get("channel")
    return channel if isinstance(channel, str) else ""


def _part(payload: Json, name: str) -> dict[str, Any]:
    part = payload.get(name)
    return part if isinstance(part, dict) else {}
