"""Our adapter on the fake Discord, with a recording bot or the whole bot."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.core.message import Message
from bot.core.people import Place
from bot.core.ports import Delivery
from tests.discord import humans
from tests.platforms.discord_stage import DiscordStage, open_stage
from tests.waiting import eventually


class Room:
    """The stage, with shortcuts for tests."""

    def __init__(self, stage: DiscordStage) -> None:
        self.stage = stage
        self.fake = stage.fake
        self.bot = stage.bot
        self.mia = stage.people.users["mia"]
        self.ben = stage.people.users["ben"]
        self.general = stage.people.rooms["general"]

    @property
    def adapter(self) -> Any:
        return self.stage.adapter

    def delivery(
        self, said: Message, key: str = "k1", channel: str | None = None, thread: str | None = None, **more: Any
    ) -> Delivery:
        place = Place(self.fake.guild["id"], channel or self.general, thread)
        return Delivery(key, "a/1", said, place=place, **more)

    def direct(self, said: Message, key: str = "d1") -> Delivery:
        return Delivery(key, "card/1", said, account=self.stage.account("mia"))

    def texts(self, channel: str) -> list[str]:
        return [humans.read(m["content"]) for m in self.fake.messages[channel].values()]

    def sent(self, method: str, ending: str = "") -> list[Any]:
        return [body for verb, path, body in self.fake.requests if verb == method and path.endswith(ending)]

    async def whispered(self, words: str, channel: str | None = None) -> dict[str, Any]:
        """Waits for a message that only one person sees."""

        async def look() -> dict[str, Any] | None:
            mine = self.fake.whispered.get(channel or self.general, [])
            return next((m for m in mine if words in humans.read(m["content"])), None)

        return await eventually(look)

    async def modal(self, user: str) -> dict[str, Any]:
        async def look() -> dict[str, Any] | None:
            return self.fake.modals[user][1] if user in self.fake.modals else None

        return await eventually(look)


@asynccontextmanager
async def open_room(folder: Path) -> AsyncIterator[Room]:
    async with open_stage(folder) as stage:
        yield Room(stage)
