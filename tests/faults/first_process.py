"""Does something for the first time in processes that die at each step, then again to the end.

    python first_process.py WHAT DIRECTORY

A step is the moment before or right after a commit. For each step, one process starts in a new folder and dies there,
and another one finishes. A line of JSON describes the result; the last line is that of an uninterrupted run.
"""

import json
import os
import sqlite3
import sqlite3.dbapi2
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from adapters.sandbox.platform import Platform
from bot.app.cli import app
from bot.app.compose import compose
from bot.app.demo import COURSE_FILE, seed
from bot.core.time import WoundClock, parse_instant
from storage.sql.engine import open_engine
from storage.sql.migrate import configuration, upgrade

CLOCK = WoundClock(start=parse_instant("2026-01-05T08:00:00Z"))
ROSTER = "account,name,role\n" + "".join(f"u{n},Person {n},learner\n" for n in range(60))
left = 10**9
"""Steps until the process dies."""


def step() -> None:
    global left
    left -= 1
    if left <= 0:
        os._exit(9)


class Mortal(sqlite3.Connection):
    def commit(self) -> None:
        step()
        super().commit()
        step()

    def execute(self, sql: str, *more: Any) -> sqlite3.Cursor:
        if sql != "COMMIT":
            return super().execute(sql, *more)
        step()
        done = super().execute(sql, *more)
        step()
        return done


def sandbox(folder: Path) -> None:
    platform = Platform(folder / "sandbox.db", CLOCK.now)
    app = compose(f"sqlite:///{folder / 'pacekeeper.db'}", CLOCK, [])
    upgrade(app.storage.engine)
    seed(app, platform)


def create(folder: Path) -> None:
    (folder / "people.csv").write_text(ROSTER)
    os.environ["PACEKEEPER_DATA_DIR"] = str(folder)
    line = f"cohort create {COURSE_FILE} --start 2026-01-05 --zone Europe/Berlin --code demo --channel main=general"
    # The second time it reports that the cohort exists.
    app([*line.split(), "--roster", str(folder / "people.csv")], standalone_mode=False)


def migrate(folder: Path) -> None:
    from alembic import command

    engine = open_engine(f"sqlite:///{folder / 'pacekeeper.db'}")
    with engine.begin() as connection:
        if not sa.inspect(connection).has_table("people"):
            config = configuration()
            config.attributes["connection"] = connection
            command.upgrade(config, "0012")
    upgrade(engine)


def found(folder: Path) -> dict[str, Any]:
    with sqlite3.connect(folder / "pacekeeper.db") as database:
        rows = {
            name: database.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
            for name in ("cohorts", "people", "memberships", "due")
        }
        rows["version"] = database.execute("SELECT version_num FROM alembic_version").fetchone()[0]
    if (folder / "sandbox.db").exists():
        with sqlite3.connect(folder / "sandbox.db") as database:
            rows["places"] = database.execute("SELECT count(*) FROM places").fetchone()[0]
    return rows


def in_a_process(work: Callable[[Path], None], folder: Path, steps: int) -> int:
    """The exit code; 9 if the process died."""
    global left
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    left = steps
    try:
        work(folder)
    except BaseException:
        os._exit(1)
    os._exit(0)


def main() -> None:
    work = {"sandbox": sandbox, "create": create, "migrate": migrate}[sys.argv[1]]
    connect = sqlite3.connect
    sqlite3.connect = sqlite3.dbapi2.connect = lambda *a, **k: connect(*a, **{"factory": Mortal} | k)  # type: ignore
    died, n = 9, 0
    while died == 9:
        n += 1
        folder = Path(sys.argv[2], str(n))
        folder.mkdir()
        died = in_a_process(work, folder, n)
        in_a_process(work, folder, 10**9)
        print(json.dumps(found(folder)), flush=True)


main()
