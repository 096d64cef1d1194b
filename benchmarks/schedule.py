"""Measures scheduling at scale: planning, an idle tick, and very many learners due at the same second.

    .venv/bin/python benchmarks/schedule.py --learners 100000 --due 10000

Learners in all zones, in cohorts of `--cohort`, each with a weekly prompt that the wrap-ups plan for `--weeks` weeks,
the voice sends, the outbox stores, and a platform accepts at once. The time that SQLite alone takes to write the same
rows is printed for comparison.
A task that wakes every millisecond measures how long the event loop is blocked. The same run measures APScheduler's
SQLAlchemyJobStore with a job for each of fewer learners (`--jobs`), on the same disk with the same SQLite settings;
its jobs only record that they ran.
"""

import argparse
import asyncio
import statistics
import tempfile
import threading
import time
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.date import DateTrigger
from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine, insert, text

from bot.app.compose import open_storage
from bot.core.facts import CohortPlanned
from bot.core.people import MessageRef
from bot.core.ports import Bot, Delivery, Sent
from bot.core.time import WoundClock, zones
from bot.core.turn import Turn
from bot.features.wrapups.feature import feature as wrapups
from bot.runtime.loop import Runtime
from bot.runtime.registry import Registry
from bot.runtime.ticks import BATCH
from bot.runtime.turns import take_turn
from bot.runtime.voice import voice
from storage.sql.engine import open_engine
from storage.sql.migrate import upgrade
from storage.tables.people import AccountRow, ChannelRow, CohortRow, MembershipRow, PersonRow

START = datetime(2026, 1, 1, 12, tzinfo=UTC)
MONDAY = date(2026, 1, 5)
SOME_DUE = datetime(2026, 1, 6, 16, tzinfo=UTC)
ALL_DUE = datetime(2026, 1, 7, 16, tzinfo=UTC)
CHUNK = 10_000
BODY = "x" * 800
"""A body as long as a prompt in the outbox."""

PROMPT = """\
  - id: {id}
    title: Weekly wrap-up
    {when}
    opens: {opens}
    closes: Mon 12:00
    questions: [{{id: done, kind: long, text: "What did you finish?", audience: cohort}}]
"""

screen = Console()


def course(weeks: int, early: bool) -> str:
    """A course with a prompt each Friday on the learners' clocks, and one for all at the same second on the first
    Wednesday; `early` adds one on that Tuesday."""
    text = "course: {id: scale, title: A large course, weekly_minutes: 300}\nweeks:\n"
    text += "".join(f"  - {{title: Week {n}, goal: Go on, minutes: 60}}\n" for n in range(1, weeks + 1))
    text += "prompts:\n" + PROMPT.format(id="weekly", when="weekly: true", opens="Fri 16:00")
    text += PROMPT.format(id="all", when="week: 1", opens="Wed 16:00 cohort")
    return text + (PROMPT.format(id="early", when="week: 1", opens="Tue 16:00 cohort") if early else "")


class Heartbeat:
    """Wakes every millisecond. `worst` is the longest delay in seconds."""

    def __init__(self) -> None:
        self.worst = 0.0

    async def __aenter__(self) -> "Heartbeat":
        self._task = asyncio.create_task(self._beat())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()

    async def _beat(self) -> None:
        last = time.perf_counter()
        while True:
            await asyncio.sleep(0.001)
            now = time.perf_counter()
            self.worst = max(self.worst, now - last - 0.001)
            last = now


class Watch:
    """Polls every few milliseconds, in a separate thread and connection, when the outbox last grew."""

    def __init__(self, engine: Engine, after: int = 0) -> None:
        self.count, self.at = 0, time.perf_counter()
        self._engine, self._after = engine, after
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join()

    def _look(self) -> None:
        connection = self._engine.raw_connection()
        try:
            while not self._stopped.wait(0.004):
                (newest,) = connection.cursor().execute("SELECT coalesce(max(id), 0) FROM outbox").fetchone()
                if newest - self._after > self.count:
                    self.count, self.at = newest - self._after, time.perf_counter()
        finally:
            connection.close()


class Platform:
    """An adapter whose platform accepts everything at once."""

    workspaces: Sequence[str] = ("scale",)
    at_once = 1000

    def __init__(self) -> None:
        self.posted = 0

    async def start(self, bot: Bot) -> None: ...

    async def stop(self) -> None: ...

    async def post(self, delivery: Delivery) -> Sent:
        self.posted += 1
        channel = delivery.account.user if delivery.account else "main"
        return Sent((MessageRef("scale", channel, str(self.posted)),))

    async def edit(self, delivery: Delivery, refs: Sequence[MessageRef]) -> Sent:
        return Sent(tuple(refs))

    async def delete(self, refs: Sequence[MessageRef]) -> None: ...

    async def whisper(self, delivery: Delivery) -> None: ...

    async def react(self, ref: MessageRef, emoji: str, on: bool) -> None: ...

    async def find(self, delivery: Delivery) -> Sent | None:
        return None

    def link(self, ref: MessageRef) -> str | None:
        return None


@dataclass(frozen=True, slots=True)
class Timed:
    seconds: float
    stall: float


async def timed(work: Awaitable[object]) -> Timed:
    """Times the work, and the event loop's longest stall meanwhile."""
    async with Heartbeat() as heartbeat:
        await asyncio.sleep(0.005)
        began = time.perf_counter()
        await work
        seconds = time.perf_counter() - began
        await asyncio.sleep(0.005)
    return Timed(seconds, heartbeat.worst)


def enrol(engine: Engine, learners: int, size: int, weeks: int, due: int) -> list[int]:
    """Inserts people, accounts and cohorts directly; the first `due` learners have the early prompt."""
    every = zones()
    cohorts = list(range(1, -(-learners // size) + 1))
    texts = {early: course(weeks, early) for early in (True, False)}
    with engine.begin() as connection:
        for cohort in cohorts:
            row = {"id": cohort, "code": f"c{cohort}", "title": "A large course", "join_code": f"C{cohort}"}
            row |= {"course_text": texts[(cohort - 1) * size < due], "zone": "UTC", "starts_on": MONDAY}
            connection.execute(insert(CohortRow), row)
            place = {"workspace": "scale", "channel": f"main{cohort}", "cohort": cohort, "purpose": "main"}
            connection.execute(insert(ChannelRow), place | {"position": 0})
    for start in range(1, learners + 1, CHUNK):
        some = range(start, min(start + CHUNK, learners + 1))
        with engine.begin() as connection:
            connection.execute(
                insert(PersonRow),
                [
                    {
                        "id": n,
                        "name": f"Learner {n}",
                        "zone": every[n % len(every)],
                        "picked_zone": False,
                        "hour": 9,
                        "met_at": START,
                    }
                    for n in some
                ],
            )
            connection.execute(
                insert(AccountRow),
                [{"workspace": "scale", "user": f"u{n}", "person": n, "active": True, "seen_at": START} for n in some],
            )
            connection.execute(
                insert(MembershipRow),
                [
                    {
                        "cohort": (n - 1) // size + 1,
                        "person": n,
                        "role": "learner",
                        "joined_at": START,
                        "first_joined_at": START,
                    }
                    for n in some
                ],
            )
    return cohorts


def bare(engine: Engine, at: datetime) -> float:
    """Seconds that SQLite alone takes to write the rows about everybody due at `at`, in units of work of the same size.
    This is a lower bound."""
    when = at.replace(tzinfo=None).isoformat(" ", "microseconds")
    connection = engine.raw_connection()
    cursor = connection.cursor()
    found = cursor.execute(
        "SELECT due.id, due.person, w.round FROM due JOIN wrapup_windows w ON w.person = due.person"
        " AND w.round = CAST(due.occurrence AS INTEGER) WHERE due.at = ? AND due.kind = 'wrapups.open'",
        (when,),
    ).fetchall()
    cursor.execute("BEGIN IMMEDIATE")
    cursor.executemany("UPDATE due SET state = 'planned' WHERE id = ?", [(id,) for id, _, _ in found])
    cursor.execute("COMMIT")
    began = time.perf_counter()
    for start in range(0, len(found), BATCH):
        some = found[start : start + BATCH]
        cursor.execute("BEGIN IMMEDIATE")
        cursor.executemany("UPDATE due SET state = 'done' WHERE id = ?", [(id,) for id, _, _ in some])
        cursor.executemany(
            "UPDATE wrapup_windows SET asked_at = ? WHERE round = ? AND person = ?", [(when, r, p) for _, p, r in some]
        )
        cursor.executemany(
            "INSERT INTO spoken (person, role, at) VALUES (?, 'learner', ?)", [(p, when) for _, p, _ in some]
        )
        cursor.executemany(
            "INSERT INTO outbox (key, workspace, cohort, state, tries, unclear, error, anchor, lane, person, body,"
            " not_before, created_at)"
            " VALUES (lower(hex(randomblob(10))), 'scale', 1, 'waiting', 0, 0, '', ?, ?, ?, ?, ?, ?)",
            [(f"bare/{r}/{p}", f"@u{p}", p, BODY, when, when) for _, p, r in some],
        )
        cursor.execute("COMMIT")
    seconds = time.perf_counter() - began
    # Restores the previous state.
    cursor.execute("BEGIN IMMEDIATE")
    cursor.execute("DELETE FROM outbox WHERE anchor LIKE 'bare/%'")
    cursor.execute("DELETE FROM spoken WHERE id IN (SELECT id FROM spoken ORDER BY id DESC LIMIT ?)", (len(found),))
    cursor.execute("COMMIT")
    connection.close()
    return seconds


async def pacekeeper(directory: Path, learners: int, size: int, weeks: int, due: int, table: Table) -> None:
    clock = WoundClock(start=START)
    storage = open_storage(f"sqlite:///{directory / 'pacekeeper.db'}", clock)
    upgrade(storage.engine)
    registry = Registry([wrapups, voice])
    runtime = Runtime(storage, registry, [Platform()], clock)
    cohorts = enrol(storage.engine, learners, size, weeks, due)
    await runtime.start()

    def plan(cohort: int) -> Awaitable[None]:
        def work(turn: Turn[object]) -> None:
            turn.happened(CohortPlanned(cohort))

        return storage.run(lambda unit: take_turn(registry, unit, "wrapups", clock.now(), work))

    each: list[float] = []

    async def plan_all() -> None:
        for cohort in cohorts:
            began = time.perf_counter()
            await plan(cohort)
            each.append(time.perf_counter() - began)

    found = await timed(plan_all())
    with storage.engine.connect() as connection:
        rows = connection.execute(text("SELECT count(*) FROM due")).scalar_one()
    table.add_row(
        f"planning {weeks} weeks for {learners:,} learners: {rows:,} rows",
        _s(found.seconds),
        f"{rows / found.seconds:,.0f} rows a second; {_s(max(each))} at most for a cohort of {size:,}",
        _ms(found.stall),
    )
    table.add_row("  a week of that", _s(found.seconds / weeks), "", "")

    looks: list[float] = []

    async def idle() -> None:
        for _ in range(200):
            began = time.perf_counter()
            await runtime.settle()
            looks.append(time.perf_counter() - began)

    found = await timed(idle())
    table.add_row("an idle tick, by the median of 200", _ms(statistics.median(looks)), "", _ms(found.stall))

    for at, number in ((SOME_DUE, due), (ALL_DUE, learners)):
        if number > learners:
            continue
        clock.wind(at - timedelta(seconds=1))
        await runtime.settle()
        with storage.engine.connect() as connection:
            before = connection.execute(text("SELECT coalesce(max(id), 0) FROM outbox")).scalar_one()
            left = connection.execute(text("SELECT count(*) FROM due WHERE state = 'planned'")).scalar_one()
        clock.wind(at)
        with Watch(storage.engine, before) as watch:
            began = time.perf_counter()
            found = await timed(runtime.settle())
        if watch.count < number:
            raise SystemExit(f"Only {watch.count:,} of {number:,} came into the outbox.")
        table.add_row(
            f"{number:,} due at one second, {left:,} rows scheduled: the last is in the outbox after",
            _s(watch.at - began),
            f"{number / (watch.at - began):,.0f} a second",
            _ms(found.stall),
        )
        table.add_row("  all delivered after", _s(found.seconds), f"{number / found.seconds:,.0f} a second", "")
        seconds = bare(storage.engine, at)
        table.add_row("  the limit: bare SQLite writes the same rows in", _s(seconds), "", "")
    await runtime.stop()
    storage.close()


ran: list[int] = []


async def note(learner: int) -> None:
    """The job of the comparison, which only records that it ran."""
    ran.append(learner)


async def apscheduler(directory: Path, jobs: int, table: Table) -> None:
    """The same with APScheduler: a weekly job per learner at 16:00 in their zone, then all at the same second."""
    every = zones()
    engine = open_engine(f"sqlite:///{directory / 'apscheduler.db'}")
    scheduler = AsyncIOScheduler(timezone="UTC", jobstores={"default": SQLAlchemyJobStore(engine=engine)})
    scheduler.start(paused=True)

    async def add(weekly: bool) -> None:
        for n in range(jobs):
            if n % 50 == 0:
                await asyncio.sleep(0)
            zone = every[n % len(every)]
            trigger = (
                CronTrigger(day_of_week="fri", hour=16, timezone=zone) if weekly else DateTrigger(START, timezone="UTC")
            )
            scheduler.add_job(note, trigger, args=[n], id=str(n), misfire_grace_time=None, replace_existing=True)

    found = await timed(add(weekly=True))
    table.add_row(
        f"adding a weekly job for each of {jobs:,} learners",
        _s(found.seconds),
        f"{jobs / found.seconds:,.0f} rows a second",
        _ms(found.stall),
    )
    scheduler.resume()
    looks = []
    for _ in range(50):
        began = time.perf_counter()
        scheduler._process_jobs()
        looks.append(time.perf_counter() - began)
    scheduler.pause()
    table.add_row("an idle wake-up, by the median of 50", _ms(statistics.median(looks)), "", "")
    await add(weekly=False)
    began = time.perf_counter()

    async def run_all() -> None:
        scheduler.resume()
        while len(ran) < jobs:
            await asyncio.sleep(0.001)

    found = await timed(run_all())
    table.add_row(
        f"{jobs:,} due at one second: the last has run after",
        _s(time.perf_counter() - began),
        f"{jobs / found.seconds:,.0f} a second",
        _ms(found.stall),
    )
    scheduler.shutdown(wait=False)
    engine.dispose()


def _s(seconds: float) -> str:
    return f"{seconds:,.2f} s"


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:,.1f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--learners", type=int, default=100_000)
    parser.add_argument("--cohort", type=int, default=5_000, help="learners in one cohort")
    parser.add_argument("--weeks", type=int, default=10)
    parser.add_argument("--due", type=int, default=10_000, help="learners who are due at one second; then all are")
    parser.add_argument("--jobs", type=int, default=5_000, help="learners for APScheduler's job store; 0: without it")
    arguments = parser.parse_args()
    table = Table("", "took", "", "longest stall of the event loop", box=None)
    with tempfile.TemporaryDirectory(prefix="schedule-") as name:
        directory = Path(name)
        table.add_row("[bold]Pacekeeper", "", "", "")
        size = min(arguments.cohort, arguments.due)
        asyncio.run(pacekeeper(directory, arguments.learners, size, arguments.weeks, arguments.due, table))
        if arguments.jobs:
            table.add_row(f"[bold]APScheduler's SQLAlchemyJobStore, {arguments.jobs:,} learners", "", "", "")
            asyncio.run(apscheduler(directory, arguments.jobs, table))
    screen.print(table)


if __name__ == "__main__":
    main()
