"""The test kit: a world with a standing clock, a sandbox in memory and a new database."""

import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from sqlalchemy import Engine, inspect
from sqlmodel import Session, SQLModel, select

from adapters.sandbox.adapter import Sandbox
from adapters.sandbox.driver import Chat, Seen, Speaker
from adapters.sandbox.platform import Platform
from bot.app import features as declared
from bot.app.cohorts import CohortPlan, create_cohort
from bot.app.compose import Application, compose, open_storage
from bot.app.features import make_registry
from bot.core.people import Cohort, Role
from bot.core.time import WoundClock, parse_instant
from storage.sql.engine import open_engine
from storage.sql.migrate import migrate

MONDAY = date(2026, 1, 5)
COURSE = """\
course: {id: demo, title: Demo course, weekly_minutes: 300}
weeks:
  - {title: One, goal: Begin, minutes: 60}
  - {title: Two, goal: Go on, minutes: 60}
  - {title: Three, goal: End, minutes: 60}
prompts:
  - id: wrapup
    title: Weekly wrap-up
    weekly: true
    opens: Fri 16:00
    closes: Mon 12:00
    questions:
      - {id: done, kind: long, text: "What did you finish?", audience: cohort}
      - {id: next, kind: text, text: "What is next?", audience: cohort, required: false}
      - {id: stuck, kind: long, text: "Where are you stuck?", audience: instructors, required: false}
"""

PLAN = CohortPlan(
    code="demo",
    course_text=COURSE,
    starts_on=MONDAY,
    zone="Europe/Berlin",
    workspace="sandbox",
    channels={"main": "general", "questions": "questions"},
    people=((Role.INSTRUCTOR, "ines"), (Role.MANAGER, "omar")),
)


@lru_cache(maxsize=1)
def _empty_database() -> Path:
    """A migrated database, created once and copied for each test."""
    path = Path(mkdtemp(prefix="pacekeeper-")) / "empty.db"
    engine = open_engine(f"sqlite:///{path}")
    migrate(engine)
    _fold(engine)
    return path


def migrate_by_copy(engine: Engine) -> None:
    """Does what `migrate` does. The tables of an empty SQLite database are copied, which takes a hundredth of the
    time."""
    if engine.dialect.name != "sqlite" or inspect(engine).get_table_names():
        migrate(engine)
        return
    with closing(sqlite3.connect(_empty_database())) as source, closing(engine.raw_connection()) as target:
        source.backup(target.driver_connection)


@lru_cache(maxsize=64)
def _cohort_database(plan: "Hashed", mounts: object, at: datetime) -> tuple[Path, Cohort, str]:
    """A database with a cohort, created once and copied for each test that begins so."""
    folder = Path(mkdtemp(prefix="pacekeeper-"))
    storage = open_storage(fresh_database(folder), WoundClock(start=at))
    storage.never_sync()
    cohort, join_code = create_cohort(storage, make_registry(), plan.plan)
    _fold(storage.engine)
    storage.close()
    return folder / "pacekeeper.db", cohort, join_code


@dataclass(frozen=True)
class Hashed:
    """A plan as a key: plans with the same content are the same."""

    plan: CohortPlan = field(compare=False)
    content: str

    @classmethod
    def of(cls, plan: CohortPlan) -> "Hashed":
        return cls(plan, repr(plan))


def _fold(engine: Engine) -> None:
    """Brings the log of a database into its file, and closes it."""
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    engine.dispose()


def fresh_database(folder: Path, template: Path | None = None) -> str:
    """The address of a copy of `template`, by default of an empty database with the newest schema."""
    path = folder / "pacekeeper.db"
    shutil.copyfile(template or _empty_database(), path)
    return f"sqlite:///{path}"


@dataclass
class World:
    """The running application, with shortcuts for tests."""

    app: Application
    chat: Chat
    clock: WoundClock
    cohort: Cohort
    join_code: str

    def at(self, instant: str) -> datetime:
        return parse_instant(instant)

    async def until(self, instant: str) -> None:
        """Advances the clock to an instant (UTC, such as 2026-01-09T15:00:00Z)."""
        await self.app.runtime.advance(parse_instant(instant))

    async def jump(self, instant: str) -> None:
        """Advances the clock while the bot is down; then it catches up."""
        await self.app.runtime.jump(parse_instant(instant))

    async def wait(self, **span: float) -> None:
        await self.app.runtime.advance(self.clock.now() + timedelta(**span))

    async def settle(self) -> None:
        await self.app.runtime.settle()

    async def learner(self, id: str, name: str, zone: str = "Europe/Berlin") -> Speaker:
        """A learner who has joined with the cohort's code."""
        speaker = self.chat.person(id, name, zone)
        await speaker.command("join", self.join_code)
        return speaker

    def rows(self, table: type[SQLModel], **where: Any) -> list[Any]:
        """The rows of a table."""
        with Session(self.app.storage.engine) as session:
            return list(session.exec(select(table).filter_by(**where)))


def receipt_of(speaker: Speaker) -> Seen:
    """The newest receipt of days away in their direct messages."""
    return speaker.find("Nothing is sent to you")


def new_world(
    directory: Path,
    *,
    now: str = "2026-01-05T08:00:00Z",
    course: str = COURSE,
    zone: str = "Europe/Berlin",
    channels: Mapping[str, str] | None = None,
    database: str | None = None,
    starts_on: date = MONDAY,
    address: str = "",
    chat: type[Chat] = Chat,
) -> World:
    """A cohort 'demo' that starts on `starts_on`, with the instructor Ines and the manager Omar. `database` is the
    address of an empty database with the newest schema."""
    clock = WoundClock(start=parse_instant(now))
    platform = Platform(None, clock.now)
    for name in ("general", "questions", "staff"):
        platform.add_channel(name)
    platform.add_person("ines", "Ines", zone)
    platform.add_person("omar", "Omar", zone)
    sandbox = Sandbox(platform)
    plan = replace(PLAN, course_text=course, starts_on=starts_on, zone=zone, channels=channels or PLAN.channels)
    if database is None:
        template, cohort, join_code = _cohort_database(Hashed.of(plan), declared.FEATURES, clock.now())
        app = compose(fresh_database(directory, template), clock, [sandbox], address=address)
    else:
        app = compose(database, clock, [sandbox], address=address)
        cohort, join_code = create_cohort(app.storage, app.registry, plan)
    app.storage.never_sync()
    sandbox._bot = app.runtime
    return World(app, chat(sandbox, settle=app.runtime.settle), clock, cohort, join_code)
