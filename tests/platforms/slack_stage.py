"""The Slack stage: the real SDKs against local-slack, with the fault proxy in between."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adapters.slack.adapter import Slack
from adapters.slack.config import SlackWorkspace
from adapters.slack.pacing import Pace
from bot.core.people import Account, Place
from tests.platforms.ears import Ears
from tests.platforms.people import Failure
from tests.slack.humans import MEDIA, Humans, humans
from tests.slack.local_slack import CHANNELS, PEOPLE, TEAM, config, local_slack
from tests.slack.proxy import Proxy, Reply, proxied
from tests.waiting import eventually


@dataclass
class SlackStage:
    adapter: Slack
    bot: Ears
    people: Humans
    proxy: Proxy
    settings: SlackWorkspace
    store: Path
    media: Sequence[str] = tuple(MEDIA)

    def place(self, channel: str) -> Place:
        return Place(TEAM, CHANNELS[channel])

    def account(self, who: str) -> Account:
        return Account(TEAM, PEOPLE[who])

    def inside(self, place: Place) -> set[str]:
        return {who for who, user in PEOPLE.items() if user in self.proxy.members.get(place.channel, ())}

    def fail(self, how: Failure) -> None:
        codes = {"gone": "invalid_channel", "waits": "restricted_action", "tried again": "something_new"}
        codes["locked"] = "restricted_action_thread_locked"
        limit: Reply = (429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "1"})
        reply = limit if how == "paused" else (200, {"ok": False, "error": codes[how]}, {})
        left = [reply]

        def refuse(method: str, asked: dict[str, Any]) -> Reply | None:
            meant = method == "chat.postMessage" and (how != "locked" or "thread_ts" in asked)
            return left.pop() if left and meant else None

        self.proxy.refuse = refuse
        self.adapter._all[0].opened.api.pace = Pace()

    def leave(self, who: str) -> None:
        direct = self.adapter._state.direct(TEAM, PEOPLE[who])

        def refuse(method: str, asked: dict[str, Any]) -> Reply | None:
            meant = method == "chat.postMessage" and asked["channel"] == direct
            return (200, {"ok": False, "error": "user_disabled"}, {}) if meant else None

        self.proxy.refuse = refuse

    def lose_answer(self, arrived: bool) -> None:
        failed: Reply = (500, {"ok": False, "error": "internal_error"}, {})
        left: list[Reply | str] = ["after" if arrived else failed]
        self.proxy.refuse = lambda method, _: left.pop() if left and method == "chat.postMessage" else None

    def close(self, channel: str) -> None:
        unseen: Reply = (200, {"ok": False, "error": "channel_not_found"}, {})
        self.proxy.refuse = lambda _, asked: unseen if asked.get("channel") == CHANNELS[channel] else None

    async def connected(self) -> None:
        """Waits until the bot is connected."""

        async def look() -> bool:
            opened = self.adapter._all[0]._opened
            return opened is not None and opened.socket is not None and opened.socket.alive

        await eventually(look)

    async def meet(self, who: str) -> None:
        """Has the bot be told somebody's profile, which it else is with the first message to them."""
        self.bot.enrolled = [*self.bot.enrolled, PEOPLE[who]]
        await self.restart()

    async def restart(self, meanwhile: Callable[[], Awaitable[None]] | None = None) -> None:
        await self.adapter.stop()
        if meanwhile is not None:
            await meanwhile()
        await self.fresh().start(self.bot)
        await self.connected()

    def fresh(self) -> Slack:
        """A new process' adapter, over the earlier one's state."""
        self.adapter = Slack([self.settings], self.store)
        return self.adapter


@asynccontextmanager
async def open_stage(folder: Path) -> AsyncIterator[SlackStage]:
    async with (
        local_slack(folder, config()) as address,
        proxied(address) as proxy,
        humans(address, proxy) as people,
    ):
        settings = SlackWorkspace(f"xoxb-{TEAM}", f"xapp-{TEAM}", api_url=f"{proxy.address}/api/")
        adapter, bot = Slack([settings], folder / "store"), Ears()
        stage = SlackStage(adapter, bot, people, proxy, settings, folder / "store")
        await adapter.start(bot)
        await stage.connected()
        yield stage
        await stage.adapter.stop()
        assert proxy.faults == []
