"""The Discord stage: our adapter and discord.py over real HTTP and WebSocket, against the fake Discord."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import discord

from adapters.discord import client
from adapters.discord.adapter import Discord
from adapters.discord.config import DiscordBot
from bot.core.people import Account, Place
from tests.discord import humans
from tests.discord.fake import FakeDiscord
from tests.discord.fake_world import MEDIA, Fault
from tests.platforms.ears import Ears
from tests.platforms.people import CROWD, Failure, OpenForm, Seen
from tests.waiting import eventually

# The fake Discord sends its servers at once, so there is no need to wait.
client.GUILDS_WITHIN = 0.05


@dataclass
class DiscordPeople:
    fake: FakeDiscord
    users: dict[str, str] = field(default_factory=dict)
    rooms: dict[str, str] = field(default_factory=dict)
    last: dict[str, str] = field(default_factory=dict)

    def _channel(self, who: str, where: str) -> str:
        return self.fake.conversation(self.users[who])["id"] if where == "dm" else self.rooms.get(where, where)

    def _spot(self, who: str, where: str, message: str) -> tuple[str, str]:
        thread, slash, id = message.partition("/")
        return (thread, id) if slash else (self._channel(who, where), message)

    async def say(self, who: str, where: str, text: str, below: str | None = None) -> str:
        channel = self._channel(who, where)
        if below is None:
            return str(self.fake.say(self.users[who], channel, text)["id"])
        thread = below.partition("/")[0]
        if thread not in self.fake.channels:
            self.fake.add_thread(channel, "Thread", self.users[who], id=thread)
        return f"{thread}/{self.fake.say(self.users[who], thread, text)['id']}"

    async def send(self, who: str, where: str, medium: str, text: str = "") -> str:
        return str(self.fake.send(self.users[who], self._channel(who, where), medium, text)["id"])

    async def edit(self, who: str, where: str, message: str, text: str) -> None:
        self.fake.edit(*self._spot(who, where, message), text)

    async def delete(self, who: str, where: str, message: str) -> None:
        self.fake.delete(*self._spot(who, where, message))

    async def react(self, who: str, where: str, message: str, emoji: str, on: bool = True) -> None:
        self.fake.react(self.users[who], *self._spot(who, where, message), emoji, on)

    async def command(self, who: str, where: str, text: str) -> None:
        name, _, rest = text.partition(" ")
        options = {"text": rest} if rest else {}
        humans.command(self.fake, self.users[who], self._channel(who, where), name or "home", **options)

    async def press(self, who: str, where: str, label: str, *, below: str | None = None) -> None:
        shown = next(m for m in reversed(self._messages(who, where, below)) if label in humans.labels(m))
        humans.press(self.fake, self.users[who], shown, label)

    async def choose(self, who: str, where: str, label: str, option: str) -> None:
        shown = next(m for m in reversed(self._messages(who, where)) if label in humans.labels(m))
        options = humans.component(shown, label)["options"]
        value = next(o["value"] for o in options if o["label"] == option)
        humans.press(self.fake, self.users[who], shown, label, value)

    async def form(self, who: str) -> OpenForm | None:
        found = self.fake.modals.get(self.users[who])
        return OpenForm(found[1]["title"], humans.filled(found[1])) if found else None

    async def submit(self, who: str, values: Mapping[str, str]) -> None:
        self.last[who] = humans.submit(self.fake, self.users[who], values)["channel_id"]

    async def problems(self, who: str) -> str:
        mine = [m for m in self.fake.whispered.get(self.last.get(who, ""), []) if m["to"] == self.users[who]]
        return humans.read(mine[-1]["content"]) if mine else ""

    async def reopen(self, who: str) -> OpenForm:
        mine = [m for m in self.fake.whispered[self.last[who]] if m["to"] == self.users[who]]
        humans.press(self.fake, self.users[who], mine[-1], "Open the form again")
        return await eventually(lambda: self.form(who))

    def _messages(self, who: str, where: str, below: str | None = None) -> list[dict[str, Any]]:
        channel = below.partition("/")[0] if below else self._channel(who, where)
        if below and channel not in self.fake.channels:
            return []
        open_ones = list(self.fake.messages[channel].values())
        mine = [m for m in self.fake.whispered.get(channel, []) if m["to"] == self.users[who]]
        return sorted([*open_ones, *mine], key=lambda m: int(m["id"]))

    async def sees(self, who: str, where: str, below: str | None = None) -> list[Seen]:
        shown = self._messages(who, where, below)
        prefix = f"{below.partition('/')[0]}/" if below else ""
        return [self._seen(m, prefix) for m in shown]

    def _seen(self, message: dict[str, Any], prefix: str) -> Seen:
        who = {user: name for name, user in self.users.items()}
        return Seen(
            prefix + message["id"],
            humans.read(message["content"], who),
            humans.labels(message),
            message["author"]["id"] == self.fake.bot["id"],
            "to" in message,
            tuple(who.get(u, u) for u in message["called"]),
        )


@dataclass
class DiscordStage:
    fake: FakeDiscord
    folder: Path
    adapter: Discord
    bot: Ears
    people: DiscordPeople
    media: Sequence[str] = tuple(MEDIA)

    def place(self, channel: str) -> Place:
        return Place(self.fake.guild["id"], self.people.rooms[channel])

    def account(self, who: str) -> Account:
        return Account(self.fake.guild["id"], self.people.users[who])

    def inside(self, place: Place) -> set[str]:
        named = {rule["id"] for rule in self.fake.channels[place.channel]["permission_overwrites"]}
        return {who for who, user in self.people.users.items() if user in named}

    def fail(self, how: Failure) -> None:
        said = {"gone": (404, {"code": 10003}), "waits": (403, {"code": 50013}), "tried again": (400, {"code": 0})}
        said["locked"] = (400, {"code": 160005})
        fault = said.get(how, (429, {"retry_after": 3, "global": False}))
        self.fake.faults.append(Fault("POST", r"/channels/\d+/messages", *fault, {"Retry-After": "3"}))

    def leave(self, who: str) -> None:
        direct = self.fake.conversation(self.people.users[who])["id"]
        self.fake.faults.append(Fault("POST", f"/channels/{direct}/messages", 403, {"code": 50278}))

    def lose_answer(self, arrived: bool) -> None:
        self.fake.faults.append(Fault("POST", r"/channels/\d+/messages", 502, after=arrived))

    def close(self, channel: str) -> None:
        self.fake.forbid(self.people.rooms[channel], discord.Permissions.send_messages.flag)

    async def restart(self, meanwhile: Callable[[], Awaitable[None]] | None = None) -> None:
        await self.adapter.stop()
        if meanwhile is not None:
            await meanwhile()
        self.adapter = make(self.fake, self.folder)
        await self.adapter.start(self.bot)


def make(fake: FakeDiscord, folder: Path) -> Discord:
    return Discord(DiscordBot("token", fake.api, fake.gateway), folder)


@asynccontextmanager
async def open_stage(folder: Path) -> AsyncIterator[DiscordStage]:
    fake = FakeDiscord()
    people = DiscordPeople(fake)
    people.rooms = {name: fake.add_channel(name)["id"] for name in ("general", "questions")}
    everybody = ("mia", "ben", "ines", *CROWD)
    people.users = {who: fake.add_person(who, who.capitalize())["id"] for who in everybody}
    await fake.start()
    bot = Ears()
    stage = DiscordStage(fake, folder, make(fake, folder), bot, people)
    try:
        await stage.adapter.start(bot)
        yield stage
        assert fake.wrong == []
    finally:
        await stage.adapter.stop()
        await fake.stop()
