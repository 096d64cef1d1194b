"""kill -9 while posting: nothing is lost, and nothing stands there twice."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.sandbox.platform import Platform
from bot.app.cohorts import create_cohort
from bot.app.compose import open_storage
from bot.app.features import make_registry
from bot.core.people import Role
from bot.core.time import SystemClock
from storage.sql.migrate import upgrade
from tests.kit import PLAN

COUNT = 40
KILLS = 6
PROGRAM = Path(__file__).with_name("bot_process.py")


@pytest.mark.parametrize("keys", ["on", "off"])
def test_kill_minus_nine_loses_and_doubles_nothing(tmp_path: Path, keys: str) -> None:
    prepare(tmp_path)
    chance = random.Random(7)
    for run in range(KILLS):
        (tmp_path / "runs").write_text(str(run))
        process = start(tmp_path, keys)
        assert process.stdout is not None
        # Each run is delivered again what the earlier ones were, and dies a little later than they did.
        for _ in range((run + 1) * COUNT // (KILLS + 1)):
            process.stdout.readline()
        time.sleep(chance.uniform(0, 0.03))
        process.send_signal(signal.SIGKILL)
        assert process.wait(60) == -signal.SIGKILL
        process.stdout.close()
    (tmp_path / "runs").write_text(str(KILLS))
    last = start(tmp_path, keys)
    last.communicate(timeout=120)
    assert last.returncode == 0, (tmp_path / "log").read_text()
    platform = Platform(tmp_path / "sandbox.db", SystemClock().now)
    roots = [p for p in platform.posts("questions", "mia", limit=1000) if p.by == "bot" and p.to is None]
    texts = Counter(number for p in roots for number in range(COUNT) if f"number {number:03}" in str(p.message))
    assert texts == Counter(range(COUNT))


def prepare(directory: Path) -> None:
    """A cohort with Mia in it."""
    clock = SystemClock()
    platform = Platform(directory / "sandbox.db", clock.now)
    platform.add_channel("general")
    platform.add_channel("questions")
    platform.add_person("mia", "Mia", "Europe/Berlin")
    platform.close()
    storage = open_storage(f"sqlite:///{directory / 'pacekeeper.db'}", clock)
    upgrade(storage.engine)
    plan = replace(PLAN, people=((Role.LEARNER, "mia"),))
    create_cohort(storage, make_registry(), plan)
    storage.close()


def start(directory: Path, keys: str) -> "subprocess.Popen[bytes]":
    root = str(Path(__file__).parents[2])
    log = (directory / "log").open("ab")
    command = [sys.executable, str(PROGRAM), str(directory), str(COUNT), keys]
    return subprocess.Popen(command, env=os.environ | {"PYTHONPATH": root}, stdout=subprocess.PIPE, stderr=log)
