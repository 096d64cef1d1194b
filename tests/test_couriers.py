"""What goes out beside the loop: no platform keeps somebody else waiting, and what belongs together keeps its order."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlmodel import Session, select

from bot.core.effects import Below, Direct, In, Show
from bot.core.errors import RateLimited, Unavailable
from bot.core.events import MessagePosted, ReactionChanged
from bot.core.feature import Feature
from bot.core.message import message, paragraph
from bot.core.people import Account, Actor, MessageRef, Place
from bot.core.ports import Bot, Delivery, Sent
from bot.core.time import SystemClock
from bot.core.turn import Turn
from bot.runtime.loop import Runtime
from bot.runtime.ports import NewDelivery
from bot.runtime.registry import Registry
from bot.runtime.voice import voice
from storage.stores.voice import SqlVoice
from storage.tables.outbox import OutboxRow
from storage.unit import SqlStorage
from tests.kit import fresh_database
from tests.waiting import eventually

ADA = Actor(Account("here", "ada"), "Ada", "UTC")
NOTHING = timedelta(0)
probe: Feature[object] = Feature("probe")


@probe.on(MessagePosted)
def answer(turn: Turn[object], event: MessagePosted) -> None:
    turn.show(f"answer/{event.id}", Direct(turn.me.id), message(paragraph(f"You said: {event.text}")))


@probe.on(ReactionChanged)
def thank(turn: Turn[object], event: ReactionChanged) -> None:
    turn.show(f"thanks/{event.id}", Direct(turn.me.id), message(paragraph(event.emoji)))


@dataclass
class Platform:
    """A workspace whose answers come once somebody lets them."""

    workspace: str
    at_once: int = 4
    problems: Mapping[str, str] = field(default_factory=dict)
    begun: list[str] = field(default_factory=list)
    posted: list[str] = field(default_factory=list)
    open: asyncio.Event = field(default_factory=asyncio.Event)
    refuses: int = 0
    breaks: str = ""
    """What fails once."""
    shuts_after: str = ""
    """After this is posted, answers wait again."""

    @property
    def workspaces(self) -> Sequence[str]:
        return (self.workspace,)

    async def start(self, bot: Bot) -> None: ...

    async def stop(self) -> None: ...

    def link(self, ref: MessageRef) -> str | None:
        return None

    async def find(self, delivery: Delivery) -> Sent | None:
        return None

    async def post(self, delivery: Delivery) -> Sent:
        self.begun.append(delivery.anchor)
        await self.open.wait()
        if self.refuses:
            self.refuses -= 1
            raise RateLimited(NOTHING)
        if self.breaks and delivery.anchor == self.breaks:
            self.breaks = ""
            raise Unavailable("503")
        self.posted.append(delivery.anchor)
        if delivery.anchor == self.shuts_after:
            self.open.clear()
        return Sent((MessageRef(self.workspace, "c", delivery.key),))


class Stage:
    def __init__(self, storage: SqlStorage, *platforms: Platform) -> None:
        self.storage = storage
        self.runtime = Runtime(storage, Registry([probe, voice]), platforms, SystemClock())  # type: ignore[arg-type]

    async def put(self, *deliveries: NewDelivery) -> None:
        await self.storage.run(lambda unit: unit.outbox.put(deliveries, SystemClock().now()))

    def states(self) -> list[str]:
        with Session(self.storage.engine) as session:
            return [row.state for row in session.exec(select(OutboxRow).order_by(OutboxRow.id)).all()]  # type: ignore[arg-type]


def post(workspace: str, channel: str, anchor: str) -> NewDelivery:
    shown = Show(anchor, In(Place(workspace, channel)), message(paragraph(anchor)))
    return NewDelivery(shown, workspace, channel, None, None)


@pytest_asyncio.fixture
async def storage(tmp_path: Path) -> AsyncIterator[SqlStorage]:
    stores: Any = {"probe": lambda session, now: None, "voice": SqlVoice}
    made = SqlStorage(fresh_database(tmp_path), SystemClock(), stores)
    yield made
    made.close()


async def said(stage: Stage, id: str, text: str) -> None:
    place = Place("here", "dm-ada", direct=True)
    await stage.runtime.receive(MessagePosted(place=place, id=id, at=SystemClock().now(), actor=ADA, text=text))


async def holds(look: Any) -> None:
    async def looked() -> bool:
        return bool(look())

    await eventually(looked)


async def test_a_platform_that_does_not_answer_keeps_nobody_else_waiting(storage: SqlStorage) -> None:
    stuck, other = Platform("stuck"), Platform("here")
    other.open.set()
    stage = Stage(storage, stuck, other)
    await stage.runtime.start()
    await stage.put(*(post("stuck", f"c{n}", f"many/{n}") for n in range(50)))
    await holds(lambda: len(stuck.begun) == 4)
    await said(stage, "m1", "Is anybody there?")
    await stage.put(post("here", "general", "elsewhere"))
    await holds(lambda: sorted(other.posted) == ["answer/m1", "elsewhere"])
    assert stuck.posted == []
    stuck.open.set()
    await holds(lambda: len(stuck.posted) == 50)
    await stage.runtime.stop()
    assert set(stage.states()) == {"sent"}


async def test_an_answer_overtakes_what_is_for_many(storage: SqlStorage) -> None:
    here = Platform("here")
    stage = Stage(storage, here)
    await stage.runtime.start()
    await stage.put(*(post("here", f"c{n}", f"many/{n}") for n in range(50)))
    await holds(lambda: len(here.begun) == 4)
    await said(stage, "m1", "When is it due?")
    await holds(lambda: len(stage.states()) == 51)
    here.open.set()
    await holds(lambda: len(here.posted) == 51)
    assert here.begun.index("answer/m1") <= 8
    await stage.runtime.stop()


async def test_a_conversation_keeps_its_order_also_when_the_platform_asks_to_wait(storage: SqlStorage) -> None:
    here = Platform("here", refuses=2)
    here.open.set()
    stage = Stage(storage, here)
    await stage.runtime.start()
    await stage.put(*(post("here", "general", f"note/{n}") for n in range(8)))
    await holds(lambda: len(here.posted) == 8)
    assert here.posted == [f"note/{n}" for n in range(8)]
    await stage.runtime.stop()


async def test_what_was_begun_when_the_bot_stops_is_stored_and_the_rest_waits(storage: SqlStorage) -> None:
    here = Platform("here")
    stage = Stage(storage, here)
    await stage.runtime.start()
    await stage.put(*(post("here", f"c{n}", f"many/{n}") for n in range(6)))
    await holds(lambda: len(here.begun) == 4)
    asyncio.get_running_loop().call_later(0.2, here.open.set)
    await stage.runtime.stop()
    assert sorted(stage.states()) == ["sent"] * 4 + ["waiting"] * 2
    assert len(here.begun) == 4


async def test_a_mark_on_an_answer_that_waits_for_its_thread_comes_after_it(storage: SqlStorage) -> None:
    """Somebody replies in a thread while the bot posts in the channel, and somebody else marks the reply."""
    here = Platform("here")
    stage = Stage(storage, here)
    await stage.runtime.start()
    await stage.put(post("here", "dm-ada", "card"))
    await holds(lambda: here.begun == ["card"])
    now, place = SystemClock().now(), Place("here", "dm-ada", direct=True)
    thread = Place("here", "dm-ada", "m0", direct=True)
    await stage.runtime.receive(MessagePosted(place=thread, id="m1", at=now, actor=ADA, text="Ten pages."))
    mark = ReactionChanged(place=place, id="m1", at=now, actor=ADA, emoji="✅", added=True, turn="1")
    await stage.runtime.receive(mark)
    await asyncio.sleep(0.6)
    assert stage.states() == ["sending"], "neither is handled: the bot's post may be the thread's root"
    here.open.set()
    await holds(lambda: set(here.posted) >= {"card", "answer/m1", "thanks/m1"})
    assert here.begun == ["card", "answer/m1", "thanks/m1"]
    await stage.runtime.stop()


async def test_replies_that_waited_for_their_root_stand_before_those_that_come_later(storage: SqlStorage) -> None:
    here = Platform("here", shuts_after="root")
    here.open.set()
    stage = Stage(storage, here)
    await stage.runtime.start()
    await stage.put(post("here", "c", "root"), *(reply("root", n) for n in range(3)))
    await holds(lambda: here.begun == ["root", "0"])
    await stage.put(reply("c", 3))
    await said(stage, "7", "Is it there?")
    await holds(lambda: "answer/7" in here.begun)
    assert here.begun == ["root", "0", "answer/7"], "one reply at a time is on its way"
    here.open.set()
    await holds(lambda: len(here.posted) == 6)
    assert [anchor for anchor in here.posted if anchor != "answer/7"] == ["root", "0", "1", "2", "3"]
    await stage.runtime.stop()


def reply(lane: str, number: int) -> NewDelivery:
    shown = Show(str(number), Below("root"), message(paragraph(str(number))))
    return NewDelivery(shown, "here", lane, None, None)


async def test_what_follows_a_message_that_failed_waits_for_its_next_try(
    storage: SqlStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.runtime.delivery.FIRST_PAUSE", timedelta(milliseconds=50))
    here = Platform("here", breaks="1")
    here.open.set()
    stage = Stage(storage, here)
    await stage.runtime.start()
    await stage.put(*(post("here", "c", str(n)) for n in range(4)))
    await holds(lambda: len(here.posted) == 4)
    assert here.posted == ["0", "1", "2", "3"]
    await stage.runtime.stop()
