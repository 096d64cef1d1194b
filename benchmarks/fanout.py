"""Measures how a message for many goes out, and what waits behind it.

    .venv/bin/python benchmarks/fanout.py --workspaces 4 --direct 1200 --channels 100 --latency 150

Direct messages and posts in channels, shared out among workspaces of a simulated platform, which keeps the limits of
`limits.toml` and answers after `--latency` milliseconds. `--platform slack` is called through the adapter's pacing;
calls to `--platform discord` wait for its limits, as discord.py's do. Meanwhile somebody asks a question every few
seconds in one of the workspaces, and a message goes to another platform. Beside the time until the last message has
arrived stands the floor: what an ideal sender needs under the same limits. All of it is real time; the limits leave the
machine idle for most of it.
"""

import argparse
import asyncio
import json
import logging
import tempfile
import time
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from rich.console import Console
from rich.table import Table
from slack_sdk.errors import SlackApiError
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from adapters.discord.adapter import Discord
from adapters.slack.adapter import Slack
from adapters.slack.api import Api
from adapters.slack.pacing import Pace, Rate
from bot.core.effects import Direct, In, Show
from bot.core.errors import RateLimited
from bot.core.events import MessagePosted
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
from storage.sql.migrate import upgrade
from storage.stores.voice import SqlVoice
from storage.tables.people import AccountRow, PersonRow
from storage.unit import SqlStorage

LIMITS = tomllib.loads((Path(__file__).parent / "limits.toml").read_text(encoding="utf-8"))
GRACE = 0.05
"""Seconds by which a message may come early: platforms count by coarser clocks."""

ELSEWHERE = "elsewhere"
ASKED_EACH = 3.0

screen = Console()


class Limits:
    """What a platform says of itself: token buckets, which refuse what comes too early."""

    def __init__(self, said: Mapping[str, Any]) -> None:
        self.channel, self.workspace = Rate(**said["channel"]), Rate(**said["workspace"])
        # An answer takes a moment to come; what left in time is not refused for it.
        self._buckets = Pace()

    def wait(self, channel: str) -> float:
        return self._buckets.wait((f"channel {channel}", self.channel), ("workspace", self.workspace))

    def floor(self, messages: int, latency: float) -> float:
        """Seconds that an ideal sender needs for messages to as many conversations."""
        return max(0, messages - self.workspace.at_once) * 60 / self.workspace.a_minute + latency


@dataclass
class Workspace:
    """One simulated workspace."""

    limits: Limits
    latency: float
    at: dict[str, float] = field(default_factory=dict)
    """When the message of each anchor arrived."""
    refused: int = 0

    async def take(self, channel: str) -> float:
        """Seconds to wait, or 0 once it has arrived."""
        if (seconds := self.limits.wait(channel)) > GRACE:
            self.refused += 1
            return seconds
        await asyncio.sleep(self.latency)
        return 0

    async def api_call(self, method: str, json: Mapping[str, Any]) -> Any:
        """As slack_sdk's client has it."""
        if seconds := await self.take(json["channel"]):
            headers = {"Retry-After": str(int(seconds) + 1)}
            raise SlackApiError("ratelimited", SimpleNamespace(status_code=429, headers=headers, data={}))
        return SimpleNamespace(data={"ok": True, "ts": "1"})


class Platform:
    """The `Adapter` of simulated workspaces, as far as messages are posted."""

    problems: Mapping[str, str] = {}

    def __init__(self, name: str, there: Mapping[str, Workspace], at_once: int) -> None:
        self._name, self._there, self.at_once = name, there, at_once
        self._apis = {id: Api(workspace, lambda revoked: None) for id, workspace in there.items()}
        self._paces = {id: Limits(LIMITS[name]) for id in there}

    @property
    def workspaces(self) -> Sequence[str]:
        return tuple(self._there)

    async def start(self, bot: Bot) -> None: ...

    async def stop(self) -> None: ...

    def link(self, ref: MessageRef) -> str | None:
        return None

    async def post(self, delivery: Delivery) -> Sent:
        if delivery.place is not None:
            workspace, channel = delivery.place.workspace, delivery.place.channel
        else:
            assert delivery.account is not None
            workspace, channel = delivery.account.workspace, delivery.account.user
        there = self._there[workspace]
        if self._name == "slack":
            await self._apis[workspace].call("chat.postMessage", channel=channel, text="A card")
        else:
            while seconds := self._paces[workspace].wait(channel):
                await asyncio.sleep(seconds)
            if seconds := await there.take(channel):
                raise RateLimited(timedelta(seconds=seconds))
        there.at[delivery.anchor] = time.monotonic()
        return Sent((MessageRef(workspace, channel, delivery.key),))

    async def edit(self, delivery: Delivery, refs: Sequence[MessageRef]) -> Sent:
        return await self.post(delivery)


@dataclass
class Measured:
    workspaces: int
    latency: float
    floor: float = 0
    last: float = 0
    refused: int = 0
    handled: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)
    elsewhere: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        return self.last / self.floor


def asked(heard: dict[str, float]) -> Feature[object]:
    """A feature that answers questions in private."""
    made: Feature[object] = Feature("probe")

    @made.on(MessagePosted)
    def answer(turn: Turn[object], event: MessagePosted) -> None:
        heard[event.text] = time.monotonic()
        turn.show(f"answer/{event.text}", Direct(turn.me.id), message(paragraph("Here.")))

    return made


async def measure(name: str, workspaces: int, direct: int, channels: int, latency: float, folder: Path) -> Measured:
    ids = [f"w{n}" for n in range(workspaces)]
    there = {id: Workspace(Limits(LIMITS[name]), latency) for id in ids}
    other = {ELSEWHERE: Workspace(Limits(LIMITS["discord"]), latency)}
    heard: dict[str, float] = {}
    # Before the simulated ones: the real adapters say how many deliveries may be on their way.
    at_once = {"slack": Slack.at_once, "discord": Discord.at_once}
    stores = {"probe": lambda session, now: None, "voice": SqlVoice}
    storage = SqlStorage(f"sqlite:///{folder / 'pacekeeper.db'}", SystemClock(), stores)
    upgrade(storage.engine)
    platforms = [Platform(name, there, at_once[name]), Platform("discord", other, at_once["discord"])]
    runtime = Runtime(storage, Registry([asked(heard), voice]), platforms, SystemClock())
    _enrol(storage.engine, ids, direct)
    await runtime.start()
    many = _for_many(ids, direct, channels)
    begun = time.monotonic()
    await storage.run(lambda unit: unit.outbox.put(many, SystemClock().now()))
    each = max(sum(one.workspace == id for one in many) for id in ids)
    found = Measured(workspaces, latency)
    asking = asyncio.create_task(_ask(runtime, storage, ids, there, other[ELSEWHERE], heard, found))
    awaited = {one.effect.anchor for one in many if isinstance(one.effect, Show)}
    while awaited - {anchor for one in there.values() for anchor in one.at}:
        await asyncio.sleep(0.05)
    asking.cancel()
    found.last = max(at for one in there.values() for anchor, at in one.at.items() if anchor in awaited) - begun
    found.floor = Limits(LIMITS[name]).floor(each + len(found.answered), latency)
    found.refused = sum(one.refused for one in (*there.values(), *other.values()))
    await runtime.stop()
    storage.close()
    return found


def _enrol(engine: Engine, ids: Sequence[str], direct: int) -> None:
    """A person for each direct message, and one who asks; all have an account on the other platform, too."""
    now = SystemClock().now()
    with Session(engine) as session, session.begin():
        session.add_all(PersonRow(id=n, name=f"Learner {n}", zone="UTC", met_at=now) for n in range(1, direct + 2))
        session.flush()
        session.add_all(
            AccountRow(workspace=ids[n % len(ids)], user=f"u{n}", person=n, seen_at=now) for n in range(1, direct + 2)
        )
        session.add(AccountRow(workspace=ELSEWHERE, user="u1", person=1, seen_at=now))


def _for_many(ids: Sequence[str], direct: int, channels: int) -> list[NewDelivery]:
    said = message(paragraph("What this week is for."))
    cards = [
        NewDelivery(Show(f"card/{n}", Direct(n), said), ids[n % len(ids)], f"@u{n}", n, None)
        for n in range(1, direct + 1)
    ]
    places = [Place(ids[n % len(ids)], f"c{n}") for n in range(channels)]
    posts = [NewDelivery(Show(f"post/{p.channel}", In(p), said), p.workspace, p.channel, None, None) for p in places]
    return [*cards, *posts]


async def _ask(
    runtime: Runtime,
    storage: SqlStorage,
    ids: Sequence[str],
    there: Mapping[str, Workspace],
    other: Workspace,
    heard: Mapping[str, float],
    found: Measured,
) -> None:
    """Asks in the last person's workspace, and posts on the other platform, again and again."""
    with Session(storage.engine) as session:
        last = session.exec(select(AccountRow).order_by(col(AccountRow.person).desc())).first()
    assert last is not None
    place, n = Place(last.workspace, f"dm-{last.user}", direct=True), 0
    while True:
        n += 1
        await asyncio.sleep(ASKED_EACH)
        text, at, begun = f"question {n}", SystemClock().now(), time.monotonic()
        actor = Actor(Account(last.workspace, last.user), "Ada", "UTC")
        await runtime.receive(MessagePosted(place=place, id=f"m{n}", at=at, actor=actor, text=text))
        post = Show(f"there/{n}", In(Place(ELSEWHERE, f"c{n}")), message(paragraph("Here, too.")))
        away = NewDelivery(post, ELSEWHERE, f"c{n}", None, None)
        await storage.run(lambda unit, away=away: unit.outbox.put([away], SystemClock().now()))
        while not (text in heard and f"answer/{text}" in there[last.workspace].at and f"there/{n}" in other.at):
            await asyncio.sleep(0.02)
        found.handled.append(heard[text] - begun)
        found.answered.append(there[last.workspace].at[f"answer/{text}"] - begun)
        found.elsewhere.append(other.at[f"there/{n}"] - begun)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--platform", choices=["slack", "discord"], default="slack")
    options.add_argument("--workspaces", default="1,4,10", help="how many workspaces, with commas")
    options.add_argument("--direct", type=int, default=600, help="direct messages in all")
    options.add_argument("--channels", type=int, default=100)
    options.add_argument("--latency", default="150,250", help="milliseconds, with commas")
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    logging.basicConfig(level=logging.ERROR)
    table = Table(
        "Workspaces", "Latency", "Last one after", "Floor", "Ratio", "429", "Handled", "Answered", "Elsewhere"
    )
    for latency in map(int, given.latency.split(",")):
        for workspaces in map(int, given.workspaces.split(",")):
            with tempfile.TemporaryDirectory() as folder:
                found = asyncio.run(
                    measure(given.platform, workspaces, given.direct, given.channels, latency / 1000, Path(folder))
                )
            if given.json:
                print(json.dumps(asdict(found) | {"ratio": found.ratio}), flush=True)
                continue
            table.add_row(
                str(workspaces),
                f"{latency} ms",
                f"{found.last:.1f} s",
                f"{found.floor:.1f} s",
                f"{found.ratio:.3f}",
                str(found.refused),
                *(f"≤ {max(some, default=0):.2f} s" for some in (found.handled, found.answered, found.elsewhere)),
            )
    if not given.json:
        screen.print(table)


if __name__ == "__main__":
    main()
