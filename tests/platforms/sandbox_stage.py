"""The sandbox stage."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from adapters.sandbox.adapter import Sandbox
from adapters.sandbox.driver import Chat, Result, Speaker
from adapters.sandbox.driver import Seen as Shown
from adapters.sandbox.platform import Platform
from adapters.sandbox.records import WORKSPACE
from adapters.sandbox.refusals import BadAct
from bot.core.errors import Unavailable
from bot.core.events import MEDIA, Medium
from bot.core.people import Account, Place
from bot.core.time import SystemClock
from tests.platforms.ears import Ears
from tests.platforms.people import CROWD, Failure, OpenForm, Seen


@dataclass
class SandboxPeople:
    chat: Chat
    refused: dict[str, str] = field(default_factory=dict)
    typed: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def _speaker(self, who: str) -> Speaker:
        return self.chat.person(who)

    async def say(self, who: str, where: str, text: str, below: str | None = None) -> str:
        result = await self._speaker(who).say(where, text, int(below) if below else None)
        return str(result.message)

    async def send(self, who: str, where: str, medium: str, text: str = "") -> str:
        said = text or ("Somebody else's words." if medium == "forward" else "")
        return str((await self._speaker(who).say(where, said, kind=cast(Medium, medium))).message)

    async def edit(self, who: str, where: str, message: str, text: str) -> None:
        await self._speaker(who).edit(int(message), text)

    async def delete(self, who: str, where: str, message: str) -> None:
        await self._speaker(who).delete(int(message))

    async def react(self, who: str, where: str, message: str, emoji: str, on: bool = True) -> None:
        speaker = self._speaker(who)
        await (speaker.react if on else speaker.unreact)(int(message), emoji)

    async def command(self, who: str, where: str, text: str) -> None:
        name, _, rest = text.partition(" ")
        self._note(who, await self._speaker(who).command(name, rest, where))

    async def press(self, who: str, where: str, label: str, *, below: str | None = None) -> None:
        speaker = self._speaker(who)
        seen = speaker.sees(where) if below is None else speaker.thread(int(below))
        shown = next(s for s in reversed(seen) if label in s.buttons)
        self._note(who, await speaker.press(shown, label))

    async def choose(self, who: str, where: str, label: str, option: str) -> None:
        speaker = self._speaker(who)
        shown = next(s for s in reversed(speaker.sees(where)) if label in s.buttons)
        self._note(who, await speaker.press(shown, label, option))

    async def form(self, who: str) -> OpenForm | None:
        form = self._speaker(who).form
        return OpenForm(form.title, {f.name: f.value for f in form.fields}) if form else None

    async def submit(self, who: str, values: Mapping[str, str]) -> None:
        try:
            self._note(who, await self._speaker(who).submit(values))
        except BadAct as e:
            self.refused[who], self.typed[who] = str(e), values

    async def problems(self, who: str) -> str:
        return self.refused[who]

    async def reopen(self, who: str) -> OpenForm:
        form = await self.form(who)
        assert form is not None
        return OpenForm(form.title, {**form.values, **self.typed.pop(who, {})})

    async def sees(self, who: str, where: str, below: str | None = None) -> list[Seen]:
        speaker = self._speaker(who)
        if below is not None:
            return [self._seen(s) for s in speaker.thread(int(below)) if s.id != int(below)]
        return [self._seen(s) for s in speaker.sees(where) if s.thread is None]

    def _seen(self, shown: Shown) -> Seen:
        calls = tuple(self.chat.sandbox.platform.post(shown.id).mentions.values())
        return Seen(str(shown.id), shown.text, tuple(shown.buttons), shown.by == "bot", shown.to is not None, calls)

    def _note(self, who: str, result: Result) -> None:
        self.refused[who] = " ".join([*result.errors.values(), result.text])


@dataclass
class SandboxStage:
    adapter: Sandbox
    bot: Ears
    people: SandboxPeople
    media: Sequence[str] = tuple(MEDIA)

    def place(self, channel: str) -> Place:
        return Place(WORKSPACE, channel)

    def account(self, who: str) -> Account:
        return Account(WORKSPACE, who)

    def inside(self, place: Place) -> set[str]:
        return set(self.adapter.platform.room(place.channel).members or ())

    def fail(self, how: Failure) -> None:
        kinds = {"gone": "gone", "waits": "forbidden", "paused": "429", "tried again": "cut", "locked": "locked"}
        self.adapter.platform.faults.plan(kinds[how], 1)

    def leave(self, who: str) -> None:
        self.adapter.platform.deactivate(who, False)

    def lose_answer(self, arrived: bool) -> None:
        self.adapter.platform.faults.plan("sent-but-timeout" if arrived else "500", 1)

    def close(self, channel: str) -> None:
        self.adapter.platform.archive_channel(channel)

    async def restart(self, meanwhile: Callable[[], Awaitable[None]] | None = None) -> None:
        await self.adapter.stop()
        if meanwhile is not None:
            with suppress(Unavailable):
                await meanwhile()
        self.adapter = Sandbox(self.adapter.platform)
        self.people.chat = Chat(self.adapter)
        await self.adapter.start(self.bot)


@asynccontextmanager
async def open_stage(folder: Path) -> AsyncIterator[SandboxStage]:
    platform = Platform(None, SystemClock().now)
    for channel in ("general", "questions"):
        platform.add_channel(channel)
    platform.add_person("mia", "Mia", "Europe/Berlin")
    platform.add_person("ben", "Ben", "Asia/Kolkata")
    platform.add_person("ines", "Ines", "Europe/Lisbon")
    for who in CROWD:
        platform.add_person(who, who.capitalize(), "Europe/Berlin")
    adapter, bot = Sandbox(platform), Ears()
    await adapter.start(bot)
    yield SandboxStage(adapter, bot, SandboxPeople(Chat(adapter)))
    await adapter.stop()
