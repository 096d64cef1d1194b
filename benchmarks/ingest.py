"""Measures how many events (chat messages and commands) one process acknowledges per second with SQLite on this disk.

    .venv/bin/python benchmarks/ingest.py --events 2000 --at-once 32 [--json]

An acknowledged event is on the disk. The time of a sync of this disk is printed for comparison.
"""

import argparse
import asyncio
import json
import os
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from adapters.sandbox.adapter import Sandbox
from adapters.sandbox.platform import Platform
from bot.app.cohorts import CohortPlan, create_cohort
from bot.app.compose import Application, compose
from bot.core.events import CommandIssued, MessagePosted
from bot.core.people import Account, Actor, Place
from bot.core.time import WoundClock, local_day, monday_of, parse_instant
from storage.sql.migrate import upgrade

COURSE = Path(__file__).parents[1] / "courses" / "demo.yaml"
NOW = parse_instant("2026-01-05T08:00:00Z")
ROOM = Place("sandbox", "general")


async def main() -> None:
    asked = arguments()
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        app = make(Path(folder))
        found = {"events": asked.events, "at_once": asked.at_once, "sync_ms": sync_ms(Path(folder))}
        for name, do in (("message", message), ("command", command)):
            found[name] = await measure(app, do, asked.events, asked.at_once)
        app.storage.close()
    if asked.json:
        print(json.dumps(found))
        return
    print(f"A sync of this disk takes {found['sync_ms']:.1f} ms; {asked.at_once} events at once")
    for name in ("message", "command"):
        print(
            "{}: {per_second:.0f}/s, {per_cpu_second:.0f} a CPU-second, p99 {p99_ms:.0f} ms".format(name, **found[name])
        )


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=2000)
    parser.add_argument("--at-once", type=int, default=32)
    parser.add_argument("--folder", type=Path, help="on the disk to measure; the one for temporary files by default")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def make(folder: Path) -> Application:
    clock = WoundClock(start=NOW)
    app = compose(f"sqlite:///{folder / 'pacekeeper.db'}", clock, [Sandbox(Platform(None, clock.now))])
    upgrade(app.storage.engine)
    text = COURSE.read_text(encoding="utf-8")
    starts_on = monday_of(local_day(NOW, "Europe/Berlin"))
    plan = CohortPlan("demo", text, starts_on, "Europe/Berlin", "sandbox", {"main": "general"})
    create_cohort(app.storage, app.registry, plan)
    return app


async def message(app: Application, n: int) -> None:
    actor = Actor(Account("sandbox", f"person{n % 100}"), f"Person {n % 100}", "Europe/Berlin")
    await app.runtime.receive(MessagePosted(actor=actor, place=ROOM, id=str(n + 1), text="Good morning.", at=NOW))


async def command(app: Application, n: int) -> None:
    actor = Actor(Account("sandbox", f"person{n % 100}"), f"Person {n % 100}", "Europe/Berlin")
    event = CommandIssued(actor=actor, place=ROOM, id=str(n), at=NOW, name="help")
    await app.runtime.receive(event)


async def measure(
    app: Application, do: Callable[[Application, int], Awaitable[None]], events: int, at_once: int
) -> dict[str, float]:
    """Keeps `at_once` events in flight until all are acknowledged."""
    numbers = iter(range(events))
    took: list[float] = []

    async def one() -> None:
        for n in numbers:
            begun = time.perf_counter()
            await do(app, n)
            took.append(time.perf_counter() - begun)

    wall, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(one() for _ in range(at_once)))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    p99 = sorted(took)[len(took) * 99 // 100]
    return {"per_second": events / wall, "per_cpu_second": events / cpu, "p99_ms": 1000 * p99}


def sync_ms(folder: Path) -> float:
    file = os.open(folder / "probe", os.O_CREAT | os.O_WRONLY)
    begun = time.perf_counter()
    for n in range(50):
        os.pwrite(file, bytes(4096), 4096 * n)
        os.fsync(file)
    os.close(file)
    return (time.perf_counter() - begun) / 50 * 1000


asyncio.run(main())
