"""The power goes off: what had been acknowledged is on the disk."""

import os
import random
import subprocess
import sys
import time
from asyncio import gather
from pathlib import Path
from threading import Semaphore

import pytest
import sqlalchemy as sa

import storage.sql.log
from bot.core.time import SystemClock
from storage.sql.engine import open_engine
from storage.sql.migrate import upgrade
from storage.unit import SqlStorage, SqlUnit
from tests.faults.test_kill import prepare

COUNT = 200
PROGRAM = Path(__file__).with_name("plug_process.py")


@pytest.mark.parametrize("seed", [1, 2])
def test_what_was_acknowledged_survives_a_power_cut(tmp_path: Path, seed: int) -> None:
    prepare(tmp_path)
    (tmp_path / "disk").mkdir()
    acknowledged = run_for(random.Random(seed).uniform(0.3, 1.0), tmp_path)
    on_disk = sorted((tmp_path / "disk").iterdir())
    assert acknowledged
    assert set(acknowledged) <= keys(on_disk[-1] / "pacekeeper.db")


async def test_those_who_wait_for_the_disk_together_share_a_sync(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot = SqlStorage(f"sqlite:///{tmp_path / 'pacekeeper.db'}", SystemClock(), {})
    upgrade(bot.engine)
    flush, syncs, committed = storage.sql.log._flush, [], Semaphore(0)

    def slow(file: int) -> None:
        """The first sync takes until everybody else has committed."""
        syncs.append(file)
        if len(syncs) == 1:
            for _ in range(COUNT):
                committed.acquire()
        flush(file)

    def write(unit: SqlUnit) -> None:
        unit.log(None, None, "wrote")
        committed.release()

    monkeypatch.setattr(storage.sql.log, "_flush", slow)
    await gather(*(bot.run(write) for _ in range(COUNT)))
    bot.close()
    # Whoever committed as the first sync ended may have been too late for the second.
    assert len(syncs) <= 3


def run_for(seconds: float, directory: Path) -> list[str]:
    """Lets the bot take events in for a while, and kills it; the keys of those that it acknowledged."""
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, str(PROGRAM), str(directory), str(COUNT)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        time.sleep(seconds)
        process.kill()
        rest = process.stdout.read()
    # The last line may be cut off, and then nobody has been told.
    return (first + rest).rpartition("\n")[0].split("\n")


def keys(database: Path) -> set[str]:
    """The keys of the events that a database knows."""
    engine = open_engine(f"sqlite:///{database}")
    with engine.connect() as connection:
        found = connection.execute(sa.text("SELECT key FROM inbox UNION SELECT key FROM interactions")).scalars()
        known = set(found)
    engine.dispose()
    return known
