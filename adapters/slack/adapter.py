"""Slack as a platform for the bot: the `Adapter` over one or several workspaces."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from starlette.routing import Route

from adapters.slack.api import Json
from adapters.slack.check import check, reach
from adapters.slack.config import SlackWorkspace
from adapters.slack.http import routes
from adapters.slack.lookup import look_up
from adapters.slack.state import State
from adapters.slack.teams import Teams
from adapters.slack.workspace import Opened, Workspace
from bot.core.errors import TargetGone, Unavailable
from bot.core.message import Status
from bot.core.people import Account, Actor, MessageRef, Place
from bot.core.ports import Bot, Delivery, Finding, Sent


class Slack:
    """All workspaces of one process. `store` is the folder of the adapter's own database."""

    def __init__(self, workspaces: Sequence[SlackWorkspace], store: Path | None) -> None:
        self._state = State(store)
        self._teams = Teams()
        self._all = [Workspace(config, self._state, partial(self._addressed, config)) for config in workspaces]
        self.routes: Sequence[Route] = routes([w for w in self._all if w.config.mode == "http"], self._teams)

    at_once = 8

    @property
    def workspaces(self) -> Sequence[str]:
        return tuple(w.team for w in self._all if w.team)

    @property
    def problems(self) -> Mapping[str, str]:
        return {w.team or f"no. {n}": w.problem for n, w in enumerate(self._all, 1) if w.problem}

    async def start(self, bot: Bot) -> None:
        await asyncio.gather(*(workspace.start(bot) for workspace in self._all))

    async def stop(self) -> None:
        await asyncio.gather(*(workspace.stop() for workspace in self._all))
        self._state.close()

    async def post(self, delivery: Delivery) -> Sent:
        return await self._for(delivery).sender.post(delivery)

    async def edit(self, delivery: Delivery, refs: Sequence[MessageRef]) -> Sent:
        return await self._in(_team(refs)).sender.edit(delivery, refs)

    async def delete(self, refs: Sequence[MessageRef]) -> None:
        if refs:
            await self._in(_team(refs)).sender.delete(refs)

    async def whisper(self, delivery: Delivery) -> None:
        await self._for(delivery).sender.whisper(delivery)

    async def react(self, ref: MessageRef, emoji: str, on: bool, state: Status | None = None) -> None:
        await self._in(ref.workspace).sender.react(ref, emoji, on)

    async def pin(self, ref: MessageRef, on: bool) -> None:
        await self._in(ref.workspace).sender.pin(ref, on)

    async def find(self, delivery: Delivery) -> Sent | None:
        return await self._for(delivery).sender.find(delivery)

    def link(self, ref: MessageRef) -> str | None:
        found = next((w for w in self._all if w.team == ref.workspace), None)
        return found.link(ref.channel, ref.id) if found else None

    async def create(
        self,
        workspace: str,
        name: str,
        topic: str,
        private: bool,
        members: Sequence[Account],
        forum: bool = False,
        place: Place | None = None,
    ) -> Place:
        return await self._in(workspace).channels.create(name, topic, private, members, place)

    async def remove_member(self, place: Place, account: Account) -> None:
        await self._in(place.workspace).channels.remove_member(place.channel, account.user)

    async def archive(self, place: Place) -> None:
        await self._in(place.workspace).channels.archive(place.channel)

    async def forget(self, account: Account) -> None:
        self._in(account.workspace).people.forget(account.user)

    async def look_up(self, workspace: str, wanted: Sequence[str]) -> Mapping[str, Sequence[Actor]] | None:
        for each in self._all:
            if (found := await look_up(each.config, workspace, wanted)) is not None:
                return found
        return None

    async def reach(self) -> Mapping[str, str]:
        return {team: name for w in self._all for team, name in (await reach(w.config)).items()}

    async def check(self, channels: Mapping[Place, str]) -> Sequence[Finding]:
        return [finding for w in self._all for finding in await check(w.config, channels)]

    async def _addressed(self, config: SlackWorkspace, payload: Json) -> Workspace | None:
        """The workspace that a payload on the connection of another one of the same app is for."""
        return await self._teams.find(payload, [w for w in self._all if w.config.app_token == config.app_token])

    def _for(self, delivery: Delivery) -> Opened:
        where = delivery.place or delivery.account
        if where is None:
            raise TargetGone("A delivery needs a place or an account.")
        return self._in(where.workspace)

    def _in(self, team: str) -> Opened:
        found = next((w for w in self._all if w.team == team), None)
        if found is None:
            raise Unavailable(f"The workspace {team} is not connected.")
        return found.opened


def _team(refs: Sequence[MessageRef]) -> str:
    if not refs:
        raise TargetGone
    return refs[0].workspace
